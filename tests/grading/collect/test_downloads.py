"""Downloads as platforms name them reach submitted/; what leads out, or is nobody's, is refused and listed."""

import os
import zipfile

import pytest

from grading.collect.downloads import bring_in, text
from grading.course import UsageError
from tests.grading.collect.conftest import NAME, put, submitted, zipped

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
    put(folder / f"emmy/new/{NAME}.ipynb", "newer")
    put(folder / f"emmy/{NAME}.ipynb", "older")
    os.utime(folder / f"emmy/{NAME}.ipynb", (0, 0))
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


def test_who_handed_in_words_alone_is_listed(course, folder):
    put(folder / f"hw_ada_attempt_2027-01-02-10-00-00_{NAME}.ipynb")
    for student in ("ada", "bob"):
        put(folder / f"hw_{student}_attempt_2027-01-02-10-00-00.txt")
    _, refused = bring_in(course, folder, NAME)
    assert refused == [("hw_bob_attempt_2027-01-02-10-00-00.txt", "there is no notebook beside it")]


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
        "broken.zip": "it is no zip, or only a part of one",
        f".._{NAME}.ipynb": "neither its name nor a folder says whose it is",
    }
    said = text(brought, refused)
    assert "Not taken:" in said and said.endswith("1 new; not taken: 6.")


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


@pytest.mark.promise("S9")
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
    assert len(refused) == 4  # of the zip a line for each reason
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"slipped"]


def test_wrong_words(course, tmp_path):
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        bring_in(course, tmp_path / "nowhere", NAME)
    with pytest.raises(UsageError, match="There is no exercise '2-forward'"):
        bring_in(course, tmp_path, "2-forward")
