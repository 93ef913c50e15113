"""The difference of two means, with spreads and numbers of runs of their own."""

from math import sqrt

import numpy as np

from rnnchecks.e11_comparison.mean_interval import mean_interval, runs
from rnnchecks.engine.problem import Problem
from rnnlib.intervals import t_quantile

problem = Problem(
    "comparison.difference_interval", "11-comparison", task=3, outputs={"difference": "", "low": "", "high": ""}
)


@problem.reference
def difference_interval(a, b):
    """Welch's interval: the variances of the two means add up, the degrees of freedom follow from both."""
    v_a, v_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    nu = (v_a + v_b) ** 2 / (v_a**2 / (len(a) - 1) + v_b**2 / (len(b) - 1))
    d = a.mean() - b.mean()
    half = t_quantile(0.975, nu) * sqrt(v_a + v_b)
    return d, d - half, d + half


def variances(a, b, ddof=1):
    """Return the variances of the two means."""
    return a.var(ddof=ddof) / len(a), b.var(ddof=ddof) / len(b)


def freedom(v_a, v_b, n_a, n_b):
    """Return the degrees of freedom, for the numbers that the squares are divided by."""
    return (v_a + v_b) ** 2 / (v_a**2 / n_a + v_b**2 / n_b)


def welch(v_a, v_b, a, b):
    """Return Welch's degrees of freedom."""
    return freedom(v_a, v_b, len(a) - 1, len(b) - 1)


def around(a, b, half):
    """Return the difference of the means, and as much below it as above."""
    d = a.mean() - b.mean()
    return d, d - half, d + half


@problem.special("five runs each")
def five_runs_each(rng):
    return runs(rng, 5, 0.5), runs(rng, 5, spread=0.4)


@problem.special("four runs and nine")
def four_runs_and_nine(rng):
    return runs(rng, 4), runs(rng, 9, 2.0, 1.1)


@problem.special("three that stray, and seven that do not")
def three_that_stray_and_seven_that_do_not(rng):
    return runs(rng, 3, 1.0), runs(rng, 7, spread=0.2)


@problem.special("ten runs and two", hidden=True)
def ten_runs_and_two(rng):
    return runs(rng, 10, -2.0, 0.5), runs(rng, 2)


@problem.special("thirty runs each", like="five runs each")
def thirty_runs_each(rng):
    return runs(rng, 30, 0.2), runs(rng, 30, spread=2.0)


@problem.special("all runs of the second are alike", hidden=True)
def all_runs_of_the_second_are_alike(rng):
    return runs(rng, 6, 1.0), np.full(5, 0.5)


@problem.misconception("You take a from b. The difference is that of a over b.")
def the_other_way_round(a, b):
    return difference_interval(b, a)


@problem.misconception(
    "You add the two standard errors. Independent errors partly cancel: it is their squares that add up."
)
def standard_errors_added(a, b):
    v_a, v_b = variances(a, b)
    return around(a, b, t_quantile(0.975, welch(v_a, v_b, a, b)) * (sqrt(v_a) + sqrt(v_b)))


@problem.misconception(
    "You make an interval of each mean and subtract the ends. That is wider than it need be: the two would have to "
    "stray to opposite sides at once."
)
def ends_subtracted(a, b):
    (d_a, low_a, high_a), (d_b, low_b, high_b) = mean_interval(a), mean_interval(b)
    return d_a - d_b, low_a - high_b, high_a - low_b


@problem.misconception("You use the variances of single runs. The means stray less: divide each by its number of runs.")
def spreads_of_runs(a, b):
    v_a, v_b = variances(a, b)
    half = sqrt(a.var(ddof=1) + b.var(ddof=1))
    return around(a, b, t_quantile(0.975, welch(v_a, v_b, a, b)) * half)


@problem.misconception(
    "Your standard error is right. The degrees of freedom are those of n_a + n_b - 2, which holds when both groups "
    "stray equally far."
)
def degrees_of_freedom_of_both(a, b):
    return around(a, b, t_quantile(0.975, len(a) + len(b) - 2) * sqrt(sum(variances(a, b))))


@problem.misconception(
    "You pool the two groups into one spread, as if both cells strayed equally far. Nothing says that they do."
)
def one_spread_for_both(a, b):
    n = len(a) + len(b) - 2
    pooled = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / n
    return around(a, b, t_quantile(0.975, n) * sqrt(pooled * (1 / len(a) + 1 / len(b))))


@problem.misconception(
    "Your degrees of freedom are those of the smaller group. That is on the safe side, and too wide: both groups tell "
    "something about the spread."
)
def degrees_of_the_smaller(a, b):
    return around(a, b, t_quantile(0.975, min(len(a), len(b)) - 1) * sqrt(sum(variances(a, b))))


@problem.misconception("In the degrees of freedom the squares are divided by n - 1 of each group, not by n.")
def n_in_the_degrees_of_freedom(a, b):
    v_a, v_b = variances(a, b)
    return around(a, b, t_quantile(0.975, freedom(v_a, v_b, len(a), len(b))) * sqrt(v_a + v_b))


@problem.misconception("In the degrees of freedom v_a and v_b stand squared, above and below.")
def degrees_without_squares(a, b):
    v_a, v_b = variances(a, b)
    nu = (v_a + v_b) / (v_a / (len(a) - 1) + v_b / (len(b) - 1))
    return around(a, b, t_quantile(0.975, nu) * sqrt(v_a + v_b))


@problem.misconception(
    "You round the degrees of freedom to a whole number. They need not be one: t_quantile takes fractions."
)
def degrees_rounded_down(a, b):
    v_a, v_b = variances(a, b)
    return around(a, b, t_quantile(0.975, int(welch(v_a, v_b, a, b))) * sqrt(v_a + v_b))


@problem.misconception(
    "You divide the sums of squares by n. For the spread of runs around their own mean the divisor is n - 1."
)
def spread_over_n(a, b):
    v_a, v_b = variances(a, b, ddof=0)
    return around(a, b, t_quantile(0.975, welch(v_a, v_b, a, b)) * sqrt(v_a + v_b))


@problem.misconception("You multiply by 1.96, as if the spreads were known. They are estimated, and t is larger.")
def normal_quantile(a, b):
    return around(a, b, t_quantile(0.975, 10**6) * sqrt(sum(variances(a, b))))


@problem.misconception("You leave 5 % above the interval and 5 % below it. Together they may have 5 %.")
def one_sided(a, b):
    v_a, v_b = variances(a, b)
    return around(a, b, t_quantile(0.95, welch(v_a, v_b, a, b)) * sqrt(v_a + v_b))


@problem.misconception(
    "You subtract run by run. That needs runs that belong together in pairs, and as many of the one as of the other; "
    "these are two groups."
)
def paired(a, b):
    return mean_interval(a - b)


@problem.misconception(
    "You subtract the variances because the means are subtracted. Two uncertain numbers make a difference that is "
    "more uncertain than either."
)
def variances_subtracted(a, b):
    v_a, v_b = variances(a, b)
    return around(a, b, t_quantile(0.975, welch(v_a, v_b, a, b)) * sqrt(abs(v_a - v_b)))
