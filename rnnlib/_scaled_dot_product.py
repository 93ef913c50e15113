"""The arithmetic and the checks that all attention layers share. Batch and heads come first: (..., T, width)."""

import numpy as np

from rnnlib._types import Array, Mask
from rnnlib._validate import describe, require_array
from rnnlib.activations import softmax


def masked_softmax(scores: Array, mask: Mask | None) -> Array:
    """Softmax over the last axis of `scores`, exactly zero where `mask` is False."""
    # e to the minus infinity is zero, and not merely small: what is masked has no share and no gradient.
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf))


def softmax_backward(dweights: Array, weights: Array) -> Array:
    """Gradient of a softmax over the last axis with respect to what it was taken of."""
    return weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))


def attend(q: Array, k: Array, v: Array, mask: Mask | None) -> tuple[Array, Array]:
    """Scaled dot-product attention of `q`, (..., T, d), to `k`, (..., S, d), and `v`, (..., S, E).

    Returns:
        context: array (..., T, E).
        weights: array (..., T, S).
    """
    scores = q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5
    weights = masked_softmax(scores, mask)
    return weights @ v, weights


def attend_backward(dcontext: Array, q: Array, k: Array, v: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Gradients of `attend` with respect to `q`, `k` and `v`."""
    dv = weights.swapaxes(-1, -2) @ dcontext
    dscores = softmax_backward(dcontext @ v.swapaxes(-1, -2), weights)
    dscores *= q.shape[-1] ** -0.5
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, dv


def require_keys(q: Array, k: Array, v: Array, mask: Mask | None, D_k: int, D_v: int | str = "E") -> Mask | None:
    """Check that keys and values, of the given widths, and mask fit the queries; return the mask batch first, or None.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    T, B, _ = q.shape
    require_array("k", k, ("S", B, D_k), dtype=q.dtype, finite=True)
    S = len(k)
    require_array("v", v, (S, B, D_v), dtype=q.dtype, finite=True)
    if mask is None:
        return None
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.ndim != 3 or any(m not in (1, n) for m, n in zip(mask.shape, (T, B, S), strict=True)):
        raise ValueError(
            f"mask: expected a boolean array of shape {(T, B, S)}, or with 1 for an axis, got {describe(mask)}. "
            "Make it with causal_mask(T), length_mask(lengths, S), or both joined by &."
        )
    blind = ~mask.any(axis=-1)
    if blind.any():
        t, b = (int(i) for i in np.argwhere(blind)[0])
        raise ValueError(f"mask: expected at least one key for every query, got none at step {t} of row {b}.")
    return mask.swapaxes(0, 1)
