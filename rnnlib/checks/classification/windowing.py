"""A series as examples: scaled by the past alone, with every target in one part."""

import numpy as np

from rnnlib.checks.problem import Problem

windowing = Problem(
    "classification.windows_apart",
    "09-classification",
    outputs={"x_train": "TM", "y_train": "M", "x_test": "TN", "y_test": "N"},
)


@windowing.reference
def windows_apart(values, T, horizon, cut):
    """Scale by the mean and deviation before the cut; the part of a window is that of its target."""
    z = (values - values[:cut].mean()) / values[:cut].std()
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, cut, len(z))


def windows_to(z, T, horizon, start, end):
    """Give the windows whose targets have the indices start to end - 1, and these targets."""
    targets = np.arange(start, end)
    return z[targets - horizon - np.arange(T - 1, -1, -1)[:, None]], z[targets]


def series(rng, N):
    """Draw a series that climbs, so that its past tells it from its future."""
    return 20 + 0.5 * np.arange(N) + 3 * rng.standard_normal(N)


@windowing.special("30 values, windows of 5, two steps ahead")
def _(rng):
    return series(rng, 30), 5, 2, 20


@windowing.special("24 values, windows of 4, one step ahead")
def _(rng):
    return series(rng, 24), 4, 1, 15


@windowing.special("a test part shorter than a window", hidden=True)
def _(rng):
    return series(rng, 40), 12, 3, 34


@windowing.special("windows of one value", hidden=True)
def _(rng):
    return series(rng, 20), 1, 4, 12


@windowing.special("a single test value", hidden=True)
def _(rng):
    return series(rng, 22), 6, 5, 21


def scaled(values, mean, scale, *rest):
    """Cut as one should, with another mean and scale."""
    T, horizon, cut = rest
    z = (values - mean) / scale
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, cut, len(z))


@windowing.misconception(
    "scaled-by-the-whole-series",
    "Your mean and your scale have seen the test part. Take them from the values before the cut.",
)
def _(values, T, horizon, cut):
    return scaled(values, values.mean(), values.std(), T, horizon, cut)


@windowing.misconception(
    "parts-scaled-apart",
    "You scale the test part by its own mean and deviation. A net would read the same value as two different numbers, "
    "and when you forecast the later values are not there to take a mean of.",
)
def _(values, T, horizon, cut):
    x, y, _, _ = windows_apart(values, T, horizon, cut)
    later = values[cut - T - horizon + 1 :]
    return x, y, *windows_to((values - later.mean()) / later.std(), T, horizon, cut, len(values))


@windowing.misconception(
    "not-scaled",
    "Your values are as they came. A net wants numbers near zero: subtract a mean, divide by a deviation.",
)
def _(values, T, horizon, cut):
    return scaled(values, 0.0, 1.0, T, horizon, cut)


@windowing.misconception(
    "mean-not-subtracted",
    "You divide by the scale, and the mean is still in.",
)
def _(values, T, horizon, cut):
    return scaled(values, 0.0, values[:cut].std(), T, horizon, cut)


@windowing.misconception(
    "divided-by-the-variance",
    "You divide by the variance. The scale is its square root, the standard deviation.",
)
def _(values, T, horizon, cut):
    return scaled(values, values[:cut].mean(), values[:cut].var(), T, horizon, cut)


@windowing.misconception(
    "targets-not-scaled",
    "The windows are scaled and the targets are not. The net would have to learn the scale.",
)
def _(values, T, horizon, cut):
    x, _, new, _ = windows_apart(values, T, horizon, cut)
    return x, values[T + horizon - 1 : cut], new, values[cut:]


@windowing.misconception(
    "training-targets-behind-the-cut",
    "Some of your training windows end before the cut and have their target behind it: the net is trained on test "
    "values. The part of a window is that of its target.",
)
def _(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    end = cut + horizon
    return *windows_to(z, T, horizon, T + horizon - 1, min(end, len(z))), *windows_to(z, T, horizon, cut, len(z))


@windowing.misconception(
    "test-windows-only-behind-the-cut",
    "Your first test windows are missing: those that begin before the cut. When you forecast, that past is known, so a "
    "window may reach back.",
)
def _(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    start = min(cut + T + horizon - 1, len(z))
    return *windows_to(z, T, horizon, T + horizon - 1, cut), *windows_to(z, T, horizon, start, len(z))


@windowing.misconception(
    "horizon-from-zero",
    "Your target lies one step too late: horizon 1 is the value right after the window.",
)
def _(values, T, horizon, cut):
    return windows_apart(values, T, horizon + 1, cut)


@windowing.misconception(
    "always-the-next-value",
    "Your targets are the values right after the windows, whatever the horizon.",
)
def _(values, T, horizon, cut):
    return windows_apart(values, T, 1, cut)


@windowing.misconception(
    "target-in-the-window",
    "The last value of your window is the target itself. Where does the window end?",
)
def _(values, T, horizon, cut):
    return windows_apart(values, T, 0, cut)


@windowing.misconception(
    "newest-value-first",
    "Each of your windows runs backwards: its newest value stands in the first row. Time runs down the rows.",
)
def _(values, T, horizon, cut):
    x, y, new, later = windows_apart(values, T, horizon, cut)
    return x[::-1], y, new[::-1], later


@windowing.misconception(
    "window-in-a-row",
    "Your windows are rows. Time comes first: a window is a column, (T, M).",
)
def _(values, T, horizon, cut):
    x, y, new, later = windows_apart(values, T, horizon, cut)
    return x.T, y, new.T, later
