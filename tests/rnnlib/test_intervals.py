"""Intervals: printed tables, hand-worked cases, and how often they hold the true mean."""

import math

import numpy as np
import pytest

from rnnlib.intervals import bootstrap_interval, difference_interval, mean_interval, t_quantile


def test_quantiles_are_those_of_the_printed_tables():
    table = {1: 12.7062, 2: 4.3027, 4: 2.7764, 9: 2.2622, 30: 2.0423, 10**6: 1.95996}
    for df, t in table.items():
        assert t_quantile(0.975, df) == pytest.approx(t, abs=2e-4)
    assert t_quantile(0.95, 5) == pytest.approx(2.0150, abs=1e-4)
    assert t_quantile(0.5, 3.7) == pytest.approx(0, abs=1e-9)
    assert t_quantile(0.1, 7) == pytest.approx(-t_quantile(0.9, 7))


def test_an_interval_by_hand():
    mean, low, high = mean_interval([90, 93, 93])
    assert mean == 92
    assert high - mean == mean - low == pytest.approx(4.3027 * math.sqrt(3) / math.sqrt(3), abs=1e-4)


def test_groups_of_equal_spread_and_size_have_all_their_degrees_of_freedom():
    a = np.array([1.0, 2.0, 4.0, 5.0])
    value, low, high = difference_interval(a, a - 3)
    assert value == 3
    assert high - value == pytest.approx(t_quantile(0.975, 6) * math.sqrt(2 * a.var(ddof=1) / 4))
    assert difference_interval(a - 3, a) == pytest.approx((-3, -high, -low))


def test_without_any_spread_the_interval_is_a_point():
    assert difference_interval([1.0, 1.0], [0.5, 0.5]) == (0.5, 0.5, 0.5)


def test_the_t_interval_holds_the_mean_as_often_as_it_says_and_the_bootstrap_of_five_does_not():
    rng = np.random.default_rng(0)
    samples = rng.normal(3, 2, (1000, 5))
    held = {"t": 0, "bootstrap": 0}
    for sample in samples:
        _, low, high = mean_interval(sample, level=0.9)
        held["t"] += low <= 3 <= high
        _, low, high = bootstrap_interval(sample, rng, level=0.9, resamples=300)
        held["bootstrap"] += low <= 3 <= high
    assert 870 <= held["t"] <= 930
    assert held["bootstrap"] < 840


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan], [[1.0, 2.0]], 3.0])
def test_what_is_not_repeated_runs_is_refused(values):
    for function in (mean_interval, lambda v: difference_interval([1, 2], v)):
        with pytest.raises(ValueError, match="two or more finite numbers"):
            function(values)


def test_a_level_in_percent_is_refused():
    with pytest.raises(ValueError, match="such as 0.95"):
        mean_interval([1, 2], level=95)
