"""What a student is to do next, the most useful first."""

import re
from collections.abc import Iterable
from typing import Any

from grading.report import pages
from grading.report.words import KINDS, listed

ABSENT = re.compile("ModuleNotFoundError|ImportError|FileNotFoundError|OSError")
MEND = {
    "unreadable": "Open the notebook in Jupyter, save it, and hand in that file: the name ends in .ipynb.",
    "too large": "In Jupyter, clear the outputs (menu Edit, “Clear Outputs of All Cells”), save, and hand in again.",
    "timed out": "Restart the kernel and run all cells. The one that does not come to its end is the one to mend.",
    "died": "Find what ends Python, such as exit() or a list that takes all memory, and take it out.",
}


def next_steps(shown: dict[str, Any]) -> list[str]:
    """List what to do next, the most useful first: at most four sentences."""
    steps, tasks = [MEND[shown["status"]]] if shown["status"] in MEND else [], shown["tasks"]
    if not shown["looked_at"]:
        return steps
    steps += [_first(cell) for cell in shown["cells"] if cell["functions"]]
    tasks = [task for task in tasks if not task["cause"]]
    by_kind = {name: [task["function"] for task in tasks if task["kind"] == name] for name in KINDS}
    if by_kind["undefined"]:
        steps.append(
            f"Mend the cell that should define {_names(by_kind['undefined'])}: it stopped before the function was "
            "there. Restart the kernel and run all cells from the top; you see the same error."
        )
    seen = [task for task in tasks if not task["right"] and task["kind"] not in ("undefined", "unwritten")]
    open_cases = [task["function"] for task in seen if not task["hidden"]]
    hidden = [task for task in seen if task["hidden"]]
    if open_cases:
        steps.append(
            f"Begin with `{open_cases[0]}`: restart the kernel and run all cells, and its check in your notebook says "
            "what stands here." + (f" Then go on with {_names(open_cases[1:])}." if open_cases[1:] else "")
        )
    if hidden:
        cases = listed(dict.fromkeys(f"“{task['case']}”" for task in hidden if task["case"]), 3)
        functions = _names(task["function"] for task in hidden)
        steps.append(
            f"{functions} {'passes' if len(hidden) == 1 else 'pass'} the check in your notebook, and not all of the "
            f"hidden cases{f': look at {cases}' if cases else ''}. Your notebook has a case of each kind, so try other "
            "sizes and numbers: what did you write that is right for those of your notebook alone?"
        )
    if by_kind["unwritten"]:
        waiting = sum(task["max_points"] for task in tasks if task["kind"] == "unwritten")
        points = f"{pages.number(waiting)} point{'s' * (waiting != 1)}"
        steps.append(f"Write {_names(by_kind['unwritten'])}: {points} in all. The hints under each task come closer.")
    silent = [question for question in shown["questions"] if not question["answered"]]
    if silent:
        steps.append(f"Answer the open question{'s' * (len(silent) > 1)}: a few sentences, from what you measured.")
    if not steps:
        steps.append(
            "Nothing is left to mend. Run the last section of the notebook again: your functions do all of it."
        )
    return steps[:4]


def _first(cell: dict[str, Any]) -> str:
    """Say that a cell stopped and that functions fell with it: it is mended before they are looked at."""
    line = next((line.strip() for line in cell["source"].split("\n") if line.strip()), "")
    begins = f"the cell that begins with `{line[:60].replace('`', '')}`" if line else f"the cell {cell['id']}"
    here = " It may run where you work: here that was not there." if ABSENT.match(cell["error"]) else ""
    fell, words = cell["functions"], cell["error"].partition("\n")[0][:160].rstrip(".")
    return (
        f"Mend first {begins}. It stopped with {words}, and {_names(fell)} fell with it: what it "
        f"should have made was missing. {'That function' if len(fell) == 1 else 'Those functions'} may be right.{here}"
    )


def _names(functions: Iterable[str]) -> str:
    return listed(f"`{name}`" for name in functions)
