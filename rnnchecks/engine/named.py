"""How often a wrong program is called by the name of a mistake that was not made: what a check must hardly ever do."""

from collections.abc import Callable
from typing import Any

from rnnchecks.engine.mutants import SECONDS
from rnnchecks.engine.outcome import Outcome
from rnnchecks.engine.prepare import Prepared, outcome, prepare
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.recognise import recognise


def names_of_a_stranger(problem: Problem, function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names that a program is given which gives what no misconception gives.

    Args:
        problem: `Problem`.
        function: the program.

    Returns:
        Names, none where it is given none; or None where the program is right in every visible case, or some
        misconception gives the same as the program in all of them.
    """
    prepared = prepare(problem, "visible", 0)
    found = [outcome(problem, function, case, SECONDS) for case in prepared.cases]
    if not any(map(any, prepared.differs(found))) or _known(prepared, found):
        return None
    return tuple(name for name, _ in recognise(prepared, found))


def _known(prepared: Prepared, found: list[list[Outcome]]) -> bool:
    """Return whether a misconception gives just this."""
    tolerance = prepared.problem.tolerance

    def alike(case: int, given: list[Outcome]) -> bool:
        return all(theirs.same(ours, tolerance) for theirs, ours in zip(found[case], given, strict=True))

    cases = range(len(prepared.cases))
    return any(all(alike(i, mistaken.case(i)[0]) for i in cases) for _, mistaken in prepared.mistaken())
