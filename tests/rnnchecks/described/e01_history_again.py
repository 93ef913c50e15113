"""More wrong answers to the problems of 01-history, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e01_history import logistic


@meant("history.hopfield_weights", "mean-taken-off")
def covariance(patterns):
    P, N = patterns.shape
    centred = patterns - patterns.mean(axis=0)
    W = centred.T @ centred / N
    W[range(N), range(N)] = 0
    return W


@meant("history.hopfield_weights", "one-off-the-diagonal")
def identity_subtracted(patterns):
    N = patterns.shape[1]
    W = sum(np.outer(p, p) for p in patterns) / N
    return W - np.eye(N)


@meant("history.hopfield_energy", "all-states-together")
def one_energy(S, W):
    return -0.5 * np.sum((S @ W) * S)


@meant("history.hopfield_recall", "all-at-once-and-one-at-zero")
def all_together(s, W, order):
    s = s.copy()
    for _ in range(50):
        new = np.where(W @ s >= 0, 1, -1)
        if np.array_equal(new, s):
            break
        s = new
    return s


@meant("history.temporal_xor", "xors-at-the-end")
def xors_last(bits):
    return np.concatenate([bits.ravel(), bits[:, 0] ^ bits[:, 1]])


@meant("history.temporal_xor", "xor-of-neighbouring-pairs")
def xor_across(bits):
    out = []
    for k in range(len(bits)):
        out += [bits[k, 0], bits[k, 1], bits[k, 1] ^ bits[(k + 1) % len(bits), 0]]
    return np.array(out)


@meant("history.elman_step", "output-and-state-swapped")
def y_then_h(x_t, h_prev, W, b_h, W_hy, b_y):
    h = logistic(np.hstack([x_t, h_prev]) @ W + b_h)
    return logistic(h @ W_hy + b_y), h


@meant("history.error_by_place", "one-place-too-far")
def a_place_too_far(y, x):
    e = [[], [], []]
    for t in range(len(y)):
        e[(t + 2) % 3].append((y[t] - x[t + 1]) ** 2)
    return np.array([np.sqrt(np.mean(one)) for one in e])
