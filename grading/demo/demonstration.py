"""A made-up class of twelve, so that a marking can be seen, and tested, before there are students.

Each member's marks are known beforehand: they are planted, from the solutions and from the catalogue of misconceptions.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grading.course import GRADED, NOT_GRADED, RECORD, Course, UsageError
from grading.demo import answers
from grading.release import solution
from grading.release.release import generate
from grading.release.solution import GradedFunction
from grading.store import path_of
from rnnchecks.engine.measured import MeasuredProblem

Planted = dict[str, dict[str, dict[str, Any]]]  # by exercise and student: what was planted
# Shakespeare's people, so that nobody takes them for students.
CAST = {
    "beatrice": "everything right, and an answer to the open question",
    "viola": "everything right and answered, but every call prints, warns and logs",
    "portia": "everything right; a test cell copied, another deleted",
    "benedick": "the first half right, in the second half the first misconception of each function",
    "dogberry": "the first misconception of every function",
    "falstaff": "the last misconception of every function",
    "malvolio": "one misconception, in the function that is worth most",
    "ophelia": "one function returns nothing, one is right and writes into its argument",
    "puck": "one cell cannot be read by Python, one function stops with an error",
    "hamlet": "nothing written",
    "macbeth": "everything right and answered, but the cell of the last function ends the Python process",
    "caliban": "not a notebook: the page of an expired log-in",
}


def chosen(course: Course, names: list[str]) -> list[str]:
    """The exercises that the class hands in: those named, or the first two, which show all there is to see."""
    return course.choose(names) if names else course.choose(names)[:2]


def make(course: Course, names: list[str], folder: Path) -> Planted:
    """Fill submitted/ with the demonstration class, in place of an earlier one.

    Args:
        course: `Course`.
        names: exercises.
        folder: a folder to work in.

    Returns:
        The record: dict from exercise to student to what was planted.

    Raises:
        UsageError: when submitted/ holds a real submission.
    """
    real = real_submissions(course)
    if real:
        raise UsageError(
            f"submitted/ holds {len(real)} files that are not the demonstration's, such as {real[0]}. "
            "The demonstration class is made only where there are no real submissions."
        )
    record = read_record(course)
    submitted = course.folder("submitted")
    for name in names:
        exercise, parts = solution.read(course, name)
        released = nbformat.read(generate(course, name, folder) / f"{name}.ipynb", as_version=4)
        record[name] = {}
        for student in CAST:
            planted = _planted(student, exercise, parts)
            text = _written(student, released, planted.pop("cells"))
            path = course.file("submitted", name, student)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            record[name][student] = {"what": CAST[student], **planted, "sha256": _sha256(path)}
    (submitted / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


def remove(course: Course) -> int:
    """Take the demonstration class out of submitted/, verdicts/, autograded/, feedback/ and the gradebook.

    Returns:
        How many submissions there were.
    """
    record = read_record(course)
    marks = {(name, student) for name in record for student in record[name]}
    ours = {pair for pair in marks if is_demonstration(course, *pair, record)}
    with course.gradebook() as gradebook:
        for name, student in sorted(ours):
            path_of(course, name, student).unlink(missing_ok=True)
            for step in ("submitted", "autograded", "feedback"):
                shutil.rmtree(course.file(step, name, student).parent, ignore_errors=True)
                _remove_if_empty(course.folder(step) / student)
            if any(s.student_id == student for a in gradebook.assignments if a.name == name for s in a.submissions):
                gradebook.remove_submission(name, student)
        for student in {student for _, student in ours}:
            if any(s.id == student and not s.submissions for s in gradebook.students):
                gradebook.remove_student(student)
    (course.folder("submitted") / RECORD).unlink(missing_ok=True)
    return len(ours)


def read_record(course: Course) -> Planted:
    """Read what was planted; empty where there is no demonstration class."""
    path = course.folder("submitted") / RECORD
    try:
        record: Planted = json.loads(path.read_text(encoding="utf-8"))
        return record
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UsageError(f"submitted/{RECORD} cannot be read ({error}). Remove it, then try again.") from error


def is_demonstration(course: Course, exercise: str, student: str, record: Planted) -> bool:
    """Say whether a submission is the demonstration's own, unchanged."""
    path = course.file("submitted", exercise, student)
    planted = record.get(exercise, {}).get(student)
    return planted is not None and path.exists() and _sha256(path) == planted["sha256"]


