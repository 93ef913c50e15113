"""Compare what a student returned with what was expected: kind, then shape, then numbers. Nothing is broadcast."""

import numbers
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnchecks.engine.diagnose import likely_fault, other_shape, where
from rnnchecks.engine.problem import Output
from rnnlib._types import Array


@dataclass(frozen=True)
class Comparison:
    """What was found about one output.

    Attributes:
        name: name of the output.
        status: ``"ok"``, or ``"wrong"``, ``"shape"``, ``"kind"`` (not an array of numbers), ``"not finite"``.
        detail: what and where, in words; empty when all is well.
        fault: the likely kind of fault, in words that `detail` has, too; empty when there is none to name.
    """

    name: str
    status: str
    detail: str = ""
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Whether the output is right."""
        return self.status == "ok"


MOST = 10_000_000  # numbers in an array that is worth copying


class NotAnArray(Exception):
    """Something that is not an array of numbers came back; the message says what, and what to do."""


def plain(value: Any) -> Array:
    """Turn a returned value into a plain float64 array of our own.

    Nothing of the student's survives: no subclass, no ``__eq__``, no memory shared with an argument.

    Raises:
        NotAnArray: when the value is not an array of real numbers.
    """
    try:
        return _plain(value)
    except NotAnArray:
        raise
    except Exception as error:  # an object that pretends to be a number, a tensor without numbers
        raise NotAnArray(
            f"an object of type {type(value).__name__} came back, and reading its numbers failed: "
            f"{type(error).__name__}."
        ) from error


def _plain(value: Any) -> Array:
    """Do the work of `plain`; what the value's own methods raise gets out."""
    kind = type(value)
    if value is None:
        raise NotAnArray("None came back. Does the function end with a return?")
    if kind.__module__.partition(".")[0] == "torch" and hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value.double() if value.dtype.is_floating_point else value).numpy()  # NumPy has no bfloat16
    elif isinstance(value, tuple):
        raise NotAnArray(
            f"a tuple of length {len(value)} came back, where one array was expected. Is there a comma too many, "
            "or more returned than was asked for? np.stack(...) joins arrays."
        )
    elif isinstance(value, list):
        raise NotAnArray(
            f"a {kind.__name__} of length {len(value)} came back. np.stack(...) or np.array(...) makes an array of it."
        )
    elif isinstance(value, Generator):
        raise NotAnArray("a generator came back, where an array was expected. Should a yield be a return?")
    elif isinstance(value, bool) or not isinstance(value, (np.ndarray, np.generic, numbers.Real)):
        raise NotAnArray(f"an object of type {kind.__name__} came back, where numbers were expected.")
    if getattr(value, "size", 1) > MOST:
        raise NotAnArray(f"an array of shape {value.shape} came back, far larger than any right answer.")
    array = np.array(value, subok=False)
    if array.dtype.kind not in "fiu":
        raise NotAnArray(f"an array of dtype {array.dtype} came back, where real numbers were expected.")
    return array.astype(np.float64)


def split(returned: object, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Split what a function returned into one value per output.

    Raises:
        NotAnArray: when the number of results is not the number of outputs.
    """
    if len(names) == 1:
        if isinstance(returned, tuple) and len(returned) == 1:
            raise NotAnArray("a tuple with one element came back. Is there a comma at the end of the return line?")
        return (returned,)
    listed = ", ".join(names)
    if not isinstance(returned, (tuple, list)):
        came = "None" if returned is None else f"one {type(returned).__name__}"
        raise NotAnArray(f"{came} came back, where {len(names)} results were expected: {listed}.")
    if len(returned) != len(names):
        raise NotAnArray(f"{len(returned)} results came back, where {len(names)} were expected: {listed}.")
    try:
        return tuple(returned)
    except Exception as error:  # a subclass with an __iter__ of its own
        raise NotAnArray(f"an object of type {type(returned).__name__} came back that cannot be unpacked.") from error


def agrees(got: Array, expected: Array, tolerance: float) -> bool:
    """Return whether two arrays have one shape and the same numbers, within `tolerance` of the largest expected one."""
    if got.shape != expected.shape:
        return False
    with np.errstate(all="ignore"):  # infinity minus infinity is a wrong answer, not a warning
        return bool(np.abs(got - expected).max(initial=0.0) <= tolerance * scale(expected))  # NaN is no such number


def scale(expected: Array) -> float:
    """Size of the numbers that a difference is measured against."""
    return max(np.abs(expected).max(initial=0.0), 1e-3)


def compare(output: Output, got: Array | str, expected: Array, tolerance: float, sizes: dict[str, int]) -> Comparison:
    """Compare one output with what was expected.

    Args:
        output: `Output`.
        got: what the student returned for it, read by `plain`, or in words what came instead.
        expected: array that the reference returned.
        tolerance: as in `agrees`.
        sizes: dict from axis letter to size, for words such as "that is 1/B".

    Returns:
        `Comparison`.
    """
    if isinstance(got, str):
        return Comparison(output.name, "kind", got)
    if agrees(got, expected, tolerance):
        return Comparison(output.name, "ok")
    limit = tolerance * scale(expected)
    if got.shape != expected.shape:
        axes = f", that is ({', '.join(output.axes)})" if len(output.axes) > 1 else ""
        words = f"shape {got.shape}, expected {expected.shape}{axes}."
        hint = other_shape(got, expected, output.axes, limit)
        return Comparison(output.name, "shape", f"{words} {hint}".strip())
    if not np.isfinite(got).all():
        bad = ~np.isfinite(got)
        what = "NaN" if np.isnan(got).any() else "infinity"
        return Comparison(output.name, "not finite", f"{what} {where(bad, output.axes)}")
    with np.errstate(all="ignore"):
        off = np.abs(got - expected)
        size = f"max diff {off.max():.2g}" if got.ndim else f"{got:.6g}, expected {expected:.6g}"
        # Between labels there is no arithmetic: code 2 is not twice code 1.
        fault = "" if output.axes == "#" else likely_fault(got, expected, output.axes, limit, sizes)
        details = [size, where(off > limit, output.axes), fault]
    return Comparison(output.name, "wrong", "; ".join(detail for detail in details if detail), fault)
