"""What follows from a verdict: marks in the gradebook, the marked notebook, the student's page, what is reported."""

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from traitlets.log import get_logger

from grading import door, files, shown
from grading.course import Course
from grading.gradebook import formgrader, late
from grading.gradebook.gradebook import Book, Row
from grading.judge.verdict import SubmissionVerdict
from grading.report import feedback
from grading.report.feedback import Given, Lateness
from grading.report.result import GRADED, NOT_GRADED, Result


def post(
    course: Course, book: Book, source: NotebookNode, verdict: SubmissionVerdict, digests: dict[str, str]
) -> Result:
    """Enter one verdict; write the marked notebook and the page where they are not of it.

    Args:
        course: `Course`.
        book: the exercise's part of the gradebook.
        source: the exercise's notebook, with solutions.
        verdict: the verdict, with its student and its key.
        digests: dict from submissions to digests of what their pages were made from; changed in place.

    Returns:
        `Result`.
    """
    student, exercise = verdict.student, verdict.exercise
    decided = bool(verdict.key) and verdict.looked_at
    path = course.file("autograded", exercise, student)
    fresh = not formgrader.is_of(path, verdict)
    # Nothing of an earlier submission may stand where this one could not be judged; and a person should look.
    marks = {test.id: test.earned if decided else None for test in verdict.tests}
    marks |= {one.id: None if one.answered or not decided else 0.0 for one in verdict.answers}
    silent = {one.id for one in verdict.answers if decided and not one.answered}
    silent |= {test.function for test in verdict.tests if decided and test.outcome == "unwritten"}
    folder, base = course.file("submitted", exercise, student).parent, course.folder("submitted")
    timestamp, unknown = late.handed_in(folder, book.stamped, base)
    row = book.enter(student, marks, silent, timestamp, fresh)
    book.commit()
    result = _result(verdict, row, book, decided)
    result.reason = " ".join(filter(None, [result.reason, unknown]))
    try:
        if fresh:
            files.write(path, formgrader.autograded(source, verdict), lasting=True)
        _page(course, verdict, _by_hand(row), _late(result, row, book), digests)
    except Exception as error:  # whatever it is, the others must get their pages
        if isinstance(error, OSError) and error.errno in door.OF_ALL:
            raise
        get_logger().exception("%s %s", exercise, student)
        result.reason = f"{result.reason} It is marked, but without its page: {error!r:.200}".strip()
    return result


def _page(
    course: Course,
    verdict: SubmissionVerdict,
    given: dict[str, Given],
    lateness: Lateness | None,
    digests: dict[str, str],
) -> None:
    """Write a student's page, if there is none that was made from the same."""
    name = f"{verdict.exercise}/{verdict.student}"
    folder = course.file("feedback", verdict.exercise, verdict.student).parent
    by_hand = {name: asdict(one) for name, one in given.items()}
    made_from = json.dumps([verdict.digest, by_hand, lateness and asdict(lateness), _design()])
    digest = hashlib.sha256(made_from.encode()).hexdigest()
    if digests.get(name) != digest or not any(folder.glob("*.html")):
        feedback.write(verdict, verdict.student, folder, given, lateness)
        digests[name] = digest
    submitted = course.file("submitted", verdict.exercise, verdict.student).parent
    _for_the_exchange(submitted, course.folder("submitted"), folder)


def _for_the_exchange(submitted: Path, base: Path, feedback: Path) -> None:
    """Put beside a page what nbgrader's exchange needs to give it to its student alone: when and with which secret."""
    for name in door.NBGRADERS:
        ours, data = feedback / name, door.small(submitted, base, name)
        if data is not None and (not ours.exists() or ours.read_bytes() != data):
            files.write(ours, data, lasting=True)


@cache
def _design() -> str:
    """Digest what pages are made with."""
    here = Path(feedback.__file__).parent
    made_with = [here / f"{name}.py" for name in ("feedback", "pages", "words")]
    made_with += [Path(shown.__file__)]
    made_with += sorted(path for path in (here / "templates").iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in made_with)).hexdigest()


def _result(verdict: SubmissionVerdict, row: Row, book: Book, decided: bool) -> Result:
    """Sum a submission up."""
    unread = {name: mark["auto_score"] for name, mark in row.marks.items() if mark["manual_score"] is None}
    questions = [one for one in verdict.answers if one.id in unread and decided]
    return Result(
        verdict.exercise,
        verdict.student,
        GRADED if decided else NOT_GRADED,
        verdict.reason,
        row.score - (row.penalty or 0.0),
        sum(cell.max_score for cell in book.graded.values()),
        sum(one.points for one in questions if unread[one.id] is None),
        sum(one.points for one in questions if unread[one.id] is not None),
        row.penalty or 0.0,
        verdict.tests if decided else (),
    )


def _by_hand(row: Row) -> dict[str, Given]:
    """What a person gave: dict from a cell's name to points, extra credit among them, and comment."""
    points, comments = {}, {name: comment["manual_comment"] or "" for name, comment in row.comments.items()}
    for name, mark in row.marks.items():
        score = mark["auto_score"] if mark["manual_score"] is None else mark["manual_score"]
        if score is not None and (mark["manual_score"] is not None or mark["extra_credit"]):
            points[name] = score + (mark["extra_credit"] or 0.0)
    names = [*points, *(name for name, comment in comments.items() if comment and name not in points)]
    return {name: Given(points.get(name), comments.get(name, "")) for name in names}


def _late(result: Result, row: Row, book: Book) -> Lateness | None:
    """What lateness cost, for the student's page; None when it cost nothing."""
    if not result.penalty or row.timestamp is None or book.due is None:
        return None
    seconds = (row.timestamp - book.due - (row.extension or timedelta())).total_seconds()
    return Lateness(result.penalty, f"handed in {_lasting(seconds)} after the due date")


def _lasting(seconds: float) -> str:
    """Say a time in words, in days and hours, or in minutes where it is short."""
    minutes = max(1, round(seconds / 60))
    counts = [("day", minutes // 1440), ("hour", minutes // 60 % 24)] if minutes >= 60 else [("minute", minutes)]
    return " and ".join(f"{count} {unit}{'s' * (count != 1)}" for unit, count in counts if count)
