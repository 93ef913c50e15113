"""The interval that needs no formula: samples of the runs themselves."""

from math import sqrt

import numpy as np

from rnnchecks.e11_comparison.mean_interval import runs
from rnnchecks.engine.problem import Problem

problem = Problem("comparison.bootstrap_interval", "11-comparison", task=4, outputs={"low": "", "high": ""})


@problem.reference
def bootstrap_interval(values, picked):
    """The middle 95 % of the means of the samples."""
    means = values[picked].mean(axis=1)
    return np.quantile(means, 0.025), np.quantile(means, 0.975)


def ends(numbers, tail=0.025):
    """Return the ends of what is left when a share is cut off on each side."""
    return np.quantile(numbers, tail), np.quantile(numbers, 1 - tail)


def case(rng, n, R, **how):
    """Make n runs, and R samples of them by their places."""
    return runs(rng, n, **how), rng.integers(n, size=(R, n))


@problem.special("five runs, 200 samples")
def five_runs_200_samples(rng):
    return case(rng, 5, 200)


@problem.special("eight runs, 300 samples")
def eight_runs_300_samples(rng):
    return case(rng, 8, 300, middle=3.0, spread=2.0)


@problem.special("three runs, 90 samples", like="five runs, 200 samples")
def three_runs_90_samples(rng):
    return case(rng, 3, 90)


@problem.special("twenty runs, 1,000 samples", like="eight runs, 300 samples")
def twenty_runs_1_000_samples(rng):
    return case(rng, 20, 1000, middle=-1.0)


@problem.special("as many samples as runs", hidden=True)
def as_many_samples_as_runs(rng):
    return case(rng, 30, 30)


@problem.misconception(
    "You take quantiles of all the numbers that were drawn. Each sample gives one number, its mean; the quantiles are "
    "of those."
)
def without_the_means(values, picked):
    return ends(values[picked])


@problem.misconception("Your ends are quantiles of the runs; the samples in `picked` do not come in at all.")
def the_runs_themselves(values, picked):
    return ends(values)


@problem.misconception(
    "You average over the samples. A row of `picked` is one sample: average over what stands in the row."
)
def wrong_axis(values, picked):
    return ends(values[picked].mean(axis=0))


@problem.misconception("You average the places in `picked`, not the runs that stand there.")
def places_averaged(values, picked):
    return ends(picked.mean(axis=1))


@problem.misconception("You take the median of each sample. The interval is about the mean.")
def medians(values, picked):
    return ends(np.median(values[picked], axis=1))


@problem.misconception("You cut off 5 % on each side. Together they may have 5 %.")
def ninety_per_cent(values, picked):
    return ends(values[picked].mean(axis=1), 0.05)


@problem.misconception(
    "np.percentile counts from 0 to 100, np.quantile from 0 to 1. Your ends are cut off at 0.025 % and 0.975 %."
)
def per_cent_and_shares(values, picked):
    return tuple(np.percentile(values[picked].mean(axis=1), [0.025, 0.975]))


@problem.misconception(
    "Your ends are the lowest and the highest mean. They move apart with every sample more: cut off 2.5 % on each side."
)
def lowest_and_highest_mean(values, picked):
    means = values[picked].mean(axis=1)
    return means.min(), means.max()


@problem.misconception(
    "You take the standard deviation of the means times 1.96 or 2. That assumes a bell curve; the bootstrap reads the "
    "ends off the means."
)
def spread_of_the_means(values, picked):
    means = values[picked].mean(axis=1)
    return means.mean() - 1.96 * means.std(), means.mean() + 1.96 * means.std()


@problem.misconception(
    "You divide by the root of n once more. The means of the samples stray as the mean does: that is done already."
)
def a_second_root_of_n(values, picked):
    means = values[picked].mean(axis=1)
    shrunk = values.mean() + (means - values.mean()) / sqrt(len(values))
    return ends(shrunk)


@problem.misconception(
    "You read the ends off the sorted means by rank. That is another convention: np.quantile goes between two ranks."
)
def by_rank(values, picked):
    means = np.sort(values[picked].mean(axis=1))
    return means[int(0.025 * len(means))], means[int(0.975 * len(means))]


@problem.misconception("low and high have changed places.")
def ends_exchanged(values, picked):
    low, high = bootstrap_interval(values, picked)
    return high, low
