"""Nobody's work is taken for another's: the outermost name decides, and what may be of two people is nobody's."""

import pytest

from grading.collect.downloads import bring_in
from grading.collect.platforms import Ambiguous, owner_named
from tests.grading.collect.conftest import NAME, put, submitted, zipped

BLACKBOARD = "02-forward_{}_attempt_2026-01-30-15-00-{:02}_{}"
MOODLE = "{}_{}_assignsubmission_file_/{}"


@pytest.mark.parametrize(
    "bob, mallory, student",
    [
        (
            BLACKBOARD.format("bob", 1, f"{NAME}.ipynb"),
            BLACKBOARD.format("mallory", 1, BLACKBOARD.format("bob", 59, f"{NAME}.ipynb")),
            "mallory",
        ),
        (f"bob/{NAME}.ipynb", f"mallory/bob_{NAME}.ipynb", "mallory"),
        (f"bob/{NAME}.ipynb", f"mallory/bob/{NAME}.ipynb", "mallory"),
        (f"bob/{NAME}.ipynb", f"mallory/Bob_1_assignsubmission_file_/{NAME}.ipynb", "mallory"),
        (f"bob/{NAME}.ipynb", f"mallory/bob_1234_98765_{NAME}.ipynb", "mallory"),
        (MOODLE.format("bob", 1, f"{NAME}.ipynb"), MOODLE.format("mallory", 2, f"bob_{NAME} (9).ipynb"), "mallory"),
        (f"bob_1234_98765_{NAME}.ipynb", f"mallory_5678_98766_bob_{NAME}-9.ipynb", "mallory-5678"),
    ],
)
@pytest.mark.promise("S10")
def test_a_student_who_writes_another_s_name(course, folder, bob, mallory, student):
    put(folder / bob, "right")
    put(folder / mallory, "blank")
    bring_in(course, folder, NAME)
    assert submitted(course) == {student.replace("mallory", "bob").replace("5678", "1234"): "right", student: "blank"}


@pytest.mark.parametrize(
    "inside", [f"bob/{NAME}.ipynb", f"bob_{NAME}.ipynb", f"Bob_1_assignsubmission_file_/{NAME}.ipynb"]
)
def test_a_student_who_writes_another_s_name_into_a_zip(course, folder, inside):
    put(folder / "bob" / f"{NAME}.ipynb", "right")
    put(folder / "mallory.zip", zipped({inside: "blank"}))
    bring_in(course, folder, NAME)
    assert submitted(course) == {"bob": "right", "mallory": "blank"}


def test_what_a_student_calls_a_folder_is_not_a_name(course, folder):
    for student in ("ada", "carol"):
        put(folder / student / "work" / f"{NAME}.ipynb", student)
    bring_in(course, folder, NAME)
    assert submitted(course) == {"ada": "ada", "carol": "carol"}


@pytest.mark.parametrize(
    "called",
    ["Copy of 02-forward", "02-forward (1)", "02-forward-Copy1", "02-forward-Kopie", "02-forward 的副本",
     "02-forward のコピー",      "Kopie von 02-forward", "Copia de 02-forward", "02_forward", "02 Forward final",
     "Vorwärts", "作业二", "Untitled3"],
)  # fmt: skip
def test_students_who_rename_copy_and_translate(course, folder, called):
    for student in ("ada", "bob"):
        put(folder / student / f"{called}.ipynb", student)
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"ada": "ada", "bob": "bob"} and not refused


@pytest.mark.parametrize(
    "called", ["Copy of 02-forward", "02-forward 的副本", "02-forward-Kopie", "Untitled1", "02-forward (2)"]
)
def test_a_copy_alone_is_nobody_s(course, folder, called):
    put(folder / f"{called}.ipynb")
    put(folder / "ada" / f"{NAME}.ipynb")
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"ada"}
    assert refused == [(f"{called}.ipynb", "neither its name nor a folder says whose it is")]


def test_a_folder_that_may_be_of_several_people(course, folder):
    for student in ("ada", "bob"):
        put(folder / "group 1" / f"{student}_{NAME}.ipynb")
        put(folder / "group 2" / student / f"{NAME}.ipynb")
    put(folder / "carol" / f"{NAME}.ipynb")
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"carol"}
    assert [reason for _, reason in refused] == [
        "it may be of several people (ada, bob): give a folder to each student, or name a roster"
    ] * 2


def test_the_folder_of_the_class_is_nobody_s_name(course, folder):
    for student in ("ada", "bob"):
        put(folder / "Spring 2027" / "submissions" / student / f"{NAME}.ipynb", student)
    bring_in(course, folder, NAME, remarks=(remarks := []))
    assert submitted(course) == {"ada": "ada", "bob": "bob"}
    assert remarks[0] == "All lies in 'Spring 2027', which is taken for nobody's name."


def test_one_student_s_folder_is_no_class(course, folder):
    put(folder / "ada" / "final version" / f"{NAME}.ipynb")
    bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"ada"}


