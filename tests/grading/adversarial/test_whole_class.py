"""Some of each kind, handed in together and marked by the command: everybody gets a row and a page."""

import csv
import os

import pytest

from tests.grading.adversarial.everybody import CLASS
from tests.grading.adversarial.paper import EXERCISE, points
from tests.grading.conftest import make_course, run

SOME = """
plain warns_and_logs exits_in_a_cell kills_everybody crashes endless_cell leaves_a_process deep_result cyclic_result
half_characters empty web_page deep_json byte_order_mark huge_cell format_3 other_ids copied_test another_exercise
damaged_cells own_check catalogue_imported nonsense_on_the_wire noise_on_the_wire edits_the_gradebook markup
""".split()


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A course after `grade`: its root, what was said, and the rows of its table by student."""
    course = make_course(tmp_path_factory.mktemp("class"), short=True)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.Grading.limits = {"call": 1.0, "cell": 2.0, "notebook": 90.0, "memory": 2**29}\n')
    everybody = {one.name: one for listed in CLASS.values() for one in listed}
    for name in SOME:
        path = course.file("submitted", EXERCISE, name)
        path.parent.mkdir(parents=True)
        path.write_bytes(everybody[name].write())
    for name, make in {"linked": os.symlink, "piped": lambda _, path: os.mkfifo(path)}.items():
        path = course.file("submitted", EXERCISE, name)
        path.parent.mkdir(parents=True)
        make(course.file("source", EXERCISE), path)
    done = run(course, "grade", EXERCISE, "--jobs", "2")
    assert done.code == 0, done.text
    with (course.root / "reports" / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    return course, done.text, rows, {name: everybody[name] for name in SOME}


@pytest.mark.promise("V2")
def test_everybody_has_a_row_with_the_deserved_score(marked):
    _, text, rows, submissions = marked
    scores = {name: float(row["score"]) for name, row in rows.items()}
    assert scores == {name: one.deserves for name, one in submissions.items()} | {"linked": 0, "piped": 0}
    for name, row in rows.items():
        assert row["status"].startswith("graded") or row["reason"], name
    assert "is a link" in rows["linked"]["reason"] and "no plain file" in rows["piped"]["reason"]


def test_everybody_has_a_page(marked):
    course, _, rows, _ = marked
    for name in rows:
        page = course.file("feedback", EXERCISE, name).with_suffix(".html").read_text(encoding="utf-8")
        assert "<script>document" not in page and "<img src=x" not in page and "BEGIN HIDDEN" not in page
        assert f"{points()['softmax']:g}" in page


def test_the_class_can_be_reported_and_compared(marked):
    course, *_ = marked
    for command in ("report", "similar"):
        done = run(course, command, EXERCISE)
        assert done.code == 0, done.text
    pages = list((course.root / "reports").glob("*.html"))
    assert len(pages) >= 2
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>document" not in text and "<img src=x" not in text


def test_a_second_run_judges_nothing_again(marked):
    course, *_ = marked
    verdicts = {path: path.stat().st_mtime_ns for path in course.root.glob(f"verdicts/{EXERCISE}/*.json")}
    assert len(verdicts) == len(SOME) + 2
    assert run(course, "grade", EXERCISE, "--jobs", "2").code == 0
    changed = [path.stem for path, time in verdicts.items() if path.stat().st_mtime_ns != time]
    assert set(changed) <= {"linked", "piped"}  # of which there is no file to have been judged
