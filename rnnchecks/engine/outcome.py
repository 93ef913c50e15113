"""What a call gave for one output, in a form in which what two functions gave can be compared."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnchecks.engine.call import Call
from rnnchecks.engine.compare import agrees, scale
from rnnlib._types import Array


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one output in one case.

    That the call wrote into an argument is no part of it: every call has arguments of its own, and the numbers decide.

    Attributes:
        array: the array, or None where something else came.
        words: what came in place of an array, in words; empty where one came.
    """

    array: Array | None = None
    words: str = ""

    def same(self, other: "Outcome", tolerance: float) -> bool:
        """Return whether two outcomes are the same.

        Args:
            other: the outcome to compare with; differences are measured against the size of its numbers.
            tolerance: as in `rnnchecks.engine.compare.agrees`.

        Returns:
            Whether either the words are equal or the arrays agree. Numbers that are not finite agree with the same ones
            in the same places.
        """
        if self.words != other.words:
            return False
        a, b = self.array, other.array
        if a is None or b is None:
            return a is b
        if a.shape != b.shape:
            return False
        if self._finite and other._finite:
            # Arrays that agree have sums that nearly do: most pairs are told apart without a look at their numbers.
            return not self._far_from(other, tolerance) and agrees(a, b, tolerance)
        if not other._finite:
            odd = ~(np.isfinite(a) & np.isfinite(b))
            if not np.array_equal(a[odd], b[odd], equal_nan=True):
                return False
            a, b = np.where(odd, 0, a), np.where(odd, 0, b)  # the rest is compared as if these were not there
        return agrees(a, b, tolerance)

    @property
    def overflowed(self) -> bool:
        """Whether an array came that is not finite."""
        return self.array is not None and not self._finite

    @cached_property
    def _finite(self) -> bool:
        return self.array is not None and bool(np.isfinite(self.array).all())

    @cached_property
    def _sum(self) -> float:
        with np.errstate(over="ignore"):
            return 0.0 if self.array is None else float(self.array.sum())

    @cached_property
    def _scale(self) -> float:
        return 0.0 if self.array is None else float(scale(self.array))

    def _far_from(self, other: "Outcome", tolerance: float) -> bool:
        """Whether the sums differ by more than those of two arrays that agree could, with room for their rounding."""
        room = (self._scale + other._scale) * (2 * tolerance + 1e-12)
        return abs(self._sum - other._sum) > room * (1 if self.array is None else self.array.size)


def outcomes(n: int, result: Call) -> list[Outcome]:
    """Return an `Outcome` for each of the n outputs of a call."""
    if result.error is not None:
        return [Outcome(words=f"raised {type(result.error).__name__}")] * n
    if result.returned:
        return [Outcome(words=result.returned)] * n
    return [Outcome(words=value) if isinstance(value, str) else Outcome(array=value) for value in result.values]
