"""Say where a tensor is wrong, and what kind of fault gives such numbers. A hint is chosen in `recognise.py`."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnnlib._types import Array, Ids, Mask


def where(wrong: Mask, axes: str) -> str:
    """Say in words where `wrong`, a boolean array with the given axes, is True: which steps, which rows.

    Example:
        >>> where(np.array([[True], [True], [False]]), "TB")
        'wrong up to t = 1, right from t = 2 on'
    """
    if wrong.ndim == 0 or wrong.all():
        return ""
    words, axes = [], _fitting(axes, wrong)
    if axes.startswith("T"):
        words.append(_steps(wrong.reshape(len(wrong), -1).any(axis=1)))
    if "B" in axes:
        rows = _along(wrong, axes.index("B"))
        if not rows.all():
            words.append("in " + _listed("row", np.flatnonzero(rows)) + " of the batch")
    if wrong.ndim > 1 and axes[-1:] not in ("T", "B"):
        columns = _along(wrong, wrong.ndim - 1)
        if not columns.all():
            words.append("in " + _listed("column", np.flatnonzero(columns)))
    words = [word for word in words if word]
    if not words:
        words = [f"{wrong.sum()} of {wrong.size} numbers, the first at {tuple(int(i) for i in np.argwhere(wrong)[0])}"]
    return ", ".join(words)


def other_shape(got: Array, expected: Array, axes: str, limit: float) -> str:
    """Say how an array of another shape is related to the expected one, or return an empty string."""
    for order in itertools.permutations(range(expected.ndim)):
        moved = expected.transpose(order)
        if moved.shape == got.shape and got.ndim > 1:
            right = " The numbers are right otherwise." if np.abs(got - moved).max(initial=0.0) <= limit else ""
            named = ", ".join(axes[i] for i in order) if len(order) == len(axes) > 2 else ""
            came = f" It looks like ({named})." if named else ""
            return f"Are its axes swapped?{came}{right}"
    if got.size == expected.size and np.abs(got.reshape(expected.shape) - expected).max(initial=0.0) <= limit:
        return "The numbers are right, in another shape."
    for axis in range(got.ndim if got.ndim == expected.ndim + 1 else 0):
        if np.delete(got.shape, axis).tolist() != list(expected.shape):
            continue
        for reduced, name in ((got.sum(axis), "sum"), (got.mean(axis), "mean")):
            if np.abs(reduced - expected).max(initial=0.0) <= limit:
                return f"The {name} over axis {axis} of yours would be right."
    return ""


def likely_fault(got: Array, expected: Array, axes: str, limit: float, sizes: dict[str, int]) -> str:
    """Name the kind of fault that turns `expected` into `got`, or return an empty string.

    Args:
        got: array that the student returned.
        expected: array of the same shape.
        axes: letters of its axes.
        limit: largest absolute difference that counts as equal.
        sizes: dict from axis letter to size.
    """
    axes = _fitting(axes, got)

    def same(a: Array, b: Array) -> bool:
        return a.shape == b.shape and a.size > 0 and bool(np.abs(a - b).max() <= limit)

    if same(got, np.zeros_like(got)):
        return "all zeros"
    for changed, words in _rearranged(expected, axes):
        if same(got, changed):
            return words
    if axes.startswith("T") and len(got) > 2:
        for a, b, words in ((got[1:], expected[:-1], "earlier"), (got[:-1], expected[1:], "later")):
            if same(a, b) and np.abs(b).max() > limit:  # a tensor of zeros would match anything
                return f"every step holds what belongs one step {words}"
    for axis, line in ((0, "row"), (got.ndim - 1, "column")) if got.ndim > 1 else ():
        if axes[axis : axis + 1] == "T" or got.shape[axis] < 3:
            continue
        mine, right = np.moveaxis(got, axis, 0), np.moveaxis(expected, axis, 0)
        for a, b, words in ((mine[1:], right[:-1], "before"), (mine[:-1], right[1:], "after")):
            if same(a, b) and np.abs(b).max() > limit:
                return f"every {line} holds what belongs in the {line} {words} it"
    return (
        _rounded(got, expected, same)
        or _factor(got, expected, sizes, same)
        or _one_sided(got, expected, limit)
        or _offset(got, expected, axes, limit)
    )


def _rearranged(expected: Array, axes: str) -> Iterator[tuple[Array, str]]:
    """List what becomes of the right numbers under a slip of sign or order."""
    yield -expected, "the sign is flipped"
    if expected.ndim == 2:
        yield expected.T, "it is transposed"
        yield -expected.T, "it is transposed, and the sign is flipped"
    if expected.ndim == 3:
        yield expected.swapaxes(1, 2), "its last two axes are swapped"
        yield expected.swapaxes(0, 1), "its first two axes are swapped"
    names = {"T": "the steps are in reversed order", "B": "the rows of the batch are in reversed order"}
    for axis in range(expected.ndim):
        yield np.flip(expected, axis), names.get(axes[axis : axis + 1], f"its axis {axis} is in reversed order")
    if axes.startswith("T") and len(expected) > 1:
        yield np.cumsum(expected, axis=0), "each step holds the sum of all steps up to it"
        yield np.cumsum(expected[::-1], axis=0)[::-1], "each step holds the sum of all steps from it on"
        yield np.diff(expected, axis=0, prepend=0), "each step holds the difference from the step before"
    if expected.size > 1:
        yield np.abs(expected), "the signs are lost: it is the absolute value"
    yield expected**2, "it is squared"


def _factor(got: Array, expected: Array, sizes: dict[str, int], same: Callable[[Array, Array], bool]) -> str:
    """Recognise numbers that are all too large, or too small, by one factor."""
    factor = float((got * expected).sum() / (expected * expected).sum()) if expected.any() else 1.0
    if abs(factor) < 1e-6 or abs(factor - 1) < 1e-2 or not same(got, factor * expected):
        return ""
    named = _named(factor, sizes, single=got.size == 1)
    if got.size == 1:  # of one number every other is a multiple: say so only where the factor means something
        return f"it is {factor:.3g} times what it should be{named}" if named else ""
    return f"every number is {factor:.3g} times what it should be{named}"


def _rounded(got: Array, expected: Array, same: Callable[[Array, Array], bool]) -> str:
    """Recognise numbers that went through a dtype that cannot hold them."""
    if same(got, np.trunc(expected)):
        return "the fractions are lost: is there an array of integers on the way?"
    if same(got, np.round(expected)):
        return "every number is rounded to a whole one"
    if same(got, np.floor(expected)):
        return "every number is rounded down to a whole one"
    off = np.abs(got - expected) / np.maximum(np.abs(expected), 1e-3)
    whole = np.array_equal(expected, np.round(expected))  # counts, of which float16 holds the small ones
    if not whole and off.max() < 1e-2 and np.array_equal(got, got.astype(np.float16)):
        return "right to three digits, as float16 is: of what dtype are the arrays on the way?"
    return ""


def _one_sided(got: Array, expected: Array, limit: float) -> str:
    """Recognise numbers that were cut off at a bound: right inside it, and the bound where they should be beyond."""
    wrong = np.abs(got - expected) > limit
    if got.size < 4 or wrong.sum() < 2 or wrong.all():
        return ""
    bound = got[wrong]
    if np.ptp(bound) > limit:
        return ""
    beyond = expected[wrong] - bound[0]
    if (beyond > 0).all() and (got[~wrong] <= bound[0] + limit).all():
        return f"what should be above {bound[0]:.3g} is cut off there"
    if (beyond < 0).all() and (got[~wrong] >= bound[0] - limit).all():
        return f"what should be below {bound[0]:.3g} is cut off there"
    return ""


def _offset(got: Array, expected: Array, axes: str, limit: float) -> str:
    """Recognise a difference that does not depend on the row, or on anything: a term that is missing or too many."""
    off = got - expected
    if got.size > 1 and np.ptp(off) <= limit:
        return f"every number is {abs(off.flat[0]):.3g} too {'large' if off.flat[0] > 0 else 'small'}"
    if "B" in axes and got.shape[axes.index("B")] > 1:
        axis = axes.index("B")
        if (np.ptp(off, axis=axis) <= limit).all():
            return "every row is off by the same: is a term missing that no row changes, such as a bias?"
        inside = (np.abs(got) < 1).all() and (np.abs(expected) < 1 - 1e-6).all()
        if inside and (np.ptp(np.arctanh(got) - np.arctanh(expected), axis=axis) <= 1e-3).all():
            return "before the tanh every row is off by the same: is a term missing, such as a bias?"
    return ""


def _named(factor: float, sizes: dict[str, int], single: bool = False) -> str:
    """Recognise a factor that is a change of logarithm, or the number of steps, of rows, their product, or one over it.

    Of a single number, whole factors and one over them mean something, too.
    """
    for base in (2, 10):
        if abs(factor * np.log(base) - 1) < 1e-6 or abs(factor / np.log(base) - 1) < 1e-6:
            return f": has a logarithm to base {base} taken the place of the natural one, or the other way round?"
    candidates = {name: sizes[name] for name in "TB" if name in sizes}
    if len(candidates) == 2:
        candidates["T B"] = sizes["T"] * sizes["B"]
    for name, size in candidates.items():
        if size > 2 and abs(factor - size) < 1e-4 * size:  # a factor of 2 has too many other reasons
            return f", and {name} is {size}"
        if size > 2 and abs(factor * size - 1) < 1e-4:
            return f", and {name} is {size}: a division by {name} too many"
    whole = next((n for n in range(2, 200) if min(abs(factor / n - 1), abs(factor * n - 1)) < 1e-6), 0)
    if single and whole:
        return ": a sum in place of a mean, or the other way round?" if whole > 2 else ": half or twice too much?"
    return ""


def _fitting(axes: str, array: Array) -> str:
    """Return the letters of the axes if they are those of the array: a special case may have other axes."""
    return axes if len(axes) == array.ndim else ""


def _along(wrong: Mask, axis: int) -> Any:
    """Say for each place along one axis whether anything there is wrong."""
    return np.moveaxis(wrong, axis, 0).reshape(wrong.shape[axis], -1).any(axis=1)


def _steps(wrong: Any) -> str:
    """Return which steps are wrong, given one truth value per step."""
    steps = np.flatnonzero(wrong)
    first, last, T = steps[0], steps[-1], len(wrong)
    if len(steps) == T:
        return "wrong at every step"
    if len(steps) == 1:
        return f"wrong at t = {first} only"
    if first == 0 and len(steps) == last + 1:
        return f"wrong up to t = {last}, right from t = {last + 1} on"
    if last == T - 1 and len(steps) == T - first:
        return f"right up to t = {first - 1}, wrong from t = {first} on"
    return "wrong at " + _listed("t =", steps)


def _listed(word: str, numbers: Ids) -> str:
    """Join a few numbers into words: ``rows 0, 2``."""
    shown = ", ".join(str(n) for n in numbers[:4]) + (", ..." if len(numbers) > 4 else "")
    plural = "s" if word in ("row", "column") and len(numbers) > 1 else ""
    return f"{word}{plural} {shown}"
