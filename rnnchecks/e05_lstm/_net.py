"""A random LSTM, run forward: the arguments of the way back, and the step with its parts apart."""

import numpy as np

from rnnchecks.engine.problem import normal
from rnnlib.activations import sigmoid


def weights(rng, D, H):
    """Draw ``W_xh, W_hh, b_h``."""
    return normal(rng, D, 4 * H, scale=0.7), normal(rng, H, 4 * H, scale=0.7), normal(rng, 4 * H, scale=0.7)


def sums(x_t, h_prev, W_xh, W_hh, b_h):
    """Return the four blocks of z_t, each (B, H), in the order i, f, g, o."""
    return np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=-1)


def squashed(z_i, z_f, z_g, z_o):
    """Return the gates i, f, o and the candidate g, in the order i, f, g, o."""
    return sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)


def forward(rng, T, B, D, H):
    """Run a random net: ``x, h0, c0, h, c, gates, W_xh, W_hh``, with gates (T, 4, B, H)."""
    x, h0, c0 = normal(rng, T, B, D), normal(rng, B, H, scale=0.5), normal(rng, B, H)
    W_xh, W_hh, b_h = weights(rng, D, H)
    h, c, gates = np.empty((T, B, H)), np.empty((T, B, H)), np.empty((T, 4, B, H))
    h_prev, c_prev = h0, c0
    for t in range(T):
        gates[t] = squashed(*sums(x[t], h_prev, W_xh, W_hh, b_h))
        i, f, g, o = gates[t]
        c_prev = c[t] = f * c_prev + i * g
        h_prev = h[t] = o * np.tanh(c_prev)
    return x, h0, c0, h, c, gates, W_xh, W_hh
