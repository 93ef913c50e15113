"""The demonstration class, marked from end to end: everybody gets what was planted."""

import csv
import json
import shutil

import nbformat
import pytest

from grading import store
from grading.demo import demonstration
from grading.release import solution
from grading.report import report
from grading.report.result import NOT_GRADED
from grading.run import pool
from grading.run.run import autograde
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, make_course, run

QUESTION = 4  # points of the open question, which no check can give
ANSWERED = {"beatrice", "viola", "malvolio", "macbeth"}
REASONS = {"macbeth": "it ended itself, with exit code 1", "caliban": "not JSON"}


@pytest.fixture(scope="module")
def _planted(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("planted"), short=True)
    assert run(course, "demo").code == 0
    return course


@pytest.fixture
def planted(_planted, tmp_path):
    """A course with the demonstration class, unmarked, for one test."""
    shutil.copytree(_planted.root, tmp_path, dirs_exist_ok=True)
    return type(_planted)(tmp_path)


@pytest.fixture(scope="module")
def rows(marked):
    with (marked.course.root / "reports" / "grades.csv").open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_it_says_what_it_does(marked):
    assert marked.code == 0
    assert "no submissions, so the demonstration class is marked" in marked.text
    assert "All 12 demonstration submissions got the marks and the misconceptions that were planted." in marked.text


