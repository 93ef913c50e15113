"""Wrong answers to the problems of 01-history, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e01_history import logistic


@meant("history.hopfield_weights", "sign-flipped")
def negative(patterns):
    W = -patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(W, 0)
    return W


@meant("history.hopfield_energy", "absolute-values")
def sizes(S, W):
    return -0.5 * np.abs(S @ W).sum(axis=1)


@meant("history.hopfield_energy", "state-used-once")
def what_is_heard(S, W):
    return -0.5 * (S @ W).sum(axis=1)


@meant("history.hopfield_recall", "uphill")
def against_all(s, W, order):
    s = s.copy()
    for _ in range(100):
        old = s.copy()
        for i in order:
            f = W[i] @ s
            if f > 0:
                s[i] = -1
            elif f < 0:
                s[i] = 1
        if (s == old).all():
            break
    return s


@meant("history.temporal_xor", "one-when-equal")
def equal(bits):
    return np.array([[a, b, int(a == b)] for a, b in bits]).ravel()


@meant("history.elman_step", "output-bias-forgotten")
def y_without_bias(x_t, h_prev, W, b_h, W_hy, b_y):
    h = logistic(np.concatenate([x_t, h_prev], 1) @ W + b_h)
    return h, logistic(h @ W_hy)


def by_place(y, x, of, T=None):
    errors = [[], [], []]
    for t in range(1, len(x) if T is None else T):
        errors[t % 3].append((y[t - 1] - x[t]) ** 2)
    return np.array([of(e) for e in errors])


@meant("history.error_by_place", "last-triple-left-out")
def whole_triples(y, x):
    return by_place(y, x, lambda e: np.sqrt(np.mean(e)), len(x) // 3 * 3)


@meant("history.error_by_place", "sum-not-mean")
def summed_squares(y, x):
    return by_place(y, x, lambda e: np.sqrt(np.sum(e)))
