"""A decoder to search with: a small net whose next symbol depends on all that it has read."""

import numpy as np

from rnnchecks.engine.problem import normal

START, END = 0, 1


def drawn_writer(rng, V, H=4, sharp=3.0, ends=0.0):
    """Draw ``step(symbol, state) -> (log_p, state)`` over V symbols and its first state; `ends` makes words short."""
    W_hh, W_out, embedding = normal(rng, H, H), sharp * normal(rng, H, V), 1.5 * normal(rng, V, H)
    bias = np.zeros(V)
    bias[START], bias[END] = -30, ends

    def step(symbol, state):
        if not 0 <= int(symbol) < V:
            raise ValueError(f"symbol: expected a number from 0 to {V - 1}, got {symbol}.")
        if np.shape(state) != (H,):
            raise ValueError(f"state: expected an array of shape {(H,)}, as step returned it, got {np.shape(state)}.")
        h = np.tanh(state @ W_hh + embedding[int(symbol)])
        z = h @ W_out + bias
        z = z - z.max()
        return z - np.log(np.exp(z).sum()), h

    return step, normal(rng, H)
