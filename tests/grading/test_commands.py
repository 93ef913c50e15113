"""The commands beside `grade`: the report, similar submissions, downloads."""

import shutil

import pytest

from grading.course import Course
from grading.run import pool
from grading.run.settings import NO_SECRET
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, run
from tests.grading.run.test_run import hand_in


@pytest.fixture
def class_of_three(ready, monkeypatch):
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    for student, text in {"ada": "", "bo": "wrong check-rnn_step", "cy": "wrong check-rnn_step\nanswer"}.items():
        hand_in(ready, student, text)
    assert run(ready, "grade").code == 0
    return ready


def test_the_report(class_of_three):
    reports = class_of_three.root / "reports"
    done = run(class_of_three, "report", EXERCISE)
    assert done.code == 0 and f"reports/{EXERCISE}.html" in done.text
    assert "ada" in (reports / f"{EXERCISE}.csv").read_text()
    assert run(class_of_three, "report", "--pseudonyms").code == 0
    hidden = [path for path in reports.glob(f"{EXERCISE}.pseudonyms.*")]
    assert len(hidden) == 3 and not any("ada" in path.read_text() for path in hidden if path.suffix == ".csv")


def test_a_course_without_a_secret_is_told_of_once_where_it_is_marked_and_where_instructors_look(
    class_of_three, monkeypatch
):
    page = class_of_three.root / "reports" / f"{EXERCISE}.html"
    for secret, count in {"": 1, "a word": 0}.items():
        monkeypatch.setenv("RNNLIB_HIDDEN_SEED", secret)
        assert run(class_of_three, "grade").text.count(NO_SECRET) == count
        assert run(class_of_three, "grade", "--dry-run").text.count(NO_SECRET) == count
        assert run(class_of_three, "report", EXERCISE).code == 0
        assert page.read_text().count("No secret word is set") == count


def test_who_is_no_longer_in_submitted_is_not_in_the_report(class_of_three):
    shutil.rmtree(class_of_three.root / "submitted" / "ada")
    assert run(class_of_three, "report").code == 0
    assert "ada" not in (class_of_three.root / "reports" / f"{EXERCISE}.csv").read_text()


def test_similar_submissions(class_of_three):
    done = run(class_of_three, "similar", EXERCISE)
    assert done.code == 0 and "a place to look, not an accusation" in done.text
    assert (class_of_three.root / "reports" / f"{EXERCISE}.similar.html").exists()


@pytest.mark.parametrize("command", ["report", "similar"])
def test_before_anything_is_marked_the_way_is_shown(ready, command):
    done = run(ready, command, EXERCISE)
    assert done.code == 2 and "python -m grading grade" in done.text


def test_downloads_come_in_and_are_marked(ready, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    downloads = tmp_path_factory.mktemp("downloads")
    for name in ("Ada Lovelace_657737_assignsubmission_file", "Bo Diddley_657738_assignsubmission_file"):
        (downloads / name).mkdir()
        (downloads / name / f"{EXERCISE}.ipynb").write_text("{}")
    (downloads / "holiday.jpg").write_text("")
    for options in (["--dry-run"], []):
        done = run(ready, "import", str(downloads), "--assignment", EXERCISE, *options)
        assert done.code == 0 and "2 students" in done.text and "holiday.jpg" in done.text
        assert len(list(ready.root.glob(f"submitted/*/{EXERCISE}/{EXERCISE}.ipynb"))) == (0 if options else 2)
    done = run(ready, "import", "nowhere", "--assignment", EXERCISE)
    assert done.code == 2 and "nowhere is neither a folder nor a zip" in done.text


def test_every_command_names_a_wrong_exercise(ready):
    for command in (["grade"], ["report"], ["similar"], ["release"], ["demo"], ["import", ".", "--assignment"]):
        done = run(Course(ready.root), *command, "2-forwards")
        assert done.code == 2 and "Did you mean 02-forward?" in done.text
