"""Attempts with more than a notebook: what lies in submitted/, in a download or beside a verdict, and a command.

Each plants something, says which command a person then types, and tells what is wrong afterwards. Only the command line
and the files that it leaves are looked at, so that an earlier commit can be tried with the same attempts
(`tests.grading.adversarial.against`).
"""

import csv
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EXERCISE = "02-forward"
SCREEN = 120  # columns, as the tests set them
CODES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Attempt:
    """An attempt.

    Attributes:
        name: of the function that plants it.
        what: what it does, in a line.
        cause: letter of what it goes for (see `tests.grading.adversarial.causes`).
        plant: function of the course's root; what it returns is typed after `python -m grading`.
        wrong: function of the course's root and of what was said: what is wrong besides, or an empty text.
        coding: encoding of the screen.
        judged: whether the real judge has to run.
        code: the exit code that is right.
    """

    name: str
    what: str
    cause: str
    plant: Callable[[Path], list[str] | None]
    wrong: Callable[[Path, str], str]
    coding: str = "utf-8"
    judged: bool = False
    code: int = 0


def collector(cause: str):
    """Make a decorator that lists attempts of one cause."""
    listed: list[Attempt] = []

    def attempt(what, wrong=lambda root, said: "", **more):
        def keep(plant):
            listed.append(Attempt(plant.__name__, what, cause, plant, wrong, **more))
            return plant

        return keep

    return listed, attempt


def faults(attempt: Attempt, root: Path, code: int | None, said: str, full: float) -> list[str]:
    """What an attempt has reached: list of texts, empty where it was held.

    Args:
        attempt: `Attempt`.
        root: of the course.
        code: the exit code of the command, None where it did not end.
        said: what stood on the screen.
        full: points that ada's right answers earn.
    """
    found = [] if code == attempt.code else [f"exit code {code}" if code is not None else "it does not end"]
    found += ["a traceback"] * (TRACEBACK in said)
    if codes := set(CODES.findall(said)):
        found.append(f"codes on the screen: {sorted(map(hex, map(ord, codes)))}")
    longest = max(map(wide, said.split("\n")), default=0)
    found += [f"a line of {longest:,} columns"] * (longest > SCREEN)
    if (root / "submitted" / "ada").is_dir() and code is not None and "--dry-run" not in said:
        mark = marks(root).get("ada")
        found += [f"ada has {mark} of {full:g} points"] * (mark is not None and mark != full)
    return found + list(filter(None, [attempt.wrong(root, said)]))


def wide(line: str) -> int:
    """How many columns of a screen a line takes."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in line)


def marks(root: Path) -> dict[str, float]:
    """The table of marks: dict from student to points."""
    try:
        with (root / "reports" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
            return {line["student_id"]: float(line["score"]) for line in csv.DictReader(file)}
    except OSError:
        return {}


def reasons(root: Path) -> dict[str, str]:
    """Why somebody has no mark, or not a whole one: dict from student to reason."""
    with (root / "reports" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {line["student_id"]: line["reason"] for line in csv.DictReader(file)}


def missing(*students: str):
    """Make what tells whether somebody has no mark."""

    def wrong(root, said):
        lost = sorted(set(students) - set(marks(root)))
        return f"no mark for {', '.join(lost)}" if lost else ""

    return wrong


def place(root: Path, student: str | bytes, name: str | bytes = f"{EXERCISE}.ipynb") -> bytes:
    """Where a file of a student's lies; its folder is made."""
    folder = os.path.join(os.fsencode(root), b"submitted", os.fsencode(student), EXERCISE.encode())
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, os.fsencode(name))


def put(path: bytes | str | Path, data: bytes = b"") -> None:
    """Write a file."""
    os.makedirs(os.path.dirname(os.fspath(path)), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def honest(root: Path, *students: str) -> bytes:
    """Hand in right answers for some students; return the bytes of the notebook."""
    from tests.grading.adversarial.paper import as_bytes, solved

    data = as_bytes(solved())
    for student in students or ("ada",):
        put(place(root, student), data)
    return data
