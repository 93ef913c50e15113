"""Is this gradient right? Compare it, number by number, with one that needs no derivation.

Taught in: chapter 03.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlib._types import Array, Params, Shape
from rnnlib._validate import require_array, require_choice

__all__ = ["GradReport", "TensorReport", "central_difference", "complex_step", "gradcheck"]

# What the two methods reach in float64 on smooth functions of moderate size, with room to spare.
TOLERANCE = {"central": 1e-6, "complex": 1e-12}
# A gradient smaller than this is compared as if it were this large: what is left of it in the differences is rounding.
FLOOR = 1e-4


@dataclass(frozen=True)
class TensorReport:
    """How one analytic gradient compares with the numeric one.

    Attributes:
        name: name of the tensor.
        shape: its shape.
        max_difference: largest ``|analytic - numeric|``.
        relative: that, divided by the largest ``|numeric|`` (or by 1e-4 where that is smaller).
        worst: index of the largest difference.
        ok: whether `relative` is within the tolerance.
    """

    name: str
    shape: Shape
    max_difference: float
    relative: float
    worst: Shape
    ok: bool


@dataclass(frozen=True)
class GradReport:
    """The reports of all tensors; prints as a table, and is true when every tensor agrees."""

    tensors: tuple[TensorReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every tensor agrees."""
        return all(tensor.ok for tensor in self.tensors)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        lines = [f"{'tensor':<10} {'shape':<14} {'max diff':>9} {'relative':>9}"]
        for t in self.tensors:
            verdict = "ok" if t.ok else f"wrong, most at {t.worst}"
            lines.append(f"{t.name:<10} {t.shape!s:<14} {t.max_difference:>9.1e} {t.relative:>9.1e}  {verdict}")
        return "\n".join(lines)


def central_difference(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    """Gradient of the scalar function `f` at `x` by central differences: ``(f(x + eps) - f(x - eps)) / (2 eps)``.

    Args:
        f: function of an array like `x` that returns a real number.
        x: float64 array; it is not changed.
        eps: step. The error of the formula falls as eps^2, the rounding error grows as 1/eps; 1e-5 is near the best
            for numbers of size 1 in float64.

    Returns:
        Array of the shape of `x`.

    Example:
        >>> central_difference(lambda x: (x**3).sum(), np.array([2.0])).round(6)
        array([12.])
    """
    gradient = np.empty_like(require_array("x", x, np.shape(x)))
    moved = x.copy()
    for index in np.ndindex(x.shape):
        moved[index] = x[index] + eps
        above = f(moved)
        moved[index] = x[index] - eps
        below = f(moved)
        moved[index] = x[index]
        gradient[index] = (above - below) / (2 * eps)
    return gradient


def complex_step(f: Callable[[Array], complex], x: Array, eps: float = 1e-30) -> Array:
    """Gradient of the scalar function `f` at `x` by a complex step: ``Im f(x + i eps) / eps``.

    No difference of nearly equal numbers is taken, so `eps` can be tiny and the result is exact to rounding.
    `f` must be analytic: made of functions that mean the same for complex numbers (no absolute value, no maximum).

    Args:
        f: function of a complex array like `x` that returns a complex number.
        x: float64 array; it is not changed.
        eps: step.

    Returns:
        Array of the shape of `x`.

    Source: Squire & Trapp 1998, "Using complex variables to estimate derivatives of real functions".

    Example:
        >>> complex_step(lambda x: (x**3).sum(), np.array([2.0]))
        array([12.])
    """
    gradient = np.empty_like(require_array("x", x, np.shape(x)))
    moved = x.astype(np.complex128)
    for index in np.ndindex(x.shape):
        moved[index] = x[index] + 1j * eps
        gradient[index] = f(moved).imag / eps
        moved[index] = x[index]
    return gradient


def gradcheck(
    loss: Callable[[Params], Any],
    tensors: Params,
    grads: Params,
    method: str = "central",
    tolerance: float | None = None,
) -> GradReport:
    """Compare analytic gradients with numeric ones, tensor by tensor.

    Args:
        loss: function of a dict of arrays, like `tensors`, that returns the scalar loss.
        tensors: dict of float64 arrays: the point at which to compare.
        grads: dict of arrays: the analytic gradients, under names of `tensors`.
        method: ``"central"`` (any loss) or ``"complex"`` (analytic losses, far more exact).
        tolerance: largest relative difference that passes; default 1e-6 (central), 1e-12 (complex).

    Returns:
        `GradReport`: print it, or use it as a truth value.

    Raises:
        ValueError: when there is no gradient, a gradient has no tensor or another shape, or a tensor is not float64.

    Example:
        >>> w = {"w": np.array([1.0, 2.0])}
        >>> bool(gradcheck(lambda p: (p["w"] ** 2).sum(), w, {"w": np.array([2.0, 4.0])}))
        True
    """
    numeric: Callable[..., Array] = {"central": central_difference, "complex": complex_step}[
        require_choice("method", method, TOLERANCE)
    ]
    tolerance = TOLERANCE[method] if tolerance is None else tolerance
    if not grads:
        raise ValueError("grads: expected at least one gradient, got none. Call backward before comparing.")
    reports = []
    for name, analytic in grads.items():
        if name not in tensors:
            raise ValueError(f"grads: expected names among {sorted(tensors)}, got {name!r}.")
        x = require_array(f"tensors[{name!r}]", tensors[name], np.shape(tensors[name]), dtype=np.float64)
        require_array(f"grads[{name!r}]", analytic, x.shape)
        expected = numeric(lambda moved, name=name: loss({**tensors, name: moved}), x)
        difference = np.abs(analytic - expected)
        worst = np.unravel_index(np.argmax(np.where(np.isnan(difference), np.inf, difference)), x.shape)
        relative = difference[worst] / max(np.abs(expected).max(), FLOOR)
        reports.append(
            TensorReport(
                name=name,
                shape=x.shape,
                max_difference=float(difference[worst]),
                relative=float(relative),
                worst=tuple(int(i) for i in worst),
                ok=bool(relative <= tolerance),
            )
        )
    return GradReport(tuple(reports))
