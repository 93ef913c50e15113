"""Verdicts on disk: verdicts/EXERCISE/STUDENT.json, each whole or not there, each with the key of what it rests on.

A verdict's key is a digest of the submission, the course's own notebook, the versions of what ran them, and the
settings. A run skips a submission whose verdict has the key that it would get today, and marks every other one.
"""

import ast
import contextlib
import hashlib
import json
import os
import platform
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from filelock import FileLock, Timeout

from grading import door
from grading.course import UsageError
from grading.door import Unreadable

ROOT = Path(__file__).resolve().parents[1]


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
    """Digest what a verdict rests on besides the notebooks: the versions, and the sources of all that decides."""
    digest = hashlib.sha256(platform.python_version().encode())
    for package in ("numpy", "torch", "matplotlib"):
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(deciding()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def deciding():
    """The sources that can change a verdict: all of rnnlib and rnnchecks, and the judge with what it imports."""
    found, new = set(), {ROOT / "grading" / "judge" / "judge.py", *ROOT.glob("grading/sandbox/guest/*.py")}
    while new:
        found.add(path := new.pop())
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):  # a module's names, or a room's modules
                names = [str(node.module), *(f"{node.module}.{name}" for name in names)]
            paths = {ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("grading.")}
            new |= {path for path in paths - found if path.exists()}
    return found | {path for package in ("rnnlib", "rnnchecks") for path in ROOT.glob(f"{package}/**/*.py")}


def key(submission, source, settings, files=None):
    """Name a verdict by all that it depends on.

    Args:
        submission: bytes of the student's file, or in words why there is none.
        source: bytes of the course's notebook.
        settings: `Settings`.
        files: what lies beside the student's file, bytes by name.

    Returns:
        A digest in hexadecimal. It tells nothing of the seed.
    """
    rest = {"limits": settings.limits, "seed": settings.seed, "sandboxed": settings.sandboxed}
    parts = (
        submission.encode() if isinstance(submission, str) else b"file:" + submission,
        source,
        environment().encode(),
        json.dumps(rest, sort_keys=True).encode(),
        *(part for name, data in sorted((files or {}).items()) for part in (name.encode(), data)),
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def path_of(course, exercise, student):
    """Where the verdict on a submission lies."""
    return course.root / "verdicts" / exercise / f"{student}.json"


def load(course, exercise, student):
    """Read a verdict; None where there is none, or none that can be read."""
    try:
        verdict = json.loads(path_of(course, exercise, student).read_bytes())
    except (OSError, ValueError):
        return None
    return verdict if isinstance(verdict, dict) and "key" in verdict else None


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
