"""Lengths to try a padded batch on, and which of its steps are real."""

import numpy as np


def some_lengths(rng, T, B):
    """Draw a length from 1 to T for each row; where there is room for it, one row is full and another is not."""
    lengths = rng.integers(1, T + 1, size=B)
    if B > 1 and T > 1:
        full, short = rng.choice(B, size=2, replace=False)
        lengths[full], lengths[short] = T, rng.integers(1, T)
    return lengths


def real_steps(lengths, T):
    """Mark the steps (T, B) that count."""
    return np.arange(T)[:, None] < lengths
