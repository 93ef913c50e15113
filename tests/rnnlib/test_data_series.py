"""Three measured series, and how they are cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.data import co2, elnino, fill_gaps, split_in_time, sunspots, windows


@pytest.mark.parametrize(
    "load, N, first, last, step",
    [
        (sunspots, 309, "1700", "2008", np.timedelta64(1, "Y")),
        (elnino, 732, "1950-01", "2010-12", np.timedelta64(1, "M")),
        (co2, 2284, "1958-03-29", "2001-12-29", np.timedelta64(7, "D")),
    ],
)
def test_each_series_is_complete_and_in_order(load, N, first, last, step):
    series = load()
    assert series.values.shape == series.times.shape == (N,) and series.values.dtype == np.float64
    assert series.times[0] == np.datetime64(first) and series.times[-1] == np.datetime64(last)
    assert (np.diff(series.times) == step).all()


def test_each_series_is_what_it_is_called():
    spots, sea, air = sunspots(), elnino(), co2()
    assert spots.times[spots.values.argmax()] == np.datetime64("1957")  # the strongest cycle on record
    by_month = sea.values.reshape(61, 12).mean(axis=0)
    # South of the line: warmest in March, coldest in September.
    assert by_month.argmax() == 2 and by_month.argmin() == 8
    assert int(np.isnan(air.values).sum()) == 59 and not np.isnan(np.r_[spots.values, sea.values]).any()
    assert 312 < np.nanmin(air.values) < 318 and 370 < np.nanmax(air.values) < 375


def test_gaps_are_filled_from_the_past_alone():
    values = co2().values
    filled = fill_gaps(values)
    there = ~np.isnan(values)
    np.testing.assert_array_equal(filled[there], values[there])
    assert not np.isnan(filled).any() and np.isnan(values).any()  # the caller's array is left alone
    for n in np.flatnonzero(~there):
        assert filled[n] == filled[n - 1]
        np.testing.assert_array_equal(fill_gaps(values[: n + 1]), filled[: n + 1])  # later values change nothing


@given(st.integers(10, 200), st.floats(0.1, 0.4), st.floats(0.1, 0.4))
def test_the_parts_follow_one_another(N, validation, test):
    parts = split_in_time(np.arange(N), validation=validation, test=test)
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(N))
    assert len(parts.validation) == round(N * validation) and len(parts.test) == round(N * test)


@given(st.integers(1, 40), st.integers(1, 8), st.integers(1, 5))
def test_a_window_ends_before_its_target(N, T, horizon):
    values = np.arange(N, dtype=float)
    if N < T + horizon:
        with pytest.raises(ValueError, match=rf"values: expected at least .* = {T + horizon} values, got {N}"):
            windows(values, T, horizon)
        return
    x, y = windows(values, T, horizon)
    M = N - T - horizon + 1
    assert x.shape == (T, M, 1) and y.shape == (M, 1)
    for m in range(M):
        np.testing.assert_array_equal(x[:, m, 0], np.arange(m, m + T))
        assert y[m, 0] == m + T - 1 + horizon
    assert y[-1, 0] == N - 1  # nothing at the end is wasted


def test_refuses_and_says_why():
    with pytest.raises(ValueError, match="values: expected a number at index 0, got nan"):
        fill_gaps(np.array([np.nan, 1.0]))
    with pytest.raises(ValueError, match="values: expected floating-point numbers"):
        windows(np.arange(9), T=3)
    for name in ("T", "horizon"):
        with pytest.raises(ValueError, match=f"{name}: expected a whole number of at least 1, got 0"):
            windows(np.arange(9.0), **{"T": 3, "horizon": 1, name: 0})
    for validation, test in [(0, 0.5), (0.5, 0), (0.5, 0.5), (-0.1, 0.3)]:
        with pytest.raises(ValueError, match="validation, test: expected shares that leave a value in each part of 10"):
            split_in_time(np.arange(10), validation=validation, test=test)
