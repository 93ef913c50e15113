"""Read a solution notebook: its graded functions, and what is wrong with it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rnnchecks import problems
from rnnchecks.engine.problem import Problem

if TYPE_CHECKING:  # which takes a second to load, and the judge, which needs the rest of this file, never reads so
    from nbformat import NotebookNode

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_ANSWER, END_ANSWER = "<!-- BEGIN SOLUTION -->", "<!-- END SOLUTION -->"
# What a student finds where the answer to an open question belongs.
ANSWER = "*Your answer here.*"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


class SourceError(Exception):
    """A solution notebook that cannot be released; the message names each cell at fault."""


@dataclass(frozen=True)
class Check:
    """A line of a test cell: ``check(problem, function, cases=...)``.

    Attributes:
        problem: name of the problem.
        function: name of the function, or an empty string where something else is checked.
        cases: ``"visible"`` or ``"hidden"``.
    """

    problem: str
    function: str
    cases: str


@dataclass(frozen=True, eq=False)
class GradedFunction:
    """One graded function of an exercise.

    Attributes:
        problem: `rnnchecks` problem.
        solution: grade_id of the cell that the student fills in; it is the name of the function.
        test: grade_id of the cell that marks it.
        points: what it is worth.
    """

    problem: Problem
    solution: str
    test: str
    points: float


def read(course: Any, exercise: str) -> tuple[NotebookNode, list[GradedFunction]]:
    """Read a solution notebook and check it.

    Args:
        course: `Course`.
        exercise: its name.

    Returns:
        The notebook, and a list of `GradedFunction` in the order of the notebook.

    Raises:
        SourceError: when anything is wrong with it; the message lists all that is.
    """
    import nbformat  # takes a second to load, and the judge, which needs the rest of this file, never reads so

    path = course.file("source", exercise)
    try:
        nb = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(nb)
    except (nbformat.ValidationError, ValueError) as error:
        raise SourceError(f"{path.name} is not a sound notebook: {error}") from error
    parts, faults = _parts(nb, exercise)
    if faults:
        raise SourceError("\n".join([f"{path.relative_to(course.root)} cannot be released:", *faults]))
    return nb, parts


def graded(nb: NotebookNode, kind: str) -> list[NotebookNode]:
    """List the cells of a kind: ``"grade"`` (tests), ``"solution"`` (functions), ``"question"`` (open questions).

    nbgrader marks an open question, whose answer a person reads, as both of the other kinds.
    """
    return [cell for cell in nb.cells if _kind(cell) == kind]


def _kind(cell: NotebookNode) -> str:
    meta = cell.metadata.get("nbgrader", {})
    if meta.get("grade") and meta.get("solution"):
        return "question"
    return "grade" if meta.get("grade") else "solution" if meta.get("solution") else ""


def points(cell: NotebookNode) -> float:
    """What a graded cell is worth."""
    return float(cell.metadata.nbgrader.get("points", 0))


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's name of a cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def checks_in(source: str) -> list[Check]:
    """List the checks that a test cell makes.

    Raises:
        SyntaxError, ValueError: when it cannot be read, or computes what it asks for.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            cases = next((word.value for word in node.keywords if word.arg == "cases"), ast.Constant("visible"))
            function = node.args[1] if len(node.args) > 1 else None
            name = function.id if isinstance(function, ast.Name) else ""
            found.append(Check(str(ast.literal_eval(node.args[0])), name, str(ast.literal_eval(cases))))
    return found


def _parts(nb: NotebookNode, exercise: str) -> tuple[list[GradedFunction], list[str]]:
    """Pair the test cells of a notebook with its functions; list what is wrong in words."""
    catalogue = {problem.name: problem for problem in problems() if problem.exercise == exercise}
    solutions = {grade_id(cell): cell for cell in graded(nb, "solution")}
    parts: list[GradedFunction] = []
    faults = [f"  cell {where}: {what}" for where, what in _cell_faults(nb)]
    if (nb.nbformat, nb.nbformat_minor) < (4, 5):
        faults.append("  the notebook: nbformat 4.5 is needed, which gives every cell an id")
    if not catalogue:
        faults.append(f"  the notebook: no catalogue in rnnchecks has problems of exercise {exercise}")
    for cell in graded(nb, "grade"):
        name = str(grade_id(cell))
        try:
            checks = checks_in(cell.source)
        except (SyntaxError, ValueError) as error:
            faults.append(f"  cell {name}: cannot be read ({error})")
            continue
        names = {check.problem for check in checks}
        if len(names) != 1 or sorted(check.cases for check in checks) != ["hidden", "visible"]:
            faults.append(f'  cell {name}: expected check("...", f) and, hidden, check("...", f, cases="hidden")')
            continue
        problem = catalogue.get(names.pop())
        if problem is None:
            faults.append(f"  cell {name}: {checks[0].problem} is no problem of {exercise} in rnnchecks")
        elif problem.function_name not in solutions:
            faults.append(f"  cell {name}: no solution cell has the grade_id {problem.function_name}")
        elif not any(part.problem is problem for part in parts):
            parts.append(GradedFunction(problem, problem.function_name, name, points(cell)))
        else:
            faults.append(f"  cell {name}: {problem.name} is checked twice")
    for problem in catalogue.values():
        if not any(part.problem is problem for part in parts):
            faults.append(f"  the notebook: no test cell checks {problem.name}")
    return parts, faults


def _cell_faults(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """Give pairs of a cell's name and what is wrong with it, for faults that a cell shows by itself."""
    for name, times in Counter(filter(None, map(grade_id, nb.cells))).items():
        if times > 1:
            yield name, f"the grade_id occurs {times} times"
    for number, cell in enumerate(nb.cells):
        meta, name = cell.metadata.get("nbgrader", {}), grade_id(cell) or cell.get("id", f"number {number}")
        regions = [(BEGIN, END, "solution"), (BEGIN_HIDDEN, END_HIDDEN, "grade")]
        if cell.cell_type == "markdown":
            regions = [(BEGIN_ANSWER, END_ANSWER, "question")]
            if any(begin in cell.source for begin in (BEGIN, BEGIN_HIDDEN)):
                yield name, f"a text cell hides its answer between {BEGIN_ANSWER!r} and {END_ANSWER!r}"
        for begin, end, kind in regions:
            count = cell.source.count(begin)
            if count != cell.source.count(end):
                yield name, f"{begin!r} and {end!r} do not pair up"
            elif count and _kind(cell) != kind:
                yield name, f"{begin!r} in a cell that is not marked as {kind}"
            elif _kind(cell) == kind and count != 1:
                yield name, f"expected one {begin!r}, got {count}"
        if _kind(cell) == "question":
            if cell.cell_type != "markdown":
                yield name, "the answer to an open question is a text cell"
            elif not (cell.source.startswith(BEGIN_ANSWER) and cell.source.rstrip().endswith(END_ANSWER)):
                yield name, f"the whole cell of an open question stands between {BEGIN_ANSWER!r} and {END_ANSWER!r}"
        if meta.get("grade") and not meta.get("points", 0) > 0:
            yield name, "a graded cell needs points above 0"
        if meta and meta.get("schema_version") != 3:
            yield name, f"nbgrader schema_version is {meta.get('schema_version')}, expected 3"
        if _kind(cell) == "solution" and f"def {meta.get('grade_id')}(" not in cell.source:
            yield name, f"a solution cell defines the function it is named after, def {meta.get('grade_id')}(...)"
