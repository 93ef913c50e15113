"""What follows from a verdict: marks in the gradebook, the marked notebook, the student's page, what is reported."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from traitlets.log import get_logger

from grading import store
from grading.course import GRADED, NOT_GRADED
from grading.gradebook import formgrader, late
from grading.report import feedback


@dataclass(frozen=True)
class Finding:
    """What a test cell found out.

    Attributes:
        problem: name of the problem.
        kind: a verdict's word for it, as `grading.judge.judge` gives it.
        misconceptions: pairs of a misconception's name and its hint, the likeliest first.
    """

    problem: str
    kind: str
    misconceptions: tuple = ()


@dataclass
class Result:
    """What came of one submission.

    Attributes:
        exercise: its name.
        student: who handed it in.
        status: ``"graded"`` or ``"not graded"``: whether the checks could decide anything.
        reason: why it is not graded, or not wholly.
        score: points that the checks gave, or a person, less the penalty.
        max_score: points that can be had, open questions included.
        waiting: points of open questions that a person has yet to read.
        unanswered: points of open questions without an answer.
        penalty: points that it cost to be late.
        findings: a `Finding` per test cell.
    """

    exercise: str
    student: str
    status: str = GRADED
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    waiting: float = 0.0
    unanswered: float = 0.0
    penalty: float = 0.0
    findings: list = field(default_factory=list)


def enter(course, book, source, verdict, digests):
    """Enter one verdict; write the marked notebook and the page where they are not of it.

    Args:
        course: `Course`.
        book: the exercise's `grading.gradebook.gradebook.Book`.
        source: the exercise's notebook, with solutions.
        verdict: as `grading.judge.judge.grade` gives it, with its student and its key.
        digests: dict from submissions to digests of what their pages were made from; changed in place.

    Returns:
        `Result`.
    """
    student, exercise = verdict["student"], verdict["exercise"]
    decided = bool(verdict["key"]) and verdict["status"] not in ("unreadable", "too large")
    path = course.file("autograded", exercise, student)
    fresh = not formgrader.is_of(path, verdict)
    # Nothing of an earlier submission may stand where this one could not be judged; and a person should look.
    marks = {test["id"]: float(test["earned"]) if decided else None for test in verdict["tests"]}
    marks |= {one["id"]: None if one["answered"] or not decided else 0.0 for one in verdict["open"]}
    silent = {one["id"] for one in verdict["open"] if decided and not one["answered"]}
    silent |= {test["function"] for test in verdict["tests"] if decided and test["verdict"] in ("stub", "unwritten")}
    timestamp, unknown = late.handed_in(course.file("submitted", exercise, student).parent, book.stamped)
    row = book.enter(student, marks, silent, timestamp, fresh)
    book.commit()
    result = _result(verdict, row, book, decided)
    result.reason = " ".join(filter(None, [result.reason, unknown]))
    try:
        if fresh:
            store.write(path, formgrader.notebook(source, verdict))
        _page(course, verdict, _by_hand(row), _late(result, row, book), digests)
    except OSError:  # of the disk, and so of all that follow
        raise
    except Exception as error:  # whatever it is, the others must get their pages
        get_logger().exception("%s %s", exercise, student)
        result.reason = f"{result.reason} It is marked, but without its page: {error!r:.200}".strip()
    return result


def _page(course, verdict, given, lateness, digests):
    """Write a student's page, if there is none that was made from the same."""
    name = f"{verdict['exercise']}/{verdict['student']}"
    folder = course.file("feedback", verdict["exercise"], verdict["student"]).parent
    made_from = json.dumps([store.digest(verdict), given, lateness, _design()])
    digest = hashlib.sha256(made_from.encode()).hexdigest()
    if digests.get(name) != digest or not any(folder.glob("*.html")):
        feedback.write(verdict, verdict["student"], folder, given, lateness)
        digests[name] = digest
    _for_the_exchange(course.file("submitted", verdict["exercise"], verdict["student"]).parent, folder)


def _for_the_exchange(submitted, feedback):
    """Put beside a page what nbgrader's exchange needs to give it to its student alone: when and with which secret."""
    for name in ("timestamp.txt", "submission_secret.txt"):
        ours, theirs = feedback / name, submitted / name
        if theirs.is_file() and not theirs.is_symlink():
            data = theirs.read_bytes()
            if not ours.exists() or ours.read_bytes() != data:
                store.write(ours, data)


@cache
def _design():
    """Digest what pages are made with."""
    here = Path(feedback.__file__).parent
    files = [*sorted((here / "templates").iterdir()), *(here / f"{name}.py" for name in ("feedback", "pages", "words"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()


def _result(verdict, row, book, decided):
    """Sum a submission up."""
    unread = {name: mark["auto_score"] for name, mark in row.marks.items() if mark["manual_score"] is None}
    questions = [one for one in verdict["open"] if one["id"] in unread and decided]
    return Result(
        verdict["exercise"],
        verdict["student"],
        GRADED if decided else NOT_GRADED,
        verdict["reason"],
        row.score - (row.penalty or 0.0),
        sum(cell.max_score for cell in book.graded.values()),
        sum(one["points"] for one in questions if unread[one["id"]] is None),
        sum(one["points"] for one in questions if unread[one["id"]] is not None),
        row.penalty or 0.0,
        [
            Finding(test["problem"], test["verdict"], tuple(zip(test["misconceptions"], test["hints"], strict=True)))
            for test in verdict["tests"]
            if decided
        ],
    )


def _by_hand(row):
    """What a person gave: dict from a cell's name to points, extra credit among them, and comment."""
    given = {}
    for name, mark in row.marks.items():
        points = mark["auto_score"] if mark["manual_score"] is None else mark["manual_score"]
        if points is not None and (mark["manual_score"] is not None or mark["extra_credit"]):
            given[name] = {"points": points + (mark["extra_credit"] or 0.0), "comment": ""}
    for name, comment in row.comments.items():
        if comment["manual_comment"]:
            given.setdefault(name, {"points": None})["comment"] = comment["manual_comment"]
    return given


def _late(result, row, book):
    """What lateness cost, for the student's page; None when it cost nothing."""
    if not result.penalty:
        return None
    seconds = (row.timestamp - book.due - (row.extension or timedelta())).total_seconds()
    return {"points": result.penalty, "why": f"handed in {_lasting(seconds)} after the due date"}


def _lasting(seconds):
    """Say a time in words, in days and hours, or in minutes where it is short."""
    minutes = max(1, round(seconds / 60))
    counts = [("day", minutes // 1440), ("hour", minutes // 60 % 24)] if minutes >= 60 else [("minute", minutes)]
    return " and ".join(f"{count} {unit}{'s' * (count != 1)}" for unit, count in counts if count)
