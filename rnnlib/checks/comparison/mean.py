"""The mean of repeated runs, and the interval that belongs to it."""

from math import sqrt

import numpy as np

from rnnlib.checks.problem import Problem
from rnnlib.intervals import t_quantile

mean = Problem("comparison.mean_interval", "11-comparison", outputs={"mean": "", "low": "", "high": ""})


@mean.reference
def mean_interval(values):
    """Mean, and t standard errors down and up, with n - 1 degrees of freedom."""
    n = len(values)
    middle = values.mean()
    half = t_quantile(0.975, n - 1) * sqrt(((values - middle) ** 2).sum() / (n - 1) / n)
    return middle, middle - half, middle + half


def around(values, half):
    """Give the mean, and as much below it as above."""
    middle = values.mean()
    return middle, middle - half, middle + half


def error(values, ddof=1):
    """Give the standard error."""
    return values.std(ddof=ddof) / sqrt(len(values))


def runs(rng, n, middle=0.0, spread=1.0):
    """Draw the results of n runs with exactly this mean and spread: degrees of freedom depend on the spreads."""
    z = rng.standard_normal(n)
    return middle + spread * (z - z.mean()) / z.std(ddof=1)


@mean.special("five runs")
def _(rng):
    return (runs(rng, 5, 0.7),)


@mean.special("three runs, of which one went wrong")
def _(rng):
    return (np.array([0.91, 0.9, 0.55]) + 0.01 * rng.random(3),)


@mean.special("twelve runs")
def _(rng):
    return (runs(rng, 12, 3.0, 2.0),)


@mean.special("two runs", hidden=True)
def _(rng):
    return (runs(rng, 2, 0.4),)


@mean.special("forty runs", hidden=True)
def _(rng):
    return (runs(rng, 40, -1.0, 0.5),)


@mean.special("four runs with one result", hidden=True)
def _(rng):
    return (np.full(4, 0.75),)


@mean.misconception(
    "how-far-a-run-strays",
    "Your interval is as wide as single runs stray. The mean of n runs strays less: what becomes of the spread when "
    "you average?",
)
def _(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.std(ddof=1))


@mean.misconception(
    "divided-by-n",
    "You divide the spread by n. Variances are divided by n when you average; what becomes of their root?",
)
def _(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.std(ddof=1) / len(values))


@mean.misconception(
    "variance-for-spread",
    "You use the variance where its root belongs.",
)
def _(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.var(ddof=1) / sqrt(len(values)))


@mean.misconception(
    "spread-over-n",
    "You divide the sum of squares by n. Deviations from a mean that was computed from the same runs are too small; "
    "which divisor makes up for it? NumPy's std has an argument for it.",
)
def _(values):
    return around(values, t_quantile(0.975, len(values) - 1) * error(values, ddof=0))


@mean.misconception(
    "n-degrees-of-freedom",
    "Your t belongs to n degrees of freedom. One is used up by the mean.",
)
def _(values):
    return around(values, t_quantile(0.975, len(values)) * error(values))


@mean.misconception(
    "n-in-both-places",
    "You take n where n - 1 belongs in two places: in the spread, and in the degrees of freedom.",
)
def _(values):
    return around(values, t_quantile(0.975, len(values)) * error(values, ddof=0))


@mean.misconception(
    "normal-quantile",
    "You multiply by 1.96, as if the spread were known. It is estimated from few runs, and t is larger.",
)
def _(values):
    return around(values, t_quantile(0.975, 10**6) * error(values))


@mean.misconception(
    "known-spread-over-n",
    "Two things at once: NumPy's std divides by n unless its ddof says otherwise, and 1.96 would be right for a spread "
    "that is known. For one that is estimated from few runs, t is larger.",
)
def _(values):
    return around(values, t_quantile(0.975, 10**6) * error(values, ddof=0))


@mean.misconception(
    "two-standard-errors",
    "You multiply by 2 whatever the number of runs is. With five runs, t is 2.78.",
)
def _(values):
    return around(values, 2 * error(values))


@mean.misconception(
    "one-standard-error",
    "That is one standard error down and up. It holds the true mean in about two of three repetitions, not in 95 %.",
)
def _(values):
    return around(values, error(values))


@mean.misconception(
    "one-sided",
    "You leave 5 % above the interval and 5 % below it. Together they may have 5 %.",
)
def _(values):
    return around(values, t_quantile(0.95, len(values) - 1) * error(values))


@mean.misconception(
    "around-zero",
    "low and high are how far the ends lie from the mean. Where do they lie themselves?",
)
def _(values):
    middle, low, high = mean_interval(values)
    return middle, low - middle, high - middle


@mean.misconception(
    "half-for-the-ends",
    "Your second and third result are the standard error or the half-width. The two ends of the interval are asked "
    "for.",
)
def _(values):
    middle, _, high = mean_interval(values)
    return middle, high - middle, high - middle


@mean.misconception(
    "lowest-and-highest-run",
    "Your ends are the lowest and the highest run. They move apart with every run more, while what is known of the "
    "mean gets better.",
)
def _(values):
    return values.mean(), values.min(), values.max()


@mean.misconception(
    "middle-of-the-runs",
    "Your ends are quantiles of the runs themselves. That is a range for the next run, not for the mean.",
)
def _(values):
    return values.mean(), np.quantile(values, 0.025), np.quantile(values, 0.975)


@mean.misconception("median-for-mean", "Your first result is the median of the runs. The mean is asked for.")
def _(values):
    _, low, high = mean_interval(values)
    shift = np.median(values) - values.mean()
    return np.median(values), low + shift, high + shift
