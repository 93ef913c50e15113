"""Downloads as platforms name them reach submitted/; what leads out, unpacks to too much, or is nobody's is refused."""

import io
import os
import zipfile

import pytest

from grading.collect import archives
from grading.collect.downloads import bring_in
from grading.course import Course, UsageError

NAME = "02-forward"


@pytest.fixture
def course(tmp_path):
    """A course with two exercises, of which only the names matter here."""
    root = tmp_path / "course"
    for name in (NAME, "03-bptt"):
        (root / "solutions" / name).mkdir(parents=True)
        (root / "solutions" / name / f"{name}.ipynb").write_text("{}")
    (root / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.source_directory = "solutions"\n')
    return Course(root)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads"


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def zipped(members):
    """A zip with members: dict from name to text."""
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def submitted(course):
    """What lies in submitted/: dict from student to text."""
    return {path.parts[-3]: path.read_text() for path in course.root.glob(f"submitted/*/{NAME}/{NAME}.ipynb")}


MOODLE = {
    f"Ada Lovelace_657737_assignsubmission_file_/{NAME}.ipynb": "ada",
    "Émilie du Châtelet_657738_assignsubmission_file/Untitled1.ipynb": "emilie",
    f"Emmy Noether_657739_assignsubmission_file_{NAME}.ipynb": "emmy",
    "Sofia K_657740_assignsubmission_onlinetext_/onlinetext.html": "typed",
}
CANVAS = {
    f"lovelaceada_1234_98765_{NAME}.ipynb": "ada",
    f"noetheremmy_LATE_1235_98766_{NAME}-1.ipynb": "emmy",
    f"anon_x7Gk2_98767_{NAME}.ipynb": "nobody",
    f"LATE_anon_y8_98768_{NAME}.ipynb": "late",
}
PLAIN = {
    f"ada/{NAME}.ipynb": "ada",
    f"grace/{NAME}/{NAME}.ipynb": "grace",
    "emmy/Untitled.ipynb": "emmy",
    f"sofia_{NAME}.ipynb": "sofia",
    f"{NAME}-maryam (2).ipynb": "maryam",
    f"ps1_ben_attempt_2016-01-30-15-00-00_{NAME}.ipynb": "ben",
}


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize(
    "files, expected",
    [
        (MOODLE, {"ada-lovelace": "ada", "émilie-du-châtelet": "emilie", "emmy-noether": "emmy"}),
        (CANVAS, {"lovelaceada-1234": "ada", "noetheremmy-1235": "emmy", "anon_x7Gk2": "nobody", "anon_y8": "late"}),
        (PLAIN, {name: name for name in ("ada", "grace", "emmy", "sofia", "maryam", "ben")}),
    ],
    ids=["moodle", "canvas", "plain"],
)  # fmt: skip
def test_names_that_platforms_give(course, folder, files, expected, as_zip):
    if as_zip:
        put(folder / "class.zip", zipped(files))
        folder = folder / "class.zip"
    else:
        for name, data in files.items():
            put(folder / name, data)
    bring_in(course, folder, NAME)
    assert submitted(course) == expected


def test_a_zip_for_each_student(course, folder):
    put(folder / "Ada Lovelace_1_assignsubmission_file_/work.zip", zipped({f"exercises/{NAME}/{NAME}.ipynb": "ada"}))
    put(folder / "noetheremmy_1235_98766_work.zip", zipped({f"{NAME}.ipynb": "emmy", "__MACOSX/._x.ipynb": "no"}))
    put(folder / "grace.zip", zipped({f"{NAME}/{NAME}.ipynb": "grace"}))
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"ada-lovelace": "ada", "noetheremmy-1235": "emmy", "grace": "grace"}
    assert refused == []


def test_the_latest_attempt_counts(course, folder):
    put(folder / f"lovelaceada_1234_100200_{NAME}-1.ipynb", "second")
    put(folder / f"lovelaceada_LATE_1234_99900_{NAME}.ipynb", "first")
    put(folder / f"grace/{NAME}.ipynb", "first")
    put(folder / f"grace/{NAME} (2).ipynb", "third")
    put(folder / f"grace/{NAME}-1.ipynb", "second")
    put(folder / f"a/emmy/{NAME}.ipynb", "newer")
    put(folder / f"b/emmy/{NAME}.ipynb", "older")
    os.utime(folder / f"b/emmy/{NAME}.ipynb", (0, 0))
    brought, _ = bring_in(course, folder, NAME)
    assert submitted(course) == {"lovelaceada-1234": "second", "grace": "third", "emmy": "newer"}
    assert [each.note for each in brought] == ["the latest of 2", "the latest of 3", "the latest of 2"]


def test_nothing_is_replaced_without_a_word_and_nothing_is_lost(course, folder):
    put(folder / f"ada/{NAME}.ipynb", "first")
    assert [each.state for each in bring_in(course, folder, NAME)[0]] == ["new"]
    assert [each.state for each in bring_in(course, folder, NAME)[0]] == ["the same as before"]
    put(course.root / "submitted" / "ada" / NAME / "timestamp.txt", "of the first")
    put(folder / f"ada/{NAME}.ipynb", "second")
    assert [each.state for each in bring_in(course, folder, NAME, dry=True)[0]] == ["replaced"]
    assert submitted(course) == {"ada": "first"}
    (replaced,) = bring_in(course, folder, NAME)[0]
    assert (replaced.state, replaced.note) == ("replaced", f"the earlier one is in submitted/ada/.earlier/{NAME}-1")
    assert submitted(course) == {"ada": "second"}
    earlier = course.root / "submitted" / "ada" / ".earlier" / f"{NAME}-1"
    assert (earlier / f"{NAME}.ipynb").read_text() == "first" and (earlier / "timestamp.txt").exists()
    assert not (course.root / "submitted" / "ada" / NAME / "timestamp.txt").exists()


