"""A net with an output, in parts: three of the five shapes are made of them."""

import numpy as np

from rnnchecks.engine.problem import normal


def states(x, cell):
    """Read a sequence, starting from a state of zeros; return every state."""
    h, h_t = [], np.zeros((x.shape[1], len(cell["b_h"])))
    for x_t in x:
        h_t = next_state(x_t @ cell["W_xh"], h_t, cell)
        h.append(h_t)
    return np.stack(h)


def next_state(read, h_prev, cell):
    """One step; ``read`` is what the input brings, x_t W_xh."""
    return np.tanh(read + h_prev @ cell["W_hh"] + cell["b_h"])


def read_off(h, cell):
    """Turn states into outputs."""
    return h @ cell["W_hy"] + cell["b_y"]


def net(rng, D, H, K):
    """Draw the arrays of a recurrent layer and of its output."""
    shapes = {"W_xh": (D, H), "W_hh": (H, H), "b_h": (H,), "W_hy": (H, K), "b_y": (K,)}
    return {name: normal(rng, *shape, scale=0.5) for name, shape in shapes.items()}