def real_submissions(course: Course) -> list[str]:
    """List the files in submitted/ that are not the demonstration's, as paths below it."""
    submitted, record = course.folder("submitted"), read_record(course)
    ours = {submitted / RECORD}
    ours |= {
        course.file("submitted", name, student)
        for name in record
        for student in record[name]
        if is_demonstration(course, name, student, record)
    }
    files = sorted(path for path in submitted.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [str(path.relative_to(submitted)) for path in files if path not in ours]


def _planted(student: str, exercise: NotebookNode, parts: list[GradedFunction]) -> dict[str, Any]:
    """Say what a student writes, and what that earns.

    Returns:
        Dict with ``cells`` (text by grade_id), ``status``, ``score`` of the checked part, ``waiting`` (points of open
        questions that were answered) and ``misconceptions``: dict from the problems answered wrongly to a
        misconception's name, or to None where the fault is not one of the catalogue's.
    """
    right = {solution.grade_id(cell): answers.right(cell.source) for cell in solution.graded(exercise, "solution")}
    cells: dict[str | None, str] = {}
    wrong: dict[GradedFunction, tuple[str, str | None]] = {}
    # What is judged by a measurement, as a trained net is, has no answer in the catalogue that a student could give.
    measured = [part for part in parts if isinstance(part.problem, MeasuredProblem)]
    parts = [part for part in parts if part not in measured]
    heaviest = max(parts, key=lambda part: part.points)
    half = (len(parts) + 1) // 2
    spoilable = [part for part in parts if answers.writes_into_argument(part.problem)]
    if student in ("beatrice", "viola", "portia", "macbeth", "benedick"):
        cells = dict(right)
    if student == "viola":
        cells = {name: answers.noisy(text) for name, text in cells.items()}
    if student == "macbeth":
        wrong[parts[-1]] = (answers.ends_process(parts[-1].problem), None)
    mistaken = {"benedick": parts[half:], "dogberry": parts, "falstaff": parts, "malvolio": [heaviest]}
    if student in mistaken:
        for part in mistaken[student]:
            misconception = part.problem.misconceptions[-1 if student == "falstaff" else 0]
            wrong[part] = (answers.mistaken(part.problem, misconception), misconception.name)
    if student == "ophelia":
        silent = next(part for part in parts if part is not spoilable[-1])
        wrong[silent] = (answers.returns_nothing(silent.problem), None)
    if student == "puck":
        wrong[parts[0]] = (answers.unreadable(parts[0].problem), None)
        wrong[parts[-1]] = (answers.stops(parts[-1].problem), None)
    if student in ("malvolio", "ophelia", "puck", "macbeth"):
        # Where one function is wrong, the others must not call it, or its fault would count twice.
        cells = {**right, **{part.solution: answers.reference(part.problem) for part in parts}}
    if student == "ophelia":
        cells[spoilable[-1].solution] = answers.writes_into_argument(spoilable[-1].problem) or ""
    cells.update({part.solution: text for part, (text, _) in wrong.items()})
    if wrong:  # they get no further than the others, on which it rests
        wrong.update({part: ("", None) for part in measured})
        cells = {name: text for name, text in cells.items() if name not in [part.solution for part in measured]}
    answered = solution.graded(exercise, "question") if student in ("beatrice", "viola", "malvolio", "macbeth") else []
    cells.update({solution.grade_id(cell): answers.PROSE for cell in answered})
    if student == "puck":  # who deleted even the line that says where to write
        cells.update({solution.grade_id(cell): "" for cell in solution.graded(exercise, "question")})
    status = NOT_GRADED if student == "caliban" else GRADED
    full = sum(part.points for part in parts + measured)
    lost = full if student == "hamlet" or status != GRADED else sum(part.points for part in wrong)
    return {
        "cells": cells,
        "status": status,
        "score": full - lost,
        "waiting": sum(map(solution.points, answered)) if status == GRADED else 0,
        "misconceptions": {part.problem.name: name for part, (_, name) in wrong.items()},
    }


def _written(student: str, released: NotebookNode, cells: dict[str | None, str]) -> str:
    """Fill a released notebook with a student's cells; return the text of the file."""
    if student == "caliban":
        return "<!DOCTYPE html>\n<html><body>Your session has expired. Please log in again.</body></html>\n"
    nb = nbformat.from_dict(released)
    for cell in nb.cells:
        if solution.grade_id(cell) in cells and cell.metadata.nbgrader.solution:
            cell.source = cells[solution.grade_id(cell)]
    if student == "portia":
        tests = solution.graded(nb, "grade")
        copy = nbformat.from_dict(tests[0])
        copy.id = "a-copy"
        nb.cells.append(copy)
        nb.cells.remove(tests[-1])
    return nbformat.writes(nb) + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
