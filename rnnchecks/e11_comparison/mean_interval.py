"""The mean of repeated runs, and the interval that belongs to it."""

from math import sqrt

import numpy as np

from rnnchecks.engine.problem import Problem
from rnnlib.intervals import t_quantile

problem = Problem("comparison.mean_interval", "11-comparison", task=2, outputs={"mean": "", "low": "", "high": ""})


@problem.reference
def mean_interval(values):
    """Mean, and t standard errors down and up, with n - 1 degrees of freedom."""
    n = len(values)
    middle = values.mean()
    half = t_quantile(0.975, n - 1) * sqrt(((values - middle) ** 2).sum() / (n - 1) / n)
    return middle, middle - half, middle + half


def around(values, half):
    """Return the mean, and as much below it as above."""
    middle = values.mean()
    return middle, middle - half, middle + half


def error(values, ddof=1):
    """Return the standard error."""
    return values.std(ddof=ddof) / sqrt(len(values))


def runs(rng, n, middle=0.0, spread=1.0):
    """Draw the results of n runs with exactly this mean and spread: degrees of freedom depend on the spreads."""
    z = rng.standard_normal(n)
    return middle + spread * (z - z.mean()) / z.std(ddof=1)


@problem.special("five runs")
def five_runs(rng):
    return (runs(rng, 5, 0.7),)


@problem.special("three runs, of which one went wrong")
def three_runs_of_which_one_went_wrong(rng):
    return (np.array([0.91, 0.9, 0.55]) + 0.01 * rng.random(3),)


@problem.special("twelve runs")
def twelve_runs(rng):
    return (runs(rng, 12, 3.0, 2.0),)


@problem.special("two runs", hidden=True)
def two_runs(rng):
    return (runs(rng, 2, 0.4),)


@problem.special("forty runs", like="twelve runs")
def forty_runs(rng):
    return (runs(rng, 40, -1.0, 0.5),)


@problem.special("four runs with one result", hidden=True)
def four_runs_with_one_result(rng):
    return (np.full(4, 0.75),)


@problem.misconception(
    "Your interval is as wide as single runs stray. The mean of n runs strays less: what becomes of the spread when "
    "you average?"
)
def how_far_a_run_strays(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.std(ddof=1))


@problem.misconception(
    "You divide the spread by n. Variances are divided by n when you average; what becomes of their root?"
)
def divided_by_n(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.std(ddof=1) / len(values))


@problem.misconception("You use the variance where its root belongs.")
def variance_for_spread(values):
    return around(values, t_quantile(0.975, len(values) - 1) * values.var(ddof=1) / sqrt(len(values)))


@problem.misconception(
    "You divide the sum of squares by n. Deviations from a mean that was computed from the same runs are too small; "
    "which divisor makes up for it? NumPy's std has an argument for it."
)
def spread_over_n(values):
    return around(values, t_quantile(0.975, len(values) - 1) * error(values, ddof=0))


@problem.misconception("Your t belongs to n degrees of freedom. One is used up by the mean.")
def n_degrees_of_freedom(values):
    return around(values, t_quantile(0.975, len(values)) * error(values))


@problem.misconception("You take n where n - 1 belongs in two places: in the spread, and in the degrees of freedom.")
def n_in_both_places(values):
    return around(values, t_quantile(0.975, len(values)) * error(values, ddof=0))


@problem.misconception(
    "You multiply by 1.96, as if the spread were known. It is estimated from few runs, and t is larger."
)
def normal_quantile(values):
    return around(values, t_quantile(0.975, 10**6) * error(values))


@problem.misconception(
    "Two things at once: NumPy's std divides by n unless its ddof says otherwise, and 1.96 would be right for a spread "
    "that is known. For one that is estimated from few runs, t is larger."
)
def known_spread_over_n(values):
    return around(values, t_quantile(0.975, 10**6) * error(values, ddof=0))


@problem.misconception("You multiply by 2 whatever the number of runs is. With five runs, t is 2.78.")
def two_standard_errors(values):
    return around(values, 2 * error(values))


@problem.misconception(
    "That is one standard error down and up. It holds the true mean in about two of three repetitions, not in 95 %."
)
def one_standard_error(values):
    return around(values, error(values))


@problem.misconception("You leave 5 % above the interval and 5 % below it. Together they may have 5 %.")
def one_sided(values):
    return around(values, t_quantile(0.95, len(values) - 1) * error(values))


@problem.misconception("low and high are how far the ends lie from the mean. Where do they lie themselves?")
def around_zero(values):
    middle, low, high = mean_interval(values)
    return middle, low - middle, high - middle


@problem.misconception(
    "Your second and third result are the standard error or the half-width. The two ends of the interval are asked for."
)
def half_for_the_ends(values):
    middle, _, high = mean_interval(values)
    return middle, high - middle, high - middle


@problem.misconception(
    "Your ends are the lowest and the highest run. They move apart with every run more, while what is known of the "
    "mean gets better."
)
def lowest_and_highest_run(values):
    return values.mean(), values.min(), values.max()


@problem.misconception(
    "Your ends are quantiles of the runs themselves. That is a range for the next run, not for the mean."
)
def middle_of_the_runs(values):
    return values.mean(), np.quantile(values, 0.025), np.quantile(values, 0.975)


@problem.misconception("Your first result is the median of the runs. The mean is asked for.")
def median_for_mean(values):
    _, low, high = mean_interval(values)
    shift = np.median(values) - values.mean()
    return np.median(values), low + shift, high + shift


@problem.variant("median-for-mean")
def median_beside_the_interval(values):
    return np.median(values), *mean_interval(values)[1:]
