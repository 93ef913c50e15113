"""The page that a student gets back: what was earned, what was found, what to do next.

It is made from a verdict alone, so it can hold no hidden test: a verdict says of one only what kind of case failed.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.judge.verdict import Answer, CellError, CellRecord, SubmissionVerdict, TestResult
from grading.report import pages
from grading.report.words import KINDS, PASSED, STUDENT, kind, listed
from grading.shown import clean

# How much of what a student wrote or printed is shown, in characters.
OUTPUT, TEXT, SOURCE, ANSWER = 1500, 4000, 6000, 10_000
CELLS, NOTES = 8, 20  # how many cells that stopped, and how many notes
HINT = re.compile(r"^  hint  \(.*\n?(?:^ {8}.*\n?)*", re.MULTILINE)
LINE_OF_CODE = re.compile(r"^  in    .*\n?(?:^ {8}.*\n?)*", re.MULTILINE)
WRAPPED = re.compile(r"\n {8,}")

STATUS = {
    "graded": "",
    "unreadable": "Your file could not be read, so nothing in it could be checked.",
    "too large": "Your file is larger than a notebook may be, so nothing in it was run.",
    "timed out": "Your notebook ran out of time. What was checked up to then counts.",
    "died": "Python ended while your notebook ran. What could be checked all the same counts.",
}
# Words of a note, and what it means for whoever reads it.
NOTES_MEAN = (
    ("lost its name", "This happens when you write in a new cell. Nothing to do."),
    ("is missing", "Take the cell from a fresh copy of the exercise, and write your function there."),
    ("stands there", "Notebooks copy a cell with its name. Keep one of them: the last one counts."),
    ("was changed", "Your change did no harm. Try things out in a cell of your own."),
    ("was deleted", "It is back in a fresh copy of the exercise."),
    ("stood above", "Keep each check below its function, or it sees an older one."),
    ("It holds marks", "Start from the exercise as it was handed out."),
    ("stands in another cell", "A person sees it. Write in the cell that says “Your answer here” all the same."),
    ("not there where notebooks are marked", "Nothing to do, unless an answer needs it: then do without."),
    ("without a network", "Nothing to do: the packages of this course are there."),
    ("not known where notebooks are marked", "Nothing to do: what stands below such a line runs."),
    ("was there when it ran", "Nothing to do."),
    ("was not looked at", "Put what an answer needs into the notebook itself."),
)
MEND = {
    "unreadable": "Open the notebook in Jupyter, save it, and hand in that file: the name ends in .ipynb.",
    "too large": "In Jupyter, clear the outputs (menu Edit, “Clear Outputs of All Cells”), save, and hand in again.",
    "timed out": "Restart the kernel and run all cells. The one that does not come to its end is the one to mend.",
    "died": "Find what ends Python, such as exit() or a list that takes all memory, and take it out.",
}


@dataclass(frozen=True)
class Given:
    """What a person gave for one cell: points, or None where there is only a comment."""

    points: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class Lateness:
    """What handing in late costs, and why: ``Lateness(2.0, "two days late")``."""

    points: float
    why: str


Manual = dict[str, Given]  # by a cell's id
NOBODY = Given()


def view(
    verdict: SubmissionVerdict, student: str, manual: Manual | None = None, late: Lateness | None = None
) -> dict[str, Any]:
    """Gather what a student may see of a verdict: plain data, from which all three files are made.

    Args:
        verdict: the verdict.
        student: who handed it in.
        manual: what a person gave, by a cell's id.
        late: what handing in late costs, where it costs anything.

    Returns:
        Dict, ready for JSON.
    """
    manual = manual or {}
    tasks = [_task(test, manual, verdict.cells) for test in verdict.tests]
    questions = [_question(answer, manual.get(answer.id, NOBODY)) for answer in verdict.answers]
    read = [question for question in questions if question["points"] is not None]
    penalty = float(late.points) if late else 0.0
    earned = sum(part["points"] for part in tasks + read)
    shown = {
        "exercise": verdict.exercise,
        "student": student,
        "status": verdict.status,
        "looked_at": verdict.looked_at,
        "trouble": STATUS[verdict.status],
        "reason": _sentence(clean(verdict.reason, TEXT)),
        "earned": earned,
        "points": max(earned - penalty, 0.0),
        "max_points": sum(part["max_points"] for part in tasks + read),
        "to_read": sum(question["max_points"] for question in questions if question["waiting"]),
        "late": {"points": penalty, "why": clean(late.why, TEXT)} if late and penalty else None,
        "tasks": tasks,
        "questions": questions,
        "cells": _stopped(verdict.cells, {task["function"] for task in tasks if task["kind"] == "undefined"}),
        "notes": _notes(verdict.notes[:NOTES]),
        "more_notes": max(len(verdict.notes) - NOTES, 0),
    }
    return {**shown, "next": next_steps(shown)}


def write(
    verdict: SubmissionVerdict, student: str, folder: Path, manual: Manual | None = None, late: Lateness | None = None
) -> Path:
    """Write a student's page as HTML, Markdown and JSON.

    Args:
        folder: where the three files go, named after the exercise.
        verdict, student, manual, late: as in `view`.

    Returns:
        Path of the HTML file.
    """
    shown, path = view(verdict, student, manual, late), Path(folder) / f"{verdict.exercise}.html"
    pages.write(path.with_suffix(".json"), json.dumps(shown, indent=1) + "\n")
    pages.write(path.with_suffix(".md"), pages.markdown("feedback.md", **shown))
    return pages.write(path, pages.html("feedback.html", **shown))


def _task(test: TestResult, manual: Manual, cells: Iterable[CellRecord]) -> dict[str, Any]:
    """What to say about one function. Points are given to its test, comments to the cell that holds it."""
    given, comment = manual.get(test.id, NOBODY), manual.get(test.function, NOBODY).comment
    name = kind(test)
    source = next((cell.source for cell in cells if cell.id == test.function), "")
    return {
        "function": test.function,
        "points": float(test.earned if given.points is None else given.points),
        "max_points": test.points,
        "right": name == PASSED,
        "kind": name,
        "found": STUDENT[name],
        "hidden": test.cases == "hidden",
        "text": "" if name == PASSED else _readable(test),
        "hints": [clean(hint, TEXT) for hint in test.hints],
        "trace": clean(test.trace, TEXT).strip("\n"),
        "source": "" if name in (PASSED, "unwritten") else clean(source, SOURCE),
        "comment": clean(comment or given.comment, ANSWER),
        "by_hand": given.points is not None,
    }


def _readable(test: TestResult) -> str:
    """The text of a test without what stands elsewhere on the page, and without line breaks made for 80 columns."""
    text = clean(test.text, TEXT).strip("\n")
    if test.hints:
        text = HINT.sub("", text)
    if test.trace:
        text = LINE_OF_CODE.sub("", text)
    first, _, rest = text.partition("\n")
    if not first.startswith(f"{test.function}  "):
        return text.rstrip()
    lines = WRAPPED.sub(" ", rest).split("\n")
    return "\n".join(re.sub(" {2,}", "  ", line.strip()) for line in lines).strip()


def _question(answer: Answer, given: Given) -> dict[str, Any]:
    """What to say about one open question: its points are None until somebody has read the answer."""
    points = 0.0 if given.points is None and not answer.answered else given.points
    return {
        "id": answer.id,
        "points": None if points is None else float(points),
        "max_points": answer.points,
        "answered": answer.answered,
        "waiting": points is None,
        "answer": clean(answer.answer, ANSWER),
        "comment": clean(given.comment, ANSWER),
    }


def _stopped(cells: Iterable[CellRecord], told: set[str]) -> list[dict[str, str]]:
    """The student's cells that did not run to their end, but for those that are told of already, and for stubs."""
    bad = [cell for cell in cells if cell.status not in ("ok", "not run") and cell.id not in told]
    return [
        {
            "id": cell.id,
            "status": cell.status,
            "error": clean(_said(cell.error), TEXT),
            "trace": clean(cell.error.trace if cell.error else "", TEXT).strip("\n"),
            "source": clean(cell.source, SOURCE),
            "output": clean(cell.output, OUTPUT).strip("\n"),
        }
        for cell in [cell for cell in bad if not _is_stub(cell)][:CELLS]
    ]


