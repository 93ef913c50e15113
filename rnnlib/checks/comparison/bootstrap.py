"""The interval that needs no formula: samples of the runs themselves."""

from math import sqrt

import numpy as np

from rnnlib.checks.comparison.mean import runs
from rnnlib.checks.problem import Problem

bootstrap = Problem("comparison.bootstrap_interval", "11-comparison", outputs={"low": "", "high": ""})


@bootstrap.reference
def bootstrap_interval(values, picked):
    """The middle 95 % of the means of the samples."""
    means = values[picked].mean(axis=1)
    return np.quantile(means, 0.025), np.quantile(means, 0.975)


def ends(numbers, tail=0.025):
    """Give the ends of what is left when a share is cut off on each side."""
    return np.quantile(numbers, tail), np.quantile(numbers, 1 - tail)


def case(rng, n, R, **how):
    """Make n runs, and R samples of them by their places."""
    return runs(rng, n, **how), rng.integers(n, size=(R, n))


@bootstrap.special("five runs, 200 samples")
def _(rng):
    return case(rng, 5, 200)


@bootstrap.special("eight runs, 300 samples")
def _(rng):
    return case(rng, 8, 300, middle=3.0, spread=2.0)


@bootstrap.special("three runs, 90 samples", hidden=True)
def _(rng):
    return case(rng, 3, 90)


@bootstrap.special("twenty runs, 1,000 samples", hidden=True)
def _(rng):
    return case(rng, 20, 1000, middle=-1.0)


@bootstrap.special("as many samples as runs", hidden=True)
def _(rng):
    return case(rng, 30, 30)


@bootstrap.misconception(
    "without-the-means",
    "You take quantiles of all the numbers that were drawn. Each sample gives one number, its mean; the quantiles are "
    "of those.",
)
def _(values, picked):
    return ends(values[picked])


@bootstrap.misconception(
    "the-runs-themselves",
    "Your ends are quantiles of the runs; the samples in `picked` do not come in at all.",
)
def _(values, picked):
    return ends(values)


@bootstrap.misconception(
    "wrong-axis",
    "You average over the samples. A row of `picked` is one sample: average over what stands in the row.",
)
def _(values, picked):
    return ends(values[picked].mean(axis=0))


@bootstrap.misconception(
    "places-averaged",
    "You average the places in `picked`, not the runs that stand there.",
)
def _(values, picked):
    return ends(picked.mean(axis=1))


@bootstrap.misconception("medians", "You take the median of each sample. The interval is about the mean.")
def _(values, picked):
    return ends(np.median(values[picked], axis=1))


@bootstrap.misconception(
    "ninety-per-cent",
    "You cut off 5 % on each side. Together they may have 5 %.",
)
def _(values, picked):
    return ends(values[picked].mean(axis=1), 0.05)


@bootstrap.misconception(
    "per-cent-and-shares",
    "np.percentile counts from 0 to 100, np.quantile from 0 to 1. Your ends are cut off at 0.025 % and 0.975 %.",
)
def _(values, picked):
    return tuple(np.percentile(values[picked].mean(axis=1), [0.025, 0.975]))


@bootstrap.misconception(
    "lowest-and-highest-mean",
    "Your ends are the lowest and the highest mean. They move apart with every sample more: cut off 2.5 % on each "
    "side.",
)
def _(values, picked):
    means = values[picked].mean(axis=1)
    return means.min(), means.max()


@bootstrap.misconception(
    "spread-of-the-means",
    "You take the standard deviation of the means times 1.96 or 2. That assumes a bell curve; the bootstrap reads the "
    "ends off the means.",
)
def _(values, picked):
    means = values[picked].mean(axis=1)
    return means.mean() - 1.96 * means.std(), means.mean() + 1.96 * means.std()


@bootstrap.misconception(
    "a-second-root-of-n",
    "You divide by the root of n once more. The means of the samples stray as the mean does: that is done already.",
)
def _(values, picked):
    means = values[picked].mean(axis=1)
    shrunk = values.mean() + (means - values.mean()) / sqrt(len(values))
    return ends(shrunk)


@bootstrap.misconception(
    "by-rank",
    "You read the ends off the sorted means by rank. That is another convention: np.quantile goes between two ranks.",
)
def _(values, picked):
    means = np.sort(values[picked].mean(axis=1))
    return means[int(0.025 * len(means))], means[int(0.975 * len(means))]


@bootstrap.misconception("ends-exchanged", "low and high have changed places.")
def _(values, picked):
    low, high = bootstrap_interval(values, picked)
    return high, low
