"""Sequences of different lengths in one batch: what counts, and where each one ends.

Taught in: chapter 07.
"""

import numpy as np


def valid_steps(lengths, T):
    """Mark the steps that count.

    Args:
        lengths: integer array (B,).
        T: number of steps of the padded batch.

    Returns:
        Boolean array (T, B): True where ``t < lengths[b]``.

    Example:
        >>> valid_steps(np.array([3, 1]), 3).astype(int)
        array([[1, 1],
               [1, 0],
               [1, 0]])
    """
    return np.arange(T)[:, None] < np.asarray(lengths)


def keep_valid(a, lengths):
    """Set the steps of `a`, (T, B, ...), that lie after the end of their sequence to zero, in place, and return it."""
    # Assigned, not multiplied by a mask: infinity times zero is NaN.
    a[~valid_steps(lengths, len(a))] = 0
    return a


def last_valid(a, lengths):
    """Pick from `a`, (T, B, ...), the last step that counts of every sequence: (B, ...)."""
    return a[np.asarray(lengths) - 1, np.arange(a.shape[1])]