def _is_stub(cell: CellRecord) -> bool:
    return cell.error is not None and cell.error.type == "NotImplementedError"


def _said(error: CellError | None) -> str:
    if error is None or not error.type or error.type in error.message:
        return error.message if error else ""
    return f"{error.type}: {error.message}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _notes(notes: Iterable[str]) -> list[dict[str, str]]:
    """What was noticed, and what it means: of several notes of one kind, the first one says so."""
    said, shown = {""}, []
    for note in notes:
        meaning = next((meaning for words, meaning in NOTES_MEAN if words in note), "")
        shown.append({"note": clean(note, TEXT), "meaning": "" if meaning in said else meaning})
        said.add(meaning)
    return shown


def next_steps(shown: dict[str, Any]) -> list[str]:
    """List what to do next, the most useful first: at most four sentences."""
    steps, tasks = [MEND[shown["status"]]] if shown["status"] in MEND else [], shown["tasks"]
    if not shown["looked_at"]:
        return steps
    by_kind = {name: [task["function"] for task in tasks if task["kind"] == name] for name in KINDS}
    if by_kind["undefined"]:
        steps.append(
            f"Mend the cell that should define {_names(by_kind['undefined'])}: it stopped before the function was "
            "there. Restart the kernel and run all cells from the top; you see the same error."
        )
    seen = [task for task in tasks if not task["right"] and task["kind"] not in ("undefined", "unwritten")]
    open_cases = [task["function"] for task in seen if not task["hidden"]]
    hidden = [task["function"] for task in seen if task["hidden"]]
    if open_cases:
        steps.append(
            f"Begin with `{open_cases[0]}`: its check in your notebook says what stands here, at once and as often as "
            "you like." + (f" Then go on with {_names(open_cases[1:])}." if open_cases[1:] else "")
        )
    if hidden:
        steps.append(
            f"{_names(hidden)} {'passes' if len(hidden) == 1 else 'pass'} the cases in "
            "your notebook, but not others. Call it with another number of steps, a batch of one, one hidden unit or "
            "float32, and look at what comes back."
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


def _names(functions: Iterable[str]) -> str:
    return listed(f"`{name}`" for name in functions)
