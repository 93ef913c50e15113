"""Problems of exercise 03-bptt."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

EXERCISE = "03-bptt"

sequence = Problem(
    "bptt.rnn_backward",
    EXERCISE,
    outputs={"dx": "TBD", "dh0": "BH", "dW_xh": "DH", "dW_hh": "HH", "db_h": "H"},
)


@sequence.reference
def rnn_backward(dh, x, h0, h, W_xh, W_hh):
    dx, dW_xh, dW_hh, db_h = (
        np.zeros_like(x),
        np.zeros_like(W_xh),
        np.zeros_like(W_hh),
        np.zeros_like(W_hh[0]),
    )
    dh_next = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        dz = (dh[t] + dh_next) * (1 - h[t] ** 2)
        h_prev = h[t - 1] if t > 0 else h0
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += h_prev.T @ dz
        db_h += dz.sum(axis=0)
        dh_next = dz @ W_hh.T
    return dx, dh_next, dW_xh, dW_hh, db_h


@sequence.arguments
def _(rng, s):
    x, h0 = normal(rng, s.T, s.B, s.D), normal(rng, s.B, s.H, scale=0.5)
    W_xh, W_hh, b_h = (normal(rng, *shape, scale=0.5) for shape in ((s.D, s.H), (s.H, s.H), (s.H,)))
    h, h_prev = np.empty((s.T, s.B, s.H)), h0
    for t in range(s.T):
        h_prev = h[t] = np.tanh(x[t] @ W_xh + h_prev @ W_hh + b_h)
    return normal(rng, s.T, s.B, s.H), x, h0, h, W_xh, W_hh


@sequence.misconception("no-sum-over-time", "dW_hh has only one step's share in it. How many times is W_hh used?")
def _(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, dW_xh, _, db_h = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    dz = dh[-1] * (1 - h[-1] ** 2)
    return dx, dh0, dW_xh, (h[-2] if len(h) > 1 else h0).T @ dz, db_h


PROBLEMS = (sequence,)
