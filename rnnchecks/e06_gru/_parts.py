"""What the two GRUs share: a wrong version made of these shows only what is wrong with it."""

import numpy as np

from rnnchecks.engine.problem import normal
from rnnlib.activations import sigmoid


def arguments(rng, s):
    """Draw ``x_t, h_prev, W_xh, W_hh, b_h``, with gates that are neither shut nor open."""
    x_t, h_prev = normal(rng, s.B, s.D), np.tanh(normal(rng, s.B, s.H))
    return x_t, h_prev, normal(rng, s.D, 3 * s.H), normal(rng, s.H, 3 * s.H), normal(rng, 3 * s.H)


def from_input(x_t, W_xh, b_h):
    """Return the input's part of the three sums, r, z and n."""
    return np.split(x_t @ W_xh + b_h, 3, axis=-1)


def from_state(h_prev, W_hh):
    """Return the old state's part of the three sums, with nothing reset."""
    return np.split(h_prev @ W_hh, 3, axis=-1)


def gates(x_t, h_prev, W_xh, W_hh, b_h):
    """Return r and z as they should be."""
    (x_r, x_z, _), (h_r, h_z, _) = from_input(x_t, W_xh, b_h), from_state(h_prev, W_hh)
    return sigmoid(x_r + h_r), sigmoid(x_z + h_z)


def mixed(z, n, h_prev):
    """Mix as it should be: z of the old state, the rest of the candidate."""
    return (1 - z) * n + z * h_prev


def exchanged(array):
    """Exchange the first two of the three blocks: what is meant for r, z, n is read as z, r, n."""
    first, second, third = np.split(array, 3, axis=-1)
    return np.concatenate([second, first, third], axis=-1)
