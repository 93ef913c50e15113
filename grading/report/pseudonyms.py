"""Names that stand for students: the same student gets the same one each time, and only a key tells whose it is."""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def replaced(by_student: dict[str, T], path: Path) -> dict[str, T]:
    """Replace the students of a dict.

    Args:
        by_student: dict from student to anything.
        path: file of the key. It is made where there is none, so that its owner alone can read it.

    Returns:
        Dict from pseudonym to the same.
    """
    key = _key(path)
    return {pseudonym(student, key): value for student, value in by_student.items()}


def pseudonym(student: str, key: str) -> str:
    """The name that stands for a student."""
    return "student-" + hmac.new(key.encode(), student.encode(), hashlib.sha256).hexdigest()[:10]


def _key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
