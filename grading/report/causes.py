"""Which functions fell with a cell that stopped, such as one that imports: that cell is what is to be mended first."""

import re
from dataclasses import dataclass

from grading.judge.dependencies import names_of
from grading.judge.verdict import CellRecord, SubmissionVerdict, TestResult
from grading.report.words import PASSED

MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
MISSING = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Cause:
    """A cell that stopped, and the functions that miss what it should have made."""

    cell: CellRecord
    functions: tuple[str, ...]


def causes(verdict: SubmissionVerdict) -> list[Cause]:
    """Find the cells that others fell with, in the order in which they stopped.

    A function fell with a cell when its error asks for a name that the cell should have defined. It is counted once,
    with the first of them.
    """
    found = []
    left = {test.function: _missing(test) for test in verdict.tests if test.outcome != PASSED}
    for cell in verdict.cells:
        if cell.status in ("ok", "not run") or is_stub(cell):
            continue
        names = names_of(MAGIC.sub(r"\1pass", cell.source))
        made = names.binds if names else frozenset()
        fell = tuple(name for name, missing in left.items() if name != cell.id and made & missing)
        if fell:
            found.append(Cause(cell, fell))
            left = {name: missing for name, missing in left.items() if name not in fell}
    return found


def is_stub(cell: CellRecord) -> bool:
    """Say whether a cell stopped because its function is not written yet."""
    return cell.error is not None and cell.error.type == "NotImplementedError"


def _missing(test: TestResult) -> set[str]:
    """The names that a function asked for in vain."""
    return set(MISSING.findall(test.text)) if test.outcome in ("error", "undefined") else set()