def test_names_that_would_be_one_folder(course, folder):
    put(folder / "Ada Lovelace" / f"{NAME}.ipynb", "one")
    put(folder / "ada-lovelace" / f"{NAME}.ipynb", "other")
    put(folder / "bob" / f"{NAME}.ipynb", "bob")
    put(folder / f"bob_{NAME}.ipynb", "whose?")
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"bob": "bob"}
    assert dict(refused)[f"bob_{NAME}.ipynb"] == "there is a folder of that name, too"
    assert sum("2 accounts would be ada-lovelace" in reason for _, reason in refused) == 2


def test_accounts_with_the_sign_that_stands_before_them(course, folder, tmp_path):
    for student in ("ada_l", "bob_l"):
        put(folder / BLACKBOARD.format(student, 1, f"{NAME}.ipynb"), student)
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {} and len(refused) == 2
    (tmp_path / "roster.csv").write_text("al1,ada_l\nbl2,bob_l\nl\n")
    bring_in(course, folder, NAME, tmp_path / "roster.csv")
    assert submitted(course) == {"al1": "ada_l", "bl2": "bob_l"}


@pytest.mark.parametrize("roster", ["al1,Ada Lovelace\n", "al1,Ada Lovelace,111\nm2,Mallory,222\n"])
@pytest.mark.promise("S10")
def test_two_accounts_of_one_name_with_a_roster(course, folder, tmp_path, roster):
    put(folder / MOODLE.format("Ada Lovelace", 111, f"{NAME}.ipynb"), "right")
    put(folder / MOODLE.format("ADA LOVELACE", 222, f"{NAME} (1).ipynb"), "blank")
    (tmp_path / "roster.csv").write_text(roster)
    _, refused = bring_in(course, folder, NAME, tmp_path / "roster.csv")
    known = "222" in roster  # the number says that the name is another's
    assert submitted(course) == ({"al1": "right"} if known else {})
    assert len(refused) == (1 if known else 2)


def test_a_lasting_number_goes_before_a_name(course, folder, tmp_path):
    put(folder / f"adalovelace_9999_98766_{NAME}.ipynb", "somebody who calls herself so")
    put(folder / f"renamed_2222_98767_{NAME}.ipynb", "bob")
    (tmp_path / "roster.csv").write_text("al1,Ada Lovelace,1111\nb2,Bob,2222\n")
    _, refused = bring_in(course, folder, NAME, tmp_path / "roster.csv")
    assert submitted(course) == {"b2": "bob"}
    assert "the roster does not list its number 9999" in refused[0][1]


def test_a_name_that_can_be_read_in_two_ways():
    with pytest.raises(Ambiguous, match="two pairs of numbers"):
        owner_named(f"bob_1234_98765_x_5678_98799_{NAME}.ipynb")
    assert owner_named(f"lovelace_ada_LATE_1234_98765_{NAME}.ipynb").name == "lovelace_ada"


@pytest.mark.parametrize("student", ["n" * 129, "ñ" * 101, "名" * 70])
def test_a_name_too_long_for_a_disk_or_a_database(course, folder, student):
    put(folder / f"{student}.zip" if len(student.encode()) < 250 else folder / "x", zipped({f"{NAME}.ipynb": "x"}))
    put(folder / "ada" / f"{NAME}.ipynb")
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"ada"} and "is too long" in refused[0][1]


def test_names_of_any_bytes(course, folder):
    put(folder / b"caf\xe9\x1b[2J\n.txt".decode("utf-8", "surrogateescape") / f"{NAME}.ipynb", "latin")
    put(folder / "ada" / b"\xff\xfe\x1b]0;owned\x07.pdf".decode("utf-8", "surrogateescape"))
    put(folder / "ada" / f"{NAME}.ipynb", "ada")
    brought, refused = bring_in(course, folder, NAME)
    assert sorted(submitted(course).values()) == ["ada", "latin"]
    said = [each.origin for each in brought] + [origin for origin, _ in refused]
    assert all(line.isprintable() and line.encode() for line in said)


def test_work_of_another_exercise_is_refused_wherever_it_is_named(course, folder):
    put(folder / "ada" / "03-bptt" / "Untitled.ipynb")
    put(folder / BLACKBOARD.replace(NAME, "03-bptt").format("bob", 1, "mine.ipynb"))
    put(folder / "carol" / "Copy of 03-bptt.ipynb")
    put(folder / "dan" / f"03-bptt and {NAME}.ipynb")
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"dan"}
    assert [reason for _, reason in refused] == ["it belongs to 03-bptt"] * 3


def test_of_several_notebooks_the_one_that_is_named(course, folder):
    for name in ("a.ipynb", "b.ipynb"):
        put(folder / "ada" / name, name)
        put(folder / "bob" / name, "the same")
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"bob": "the same"}
    assert refused == [("ada/a.ipynb and 1 more", f"there are 2 notebooks, and none is called {NAME}")]


def test_an_assignment_of_blackboard_with_numbers_in_its_name(course, folder):
    """Two people share it; one alone might be a file of Canvas that a student has called so."""
    for student in ("ada", "bob"):
        put(folder / BLACKBOARD.replace("02-forward", "Week_10_2027").format(student, 1, f"{NAME}.ipynb"), student)
    put(folder / f"mallory_5678_98766_x_bob_attempt_2099-01-01-00-00-00_{NAME}.ipynb", "mallory")
    brought, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"ada": "ada", "bob": "bob"}
    assert len(refused) == 1 and "Canvas or Blackboard" in refused[0][1]
