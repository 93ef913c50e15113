"""Wrong answers to the problems of 11-comparison, written from descriptions."""

import numpy as np

from rnnlib.intervals import t_quantile
from tests.rnnchecks.described import meant


def parameters(kind, D, H, K):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    inner = H if kind == "gru" else 0
    return blocks * (D * H + H * H + H) + inner + H * K + K


def widest(kind, D, K, budget):
    H = 0
    while parameters(kind, D, H + 1, K) <= budget:
        H += 1
    return H


@meant("comparison.equal_widths", "lstm-and-gru-exchanged")
def returned_the_other_way(D, K, budget):
    return widest("rnn", D, K, budget), widest("gru", D, K, budget), widest("lstm", D, K, budget)


@meant("comparison.mean_interval", "one-standard-error")
def plus_minus_one(values):
    m, se = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    return m, m - se, m + se


@meant("comparison.mean_interval", "median-for-mean")
def the_middle_run(values):
    n = len(values)
    half = t_quantile(0.975, n - 1) * np.std(values, ddof=1) / np.sqrt(n)
    m = values.mean()
    return np.median(values), m - half, m + half


@meant("comparison.difference_interval", "spread-over-n")
def divided_by_n(a, b):
    va, vb = np.var(a) / len(a), np.var(b) / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    d, half = a.mean() - b.mean(), t_quantile(0.975, nu) * np.sqrt(va + vb)
    return d, d - half, d + half


@meant("comparison.bootstrap_interval", "per-cent-and-shares")
def shares_of_a_percentile(values, picked):
    means = [values[rows].mean() for rows in picked]
    return np.percentile(means, 0.025), np.percentile(means, 0.975)


@meant("comparison.bootstrap_interval", "lowest-and-highest-mean")
def extremes(values, picked):
    means = values[picked].mean(axis=1)
    return means.min(), means.max()


@meant("comparison.at_equal_time", "mean-of-the-way")
def averaged_up_to_the_time(curves, seconds):
    C, R, marks = curves.shape
    out = np.zeros((C, R))
    for c in range(C):
        n = int(marks * seconds.min() / seconds[c])
        out[c] = curves[c, :, :n].mean(axis=1)
    return out
