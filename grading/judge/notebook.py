"""Read a notebook's file, whoever wrote it: what is no notebook is said in words, and nothing else gets out of here."""

import json
from dataclasses import dataclass

from grading.sandbox.guest.shared import text
from grading.shown import one_line, thinned

MOST_CELLS = 2000
NAME = 80  # characters of a cell's name
LONGEST = 250_000  # characters of a cell: what is longer takes more memory to read than it is worth


class Unreadable(Exception):
    """A file that is no notebook; the message says why."""


class TooLarge(Unreadable):
    """A file that is larger than it may be."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        kind: ``"code"``, ``"markdown"``, ``"raw"``.
        source: its text.
        id: the notebook's own name of it, or an empty string.
        grade_id: nbgrader's name of it, or an empty string.
        grade, solution: whether it is marked, and whether a student writes in it.
        points: what it is worth.
    """

    kind: str
    source: str
    id: str = ""
    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    points: float = 0.0


def cells(data: bytes, most: int) -> list[Cell]:
    """Read the cells of a notebook.

    Args:
        data: bytes of the file.
        most: how many there may be.

    Raises:
        Unreadable: when it is no notebook; `TooLarge` when it is too large to look at.
    """
    if len(data) > most:
        raise TooLarge(f"the file has {len(data) / 2**20:.1f} MiB; at most {most / 2**20:.1f} MiB are read")
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        found = json.loads(data)
    except RecursionError as error:
        raise Unreadable("the file is JSON in far too many levels, so it is no notebook") from error
    except ValueError as error:  # not UTF-8 is one, too
        raise Unreadable("the file is not JSON, so it is no notebook") from error
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise Unreadable("the file is JSON, but no notebook of format 4")
    if len(found["cells"]) > MOST_CELLS:
        raise TooLarge(f"the notebook has {len(found['cells']):,} cells; at most {MOST_CELLS:,} are read")
    return [_cell(cell) for cell in found["cells"] if isinstance(cell, dict)]


def _cell(cell: dict) -> Cell:
    """Take from a cell what is of the kind that it should be."""
    meta = cell.get("metadata")
    ours = meta.get("nbgrader") if isinstance(meta, dict) else None
    ours = ours if isinstance(ours, dict) else {}
    points, kind, source = ours.get("points"), _text(cell.get("cell_type")), thinned(_text(cell.get("source")))
    if len(source) > LONGEST:
        words = f"this cell has {len(source):,} characters; at most {LONGEST:,} are read"
        source = f'raise RuntimeError("{words}")' if kind == "code" else source[:LONGEST]
    return Cell(
        kind=kind,
        source=source,
        id=_name(cell.get("id")),
        grade_id=_name(ours.get("grade_id")),
        grade=ours.get("grade") is True,
        solution=ours.get("solution") is True,
        points=_number(points),
    )


def _name(value: object) -> str:
    """A cell's name on one line: it stands in reasons, notes and pages, and a notebook may write anything there."""
    return one_line(_text(value), NAME)


def _number(value: object) -> float:
    """A number of points; none where it is no number, or too large for one."""
    try:
        return float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:
        return 0.0


def _text(value: object) -> str:
    """Return a text, or the lines of one joined; of anything else nothing."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return text(value)
