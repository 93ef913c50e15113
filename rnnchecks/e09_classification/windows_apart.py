"""A series as examples: scaled by the past alone, with every target in one part."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem(
    "classification.windows_apart",
    "09-classification",
    task=5,
    outputs={"x_train": "TM", "y_train": "M", "x_test": "TN", "y_test": "N"},
)


@problem.reference
def windows_apart(values, T, horizon, cut):
    """Scale by the mean and deviation before the cut; the part of a window is that of its target."""
    z = (values - values[:cut].mean()) / values[:cut].std()
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, cut, len(z))


def windows_to(z, T, horizon, start, end):
    """Return the windows whose targets have the indices start to end - 1, and these targets."""
    targets = np.arange(start, end)
    return z[targets - horizon - np.arange(T - 1, -1, -1)[:, None]], z[targets]


def series(rng, N):
    """Draw a series that climbs, so that its past tells it from its future."""
    return 20 + 0.5 * np.arange(N) + 3 * rng.standard_normal(N)


@problem.special("30 values, windows of 5, two steps ahead")
def case_30_values_windows_of_5_two_steps_ahead(rng):
    return series(rng, 30), 5, 2, 20


@problem.special("24 values, windows of 4, one step ahead")
def case_24_values_windows_of_4_one_step_ahead(rng):
    return series(rng, 24), 4, 1, 15


@problem.special("a test part shorter than a window", hidden=True)
def a_test_part_shorter_than_a_window(rng):
    return series(rng, 40), 12, 3, 34


@problem.special("windows of one value", hidden=True)
def windows_of_one_value(rng):
    return series(rng, 20), 1, 4, 12


@problem.special("a single test value", hidden=True)
def a_single_test_value(rng):
    return series(rng, 22), 6, 5, 21


def scaled(values, mean, scale, *rest):
    """Cut as one should, with another mean and scale."""
    T, horizon, cut = rest
    z = (values - mean) / scale
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, cut, len(z))


@problem.misconception("Your mean and your scale have seen the test part. Take them from the values before the cut.")
def scaled_by_the_whole_series(values, T, horizon, cut):
    return scaled(values, values.mean(), values.std(), T, horizon, cut)


@problem.misconception(
    "You scale the test part by its own mean and deviation. A net would read the same value as two different numbers, "
    "and when you forecast the later values are not there to take a mean of."
)
def parts_scaled_apart(values, T, horizon, cut):
    x, y, _, _ = windows_apart(values, T, horizon, cut)
    later = values[cut - T - horizon + 1 :]
    return x, y, *windows_to((values - later.mean()) / later.std(), T, horizon, cut, len(values))


@problem.misconception(
    "Your values are as they came. A net wants numbers near zero: subtract a mean, divide by a deviation."
)
def not_scaled(values, T, horizon, cut):
    return scaled(values, 0.0, 1.0, T, horizon, cut)


@problem.misconception("You divide by the scale, and the mean is still in.")
def mean_not_subtracted(values, T, horizon, cut):
    return scaled(values, 0.0, values[:cut].std(), T, horizon, cut)


@problem.misconception("You divide by the variance. The scale is its square root, the standard deviation.")
def divided_by_the_variance(values, T, horizon, cut):
    return scaled(values, values[:cut].mean(), values[:cut].var(), T, horizon, cut)


@problem.misconception("The windows are scaled and the targets are not. The net would have to learn the scale.")
def targets_not_scaled(values, T, horizon, cut):
    x, _, new, _ = windows_apart(values, T, horizon, cut)
    return x, values[T + horizon - 1 : cut], new, values[cut:]


@problem.misconception(
    "Some of your training windows end before the cut and have their target behind it: the net is trained on test "
    "values. The part of a window is that of its target."
)
def training_targets_behind_the_cut(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    end = min(cut + horizon, len(z))
    return *windows_to(z, T, horizon, T + horizon - 1, end), *windows_to(z, T, horizon, cut, len(z))


# The same, by those for whom a window is a test window from the first value of its own behind the cut.
@problem.variant("training-targets-behind-the-cut")
def parted_by_the_windows_end(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    end = min(cut + horizon, len(z))
    return *windows_to(z, T, horizon, T + horizon - 1, end), *windows_to(z, T, horizon, end, len(z))


@problem.misconception(
    "Your first test windows are missing: those that begin before the cut. When you forecast, that past is known, so a "
    "window may reach back."
)
def test_windows_only_behind_the_cut(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    start = min(cut + T + horizon - 1, len(z))
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, start, len(z))


@problem.misconception("Your target lies one step too late: horizon 1 is the value right after the window.")
def horizon_from_zero(values, T, horizon, cut):
    return windows_apart(values, T, horizon + 1, cut)


@problem.misconception("Your targets are the values right after the windows, whatever the horizon.")
def always_the_next_value(values, T, horizon, cut):
    return windows_apart(values, T, 1, cut)


@problem.misconception("The last value of your window is the target itself. Where does the window end?")
def target_in_the_window(values, T, horizon, cut):
    return windows_apart(values, T, 0, cut)


@problem.variant("target-in-the-window")
def target_in_as_many_windows(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    return *windows_to(z, T, 0, T + horizon - 1, cut), *windows_to(z, T, 0, cut, len(z))


@problem.misconception(
    "Each of your windows runs backwards: its newest value stands in the first row. Time runs down the rows."
)
def newest_value_first(values, T, horizon, cut):
    x, y, new, later = windows_apart(values, T, horizon, cut)
    return x[::-1], y, new[::-1], later


@problem.misconception("Your windows are rows. Time comes first: a window is a column, (T, M).")
def window_in_a_row(values, T, horizon, cut):
    x, y, new, later = windows_apart(values, T, horizon, cut)
    return x.T, y, new.T, later