def test_marks(rows, parts):
    full, half = sum(part.points for part in parts), parts[: (len(parts) + 1) // 2]
    marks = {student: float(row["score"]) for student, row in rows.items()}
    assert marks["beatrice"] == marks["viola"] == marks["portia"] == full
    assert marks["benedick"] == sum(part.points for part in half)
    assert marks["dogberry"] == marks["falstaff"] == marks["hamlet"] == marks["caliban"] == 0
    assert marks["macbeth"] == full - parts[-1].points
    assert marks["malvolio"] == full - max(part.points for part in parts)
    assert marks["puck"] == full - parts[0].points - parts[-1].points
    assert full / 2 < marks["ophelia"] < full
    assert {float(row["max_score"]) for row in rows.values()} == {full + QUESTION}


def test_a_row_for_each_student_with_a_reason_where_something_went_wrong(rows, marked):
    assert set(rows) == set(demonstration.CAST)
    for student, row in rows.items():
        assert row["assignment"] == EXERCISE
        assert row["status"] == (NOT_GRADED if student == "caliban" else "graded")
        assert REASONS.get(student, "") in row["reason"]
        assert bool(row["reason"]) == (student in REASONS)
    for student, reason in REASONS.items():
        assert any(student in line and reason in line for line in marked.text.splitlines())


def test_an_open_question_waits_for_a_reader_outside_the_score(rows, marked, parts):
    full = sum(part.points for part in parts)
    assert {student for student, row in rows.items() if float(row["to_read"])} == ANSWERED
    table = {line.split()[0]: line for line in marked.text.splitlines() if line.strip()}
    assert f"{full:g} / {full:g} (+{QUESTION})" in table["beatrice"]
    assert f"0 / {full + QUESTION:g}" in table["hamlet"]
    assert f"{len(ANSWERED)} answers wait for a reader" in marked.text
    silent = next(line for line in marked.text.splitlines() if "without an answer" in line)
    assert "hamlet" in silent and "puck" in marked.text and "caliban" not in silent


def test_a_report_on_the_class_compares_all_of_it(marked, tmp_path):
    """Also of her who deleted a test cell: it was judged last, for its place was lost."""
    shutil.copytree(marked.course.root, tmp_path / "copy")
    said = run(type(marked.course)(tmp_path / "copy"), "report", EXERCISE)
    assert said.code == 0, said.text
    assert (tmp_path / "copy" / "reports" / f"{EXERCISE}.html").is_file()


def test_feedback_says_that_a_person_reads_the_open_question(marked):
    pages = {
        student: json.loads(marked.course.file("feedback", EXERCISE, student).with_suffix(".json").read_text())
        for student in ("beatrice", "hamlet", "puck")
    }
    assert pages["beatrice"]["to_read"] == QUESTION
    assert pages["hamlet"]["to_read"] == pages["puck"]["to_read"] == 0  # left as it was, and emptied


def test_points_given_by_hand_count_and_stay(marked, parts, tmp_path):
    """On a copy of the marked course, as formgrader writes them."""
    shutil.copytree(marked.course.root, tmp_path / "copy")
    course = type(marked.course)(tmp_path / "copy")
    nb = nbformat.read(course.file("source", EXERCISE), as_version=4)
    question = solution.grade_id(solution.graded(nb, "question")[0])
    for student in set(demonstration.CAST) - {"beatrice", "hamlet"}:
        shutil.rmtree(course.root / "submitted" / student)
    with course.gradebook() as gradebook:
        mark = gradebook.find_grade(question, EXERCISE, EXERCISE, "beatrice")
        mark.manual_score, mark.extra_credit = 3, 1
        gradebook.find_comment(question, EXERCISE, EXERCISE, "beatrice").manual_comment = "Which factor?"
        gradebook.db.commit()
    beatrice, hamlet = autograde(course, quiet=True)
    full = sum(part.points for part in parts)
    assert (beatrice.score, beatrice.max_score, beatrice.waiting) == (full + 4, full + QUESTION, 0)
    assert (hamlet.score, hamlet.waiting, hamlet.unanswered) == (0, 0, QUESTION)
    page = course.file("feedback", EXERCISE, "beatrice").with_suffix(".html")
    assert "Which factor?" in page.read_text()
    shown = json.loads(page.with_suffix(".json").read_text())
    assert (shown["points"], shown["max_points"], shown["to_read"]) == (full + 4, full + QUESTION, 0)


def test_misconceptions_are_found_and_counted(marked, parts):
    verdict = store.load(marked.course, EXERCISE, "dogberry")
    found = {test.problem: (test.misconceptions[0], test.hints[0]) for test in verdict.tests}
    assert found == {
        part.problem.name: (part.problem.misconceptions[0].name, part.problem.misconceptions[0].hint) for part in parts
    }
    with (marked.course.root / "reports" / "misconceptions.csv").open(newline="") as file:
        counts = {(row["problem"], row["misconception"]): int(row["students"]) for row in csv.DictReader(file)}
    last = parts[-1].problem
    assert counts[last.name, last.misconceptions[0].name] == 2  # dogberry and benedick
    assert next(iter(counts.values())) == max(counts.values())


def test_feedback_pages(marked, parts):
    hint = parts[0].problem.misconceptions[0].hint.split(".")[0]
    for student in demonstration.CAST:
        page = marked.course.file("feedback", EXERCISE, student).with_suffix(".html")
        text = page.read_text()
        assert "HIDDEN TESTS" not in text and "hidden&quot;" not in text and 'cases="hidden"' not in text
    page = marked.course.file("feedback", EXERCISE, "dogberry").with_suffix(".html")
    assert hint in " ".join(page.read_text().split())  # a verdict is wrapped to the width of a page


def test_noise_was_made_and_cost_nothing(marked):
    """Formgrader shows it under the test, and takes no markup from it."""
    path = marked.course.file("submitted", EXERCISE, "viola")
    assert "was called" in path.read_text()
    nb = nbformat.read(marked.course.file("autograded", EXERCISE, "viola"), as_version=4)
    nbformat.validate(nb)
    said = [output.text for cell in solution.graded(nb, "grade") for output in cell.outputs]
    assert len(said) == len(solution.graded(nb, "grade")) and all("agree" in text for text in said)


def test_a_disagreement_would_be_seen(marked):
    record = demonstration.read_record(marked.course)
    results = autograde(marked.course, quiet=True)  # of verdicts that are there
    assert report.disagreements(results, record) == []
    planted = record[EXERCISE]
    planted["hamlet"]["score"] = 1
    planted["dogberry"]["misconceptions"]["forward.rnn_step"] = "another"
    planted["beatrice"]["status"] = NOT_GRADED
    planted["malvolio"]["misconceptions"] = {}
    assert len(report.disagreements(results, record)) == 4


def test_the_class_is_the_same_every_time(tmp_path, cast):
    course = make_course(tmp_path, short=True)
    assert run(course, "demo").code == 0
    assert {path.parts[-3]: path.read_text() for path in course.root.glob("submitted/*/*/*.ipynb")} == cast
    assert len(cast) == 12
    assert json.loads((course.root / "submitted" / demonstration.RECORD).read_text())[EXERCISE].keys() == cast.keys()


def test_real_submissions_are_never_touched(course, cast):
    real = course.file("submitted", EXERCISE, "a-student")
    real.parent.mkdir(parents=True)
    real.write_text("my work")
    done = run(course, "demo")
    assert done.code == 2 and "a-student" in done.text
    assert [path for path in course.root.glob("submitted/**/*") if path.is_file()] == [real]
    assert real.read_text() == "my work"


def test_a_changed_demonstration_submission_counts_as_real(course):
    assert run(course, "demo").code == 0
    path = course.file("submitted", EXERCISE, "beatrice")
    path.write_text(path.read_text().replace("np.tanh", "np.sinh"))
    assert demonstration.real_submissions(course) == [f"beatrice/{EXERCISE}/{EXERCISE}.ipynb"]
    assert run(course, "demo").code == 2
    assert "np.sinh" in path.read_text()


DAMAGED = {
    "cut off": lambda text: text[:-40],
    "a list": lambda text: "[]",
    "a thousand points": lambda text: text.replace('"score": 20', '"score": 1000', 1),
    "points below none": lambda text: text.replace('"score": 0', '"score": -1', 1),
    "points that are no number": lambda text: text.replace('"score": 20', '"score": NaN', 1),
    "points that are a word": lambda text: text.replace('"score": 20', '"score": "all"', 1),
    "no score": lambda text: text.replace('"score"', '"sc"', 1),
    "somebody else": lambda text: text.replace('"hamlet"', '"yorick"', 1),
    "too deep": lambda text: "[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.promise("F5")
def test_a_record_that_nothing_planted_can_be_is_said_and_made_anew(planted, damage):
    demonstration._not_used.cache_clear()
    path = planted.root / "submitted" / demonstration.RECORD
    before = path.read_text()
    path.write_text(damage(before))
    assert path.read_text() != before
    done = run(planted, "demo", "--remove")
    assert done.code == 2 and "is no record of the demonstration class" in done.text and "anew" in done.text
    done = run(planted, "demo")
    assert done.code == 0 and path.read_text() == before


def test_a_damaged_record_makes_nobodys_work_the_demonstrations(planted):
    path = planted.file("submitted", EXERCISE, "a-student")
    path.parent.mkdir(parents=True)
    path.write_text("my work")
    (planted.root / "submitted" / demonstration.RECORD).write_text("{")
    assert run(planted, "demo").code == 2 and path.read_text() == "my work"


def test_whose_file_was_changed_is_said(planted, monkeypatch):
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    path = planted.file("submitted", EXERCISE, "beatrice")
    path.write_text(path.read_text().replace("np.tanh", "np.sinh"))
    done = run(planted, "grade", EXERCISE)
    assert "The submission of beatrice, 02-forward, is the demonstration's no more" in " ".join(done.text.split())


def test_remove(marked, tmp_path):
    """On a copy of the marked course: others of this module look at the original."""
    shutil.copytree(marked.course.root, tmp_path / "copy")
    course = type(marked.course)(tmp_path / "copy")
    assert run(course, "demo", "--remove").code == 0
    with course.gradebook() as gradebook:
        assert gradebook.students == []
        assert [a.name for a in gradebook.assignments] == [EXERCISE]
    assert not any(store.path_of(course, EXERCISE, "x").parent.glob("*.json"))
    for step in ("submitted", "autograded", "feedback"):
        assert not any((course.root / step).iterdir())
