"""Verdicts on disk: verdicts/EXERCISE/STUDENT.json, each whole or not there, each with the key of what it rests on."""

import contextlib
import functools
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from grading import files
from grading.course import Course, UsageError
from grading.judge.hints import hints_of, manners_of
from grading.judge.record import VerdictError
from grading.judge.verdict import SubmissionVerdict, TestResult, sealed
from grading.shown import one_line, say

SEAL = "seal"  # in a verdict's file: a digest of the rest of it


def path_of(course: Course, exercise: str, student: str) -> Path:
    """Where the verdict on a submission lies."""
    return course.root / "verdicts" / exercise / f"{student}.json"


def load(course: Course, exercise: str, student: str) -> SubmissionVerdict | None:
    """Read a verdict, with the hints of today; None where there is none.

    One that no judge can have written, that was cut, or that was changed since it was written, is none, and the screen
    says so: the next run judges anew.
    """
    try:
        data = json.loads(path_of(course, exercise, student).read_bytes())
        seal = data.pop(SEAL, None) if isinstance(data, dict) else None
        verdict = SubmissionVerdict.from_json(data)
        if (verdict.exercise, verdict.student) != (exercise, student):
            raise VerdictError(f"student: expected {student!r}, got {verdict.student!r}, of {verdict.exercise!r}")
        if seal != sealed(data):
            raise VerdictError("it was changed since the judge wrote it")
    except OSError:
        return None
    except VerdictError as error:
        _not_used(exercise, student if error.args[0][:7] != "schema:" else "", str(error))
        return None
    except (ValueError, RecursionError):
        _not_used(exercise, student, "it is no JSON")
        return None
    return replace(verdict, tests=tuple(map(_in_words_of_today, verdict.tests)))


def _in_words_of_today(test: TestResult) -> TestResult:
    """What came of a test, with the hints that the checks have now."""
    hints = hints_of(test.problem, test.misconceptions, test.hints)
    return replace(test, hints=hints, beside=manners_of(test.problem, test.writes_into))


@functools.lru_cache(maxsize=1000)  # said once, though a run reads a verdict more than once
def _not_used(exercise: str, student: str, why: str) -> None:
    """Say that there is no use of a verdict; of those that an earlier edition wrote, once for the whole exercise."""
    which = f"{exercise}/{student}.json is" if student else f"{exercise}/ holds some that are"
    words = f"grading: verdicts/{one_line(which)} no verdict: {one_line(why, 300)}. The next run judges anew."
    say(words, file=sys.stderr)


def fits(verdict: SubmissionVerdict, worth: SubmissionVerdict) -> bool:
    """Whether a verdict is about the tests and the questions of the course's notebook, and about their points.

    Args:
        verdict: one that was read.
        worth: a verdict on nothing that was made from the notebook (`grading.judge.unjudged`).
    """

    def parts(one: SubmissionVerdict) -> tuple[Any, ...]:
        return sorted((test.id, test.points) for test in one.tests), [(it.id, it.points) for it in one.answers]

    if parts(verdict) != parts(worth):
        _not_used(verdict.exercise, verdict.student, "it is about other tests, or other points, than the exercise has")
        return False
    return True


def save(course: Course, verdict: SubmissionVerdict) -> None:
    """Write a verdict, which names its exercise and its student: for people to read, too."""
    text = files.readable({**verdict.to_json(), SEAL: verdict.digest})
    files.write(path_of(course, verdict.exercise, verdict.student), text.encode(), lasting=True)


@contextlib.contextmanager
def lock(course: Course) -> Iterator[None]:
    """Keep a second run of the same course out; the system lets go of the lock when the process ends in any way.

    Raises:
        UsageError: when another run is at work.
    """
    folder = course.root / "verdicts"
    folder.mkdir(exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise UsageError("Another run is marking this course. Wait for its end, or stop it, then try again.") from error
