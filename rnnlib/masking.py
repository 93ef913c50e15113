"""Sequences of different lengths in one batch: what counts, and where each one ends.

What hides the future from a step of attention is `rnnlib.attention.causal_mask`.

Taught in: chapter 07.
"""

import numpy as np

from rnnlib._types import Array, Lengths, Mask
from rnnlib._validate import require_lengths

__all__ = ["add_at_end", "keep_valid", "last_valid", "mask_of", "reverse_padded", "valid_steps"]


def valid_steps(lengths: Lengths, T: int) -> Mask:
    """Mark the steps that count.

    Args:
        lengths: B integers from 1 to T.
        T: number of steps of the padded batch.

    Returns:
        Boolean array (T, B): True where ``t < lengths[b]``.

    Raises:
        ValueError: when the lengths are no integers or out of range; so do all functions of this module.

    Example:
        >>> valid_steps(np.array([3, 1]), 3).astype(int)
        array([[1, 1],
               [1, 0],
               [1, 0]])
    """
    return np.arange(T)[:, None] < require_lengths(lengths, T, np.size(lengths))


def mask_of(lengths: Lengths | None, T: int) -> Mask | None:
    """The mask that the losses want: `valid_steps`, or None where `lengths` is None and all of the `T` steps count."""
    return None if lengths is None else valid_steps(lengths, T)


def keep_valid(a: Array, lengths: Lengths) -> Array:
    """Set the steps of `a`, (T, B, ...), that lie after the end of their sequence to zero, in place, and return it.

    Args:
        a: array (T, B, ...); it is changed.
        lengths: B integers from 1 to T.
    """
    T, B = a.shape[:2]
    # Assigned, not multiplied by a mask: infinity times zero is NaN.
    a[~valid_steps(require_lengths(lengths, T, B), T)] = 0
    return a


def last_valid(a: Array, lengths: Lengths) -> Array:
    """Pick from `a`, (T, B, ...), the last step that counts of every sequence: (B, ...).

    Args:
        a: array (T, B, ...).
        lengths: B integers from 1 to T.
    """
    T, B = a.shape[:2]
    return a[require_lengths(lengths, T, B) - 1, np.arange(B)]


def add_at_end(dh: Array, dstate: Array, lengths: Lengths) -> Array:
    """Add the gradient of the last state to the gradient of the outputs, for a layer's `backward`.

    The state left each sequence at its own last step, so that is where its gradient enters.

    Args:
        dh: array (T, B, H), gradient with respect to the outputs.
        dstate: array (B, H), gradient with respect to the state after the last step that counts.
        lengths: B integers from 1 to T.

    Returns:
        A new array (T, B, H); zero after the end of a sequence.
    """
    _, B, _ = dh.shape
    dh = keep_valid(dh.copy(), lengths)
    dh[np.asarray(lengths) - 1, np.arange(B)] += dstate
    return dh


def reverse_padded(a: Array, lengths: Lengths | None = None) -> Array:
    """Reverse every sequence of `a`, (T, B, ...), within its own length; the padding stays where it is.

    One row a sequence, with lengths 4, 2, 3::

        a b c d        d c b a
        e f . .   ->   f e . .
        g h i .        i h g .

    Reversing whole columns would put the padding first, and a net would read it before the sequence.

    Args:
        a: array (T, B, ...).
        lengths: B integers from 1 to T; default all T.

    Returns:
        A new array of the shape of `a`. Reversing it again gives `a` back.

    Example:
        >>> reverse_padded(np.array([[1, 5], [2, 6], [3, 0]]), [3, 2])
        array([[3, 6],
               [2, 5],
               [1, 0]])
    """
    if lengths is None:
        return a[::-1].copy()
    T, B = a.shape[:2]
    t, end = np.arange(T)[:, None], require_lengths(lengths, T, B)
    return a[np.where(t < end, end - 1 - t, t), np.arange(B)]
