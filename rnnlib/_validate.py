"""The one way rnnlib refuses bad input: say what was expected, what came, and what would mend it."""

from collections.abc import Collection
from typing import Any, TypeVar

import numpy as np

from rnnlib._types import Array, ArrayLike, DType, ExpectedShape, Ids, Lengths, State

N = TypeVar("N", bound=float)  # integers too
C = TypeVar("C")
S = TypeVar("S")


def describe(value: object) -> str:
    """Describe a value in a few words for an error message: ``float32 array of shape (5, 3)``."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    return f"{type(value).__name__} {value!r:.60}"


def require_array(
    name: str, value: object, shape: ExpectedShape, dtype: DType | None = None, finite: bool = False
) -> Array:
    """Check that `value` is a floating-point array of the given shape, and return it.

    Args:
        name: how the caller knows the argument, for the message.
        value: what the caller passed.
        shape: tuple with a number for each fixed axis and a symbol for each free one, such as ``("T", "B", 4)``.
        dtype: the dtype that the value must have, or None for any real or complex floating dtype.
        finite: whether NaN and infinity are refused as well.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    if not isinstance(value, np.ndarray):
        raise ValueError(f"{name}: expected a NumPy array, got {describe(value)}. Convert it with np.asarray(...).")
    if value.dtype.kind not in "fc":
        raise ValueError(
            f"{name}: expected floating-point numbers, got {describe(value)}. "
            f"Convert it with {name}.astype(np.float32)."
        )
    if value.ndim != len(shape) or any(
        isinstance(want, int) and want != size for want, size in zip(shape, value.shape, strict=True)
    ):
        expected = "(" + ", ".join(str(axis) for axis in shape) + ("," if len(shape) == 1 else "") + ")"
        raise ValueError(f"{name}: expected shape {expected}, got {value.shape}.{_mend_shape(name, value, shape)}")
    if value.size == 0:
        raise ValueError(f"{name}: expected at least one element on every axis, got shape {value.shape}.")
    if dtype is not None and value.dtype != dtype:
        raise ValueError(
            f"{name}: expected dtype {np.dtype(dtype)} like the layer's parameters, got {value.dtype}. "
            f"Convert it with {name}.astype(np.{np.dtype(dtype)}), or make the layer with dtype=np.{value.dtype}."
        )
    if finite:
        # A finite sum of squares clears every number in one pass; only a suspect pays for the full look.
        with np.errstate(over="ignore", invalid="ignore"):
            suspect = not np.isfinite(np.vdot(value, value))
        if suspect and not np.isfinite(value).all():
            bad = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
            raise ValueError(f"{name}: expected finite numbers, got {value[bad]} at index {bad}.")
    return value


def require_ids(name: str, ids: ArrayLike, V: int) -> Ids:
    """Check that `ids` is an integer array with values in ``[0, V)``, and return it.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu" or ids.size == 0:
        raise ValueError(f"{name}: expected a non-empty array of integers, got {describe(ids)}.")
    outside = (ids < 0) | (ids >= V)
    if outside.any():
        raise ValueError(f"{name}: expected ids from 0 to {V - 1}, got {ids[outside][0]}.")
    return ids


def require_lengths(lengths: Lengths, T: int, B: int) -> Ids:
    """Check that `lengths` holds `B` integers from 1 to `T`, and return them as an array.

    Raises:
        ValueError: with what was expected and what came.
    """
    lengths = np.asarray(lengths)
    if lengths.shape != (B,) or lengths.dtype.kind not in "iu":
        raise ValueError(f"lengths: expected {B} integers, one per row of the batch, got {describe(lengths)}.")
    if lengths.min() < 1 or lengths.max() > T:
        raise ValueError(f"lengths: expected values from 1 to T = {T}, got {lengths.tolist()}.")
    return lengths


def require_states(name: str, states: State, n: int) -> tuple[State, ...]:
    """Check that `states` is None or a tuple of `n`, and return a tuple of `n`: of None where there was none.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    if states is None:
        return (None,) * n
    if not isinstance(states, tuple) or len(states) != n:
        got = f"{len(states)} of them" if isinstance(states, tuple) else describe(states)
        raise ValueError(f"{name}: expected a tuple of {n}, one per layer or direction, got {got}.")
    return states


def require_cell_state(
    name: str, state: object, B: int, H: int, dtype: DType, finite: bool = False
) -> tuple[Array, Array]:
    """Check that `state` is a tuple ``(h, c)`` of arrays (B, H), and return it.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    if not isinstance(state, tuple) or len(state) != 2:
        raise ValueError(f"{name}: expected a tuple (h, c) of arrays ({B}, {H}), got {describe(state)}.")
    h, c = (require_array(f"{name}'s {part}", a, (B, H), dtype, finite) for part, a in zip("hc", state, strict=True))
    return h, c


def require_forward(saved: S | None, arguments: str = "x", gradient: str = "dh") -> S:
    """Return what `forward` left for `backward`, unless there was no `forward`.

    Raises:
        ValueError: with the calls in their order.
    """
    if saved is None:
        calls = f"layer.forward({arguments}), then layer.backward({gradient})"
        raise ValueError(f"backward: expected a forward pass first; call {calls}.")
    return saved


def require_positive(name: str, value: N) -> N:
    """Check that `value` is a number greater than zero, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    if not value > 0:
        raise ValueError(f"{name}: expected a number greater than 0, got {value!r}.")
    return value


def require_share(name: str, value: float) -> float:
    """Check that `value` is a number from 0 to below 1, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    if not 0 <= value < 1:
        raise ValueError(f"{name}: expected a number from 0 to below 1, got {value!r}.")
    return value


def require_choice(name: str, value: C, choices: Collection[Any]) -> C:
    """Check that `value` is one of `choices`, and return it.

    Raises:
        ValueError: with the argument's name, the choices and what came.
    """
    if value not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(map(repr, choices))}, got {value!r}.")
    return value


def _mend_shape(name: str, value: Array, shape: ExpectedShape) -> str:
    """Suggest the usual mend for a shape that is one step away from the expected one."""
    if value.ndim == len(shape) - 1:
        if len(shape) == 3:
            return f" Add the batch axis with {name}[:, None], or the time axis with {name}[None]."
        if shape[-1] == 1:
            return f" Add the last axis with {name}[..., None]."
        return f" Add the batch axis with {name}[None]."
    if len(shape) == 3 and value.ndim == 3:
        return f" Arrays are time-major, (steps, batch, features): if yours is batch-first, use {name}.swapaxes(0, 1)."
    return ""
