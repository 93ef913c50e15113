"""A verdict's key: a digest of the submission and of what it rests on besides (`grading.run.basis`).

A run skips a submission whose verdict has the key that it would get today, and judges every other one; it says what has
changed of those whose submission is the same.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import digests
from grading import files
from grading.course import Course
from grading.run import basis
from grading.run.settings import Settings


@cache
def environment() -> str:
    """Digest what verdicts rest on besides the notebooks: the versions, and the programs that decide."""
    programs = [basis.of_program(path) for path in sorted(basis.deciding())]
    return digests.of_bytes("\n".join([*map(" ".join, basis.versions().items()), *programs]).encode())


def key(submission: bytes | str, source: bytes, settings: Settings, beside: Mapping[str, bytes] | None = None) -> str:
    """Name a verdict by all that it depends on.

    Args:
        submission: bytes of the student's file, or in words why there is none.
        source: bytes of the course's notebook.
        settings: `Settings`.
        beside: what lies beside the student's file, bytes by name.

    Returns:
        A digest in hexadecimal. It tells nothing of the seed. It starts with the name of what the verdict rests on
        besides the submission (`grading.run.basis`).
    """
    rests = basis.name_of(submission, source, settings)
    own = submission.encode("utf-8", "backslashreplace") if isinstance(submission, str) else b"file:" + submission
    others = "".join(f"{name} {digests.of_bytes(data)}\n" for name, data in sorted((beside or {}).items()))
    return rests + digests.of_bytes(rests.encode() + others.encode() + own)[len(rests) :]


def remember(course: Course, name: str, submission: bytes | str, source: bytes, settings: Settings) -> None:
    """Keep what verdicts rest on, so that a later run can say what has changed since.

    Args:
        course: `Course`.
        name: the key of a verdict.
        submission, source, settings: as for `key`, which made it.
    """
    path = _basis_file(course, name[: basis.LENGTH])
    if not path.exists():
        files.write(path, json.dumps(basis.table(submission, source, settings)).encode(), lasting=True)


def changes(course: Course, old: str, submission: bytes | str, source: bytes, settings: Settings) -> list[str]:
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
    except (OSError, ValueError, RecursionError):
        before = None
    if not isinstance(before, dict):
        return ["what marked them before, which is not known any more"]
    return basis.differences(before, basis.table(submission, source, settings))


def _basis_file(course: Course, name: str) -> Path:
    """Where it is kept what verdicts rest on."""
    return course.root / "verdicts" / ".basis" / f"{name or 'none'}.json"
