"""Wrong answers to the problems of 11-comparison, of a third draw."""

import numpy as np

from rnnlib.intervals import t_quantile
from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e11_comparison import parameters


@meant("comparison.equal_widths", "exact-fit-refused")
def strictly_below(D, K, budget):
    found = []
    for kind in ("rnn", "lstm", "gru"):
        H = 0
        while parameters(kind, D, H + 1, K) < budget:
            H += 1
        found.append(H)
    return tuple(found)


def around(values, t, ddof=1):
    m, half = values.mean(), t * values.std(ddof=ddof) / np.sqrt(len(values))
    return m, m - half, m + half


@meant("comparison.mean_interval", "n-in-both-places")
def n_everywhere(values):
    return around(values, t_quantile(0.975, len(values)), ddof=0)


@meant("comparison.mean_interval", "normal-quantile")
def as_if_known(values):
    return around(values, 1.96)


@meant("comparison.difference_interval", "ends-subtracted")
def ends(a, b):
    ma, la, ha = around(a, t_quantile(0.975, len(a) - 1))
    mb, lb, hb = around(b, t_quantile(0.975, len(b) - 1))
    return ma - mb, la - hb, ha - lb


@meant("comparison.bootstrap_interval", "medians")
def middle_of_each(values, picked):
    m = np.median(values[picked], axis=1)
    return np.quantile(m, 0.025), np.quantile(m, 0.975)


@meant("comparison.at_equal_time", "mean-of-the-runs")
def one_score_a_cell(curves, seconds):
    C, R, marks = curves.shape
    reached = [int(marks * seconds.min() / s) for s in seconds]
    return np.array([curves[c, :, n - 1].mean() for c, n in enumerate(reached)])
