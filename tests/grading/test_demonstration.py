"""The demonstration class, marked from end to end: everybody gets what was planted."""

import csv
import json
import shutil

import nbformat
import pytest

from grading import demonstration, report, source
from grading.course import NOT_GRADED
from grading.grade import Result, findings, found, grade
from tests.grading.conftest import EXERCISE, make_course, run

QUESTION = 4  # points of the open question, which no check can give
ANSWERED = {"beatrice", "viola", "malvolio"}
UNGRADED = {"macbeth": "ended the Python process", "caliban": "not JSON"}


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
    assert marks["dogberry"] == marks["falstaff"] == marks["hamlet"] == marks["macbeth"] == marks["caliban"] == 0
    assert marks["malvolio"] == full - max(part.points for part in parts)
    assert marks["puck"] == full - parts[0].points - parts[-1].points
    assert full / 2 < marks["ophelia"] < full
    assert {float(row["max_score"]) for row in rows.values()} == {full + QUESTION}


def test_a_row_for_each_student_with_a_reason_where_there_is_no_mark(rows, marked):
    assert set(rows) == set(demonstration.CAST)
    for student, row in rows.items():
        assert row["assignment"] == EXERCISE
        assert row["status"] == (NOT_GRADED if student in UNGRADED else "graded")
        assert UNGRADED.get(student, "") in row["reason"]
        assert bool(row["reason"]) == (student in UNGRADED)
    for student, reason in UNGRADED.items():
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


def test_feedback_says_that_a_person_reads_the_open_question(marked, parts):
    full = sum(part.points for part in parts)
    page = marked.course.file("feedback", EXERCISE, "beatrice").with_suffix(".html").read_text()
    assert f"(Score: {full:.1f} / {full:.1f})" in page
    assert f"A person reads this answer. Its {QUESTION} points are not in the total yet." in page
    for student in ("hamlet", "puck"):  # left as it was, and emptied
        page = marked.course.file("feedback", EXERCISE, student).with_suffix(".html").read_text()
        assert "No response." in page and "A person reads" not in page
        assert f" / {full + QUESTION:.1f})" in page


def test_points_given_by_hand_count_and_stay(marked, parts, tmp_path):
    """On a copy of the marked course, as formgrader writes them."""
    shutil.copytree(marked.course.root, tmp_path / "copy")
    course = type(marked.course)(tmp_path / "copy")
    nb = nbformat.read(course.file("source", EXERCISE), as_version=4)
    question = source.grade_id(source.graded(nb, "question")[0])
    for student in set(demonstration.CAST) - {"beatrice", "hamlet"}:
        shutil.rmtree(course.root / "submitted" / student)
    with course.gradebook() as gradebook:
        mark = gradebook.find_grade(question, EXERCISE, EXERCISE, "beatrice")
        mark.manual_score = 3
        gradebook.find_comment(question, EXERCISE, EXERCISE, "beatrice").manual_comment = "Which factor?"
        gradebook.db.commit()
    beatrice, hamlet = grade(course, quiet=True)
    full = sum(part.points for part in parts)
    assert (beatrice.score, beatrice.max_score, beatrice.waiting) == (full + 3, full + QUESTION, 0)
    assert (hamlet.score, hamlet.waiting, hamlet.unanswered) == (0, 0, QUESTION)
    page = course.file("feedback", EXERCISE, "beatrice").with_suffix(".html").read_text()
    assert f"(Score: {full + 3:.1f} / {full + QUESTION:.1f})" in page
    assert "Which factor?" in page and "A person reads" not in page


def test_misconceptions_are_found_and_counted(marked, parts):
    found = {finding.problem: finding for finding in findings(marked.course, EXERCISE, "dogberry")}
    for part in parts:
        first = part.problem.misconceptions[0]
        assert found[part.problem.name].misconceptions[0] == (first.name, first.hint)
    with (marked.course.root / "reports" / "misconceptions.csv").open(newline="") as file:
        counts = {(row["problem"], row["misconception"]): int(row["students"]) for row in csv.DictReader(file)}
    last = parts[-1].problem
    assert counts[last.name, last.misconceptions[0].name] == 2  # dogberry and benedick
    assert next(iter(counts.values())) == max(counts.values())


def test_feedback_pages(marked, parts):
    hint = parts[0].problem.misconceptions[0].hint.split(".")[0]
    for student in demonstration.CAST:
        page = marked.course.file("feedback", EXERCISE, student).with_suffix(".html")
        assert page.exists() == (student not in UNGRADED)
        if page.exists():
            text = page.read_text()
            assert "HIDDEN TESTS" not in text and "hidden&quot;" not in text and 'cases="hidden"' not in text
    page = marked.course.file("feedback", EXERCISE, "dogberry").with_suffix(".html")
    assert hint in " ".join(page.read_text().split())  # a verdict is wrapped to the width of a page


def test_noise_was_made_and_cost_nothing(marked):
    nb = nbformat.read(marked.course.file("autograded", EXERCISE, "viola"), as_version=4)
    said = "".join(output.get("text", "") for cell in source.graded(nb, "grade") for output in cell.outputs)
    assert "was called" in said


def test_a_disagreement_would_be_seen(marked):
    record = demonstration.read_record(marked.course)
    results = _results(marked)
    assert report.compare(results, record) == []
    planted = record[EXERCISE]
    planted["hamlet"]["score"] = 1
    planted["dogberry"]["misconceptions"]["forward.rnn_step"] = "another"
    planted["beatrice"]["status"] = NOT_GRADED
    planted["malvolio"]["misconceptions"] = {}
    assert len(report.compare(results, record)) == 4


def _results(marked):
    planted = demonstration.read_record(marked.course)[EXERCISE]
    with marked.course.gradebook() as gradebook:
        return [
            Result(
                EXERCISE,
                student,
                status=planted[student]["status"],
                score=gradebook.find_submission(EXERCISE, student).score,
                waiting=planted[student]["waiting"],
                findings=[] if student in UNGRADED else findings(marked.course, EXERCISE, student),
            )
            for _, student in found(marked.course, EXERCISE)
        ]


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


def test_remove(marked, tmp_path):
    """On a copy of the marked course: others of this module look at the original."""
    shutil.copytree(marked.course.root, tmp_path / "copy")
    course = type(marked.course)(tmp_path / "copy")
    assert run(course, "demo", "--remove").code == 0
    with course.gradebook() as gradebook:
        assert gradebook.students == []
        assert [a.name for a in gradebook.assignments] == [EXERCISE]
    for step in ("submitted", "autograded", "feedback"):
        assert not any((course.root / step).iterdir())
