"""Find the misconceptions that give exactly what a student's function gave."""

import itertools
from dataclasses import dataclass

import numpy as np

from rnnchecks.engine.compare import agrees
from rnnchecks.engine.outcome import Outcome
from rnnchecks.engine.prepare import Mistaken, Prepared
from rnnchecks.engine.problem import Misconception
from rnnlib._types import Array

# Of these there is one reason in a case: nothing was found to divide by, or a rule was called too often.
TELLING = ("raised ZeroDivisionError", "raised TooManyRounds")


def recognise(prepared: Prepared, student: list[list[Outcome]]) -> list[tuple[str, str]]:
    """Find the misconceptions that give exactly what the student's function gave: pairs of name and hint.

    One explains a tensor when it gives the student's numbers in every case, and wrong ones in at least one. It is
    ruled out when it is wrong where the student is right. Whoever is named must explain all that is wrong: one
    misconception, or two that share the tensors between them, because people may be mistaken twice. Where anything
    stays unexplained nothing is named, since what is known of one tensor may be an accident of what is not known.

    Args:
        prepared: what is known of the problem's cases.
        student: for each case a list with an `Outcome` for each output.
    """
    exactly, nearly = (_found(_Student(prepared, student, exact)) for exact in (True, False))
    return exactly or nearly


def _found(student: "_Student") -> list[tuple[str, str]]:
    """Return name and hint of the misconception that explains all that is wrong, or of two that do."""
    parts: list[tuple[Misconception, frozenset[int]]] = []
    if not student.wrong:
        return []
    for misconception, mistaken in student.prepared.mistaken():
        tensors = student.explained(mistaken)
        if tensors == student.wrong:
            return list(misconception.named)
        if tensors:
            parts.append((misconception, tensors))
    parts.sort(key=lambda pair: -len(pair[1]))  # stable: ties stay in the order of the catalogue
    for (first, one), (second, other) in itertools.combinations(parts, 2):
        if one | other == student.wrong:
            return list(dict.fromkeys((*first.named, *second.named)))
    return []


@dataclass
class _Student:
    """What a student's function gave.

    Attributes:
        prepared: what is known of the problem's cases.
        outcomes: for each case a list with an `Outcome` for each output.
        exact: whether the outcomes must be the same in every case, to the last NaN. Two people who are mistaken in one
            way often differ at the edge: where one of them gets infinity the other gets NaN, and where a word has one
            letter one of them stops with an error. What is left of the numbers is the same, and in most cases all is.
    """

    prepared: Prepared
    outcomes: list[list[Outcome]]
    exact: bool

    def __post_init__(self) -> None:
        self.differs = self.prepared.differs(self.outcomes)
        self.wrong = frozenset(filter(self._to_explain, range(len(self.prepared.problem.outputs))))

    def _to_explain(self, output: int) -> bool:
        """Return whether an output has to be explained: where the edges may differ, not what came to nothing there."""
        differs = [case[output] for case in self.differs]
        nothing = [_came_to_nothing(case[output]) for case in self.outcomes]
        if self.exact or all(nothing):
            return any(differs)
        return any(wrong and not gone for wrong, gone in zip(differs, nothing, strict=True))

    def explained(self, mistaken: Mistaken) -> frozenset[int]:
        """Return the places of the outputs that a misconception explains; none when it is ruled out."""
        left = set(self.wrong)  # what it may still explain
        shown: set[int] = set()  # where it was wrong, and the student alike
        certain, alike, stops = False, 0, 0  # the last two count cases: with the same wrong numbers, and with an error
        for case, theirs in enumerate(self.outcomes):
            given, it_differs = mistaken.case(case)
            same = stopped = False
            for i, they_differ in enumerate(self.differs[case]):
                if not it_differs[i] and not they_differ:
                    continue
                if not they_differ:
                    return frozenset()  # the misconception is wrong where the student is right: it is not theirs
                if it_differs[i] and self._same(theirs[i], given[i], self.prepared.right[case][i]):
                    shown.add(i)
                    certain = certain or (i in left and self._certain(case, i))
                    same = True
                elif not self.exact and _broken(theirs[i], given[i]):
                    stopped = stopped or theirs[i].array is None
                else:
                    left.discard(i)  # other numbers, or wrong ones where the misconception is right
            alike, stops = alike + same, stops + stopped
            if not left:
                return frozenset()
        return frozenset(left & shown) if certain and alike >= stops else frozenset()

    def _same(self, theirs: Outcome, given: Outcome, right: Array) -> bool:
        """Return whether the student's outcome is that of a misconception; what both have of numbers must be wrong."""
        tolerance = self.prepared.problem.tolerance
        if theirs.same(given, tolerance):
            return True
        if self.exact or not (theirs.overflowed or given.overflowed):
            return False
        a, b = theirs.array, given.array
        if a is None or b is None or a.shape != b.shape:
            return False
        finite = np.isfinite(a) & np.isfinite(b)
        if not finite.any() or not agrees(a[finite], b[finite], tolerance):
            return False
        return b.shape != right.shape or not agrees(b[finite], right[finite], tolerance)

    def _certain(self, case: int, output: int) -> bool:
        """Return whether a wrong outcome says by itself what went wrong.

        Numbers do. An exception, nothing, zeros or NaN can come from anything. Zeros and NaN say something beside what
        is right: where another tensor of the same call is right, or the same tensor in another case. So do the few
        exceptions that have one reason only.
        """
        one, right = self.outcomes[case][output], self.prepared.right[case][output]
        array, elsewhere = one.array, any(not differs[output] for differs in self.differs)
        if array is None:
            return one.words in TELLING and elsewhere
        if array.any() and _wrong_numbers(array, right):
            return True
        return elsewhere or not all(self.differs[case])


def _came_to_nothing(theirs: Outcome) -> bool:
    """Return whether a student's function stopped in a case, or gave no number."""
    array = theirs.array
    return theirs.words.startswith("raised ") if array is None else not np.isfinite(array).any()


def _broken(theirs: Outcome, given: Outcome) -> bool:
    """Return whether a student's function came to nothing in a case, or NaN and infinity leave nothing to compare."""
    if _came_to_nothing(theirs):
        return True
    a, b = theirs.array, given.array
    if a is None or b is None or a.shape != b.shape:
        return False
    return not (np.isfinite(a) & np.isfinite(b)).any()


def _wrong_numbers(array: Array, right: Array) -> bool:
    """Return whether some of an array's numbers are finite and wrong."""
    if array.shape != right.shape:
        return bool(np.isfinite(array).any())
    finite = np.isfinite(array)
    return bool(finite.any()) and not np.allclose(array[finite], right[finite])
