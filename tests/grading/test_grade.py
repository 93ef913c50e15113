"""Real submissions: marked again and again, replaced, broken, endless; and what people type wrongly."""

import csv
import json
import subprocess
import sys

import nbformat

from grading.course import GRADED, NOT_GRADED, Course
from grading.grade import grade
from tests.grading.conftest import EXERCISE, run


def hand_in(course, student, text, name=f"{EXERCISE}.ipynb"):
    """Put a submission where it belongs."""
    path = course.root / "submitted" / student / EXERCISE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def score(course, student):
    with course.gradebook() as gradebook:
        return gradebook.find_submission(EXERCISE, student).score


def test_a_new_submission_replaces_the_old_mark(course, cast, parts):
    full = sum(part.points for part in parts)
    hand_in(course, "ada", cast["beatrice"])
    done = run(course, "grade")
    assert done.code == 0 and "demonstration" not in done.text
    assert score(course, "ada") == full
    table = (course.root / "reports" / "grades.csv").read_bytes()

    assert run(course, "grade").code == 0  # again: the same
    assert (course.root / "reports" / "grades.csv").read_bytes() == table

    hand_in(course, "ada", cast["hamlet"])
    assert run(course, "grade").code == 0
    assert score(course, "ada") == 0

    hand_in(course, "ada", cast["beatrice"])
    assert run(course, "grade").code == 0
    with course.gradebook() as gradebook:
        mark = gradebook.find_grade(parts[0].test, EXERCISE, EXERCISE, "ada")
        mark.manual_score = 0.5
        gradebook.db.commit()
    hand_in(course, "ada", cast["macbeth"])  # kills its kernel: no mark, and not the old one; the hand-given one stays
    done = run(course, "grade")
    assert done.code == 0 and "ended the Python process" in done.text
    assert score(course, "ada") == 0.5
    assert not course.file("autograded", EXERCISE, "ada").exists()
    assert not course.file("feedback", EXERCISE, "ada").with_suffix(".html").exists()


def test_what_cannot_be_read_is_said(course):
    hand_in(course, "blank", "")
    hand_in(course, "cells", json.dumps({"answer": 42}))
    hand_in(course, "page", "<html>")
    hand_in(course, "renamed", "{}", name="Untitled.ipynb")
    (course.root / "submitted" / "void" / EXERCISE).mkdir(parents=True)
    (course.root / "submitted" / "zip" / "02-forwrd").mkdir(parents=True)
    reasons = {
        "blank": "the file is empty",
        "cells": "the file is JSON, but no notebook of format 4",
        "page": "the file is not JSON, so it is no notebook",
        "renamed": "02-forward.ipynb is missing; there is Untitled.ipynb",
        "void": "02-forward.ipynb is missing; there is no notebook",
    }
    done = run(course, "grade")
    assert done.code == 0
    for student, reason in reasons.items():
        assert f"{student}, {EXERCISE}: {reason}" in done.text
    assert "of no exercise: zip/02-forwrd" in done.text
    with (course.root / "reports" / "grades.csv").open(newline="") as file:
        assert {row["student_id"]: row["reason"] for row in csv.DictReader(file)} == reasons


def test_a_loop_without_end_costs_its_own_cell_only(course, cast, parts):
    impatient = Course(course.root, (("Execute.timeout", 20),))  # long enough for an honest cell on a busy machine
    endless = parts[-1]  # which no other cell of the short notebook calls
    nb = nbformat.reads(cast["beatrice"], as_version=4)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == endless.solution:
            cell.source = f"while True:\n    pass\n\n\n{cell.source}"
    hand_in(course, "eve", nbformat.writes(nb))
    (result,) = grade(impatient, quiet=True)
    assert result.status == GRADED
    assert result.score == sum(part.points for part in parts if part is not endless)
    assert result.findings[-1].kind == "undefined"


def test_damaged_cells_stop_one_submission_only(course, cast, parts):
    nb = nbformat.reads(cast["beatrice"], as_version=4)
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    hand_in(course, "a-first", nbformat.writes(nb))
    hand_in(course, "b-second", cast["hamlet"])
    hand_in(course, "b-second", "yesterday", name="timestamp.txt")
    hand_in(course, "c-third", cast["hamlet"])
    first, second, third = grade(course, quiet=True)
    assert (first.status, second.status, third.status) == (NOT_GRADED, NOT_GRADED, GRADED)
    assert "SchemaTooNewError" in first.reason
    assert "before it ran the notebook" in second.reason


def test_a_forged_verdict_stops_one_submission_only(course, cast, parts):
    """Words of a student that look like the engine's are read as data, and may be nonsense."""
    forged = (
        "from IPython.display import display",
        'display({"application/vnd.rnnlib.verdict+json": 5}, raw=True)',
        "raise KeyboardInterrupt",
    )
    nb = nbformat.reads(cast["hamlet"], as_version=4)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == parts[0].solution:
            cell.source = "\n    ".join([f"def {parts[0].solution}(*args):", *forged])
    hand_in(course, "a-first", nbformat.writes(nb))
    hand_in(course, "b-second", cast["hamlet"])
    first, second = grade(course, quiet=True)
    assert first.score == 0 and second.status == GRADED


def test_changed_cells_under_marks_are_explained(course, cast):
    hand_in(course, "ada", cast["hamlet"])
    assert run(course, "grade").code == 0
    path = course.file("source", EXERCISE)
    nb = nbformat.read(path, as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell("Read on.", id="read-on"))
    locked = dict(grade=False, solution=False, locked=True, task=False, grade_id="read-on", schema_version=3)
    nb.cells[-1].metadata["nbgrader"] = locked
    nbformat.write(nb, path)
    done = run(course, "grade")
    assert done.code == 2 and "Move gradebook.db elsewhere" in done.text


def test_wrong_words(course, tmp_path_factory):
    done = run(course, "grade", "2-forwards")
    assert done.code == 2
    assert (
        f"There is no exercise '2-forwards' in solutions/. There is: {EXERCISE}. Did you mean {EXERCISE}?" in done.text
    )
    done = run(Course(tmp_path_factory.mktemp("nothing")), "grade")
    assert done.code == 2 and "no nbgrader_config.py" in done.text
    (course.root / "submitted" / "zip" / "02-forwrd").mkdir(parents=True)
    (course.root / "submitted" / "zip" / "02-forwrd" / "02-forward.ipynb").write_text("{}")
    (course.root / "submitted" / "02-forward.ipynb").write_text("{}")
    done = run(course, "grade")
    assert done.code == 2 and "It does hold 02-forward.ipynb, zip/02-forwrd." in done.text


def test_help_teaches():
    args = [sys.executable, "-m", "grading", "--help"]
    text = subprocess.run(args, capture_output=True, text=True, check=True).stdout
    for word in ("release", "demo", "grade", "submitted/STUDENT/", "rights", "formgrader"):
        assert word in text
