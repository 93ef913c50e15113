"""The one way rnnlib refuses bad input: say what was expected, what came, and what would mend it."""

import math
from collections.abc import Callable, Collection
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

import numpy as np

from rnnlib._types import Array, ArrayLike, DType, ExpectedShape, Ids, Lengths, Rng, Shape, State

N = TypeVar("N", bound=float)  # integers too
C = TypeVar("C")
S = TypeVar("S")


def describe(value: object) -> str:
    """Describe a value in a few words for an error message: ``float32 array of shape (5, 3)``."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {'array' if is_array(value) else type(value).__name__} of shape {value.shape}"
    return f"{type(value).__name__} {value!r:.60}"


def is_array(value: object) -> TypeGuard[Array]:
    """Say whether `value` is an array that computes like one: in a matrix ``*`` and ``@`` are the same."""
    return type(value) is np.ndarray or isinstance(value, np.memmap)


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
    if not is_array(value):
        raise ValueError(f"{name}: expected a NumPy array, got {describe(value)}. Convert it with np.asarray(...).")
    if value.dtype.kind not in "fc":
        raise ValueError(
            f"{name}: expected floating-point numbers, got {describe(value)}. "
            f"Convert it with {name}.astype(np.float32)."
        )
    if value.shape != shape:  # a wrong one, or one with free axes
        require_shape(name, value.shape, shape)
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


def require_shape(name: str, got: Shape, shape: ExpectedShape) -> None:
    """Check that `got` has the axes of `shape` and none of them is empty.

    Raises:
        ValueError: with the argument's name, what was expected, what came, and the usual mend.
    """
    if len(got) != len(shape) or any(
        isinstance(want, int) and want != size for want, size in zip(shape, got, strict=True)
    ):
        expected = "(" + ", ".join(str(axis) for axis in shape) + ("," if len(shape) == 1 else "") + ")"
        raise ValueError(f"{name}: expected shape {expected}, got {got}.{_mend_shape(name, len(got), shape)}")
    if 0 in got:
        raise ValueError(f"{name}: expected at least one element on every axis, got shape {got}.")


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


def require_inputs(x: Array, D: int, dtype: DType) -> Array:
    """Check that `x` is a finite array (T, B, D) of this dtype, or an integer array (T, B) of symbols below D.

    Raises:
        ValueError: with what was expected and what came.
    """
    if is_array(x) and x.dtype.kind in "iu" and x.ndim == 2:
        return require_ids("x", x, D)
    return require_array("x", x, ("T", "B", D), dtype=dtype, finite=True)


def require_step_inputs(x_t: Array, D: int, dtype: DType) -> Array:
    """Check the input of one step, an array (B, D) of this dtype or B symbols; return it, or their one-hot vectors.

    Raises:
        ValueError: with what was expected and what came.
    """
    if is_array(x_t) and x_t.dtype.kind in "iu" and x_t.ndim == 1:
        return np.eye(D, dtype=dtype)[require_ids("x_t", x_t, D)]
    return require_array("x_t", x_t, ("B", D), dtype=dtype, finite=True)


def require_lengths(lengths: Lengths, T: int, B: int) -> Ids:
    """Check that `lengths` holds `B` integers from 1 to `T`, and return them as an array of their own.

    Raises:
        ValueError: with what was expected and what came.
    """
    lengths = np.array(lengths)  # a copy: `backward` reads it again
    if lengths.shape != (B,) or lengths.dtype.kind not in "iu":
        whole = lengths.shape == (B,) and lengths.dtype.kind == "f" and (lengths == np.floor(lengths)).all()
        mend = " Convert them with np.asarray(lengths).astype(int)." if whole else ""
        raise ValueError(f"lengths: expected {B} integers, one per row of the batch, got {describe(lengths)}.{mend}")
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


def require_state(name: str, state: object, B: int, H: int, dtype: DType, finite: bool = False) -> Array:
    """Check that `state` is an array (B, H), and return it; for None return zeros.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    return np.zeros((B, H), dtype) if state is None else require_array(name, state, (B, H), dtype, finite)


def require_cell_state(
    name: str, state: object, B: int, H: int, dtype: DType, finite: bool = False, default: bool = True
) -> tuple[Array, Array]:
    """Check that `state` is a tuple ``(h, c)`` of arrays (B, H), and return it; for None, with `default`, zeros.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    if state is None and default:
        zeros = np.zeros((B, H), dtype)
        return zeros, zeros
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


def require_layer(name: str, value: C, *methods: str) -> C:
    """Check that `value` is a layer, an object with these methods and `params`, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    if isinstance(value, type) or not all(hasattr(value, wanted) for wanted in (*methods, "params")):
        wanted = ", ".join((*methods, "params"))
        mend = f" Make one: {value.__name__}(...)." if isinstance(value, type) else ""
        raise ValueError(f"{name}: expected a layer, an object with {wanted}, got {describe(value)}.{mend}")
    return value