def test_two_people_of_one_name(course, folder):
    for number in (11, 12):
        put(folder / f"Ada Lovelace_{number}_assignsubmission_file_/{NAME}.ipynb", str(number))
    bring_in(course, folder, NAME)
    assert submitted(course) == {"ada-lovelace-11": "11", "ada-lovelace-12": "12"}


def test_what_is_not_matched_is_listed(course, folder):
    put(folder / f"{NAME}.ipynb", "whose?")
    put(folder / "ada/notes.pdf", "pdf")
    put(folder / "ada/03-bptt.ipynb", "another exercise")
    put(folder / "ada/scratch.ipynb", "beside")
    put(folder / f"ada/{NAME}.ipynb", "ada")
    put(folder / f"ada/.ipynb_checkpoints/{NAME}-checkpoint.ipynb", "not even listed")
    put(folder / "broken.zip", "PK no")
    put(folder / f".._{NAME}.ipynb", "whose?")
    brought, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"ada": "ada"}
    assert dict(refused) == {
        f"{NAME}.ipynb": "neither its name nor a folder says whose it is",
        "ada/notes.pdf": "it is no notebook",
        "ada/03-bptt.ipynb": "it belongs to 03-bptt",
        "ada/scratch.ipynb": f"beside it lies a notebook that is called {NAME}",
        "broken.zip": "it cannot be read (File is not a zip file)",
        f".._{NAME}.ipynb": "'..' cannot name a folder",
    }


def test_a_roster_gives_the_names_and_lets_nobody_else_in(course, folder, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text('al1,"Ada Lovelace",1234\nen2,"Noether, Emmy"\n', encoding="utf-8-sig")
    put(folder / f"Ada Lovelace_657737_assignsubmission_file_/{NAME}.ipynb", "by name")
    put(folder / f"noetheremmy_77_98766_{NAME}.ipynb", "by name, as Canvas writes it")
    put(folder / f"mallory/{NAME}.ipynb", "a stranger")
    _, refused = bring_in(course, folder, NAME, roster)
    assert submitted(course) == {"al1": "by name", "en2": "by name, as Canvas writes it"}
    assert refused == [(f"mallory/{NAME}.ipynb", "'mallory' is not on the roster")]
    roster.write_text("al1,Ada\nal2,ada\n")
    with pytest.raises(UsageError, match="'ada' stands for both al1 and al2"):
        bring_in(course, folder, NAME, roster)
    roster.write_text("../al1,Ada\n")
    with pytest.raises(UsageError, match="cannot name a folder"):
        bring_in(course, folder, NAME, roster)


def test_nothing_leads_out(course, folder, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("the solutions")
    (folder / "eve").mkdir()
    (folder / "eve" / f"{NAME}.ipynb").symlink_to(secret)
    (folder / "mallory").symlink_to(tmp_path)
    link = zipfile.ZipInfo(f"trudy/{NAME}.ipynb")
    link.external_attr = 0o120777 << 16
    names = [
        f"../../course/submitted/ada/{NAME}/{NAME}.ipynb",
        f"/etc/{NAME}.ipynb",
        f"C:\\x\\{NAME}.ipynb",
        f"..\\x\\{NAME}.ipynb",
    ]
    with zipfile.ZipFile(folder / "slip.zip", "w") as archive:
        archive.writestr(link, str(secret))
        for name in names:
            archive.writestr(name, "slipped")
    brought, refused = bring_in(course, folder, NAME)
    assert brought == [] and submitted(course) == {}
    assert {reason for _, reason in refused} == {
        "it is a link, and could lead anywhere",
        "its name leads out of the archive",
    }
    assert len(refused) == 7
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"slipped"]


def test_bombs(course, folder, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    put(folder / "bomb.zip", zipped({f"ada/{NAME}.ipynb": "0" * 10_000, f"emmy/{NAME}.ipynb": "fine"}))
    put(folder / f"grace/{NAME}.ipynb", "0" * 10_000)
    deep = zipped({"two.zip": zipped({"three.zip": zipped({f"eve/{NAME}.ipynb": "deep"})})})
    put(folder / "one.zip", deep)
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"emmy": "fine"}
    assert sorted(reason for _, reason in refused) == [
        "a zip in a zip in a zip is not opened",
        "it is larger than 1,000 bytes",
        "it unpacks to more than 1,000 bytes",
    ]


def test_all_together_may_not_be_too_much_either(course, folder, monkeypatch):
    budget = archives._Budget(files=3, unpacked=25)
    monkeypatch.setattr(archives, "_Budget", lambda: budget)
    put(
        folder / "class.zip",
        zipped({f"{student}/{NAME}.ipynb": "0" * 10 for student in ("ada", "emmy", "eve", "grace")}),
    )
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"ada", "emmy"}
    assert len(refused) == 2 and all("the downloads" in reason for _, reason in refused)


def test_damaged_archives_stop_nothing(course, folder):
    data = bytearray(zipped({f"ada/{NAME}.ipynb": "ada" * 1000, f"emmy/{NAME}.ipynb": "emmy"}))
    data[60:70] = b"\xff" * 10
    put(folder / "damaged.zip", bytes(data))
    put(folder / f"grace/{NAME}.ipynb", "grace")
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"emmy": "emmy", "grace": "grace"}
    assert len(refused) == 1 and "it cannot be unpacked" in refused[0][1]


def test_wrong_words(course, tmp_path):
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        bring_in(course, tmp_path / "nowhere", NAME)
    with pytest.raises(UsageError, match="There is no exercise '2-forward'"):
        bring_in(course, tmp_path, "2-forward")
