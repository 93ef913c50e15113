"""More wrong answers to the problems of 11-comparison, of a second draw."""

import numpy as np

from rnnlib.intervals import t_quantile
from tests.rnnchecks.described import meant


@meant("comparison.equal_widths", "two-biases-everywhere")
def biases_of_pytorch(D, K, budget):
    found = []
    for blocks in (1, 4, 3):
        H = 0
        while blocks * (D * (H + 1) + (H + 1) ** 2 + 2 * (H + 1)) + (H + 1) * K + K <= budget:
            H += 1
        found.append(H)
    return tuple(found)


@meant("comparison.mean_interval", "two-standard-errors")
def always_two(values):
    m, half = values.mean(), 2 * values.std(ddof=1) / np.sqrt(len(values))
    return m, m - half, m + half


def welch(a, b, sign=1, rounded=False):
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    if rounded:
        nu = int(nu)
    d, half = a.mean() - b.mean(), t_quantile(0.975, nu) * np.sqrt(abs(va + sign * vb))
    return d, d - half, d + half


@meant("comparison.difference_interval", "degrees-rounded-down")
def whole_degrees(a, b):
    return welch(a, b, rounded=True)


@meant("comparison.difference_interval", "variances-subtracted")
def variances_apart(a, b):
    return welch(a, b, sign=-1)


@meant("comparison.bootstrap_interval", "places-averaged")
def mean_places(values, picked):
    means = picked.mean(axis=1)
    return np.quantile(means, 0.025), np.quantile(means, 0.975)


@meant("comparison.at_equal_time", "the-best-so-far")
def best_mark(curves, seconds):
    C, R, marks = curves.shape
    out = np.zeros((C, R))
    for c in range(C):
        n = int(marks * min(seconds) / seconds[c])
        out[c] = curves[c, :, :n].max(axis=1)
    return out
