"""What is worked out before a student's function is seen: cases, right answers, and what each misconception gives.

None of it depends on the student, so it is worked out once and kept: whoever mends a function runs its check again and
again, and each time wants the answer at once.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from rnnchecks.engine.call import ERRORS, SECONDS, call
from rnnchecks.engine.compare import plain, split
from rnnchecks.engine.outcome import Outcome, outcomes
from rnnchecks.engine.problem import Case, Misconception, Problem
from rnnlib._types import Array

KEPT = 64  # a notebook of ten functions needs thirty: the visible, the hidden and all cases of each


class Mistaken:
    """What a misconception gives, worked out case by case: most are ruled out by the first."""

    def __init__(self, prepared: "Prepared", misconception: Misconception):
        self._prepared, self._wrong = prepared, misconception.wrong
        self._given: dict[int, tuple[list[Outcome], list[bool]]] = {}

    def case(self, i: int) -> tuple[list[Outcome], list[bool]]:
        """Return for one case an `Outcome` for each output, and whether each is another than the right one."""
        if i not in self._given:
            found = outcome(self._prepared.problem, self._wrong, self._prepared.cases[i])
            self._given[i] = found, self._prepared.differs_in(i, found)
        return self._given[i]

    @property
    def outcomes(self) -> list[list[Outcome]]:
        """For each case a list with an `Outcome` for each output."""
        return [self.case(i)[0] for i in range(len(self._prepared.cases))]

    @property
    def differs(self) -> list[list[bool]]:
        """Whether it is another than the right one, in the same order."""
        return [self.case(i)[1] for i in range(len(self._prepared.cases))]


class _Joined(Mistaken):
    """What a misconception gives in the cases of one kind and then in those of another."""

    def __init__(self, parts: list[tuple[int, Mistaken]]):
        self._parts = parts  # pairs of a number of cases and what is given in them

    def case(self, i: int) -> tuple[list[Outcome], list[bool]]:
        for number, part in self._parts:
            if i < number:
                return part.case(i)
            i -= number
        raise IndexError(i)

    @property
    def outcomes(self) -> list[list[Outcome]]:
        return [one for _, part in self._parts for one in part.outcomes]

    @property
    def differs(self) -> list[list[bool]]:
        return [one for _, part in self._parts for one in part.differs]


@dataclass(eq=False)
class Prepared:
    """The cases of one kind and one seed, and what is known of them.

    Attributes:
        problem: `Problem`.
        cases: list of `Case`.
        right: for each case a list with the right array for each output.
        parts: what it was joined from, where it was.
        given: what the misconceptions give that somebody has asked for, by the wrong program.
    """

    problem: Problem
    cases: list[Case]
    right: list[list[Array]]
    parts: list["Prepared"] = field(default_factory=list)
    given: dict[Callable[..., Any], Mistaken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._right_outcomes = [[Outcome(array) for array in arrays] for arrays in self.right]

    def mistaken(self) -> list[tuple[Misconception, Mistaken]]:
        """List the misconceptions of the problem, as `Problem.known` has them, and what each gives."""
        return [(misconception, self._given(misconception)) for misconception in self.problem.known]

    def _given(self, misconception: Misconception) -> Mistaken:
        if misconception.wrong not in self.given:
            self.given[misconception.wrong] = (
                _Joined([(len(part.cases), part._given(misconception)) for part in self.parts])
                if self.parts
                else Mistaken(self, misconception)
            )
        return self.given[misconception.wrong]

    def differs(self, found: list[list[Outcome]]) -> list[list[bool]]:
        """Return for each case and each output whether an outcome is another than the right one."""
        return [self.differs_in(i, one) for i, one in enumerate(found)]

    def differs_in(self, i: int, found: list[Outcome]) -> list[bool]:
        """Return for each output of one case whether an outcome is another than the right one."""
        tolerance = self.problem.tolerance
        return [not one.same(right, tolerance) for one, right in zip(found, self._right_outcomes[i], strict=True)]


def prepare(problem: Problem, kind: str, seed: object) -> Prepared:
    """Make the cases of a problem and solve them, or return what was made before.

    Args:
        problem: `Problem`.
        kind: ``"visible"``, ``"marked"`` or ``"hidden"`` cases, as in `Problem.cases`, or ``"all"``: the visible ones
            and after them the hidden ones.
        seed: as in `Problem.cases`.

    Returns:
        `Prepared`.
    """
    return _prepared(problem, problem.solve, problem.make, tuple(problem.specials), kind, str(seed))


@lru_cache(maxsize=KEPT)
def _prepared(problem: Problem, solve: object, make: object, specials: object, kind: str, seed: str) -> Prepared:
    """Do the work of `prepare`; what a problem is made of is named so that a change of it is noticed."""
    if kind == "all":
        parts = [prepare(problem, each, seed) for each in ("visible", "hidden")]
        cases, right = [case for part in parts for case in part.cases], [r for part in parts for r in part.right]
        return Prepared(problem, cases, right, parts)
    cases, names = problem.cases(kind, seed), tuple(problem.outputs)
    with np.errstate(**ERRORS):
        solved = [split(problem.solve(*copy.deepcopy(case.args)), names) for case in cases]
        return Prepared(problem, cases, [[plain(value) for value in values] for values in solved])


def outcome(problem: Problem, function: Callable[..., Any], case: Case, seconds: float = SECONDS) -> list[Outcome]:
    """Call a function on one case, for as many seconds as it may compute; return an `Outcome` for each output."""
    names = tuple(problem.outputs)
    return outcomes(len(names), call(function, case.args, problem.argument_names, names, seconds))
