"""The page that a student gets back: what was earned, what was found, what to do next.

It is made from a verdict alone, so it can hold no hidden test: a verdict says of one only what kind of case failed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading import files
from grading.judge.verdict import Answer, CellError, CellRecord, SubmissionVerdict, TestResult
from grading.report import pages
from grading.report.advice import next_steps
from grading.report.causes import Cause, causes, is_stub
from grading.report.words import PASSED, STUDENT, kind, listed
from grading.shown import clean

# How much of what a student wrote or printed is shown, in characters.
OUTPUT, TEXT, SOURCE, ANSWER = 1500, 4000, 6000, 10_000
CELLS, NOTES = 8, 20  # how many cells that stopped, and how many notes
# Lines of a check's text, each with those that it was wrapped into, and what they say elsewhere on the page.
LABELLED = r"^  (?:{}).*\n?(?:^ {{8}}.*\n?)*"
ELSEWHERE = {"hints": r"hint  \(", "trace": "in    ", "case": "case  "}
WRAPPED = re.compile(r"\n {4,}")

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
FELL = "fell with another cell"


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
    fell = causes(verdict)
    tasks = [_task(test, manual, verdict.cells, fell) for test in verdict.tests]
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
        "right": sum(task["right"] for task in tasks),
        "cells": _stopped(verdict.cells, {task["function"] for task in tasks if task["kind"] == "undefined"}, fell),
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
    pages.write(path.with_suffix(".json"), files.readable(shown))
    pages.write(path.with_suffix(".md"), pages.markdown("feedback.md", **shown))
    return pages.write(path, pages.html("feedback.html", **shown))


def _task(test: TestResult, manual: Manual, cells: Iterable[CellRecord], fell: Iterable[Cause]) -> dict[str, Any]:
    """What to say about one function. Points are given to its test, comments to the cell that holds it."""
    given, comment = manual.get(test.id, NOBODY), manual.get(test.function, NOBODY).comment
    name = kind(test)
    source = next((cell.source for cell in cells if cell.id == test.function), "")
    cause = next((cause.cell.id for cause in fell if test.function in cause.functions), "")
    agree = [tensor.name for tensor in test.tensors if tensor.status == "ok"]
    comment = clean(comment or given.comment, ANSWER)
    beside = [_sentence(clean(words, TEXT)) for words in test.beside] if name == PASSED else []
    found = f"{STUDENT[name]}, and writes into {listed(test.writes_into)}" if beside else STUDENT[name]
    # Of the others all is said in the table, or at their cause.
    explained = not (name in (PASSED, "unwritten") or cause)
    return {
        "function": test.function,
        "points": float(test.earned if given.points is None else given.points),
        "max_points": test.points,
        "right": name == PASSED,
        "kind": name,
        "found": FELL if cause else found,
        "cause": clean(cause, TEXT),
        "hidden": test.cases == "hidden",
        "case": clean(test.case, TEXT),
        "failing": test.failing,
        "tried": test.tried,
        "agree": agree if len(test.tensors) > 1 else [],
        "tensors": [{name: clean(text, TEXT) for name, text in vars(each).items()} for each in test.tensors],
        "text": _readable(test) if explained else "",
        "beside": beside,
        "explained": explained,
        "told": bool(explained or beside or comment or given.points is not None),
        "hints": [clean(hint, TEXT) for hint in test.hints],
        "trace": clean(test.trace, TEXT).strip("\n"),
        "source": "" if name in (PASSED, "unwritten") else clean(source, SOURCE),
        "comment": comment,
        "by_hand": given.points is not None,
    }


def _readable(test: TestResult) -> str:
    """The text of a test without what stands elsewhere on the page, and without line breaks made for 80 columns."""
    text = clean(test.text, TEXT).strip("\n")
    said = [label for part, label in ELSEWHERE.items() if getattr(test, part)]
    said += [f"{re.escape(tensor.name)} +{tensor.status}" for tensor in test.tensors]
    if said:
        text = re.sub(LABELLED.format("|".join(said)), "", text, flags=re.MULTILINE)
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


def _stopped(cells: Iterable[CellRecord], told: set[str], fell: list[Cause]) -> list[dict[str, Any]]:
    """The student's cells that did not run to their end, but for those that are told of already, and for stubs."""
    functions = {cause.cell.id: list(cause.functions) for cause in fell}
    bad = [cell for cell in cells if cell.status not in ("ok", "not run")]
    bad = [cell for cell in bad if cell.id not in told or cell.id in functions]
    return [
        {
            "id": cell.id,
            "functions": functions.get(cell.id, []),
            "status": cell.status,
            "error": clean(_error_in_words(cell.error), TEXT),
            "trace": clean(cell.error.trace if cell.error else "", TEXT).strip("\n"),
            "source": clean(cell.source, SOURCE),
            "output": clean(cell.output, OUTPUT).strip("\n"),
        }
        for cell in [cell for cell in bad if not is_stub(cell)][:CELLS]
    ]


def _error_in_words(error: CellError | None) -> str:
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
