"""Wrong answers to the problems of 01-history, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def logistic(a):
    return 1 / (1 + np.exp(-a))


@meant("history.hopfield_weights", "last-pattern-only")
def weights_replaced(patterns):
    N = patterns.shape[1]
    for p in patterns:
        W = np.outer(p, p) / N
    np.fill_diagonal(W, 0)
    return W


@meant("history.hopfield_weights", "first-pattern-only")
def weights_of_the_first(patterns):
    N = patterns.shape[1]
    W = np.zeros((N, N))
    for p in patterns:
        W = W + np.outer(p, p) / N
        W[np.arange(N), np.arange(N)] = 0
        return W


@meant("history.hopfield_energy", "no-half")
def energy_of_ordered_pairs(S, W):
    E = np.zeros(len(S))
    for k in range(len(S)):
        for i in range(len(W)):
            for j in range(len(W)):
                E[k] -= W[i, j] * S[k, i] * S[k, j]
    return E


@meant("history.hopfield_recall", "off-is-zero")
def recall_with_zeros(s, W, order):
    s = s.copy()
    changed = True
    while changed:
        changed = False
        for i in order:
            heard = W[i] @ s
            new = s[i]
            if heard > 0:
                new = 1
            elif heard < 0:
                new = 0
            if new != s[i]:
                s[i] = new
                changed = True
    return s


@meant("history.hopfield_recall", "zero-at-zero")
def recall_by_sign(s, W, order):
    s = s.copy()
    while True:
        old = s.copy()
        for i in order:
            s[i] = np.sign(W[i] @ s)
        if (s == old).all():
            return s


@meant("history.temporal_xor", "xor-first")
def xor_in_front(bits):
    out = []
    for a, b in bits:
        out += [a ^ b, a, b]
    return np.array(out)


@meant("history.elman_step", "hidden-bias-forgotten")
def elman_without_bias(x_t, h_prev, W, b_h, W_hy, b_y):
    h = logistic(np.hstack([x_t, h_prev]) @ W)
    return h, logistic(h @ W_hy + b_y)


@meant("history.elman_step", "tanh-hidden")
def elman_with_tanh(x_t, h_prev, W, b_h, W_hy, b_y):
    h = np.tanh(np.hstack([x_t, h_prev]) @ W + b_h)
    y = logistic(h @ W_hy + b_y)
    return h, y


@meant("history.error_by_place", "place-of-the-bit-that-was-read")
def filed_under_what_was_read(y, x):
    errors = [[], [], []]
    for t in range(len(y)):
        errors[t % 3].append((y[t] - x[t + 1]) ** 2)
    return np.array([np.sqrt(np.mean(e)) for e in errors])
