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

from rnnchecks.engine.call import ERRORS, call
from rnnchecks.engine.compare import plain, split
from rnnchecks.engine.outcome import Outcome, outcomes
from rnnchecks.engine.problem import Case, Misconception, Problem
from rnnlib._types import Array

KEPT = 64  # a notebook of ten functions needs thirty: the visible, the hidden and all cases of each


@dataclass
class Mistaken:
    """What a misconception gives.

    Attributes:
        outcomes: for each case a list with an `Outcome` for each output.
        differs: whether it is another than the right one, in the same order.
    """

    outcomes: list[list[Outcome]]
    differs: list[list[bool]]


@dataclass
class Prepared:
    """The cases of one kind and one seed, and what is known of them.

    Attributes:
        problem: `Problem`.
        cases: list of `Case`.
        right: for each case a list with the right array for each output.
        parts: what it was joined from, where it was.
        given: what the misconceptions give that somebody has asked for, by their place in the catalogue.
    """

    problem: Problem
    cases: list[Case]
    right: list[list[Array]]
    parts: list["Prepared"] = field(default_factory=list)
    given: dict[tuple[bool, int], Mistaken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._right_outcomes = [[Outcome(array) for array in arrays] for arrays in self.right]

    def mistaken(self) -> list[tuple[Misconception, Mistaken]]:
        """List the misconceptions of the problem, its combinations after them, and what each gives."""
        both = (False, self.problem.misconceptions), (True, self.problem.combinations)
        return [(m, self._given((combined, i), m)) for combined, listed in both for i, m in enumerate(listed)]

    def _given(self, key: tuple[bool, int], misconception: Misconception) -> Mistaken:
        if self.parts:
            each = [part._given(key, misconception) for part in self.parts]
            return Mistaken([o for m in each for o in m.outcomes], [d for m in each for d in m.differs])
        if key not in self.given:
            found = [outcome(self.problem, misconception.wrong, case) for case in self.cases]
            self.given[key] = Mistaken(found, self.differs(found))
        return self.given[key]

    def differs(self, found: list[list[Outcome]]) -> list[list[bool]]:
        """Return for each case and each output whether an outcome is another than the right one."""
        tolerance = self.problem.tolerance
        pairs = zip(found, self._right_outcomes, strict=True)
        return [[not one.same(right, tolerance) for one, right in zip(*pair, strict=True)] for pair in pairs]


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


def outcome(problem: Problem, function: Callable[..., Any], case: Case) -> list[Outcome]:
    """Call a function on one case, and return an `Outcome` for each output."""
    names = tuple(problem.outputs)
    return outcomes(len(names), call(function, case.args, problem.argument_names, names))
