"""What a check knows before it sees a student's function: cases, right answers, and what each misconception gives.

None of it depends on the student, so it is worked out once and kept: whoever mends a function runs its check again and
again, and each time wants the answer at once.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnchecks.engine.call import ERRORS, Call, call
from rnnchecks.engine.compare import agrees, plain, scale, split
from rnnchecks.engine.problem import Case, Misconception, Problem
from rnnlib._types import Array

KEPT = 4  # for each problem: visible, hidden and all cases of one seed, and the visible ones of another


@dataclass
class Wrong:
    """What a misconception gives.

    Attributes:
        outcomes: for each case a list with an outcome for each output.
        differs: whether it is another than the right one, in the same order.
    """

    outcomes: list[list[Any]]
    differs: list[list[bool]]


@dataclass
class Known:
    """What is known of a problem on the cases of one kind and one seed.

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
    parts: list["Known"] = field(default_factory=list)
    given: dict[tuple[bool, int], Wrong] = field(default_factory=dict)

    def wrong(self) -> list[tuple[Misconception, Wrong]]:
        """List the misconceptions of the problem, its combinations after them, and what each gives."""
        both = (False, self.problem.misconceptions), (True, self.problem.combinations)
        return [(m, self._given((combined, i), m)) for combined, known in both for i, m in enumerate(known)]

    def _given(self, key: tuple[bool, int], misconception: Misconception) -> Wrong:
        if self.parts:
            wrongs = [part._given(key, misconception) for part in self.parts]
            return Wrong([o for w in wrongs for o in w.outcomes], [d for w in wrongs for d in w.differs])
        if key not in self.given:
            outcomes = [outcome(self.problem, misconception.wrong, case) for case in self.cases]
            self.given[key] = Wrong(outcomes, self.differs(outcomes))
        return self.given[key]

    def differs(self, outcomes: list[list[Any]]) -> list[list[bool]]:
        """Say for each case and each output whether an outcome is another than the right one."""
        tolerance = self.problem.tolerance
        return [[not same_outcome(a, b, tolerance) for a, b in zip(*pair)] for pair in zip(outcomes, self.right)]


def prepare(problem: Problem, kind: str, seed: object) -> Known:
    """Make the cases of a problem and solve them, or give what was made before.

    Args:
        problem: `Problem`.
        kind: ``"visible"`` or ``"hidden"`` cases, or ``"all"``: the visible ones and after them the hidden ones.
        seed: as in `Problem.cases`.

    Returns:
        `Known`.
    """
    key = (kind, str(seed))
    if key not in problem.prepared:
        made = _joined(problem, seed) if kind == "all" else _solved(problem, kind, seed)
        while len(problem.prepared) >= KEPT:
            del problem.prepared[next(iter(problem.prepared))]
        problem.prepared[key] = made
    return problem.prepared[key]


def _solved(problem: Problem, kind: str, seed: object) -> Known:
    """Make the cases of one kind and solve them."""
    cases, names = problem.cases(kind, seed), tuple(problem.outputs)
    with np.errstate(**ERRORS):
        right = [[plain(value) for value in split(problem.solve(*copy.deepcopy(c.args)), names)] for c in cases]
    return Known(problem, cases, right)


def _joined(problem: Problem, seed: object) -> Known:
    """Join what is known of the visible and of the hidden cases."""
    parts = [prepare(problem, kind, seed) for kind in ("visible", "hidden")]
    cases, right = [case for part in parts for case in part.cases], [r for part in parts for r in part.right]
    return Known(problem, cases, right, parts)


def recognised(known: Known, student: list[list[Any]]) -> list[tuple[str, str]]:
    """Find the misconceptions that give exactly what the student's function gave: pairs of name and hint.

    One explains a tensor when it gives the student's numbers in every case, and wrong ones in at least one. It is
    ruled out when it is wrong where the student is right. Those that explain most come first; a second one is added
    when it explains a tensor that the first does not, because people may be mistaken twice.

    Args:
        known: what is known of the problem.
        student: for each case a list with what the student's function gave for each output, as `outcomes` makes it.
    """
    differs = known.differs(student)
    explained = []
    for misconception, wrong in known.wrong():
        tensors = _explained(known.problem, student, differs, wrong)
        if tensors:
            explained.append((misconception, tensors))
    explained.sort(key=lambda pair: -len(pair[1]))  # stable: ties stay in the order of the catalogue
    found: list[Misconception] = []
    covered: set[int] = set()
    for misconception, tensors in explained:
        if not tensors <= covered and len(found) < 2:
            found.append(misconception)
            covered |= tensors
    return list(dict.fromkeys(pair for misconception in found for pair in misconception.named))


def _explained(problem: Problem, student: list[list[Any]], differs: list[list[bool]], wrong: Wrong) -> set[int]:
    """Give the places of the outputs that a misconception explains; empty when it is ruled out."""
    explained = set()
    for i in range(len(problem.outputs)):
        matches = False
        for case, given in enumerate(wrong.outcomes):
            s, w = student[case][i], given[i]
            if not wrong.differs[case][i]:
                if differs[case][i]:
                    break  # wrong where the misconception is right: something else is the matter with this tensor
                continue
            if not differs[case][i]:
                return set()  # right where the misconception is wrong
            if same_outcome(s, w, problem.tolerance):
                matches = True
            elif not (_overflowed(s) and not _overflowed(w)):
                break  # other numbers; an overflow on top of a known fault does not hide that fault
        else:
            if matches:
                explained.add(i)
    return explained


def outcome(problem: Problem, function: Callable[..., Any], case: Case) -> list[Any]:
    """Call a function on one case and list what it gave for each output, as `same_outcome` compares it."""
    return outcomes(problem, call(function, case.args, problem.argument_names, tuple(problem.outputs)))


def outcomes(problem: Problem, came: Call) -> list[Any]:
    """List what a call gave for each output: an array, or what came instead of one, in words."""
    n = len(problem.outputs)
    if came.error is not None:
        return [f"raised {type(came.error).__name__}"] * n
    if came.returned:
        return [came.returned] * n
    # A change in place is an outcome of its own: right numbers from a spoiled input are not the same answer.
    return list(came.values) if not came.changed else [(array, came.changed) for array in came.values]


def _overflowed(value: object) -> bool:
    """Say whether an outcome is an array that is not finite."""
    return isinstance(value, np.ndarray) and not np.isfinite(value).all()


def same_outcome(a: object, b: object, tolerance: float) -> bool:
    """Say whether two outcomes are the same: arrays that agree, equal words, or equal changes in place."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return a[1] == b[1] and same_outcome(a[0], b[0], tolerance)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if not np.isfinite(scale(b)) and a.shape == b.shape:
            odd = ~(np.isfinite(a) & np.isfinite(b))
            if not np.array_equal(a[odd], b[odd], equal_nan=True):
                return False
            a, b = np.where(odd, 0, a), np.where(odd, 0, b)  # the rest is compared as if these were not there
        return agrees(a, b, tolerance)
    return isinstance(a, str) and isinstance(b, str) and a == b
