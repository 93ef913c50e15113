"""Intervals around the mean of repeated runs, and around the difference of two such means."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnlib._types import Array, Rng
from rnnlib._validate import describe, require_size

__all__ = ["Interval", "bootstrap_interval", "difference_interval", "mean_interval", "t_quantile"]


class Interval(NamedTuple):
    """A measured value, and the range that goes with it.

    Attributes:
        value: the mean of the runs, or the difference of two means.
        low: lower end.
        high: upper end.

    Taught in: chapter 11.
    """

    value: float
    low: float
    high: float


def t_quantile(p: float, df: float) -> float:
    """The number that a variable with Student's t distribution stays below with probability `p`.

    With t = sqrt(df) tan(a) the density of t becomes that of an angle, cos(a)^(df - 1) up to a factor, between -90 and
    90 degrees. Its integral is taken numerically.

    Args:
        p: probability, between 0 and 1.
        df: degrees of freedom, at least 1; need not be whole.

    Raises:
        ValueError: when an argument is out of its range.

    Source: "Student" 1908, "The probable error of a mean".
    Taught in: chapter 11.

    Example:
        >>> round(t_quantile(0.975, df=4), 3), round(t_quantile(0.975, df=30), 3)
        (2.776, 2.042)
    """
    if not 0 < p < 1:
        raise ValueError(f"p: expected a probability between 0 and 1, got {p}.")
    if not 1 <= df < math.inf:
        raise ValueError(f"df: expected at least 1 degree of freedom, got {df}. Two runs have one.")
    reach = min(math.pi / 2, 40 / math.sqrt(df))  # beyond it there is no density left to see
    edges = np.linspace(-reach, reach, 20_001)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.concatenate([[0.0], np.cumsum(np.cos(middles) ** (df - 1))])
    return float(math.sqrt(df) * math.tan(np.interp(p, below / below[-1], edges)))


def mean_interval(values: Sequence[float] | Array, level: float = 0.95) -> Interval:
    """Mean of n runs, and its t interval.

    ::

        mean +- t s / sqrt(n),   s^2 = sum((value - mean)^2) / (n - 1),   t with n - 1 degrees of freedom

    Args:
        values: n numbers, one for each run, at least two.
        level: share of repetitions in which the interval holds the true mean; default 0.95.

    Raises:
        ValueError: when there are too few runs, or one is not finite.

    Notes:
        Exact when the runs are draws from a normal distribution, and close to it for others that are not far from one.

    Taught in: chapter 11.

    Example:
        >>> mean, low, high = mean_interval([90.0, 93.0, 93.0])
        >>> round(mean, 2), round(low, 2), round(high, 2)
        (92.0, 87.7, 96.3)
    """
    runs = _runs("values", values)
    error = runs.std(ddof=1) / math.sqrt(len(runs))
    return _around(float(runs.mean()), error, len(runs) - 1, level)


def difference_interval(a: Sequence[float] | Array, b: Sequence[float] | Array, level: float = 0.95) -> Interval:
    """Difference of the means of two groups of runs, and its interval. The groups may differ in spread and in size.

    ::

        mean(a) - mean(b) +- t sqrt(v_a + v_b),   v = s^2 / n
        degrees of freedom = (v_a + v_b)^2 / (v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1))

    Args:
        a: numbers, one for each run, at least two.
        b: the same of the other group.
        level: share of repetitions in which the interval holds the true difference; default 0.95.

    Raises:
        ValueError: when there are too few runs, or one is not finite.

    Notes:
        Where both groups have no spread at all, neither has the interval.

    Source: Welch 1947, "The generalization of 'Student's' problem when several different population variances are
        involved".
    Taught in: chapter 11.

    Example:
        >>> difference, low, high = difference_interval([90.0, 93.0, 93.0], [88.0, 89.0, 90.0])
        >>> round(difference, 2), round(low, 2), round(high, 2)
        (3.0, -0.55, 6.55)
    """
    a, b = _runs("a", a), _runs("b", b)
    v_a, v_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    parts = v_a**2 / (len(a) - 1) + v_b**2 / (len(b) - 1)
    df = (v_a + v_b) ** 2 / parts if parts else 1.0
    return _around(float(a.mean() - b.mean()), math.sqrt(v_a + v_b), df, level)


def bootstrap_interval(
    values: Sequence[float] | Array, rng: Rng, level: float = 0.95, resamples: int = 10_000
) -> Interval:
    """Mean of n runs, and the range of the means of samples drawn from the runs themselves, with replacement.

    Args:
        values: n numbers, one for each run, at least two.
        rng: `numpy.random.Generator`.
        level: share of the means that lie in the interval; default 0.95.
        resamples: how many samples to draw.

    Raises:
        ValueError: when there are too few runs, or one is not finite.

    Notes:
        Knows nothing of bell curves, and for a handful of runs it is too narrow.

    Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
    Taught in: chapter 11.

    Example:
        >>> mean, low, high = bootstrap_interval([90.0, 93.0, 93.0], np.random.default_rng(0))
        >>> round(mean, 2), low, high
        (92.0, 90.0, 93.0)
    """
    runs = _runs("values", values)
    drawn = rng.integers(len(runs), size=(require_size("resamples", resamples), len(runs)))
    tail = (1 - _level(level)) / 2
    low, high = np.quantile(runs[drawn].mean(axis=1), [tail, 1 - tail])
    return Interval(float(runs.mean()), float(low), float(high))


def _around(value: float, error: float, df: float, level: float) -> Interval:
    """Put a t interval around a value with the given standard error."""
    half = t_quantile((1 + _level(level)) / 2, df) * error
    return Interval(value, float(value - half), float(value + half))


def _level(level: float) -> float:
    """Refuse a level that is no share, such as 95."""
    if not 0 < level < 1:
        raise ValueError(f"level: expected a share between 0 and 1, such as 0.95, got {level}.")
    return level


def _runs(name: str, values: Sequence[float] | Array) -> Array:
    """Read the results of repeated runs."""
    runs = np.asarray(values, float)
    if runs.ndim != 1 or len(runs) < 2 or not np.isfinite(runs).all():
        raise ValueError(f"{name}: expected two or more finite numbers, one for each run, got {describe(values)}.")
    return runs
