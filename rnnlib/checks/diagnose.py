"""Say where a tensor is wrong, and what kind of fault gives such numbers."""

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
    words = []
    if axes.startswith("T"):
        words.append(_steps(wrong.reshape(len(wrong), -1).any(axis=1)))
    if "B" in axes:
        rows = np.moveaxis(wrong, axes.index("B"), 0).reshape(wrong.shape[axes.index("B")], -1).any(axis=1)
        if not rows.all():
            words.append("in " + _listed("row", np.flatnonzero(rows)) + " of the batch")
    words = [word for word in words if word]
    if not words:
        words = [f"{wrong.sum()} of {wrong.size} numbers, the first at {tuple(int(i) for i in np.argwhere(wrong)[0])}"]
    return ", ".join(words)


def likely_fault(got: Array, expected: Array, axes: str, limit: float, sizes: dict[str, int]) -> str:
    """Name the kind of fault that turns `expected` into `got`, or return an empty string.

    Args:
        got: array that the student returned.
        expected: array of the same shape.
        axes: letters of its axes.
        limit: largest absolute difference that counts as equal.
        sizes: dict from axis letter to size.
    """

    def same(a: Array, b: Array) -> bool:
        return a.shape == b.shape and a.size > 0 and np.abs(a - b).max() <= limit

    def moved(a: Array, b: Array) -> bool:
        # Equal on what overlaps after a shift; a tensor of zeros would match anything.
        return len(got) > 2 and same(a, b) and np.abs(b).max() > limit

    if same(got, np.zeros_like(got)):
        return "all zeros"
    if same(got, -expected):
        return "the sign is flipped"
    if got.ndim == 2 and same(got, expected.T):
        return "it is transposed"
    if axes.startswith("T"):
        if same(got, expected[::-1]):
            return "the steps are in reversed order"
        if moved(got[1:], expected[:-1]):
            return "every step holds what belongs one step earlier"
        if moved(got[:-1], expected[1:]):
            return "every step holds what belongs one step later"
    if "B" in axes and same(got, np.flip(expected, axes.index("B"))):
        return "the rows of the batch are in reversed order"
    factor = float((got * expected).sum() / (expected * expected).sum()) if expected.any() else 0.0
    if abs(factor) > 1e-6 and got.size > 1 and same(got, factor * expected):
        return f"every number is {factor:.3g} times what it should be{_named(factor, sizes)}"
    return ""


def _named(factor: float, sizes: dict[str, int]) -> str:
    """Recognise a factor that is the number of steps, of rows, or their product, or one over it."""
    candidates = {name: sizes[name] for name in "TB" if name in sizes}
    if len(candidates) == 2:
        candidates["T B"] = sizes["T"] * sizes["B"]
    for name, size in candidates.items():
        if size > 2 and abs(factor - size) < 1e-4 * size:  # a factor of 2 has too many other reasons
            return f", and {name} is {size}"
        if size > 2 and abs(factor * size - 1) < 1e-4:
            return f", and {name} is {size}: a division by {name} too many"
    return ""


def _steps(wrong: Any) -> str:
    """Say which steps are wrong, given one truth value per step."""
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
    plural = "s" if word == "row" and len(numbers) > 1 else ""
    return f"{word}{plural} {shown}"
