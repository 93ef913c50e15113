"""Names that are to make one student's work another's, or to cost another theirs (cause C)."""

from tests.grading.adversarial.attempts import EXERCISE, collector
from tests.grading.adversarial.stopping import download, imported

WHOSE, attempt = collector("C")
BLACKBOARD = "hw_{}_attempt_{}_{}"
LATER = "2099-01-01-00-00-00"
NOTEBOOK = f"{EXERCISE}.ipynb"


def bobs_own(root, said):
    """Whether Bob's work is another's now, or gone."""
    found = {path.parts[-3]: path.read_bytes() for path in root.glob(f"submitted/*/{EXERCISE}/{NOTEBOOK}")}
    mine = [student for student, data in found.items() if data == b"bob's"]
    taken = [student for student, data in found.items() if student.startswith("bob") and data != b"bob's"]
    if taken:
        return f"{taken[0]} has what mallory wrote"
    return "" if len(mine) == 1 else "bob's work did not come in"


def roster(root):
    """A list of two students, as an instructor has it."""
    (root / "roster.csv").write_text("bob,Bob Smith,1234\nmallory,Mallory Jones,5678\n", encoding="utf-8")
    return [*imported(root), "--roster", str(root / "roster.csv")]


@attempt("in Canvas, a file that is called as Blackboard would call Bob's", bobs_own)
def blackboard_in_canvas(root):
    download(root, f"bob_1234_98765_{NOTEBOOK}", b"bob's")
    download(root, f"mallory_5678_98766_{BLACKBOARD.format('bob', LATER, NOTEBOOK)}", b"mallory's")
    return imported(root)


@attempt("the same, where a list says who is in the course", bobs_own)
def blackboard_in_canvas_with_a_list(root):
    download(root, f"bob_1234_98765_{NOTEBOOK}", b"bob's")
    download(root, f"mallory_5678_98766_x_bob_attempt_{LATER}_{NOTEBOOK}", b"mallory's")
    return roster(root)


@attempt("in Canvas, late, a file whose name goes on with Bob's number and a higher one", bobs_own)
def canvas_in_canvas(root):
    download(root, f"bob_1234_98765_{NOTEBOOK}", b"bob's")
    download(root, f"mallory_LATE_5678_98766_bob_1234_999999999_{NOTEBOOK}", b"mallory's")
    return imported(root)


@attempt("in Moodle, a folder in mallory's zip, in a zip, that Moodle would make for Bob", bobs_own)
def zip_in_a_zip(root):
    import io
    import zipfile

    def packed(name, data):
        with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
            archive.writestr(name, data)
        return file.getvalue()

    download(root, f"Bob Smith_11_assignsubmission_file_/{NOTEBOOK}", b"bob's")
    inner = packed(f"Bob Smith_11_assignsubmission_file_/{EXERCISE} (9).ipynb", b"mallory's")
    download(root, "Mallory Jones_22_assignsubmission_file_/all.zip",
             packed("Bob Smith_11_assignsubmission_file_.zip", inner))  # fmt: skip
    return roster(root)


@attempt("in Blackboard, two attempts in one name, the later of them Bob's, with blanks between", bobs_own)
def blackboard_in_blackboard(root):
    download(root, BLACKBOARD.format("bob", "2027-01-01-00-00-00", NOTEBOOK), b"bob's")
    download(root, BLACKBOARD.format("mallory", "2027-01-01-00-00-01", f"x _bob_attempt_{LATER}_{NOTEBOOK}"),
             b"mallory's")  # fmt: skip
    return imported(root)


@attempt("in Brightspace, a file that is called as Brightspace's folder of Bob", bobs_own)
def brightspace_in_brightspace(root):
    download(root, f"1-2 - Bob Smith - Oct 10, 2027 1022 AM/{NOTEBOOK}", b"bob's")
    download(root, f"3-4 - Mallory Jones - Oct 10, 2027 1023 AM/1-2 - Bob Smith - Oct 11, 2027 1022 AM - {NOTEBOOK}",
             b"mallory's")  # fmt: skip
    return roster(root)


@attempt("where each student has a folder, a file beside the folders that bears Bob's name in full width", bobs_own)
def full_width(root):
    download(root, f"bob/{NOTEBOOK}", b"bob's")
    download(root, f"mallory/ｂｏｂ_{EXERCISE} (99).ipynb", b"mallory's")
    download(root, f"mallory/bob/{EXERCISE} (99).ipynb", b"mallory's")
    return roster(root)