def require_width(name: str, layer: Any, below: str, width: int | None) -> None:
    """Check that `layer` reads vectors of this width, where both say what theirs is.

    Args:
        name: how the caller knows the layer, for the message.
        layer: what has a ``D``, if it says its width.
        below: what it reads, for the message.
        width: that of what it reads; None if it is not known.

    Raises:
        ValueError: with the layer's name and both widths.
    """
    D = getattr(layer, "D", None)
    if None not in (D, width) and D != width:
        raise ValueError(f"{name}: expected D = {width}, the width of {below}, got {layer!r}.")


def require_size(name: str, value: int) -> int:
    """Check that `value` is a whole number of at least 1, and return it as an int.

    Raises:
        ValueError: with the argument's name, what came, and what would mend it.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and value >= 1:
        return int(value)
    mend = ""
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value) and int(value) == value >= 1:
        mend = f" Convert it with int({name})."
    raise ValueError(f"{name}: expected a whole number of at least 1, got {_number(value)}.{mend}")


def require_number(name: str, value: N, holds: Callable[[N], bool], expected: str) -> N:
    """Check that `value` is a real number for which `holds` says yes, and return it.

    Raises:
        ValueError: with the argument's name, `expected` and what came.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not holds(value):
        raise ValueError(f"{name}: expected {expected}, got {_number(value)}.")
    return value


def require_finite(name: str, value: N, dtype: DType | None = None) -> N:
    """Check that `value` is a finite number, and one of `dtype` if there is one, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    require_number(name, value, math.isfinite, "a finite number")
    if dtype is not None and abs(value) > float(np.finfo(dtype).max):
        raise ValueError(f"{name}: expected a number that {np.dtype(dtype)} can hold, got {_number(value)}.")
    return value


def require_rng(rng: Any) -> Rng:
    """Return `rng`, or a generator with seed 0 for None.

    Raises:
        ValueError: when it is anything but a `numpy.random.Generator`.
    """
    if rng is None:
        return np.random.default_rng(0)
    if not hasattr(rng, "random"):  # what draws like a generator will do
        mend = " Make one with np.random.default_rng(seed)."
        raise ValueError(f"rng: expected a numpy.random.Generator, got {describe(rng)}.{mend}")
    return rng


def require_dtype(dtype: DType) -> DType:
    """Check that `dtype` holds floating-point numbers, and return it: in integers, small numbers would become 0.

    Raises:
        ValueError: with what came.
    """
    try:
        got = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"dtype: expected a floating-point dtype such as np.float32, got {describe(dtype)}.") from None
    if got.kind not in "fc" or not got.isnative:  # NumPy multiplies no matrices in another order of bytes
        raise ValueError(f"dtype: expected a floating-point dtype such as np.float32, got {got}.")
    return dtype


def require_flag(name: str, value: bool) -> bool:
    """Check that `value` is True or False, and return it.

    Raises:
        ValueError: with the argument's name and what came: most texts count as true, ``"no"`` too.
    """
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name}: expected True or False, got {describe(value)}.")
    return bool(value)


def require_positive(name: str, value: N) -> N:
    """Check that `value` is a number greater than zero, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    return require_number(name, value, lambda number: number > 0, "a number greater than 0")


def require_share(name: str, value: float) -> float:
    """Check that `value` is a number from 0 to below 1, and return it.

    Raises:
        ValueError: with the argument's name and what came.
    """
    return require_number(name, value, lambda number: 0 <= number < 1, "a number from 0 to below 1")


def require_choice(name: str, value: C, choices: Collection[Any]) -> C:
    """Check that `value` is one of `choices`, and return it.

    Raises:
        ValueError: with the argument's name, the choices and what came.
    """
    if not any(value is choice or (type(value) is type(choice) and value == choice) for choice in choices):
        raise ValueError(f"{name}: expected one of {', '.join(map(repr, choices))}, got {value!r:.60}.")
    return value


def _number(value: object) -> str:
    """A number as it is written, and anything else with its type."""
    return repr(value) if type(value) in (int, float) else describe(value)


def _mend_shape(name: str, axes: int, shape: ExpectedShape) -> str:
    """Suggest the usual mend for a shape that is one step away from the expected one."""
    if axes == len(shape) - 1:
        if len(shape) == 3:
            return f" Add the batch axis with {name}[:, None], or the time axis with {name}[None]."
        if shape[-1] == 1:
            return f" Add the last axis with {name}[..., None]."
        return f" Add the batch axis with {name}[None]."
    if len(shape) == 3 and axes == 3:
        return f" Arrays are time-major, (steps, batch, features): if yours is batch-first, use {name}.swapaxes(0, 1)."
    return ""
