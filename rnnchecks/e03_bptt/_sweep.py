"""The way back through a sequence, in two halves: a wrong version made of them shows only what is wrong with it."""

import numpy as np

from rnnchecks.engine.problem import normal


def arguments(rng, T, B, D, H):
    """Run a random net forward, and draw a gradient for every state: ``dh, x, h0, h, W_xh, W_hh``."""
    x, h0 = normal(rng, T, B, D), normal(rng, B, H, scale=0.5)
    W_xh, W_hh, b_h = (normal(rng, *shape, scale=0.5) for shape in ((D, H), (H, H), (H,)))
    h, h_prev = np.empty((T, B, H)), h0
    for t in range(T):
        h_prev = h[t] = np.tanh(x[t] @ W_xh + h_prev @ W_hh + b_h)
    return normal(rng, T, B, H), x, h0, h, W_xh, W_hh


def swept(dh, dz_at, to_past):
    """Go from the last step to the first: ``dz_t = dz_at(t, dh_next)``, then ``dh_next = to_past(dz_t)``."""
    dz, dh_next = np.empty_like(dh), np.zeros_like(dh[0])
    for t in reversed(range(len(dh))):
        dz[t] = dz_at(t, dh_next)
        dh_next = to_past(dz[t])
    return dz


def right_dz(dh, h, W_hh):
    """Return dz of every step as it should be."""
    return swept(dh, lambda t, dh_next: (dh[t] + dh_next) * (1 - h[t] ** 2), lambda dz: dz @ W_hh.T)


def before(h0, h):
    """Return the state before each step, (T, B, H)."""
    return np.concatenate((h0[None], h[:-1]))


def shares(dz, x, h_prev):
    """List what each step adds to dW_xh, dW_hh and db_h; the first axis of each array is time."""
    return np.swapaxes(x, 1, 2) @ dz, np.swapaxes(h_prev, 1, 2) @ dz, dz.sum(axis=1)


def from_dz(dz, x, h_prev, W_xh, W_hh):
    """Turn dz of every step into the five results: dx, dh0, dW_xh, dW_hh, db_h."""
    dW_xh, dW_hh, db_h = (share.sum(axis=0) for share in shares(dz, x, h_prev))
    return dz @ W_xh.T, dz[0] @ W_hh.T, dW_xh, dW_hh, db_h
