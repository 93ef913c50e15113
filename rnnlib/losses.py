"""Losses, each returned with its gradient.

A loss here is a mean over the positions that count. Dividing by their number, not by the number of sequences,
keeps the size of the gradient the same when sequences get longer.

Taught in: chapter 02 (cross-entropy, squared error), chapter 03 (their gradients).
"""

import numpy as np

from rnnlib._types import Array, ArrayLike, Mask, Shape
from rnnlib._validate import describe, require_array, require_ids

__all__ = ["softmax_cross_entropy", "squared_error"]


def softmax_cross_entropy(
    logits: Array, targets: ArrayLike, mask: Mask | None = None, *, ignore: int | None = None
) -> tuple[float, Array]:
    """Mean cross-entropy of a softmax, in nats, and its gradient.

    For one position with logits y and the right class k::

        loss = log(sum_j e^{y_j}) - y_k
        dy   = softmax(y) - one_hot(k)

    Args:
        logits: array (..., V).
        targets: integer array (...) of classes from 0 to V - 1; what stands where `mask` is False is ignored.
        mask: boolean array (...), True where the position counts; default everywhere.
        ignore: label, such as -100, whose positions do not count; default none.

    Returns:
        loss: float, the mean over the positions that count.
        dlogits: array (..., V), its gradient with respect to `logits`; zero where a position does not count.

    Raises:
        ValueError: when the shapes do not belong together, a target is out of range or no position counts.

    Example:
        >>> loss, dlogits = softmax_cross_entropy(np.zeros((1, 4)), np.array([2]))
        >>> round(loss, 4), dlogits
        (1.3863, array([[ 0.25,  0.25, -0.75,  0.25]]))
    """
    free = tuple(f"n{axis}" for axis in range(np.ndim(logits) - 1))
    V = require_array("logits", logits, (*free, "V")).shape[-1]
    targets = np.asarray(targets)
    if targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"targets: expected shape {logits.shape[:-1]}, one class per row of logits, got {targets.shape}."
        )
    mask = _require_mask(mask, targets.shape)
    if ignore is not None:
        counts = targets != ignore
        mask = _require_mask(counts if mask is None else mask & counts, targets.shape)
    if mask is not None:
        targets = np.where(mask, targets, 0)
    require_ids("targets", targets, V)

    # Subtracting the largest logit changes nothing in the fraction and keeps every exponential finite.
    p = np.subtract(logits, logits.real.max(axis=-1, keepdims=True), order="C")
    rows = p.reshape(-1, V)  # one a position, in the same memory
    right = np.arange(len(rows)), targets.ravel()
    right_logit = rows[right]
    np.exp(p, out=p)
    total = rows @ np.ones(V, p.dtype)  # the sum of each row: of short rows, 5 times sooner than np.sum
    nll = np.log(total) - right_logit
    rows /= total[:, None]  # softmax(y)
    rows[right] -= 1  # softmax(y) - one_hot(k)
    return _mean_over(mask, nll.reshape(targets.shape), p)


def squared_error(y: Array, target: Array, mask: Mask | None = None) -> tuple[float, Array]:
    """Mean over positions of half the squared distance, and its gradient.

    For one position::

        loss = 1/2 sum_k (y_k - target_k)^2
        dy   = y - target

    Args:
        y: array (..., K), what the net says.
        target: array (..., K), what it should say.
        mask: boolean array (...), True where the position counts; default everywhere.

    Returns:
        loss: float, the mean over the positions that count.
        dy: array (..., K), its gradient with respect to `y`; zero where the mask is False.

    Raises:
        ValueError: when the shapes do not belong together or no position counts.

    Example:
        >>> squared_error(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]))
        (2.5, array([[1., 2.]]))
    """
    free = tuple(f"n{axis}" for axis in range(np.ndim(y) - 1))
    require_array("y", y, (*free, "K"))
    require_array("target", target, y.shape, dtype=y.dtype)
    mask = _require_mask(mask, y.shape[:-1])
    dy = y - target
    return _mean_over(mask, 0.5 * (dy * dy).sum(axis=-1), dy)


def _require_mask(mask: Mask | None, shape: Shape) -> Mask | None:
    """Check that `mask` is None or a boolean array of the given shape with at least one True."""
    if mask is None:
        return None
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.shape != shape:
        raise ValueError(f"mask: expected a boolean array of shape {shape}, got {describe(mask)}.")
    if not mask.any():
        raise ValueError("mask: expected at least one position that counts, got none.")
    return mask


def _mean_over(mask: Mask | None, losses: Array, gradient: Array) -> tuple[float, Array]:
    """Average `losses` over the positions of `mask`, and scale `gradient`, in place, to match."""
    if mask is None:
        gradient /= losses.size
        return losses.mean().item(), gradient
    gradient[~mask] = 0
    gradient /= mask.sum()
    return losses[mask].mean().item(), gradient
