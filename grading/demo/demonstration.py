"""A made-up class of twelve, so that a marking can be seen, and tested, before there are students.

Each member's marks are known beforehand: they are planted, from the solutions and from the catalogue of misconceptions.
"""

import functools
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grading import door
from grading.collect import submission
from grading.collect.submission import RECORD
from grading.course import Course, UsageError
from grading.demo import answers
from grading.release import solution
from grading.release.release import generate
from grading.release.solution import GradedFunction
from grading.report.result import GRADED, NOT_GRADED
from grading.shown import one_line, say
from grading.store import path_of
from rnnchecks.engine.measured import MeasuredProblem

MOST, MOST_POINTS = 20_000_000, 100  # bytes of a file of the demonstration; points of an exercise
# What the record has of each member of the class.
FIELDS = {
    "what": str,
    "status": str,
    "score": int | float,
    "waiting": int | float,
    "misconceptions": dict,
    "sha256": str,
}
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
            record[name][student] = {"what": CAST[student], **planted, "sha256": _sha256(course, name, student)}
    (submitted / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


def remove(course: Course) -> int:
    """Take the demonstration class out of submitted/, verdicts/, autograded/, feedback/ and the gradebook.

    Returns:
        How many submissions there were.

    Raises:
        UsageError: when the record of what was planted is damaged.
    """
    record = read_record(course)
    if not record and door.is_there(_record(course), None):
        raise UsageError(
            "Make the class anew, then take it away: python -m grading demo, then python -m grading demo --remove."
        )
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
    """Read what was planted; empty where there is no demonstration class.

    A record that was cut, or that nothing planted can be, is none, and the screen says so.
    """
    try:
        return _checked(json.loads(door.plain_file(_record(course), MOST)))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _not_used(str(_record(course)), one_line(error, 200))
        return {}


def _record(course: Course) -> Path:
    return course.folder("submitted").resolve() / RECORD


@functools.lru_cache(maxsize=100)  # said once, though a run reads it more than once
def _not_used(path: str, why: str) -> None:
    say(f"grading: submitted/{RECORD} is no record of the demonstration class: {why}.", file=sys.stderr)


def _checked(record: Any) -> Planted:
    """See that a record is one.

    Raises:
        ValueError: when it is none; the message says where.
    """
    if not isinstance(record, dict):
        raise ValueError(f"expected an object, got {record!r:.40}")
    for exercise, students in record.items():
        if not isinstance(students, dict):
            raise ValueError(f"{exercise}: expected an object, got {students!r:.40}")
        for student, planted in students.items():
            where = f"{exercise}, {student}"
            if not isinstance(planted, dict) or planted.keys() != FIELDS.keys():
                raise ValueError(f"{where}: expected {', '.join(FIELDS)}")
            for name, kind in FIELDS.items():
                if not isinstance(planted[name], kind) or isinstance(planted[name], bool):
                    raise ValueError(f"{where}: {name} cannot be {planted[name]!r:.40}")
            if not all(0 <= planted[name] <= MOST_POINTS for name in ("score", "waiting")):
                raise ValueError(f"{where}: expected from 0 to {MOST_POINTS} points")
            if student not in CAST or planted["status"] not in (GRADED, NOT_GRADED):
                raise ValueError(f"{where}: nobody of the class, or nothing that can come of it")
    return record


def is_demonstration(course: Course, exercise: str, student: str, record: Planted) -> bool:
    """Say whether a submission is the demonstration's own, unchanged."""
    planted = record.get(exercise, {}).get(student)
    return planted is not None and _sha256(course, exercise, student) == planted["sha256"]


def changed(course: Course, record: Planted) -> list[str]:
    """Which of the demonstration's own submissions were changed since: list of texts."""
    base = course.folder("submitted")
    return [
        f"{student}, {name}"
        for name in record
        for student in record[name]
        if door.is_there(course.file("submitted", name, student), base)
        and not is_demonstration(course, name, student, record)
    ]


def real_submissions(course: Course) -> list[str]:
    """List the files in submitted/ that are not the demonstration's, as paths below it.

    Where the record is damaged, and everybody there is of the class, all of it is the demonstration's.
    """
    submitted, record = course.folder("submitted"), read_record(course)
    there = [parts for parts, _ in door.walk(submitted) if parts and not parts[-1].startswith(".")]
    ours: set[tuple[str, ...]] = {(RECORD,)}
    ours |= {
        (student, name, f"{name}.ipynb")
        for name in record
        for student in record[name]
        if is_demonstration(course, name, student, record)
    }
    if not record and door.is_there(_record(course), None):
        ours |= {(student, name, f"{name}.ipynb") for student in CAST for name in course.exercises}
    return ["/".join(parts) for parts in there if parts not in ours]


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


def _sha256(course: Course, exercise: str, student: str) -> str:
    """The digest of a submission; empty where there is none that may be opened."""
    try:
        return hashlib.sha256(submission.read(course, exercise, student, MOST)).hexdigest()
    except door.NoFile:
        return ""


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
