"""Verdicts on disk: verdicts/EXERCISE/STUDENT.json, each whole or not there, each with the key of what it rests on.

A verdict's key is a digest of the submission and of what it rests on (`grading.basis`): the course's own notebook, what
the programs mean that judge it, their versions, and the settings. A run skips a submission whose verdict has the key
that it would get today, and marks every other one.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import cache

from filelock import FileLock, Timeout

import meaning
from grading import basis, door
from grading.course import UsageError
from grading.door import Unreadable
from grading.judge.hints import hints_of


@dataclass(frozen=True)
class Settings:
    """What an instructor decides about the marking.

    Attributes:
        limits: changes to the defaults of `grading.sandbox.box.Limits`, by name.
        seed: makes the hidden cases the course's own.
        sandboxed: whether students' code runs in a sandbox.
    """

    limits: dict = field(default_factory=dict)
    seed: str = ""
    sandboxed: bool = True


def submitted(course, exercise, student, most):
    """Read a submission.

    Args:
        course: `Course`.
        exercise: its name.
        student: who handed it in.
        most: bytes to read; the judge refuses what is longer than its limit, so one more will do.

    Returns:
        The bytes of the notebook, as many as `most`.

    Raises:
        Unreadable: when there is no such file, or none that may be opened.
    """
    path = course.file("submitted", exercise, student)
    try:
        return door.read(path, course.folder("submitted"), most)
    except FileNotFoundError as error:
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        there = f"there is {', '.join(others)}" if others else "there is no notebook"
        raise Unreadable(f"{path.name} is missing; {there}") from error


def beside(course, exercise, student):
    """Read what was handed in beside a notebook: a `grading.door.Beside`."""
    return door.beside(course.file("submitted", exercise, student), course.folder("submitted"))


@cache
def environment():
    """Digest what verdicts rest on besides the notebooks: the versions, and the programs that decide."""
    programs = [basis.of_program(path) for path in sorted(basis.deciding())]
    return meaning.of_bytes("\n".join([*map(" ".join, basis.versions().items()), *programs]).encode())


def key(submission, source, settings, files=None):
    """Name a verdict by all that it depends on.

    Args:
        submission: bytes of the student's file, or in words why there is none.
        source: bytes of the course's notebook.
        settings: `Settings`.
        files: what lies beside the student's file, bytes by name.

    Returns:
        A digest in hexadecimal. It tells nothing of the seed. It starts with the name of what the verdict rests on
        besides the submission (`grading.basis`).
    """
    rests = basis.name_of(submission, source, settings)
    own = submission.encode() if isinstance(submission, str) else b"file:" + submission
    beside = "".join(f"{name} {meaning.of_bytes(data)}\n" for name, data in sorted((files or {}).items()))
    return rests + meaning.of_bytes(rests.encode() + beside.encode() + own)[len(rests) :]


def remember(course, submission, source, settings):
    """Keep what verdicts rest on, so that a later run can say what has changed since."""
    path = _basis_file(course, basis.name_of(submission, source, settings))
    if not path.exists():
        write(path, json.dumps(basis.table(submission, source, settings)).encode())


def changes(course, old, submission, source, settings):
    """Name what has changed since a verdict was reached, besides the submission.

    Args:
        course: `Course`.
        old: the key of the verdict that there is.
        submission, source, settings: as for `key`.

    Returns:
        List of names, empty where nothing has.
    """
    name = old[: basis.LENGTH]
    if name == basis.name_of(submission, source, settings):
        return []
    try:
        before = json.loads(_basis_file(course, name).read_bytes())
    except (OSError, ValueError):
        return ["what marked them before, which is not known any more"]
    return basis.differences(before, basis.table(submission, source, settings))


def _basis_file(course, name):
    """Where it is kept what verdicts rest on."""
    return course.root / "verdicts" / ".basis" / f"{name or 'none'}.json"


def path_of(course, exercise, student):
    """Where the verdict on a submission lies."""
    return course.root / "verdicts" / exercise / f"{student}.json"


def load(course, exercise, student):
    """Read a verdict, with the hints of today; None where there is none, or none that can be read."""
    try:
        verdict = json.loads(path_of(course, exercise, student).read_bytes())
    except (OSError, ValueError):
        return None
    if not (isinstance(verdict, dict) and "key" in verdict):
        return None
    for test in verdict.get("tests", ()):
        test["hints"] = list(hints_of(test["problem"], test["misconceptions"], test["hints"]))
    return verdict


def save(course, verdict):
    """Write a verdict, which names its exercise and its student."""
    data = json.dumps(verdict).encode()
    write(path_of(course, verdict["exercise"], verdict["student"]), data)


def digest(verdict):
    """Name a verdict by what it says: what was made from it is made anew when that changes."""
    return hashlib.sha256(json.dumps(verdict, sort_keys=True).encode()).hexdigest()


def write(path, data):
    """Write a file so that it is whole or as it was before, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def alone(course):
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
