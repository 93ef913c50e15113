"""Three measured series, and how a series becomes examples without looking into the future.

Taught in: chapter 09.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rnnlib._types import Array
from rnnlib._validate import require_array, require_size
from rnnlib.data._files import rows
from rnnlib.data.splits import Split

__all__ = ["Series", "co2", "elnino", "fill_gaps", "split_in_time", "sunspots", "windows"]


class Series(NamedTuple):
    """Values at equal steps in time.

    Attributes:
        values: array (N,), float64.
        times: array (N,), datetime64: when each value was measured.
        unit: what the values count, for the axis of a figure.
    """

    values: Array  # (N,), float64
    times: npt.NDArray[np.datetime64]  # (N,), datetime64
    unit: str


def sunspots() -> Series:
    """Sunspot activity, one value a year, 1700 to 2008: 309 values, no gaps.

    Public domain; from the National Geophysical Data Center. The cycle takes about eleven years, but not always.

    Example:
        >>> series = sunspots()
        >>> series.times[0], series.values[:3], series.unit
        (np.datetime64('1700'), array([ 5., 11., 16.]), 'sunspot number')
    """
    table = rows("sunspots.txt", ",")[1:]
    years = np.array([row[0] for row in table], dtype="datetime64[Y]")
    return Series(np.array([float(row[1]) for row in table]), years, "sunspot number")


def elnino() -> Series:
    """Sea surface temperature of the eastern Pacific (0-10 S, 80-90 W), one value a month, 1950 to 2010: 732 values.

    Public domain; from NOAA, ERSST.V3B, region Nino 1+2. The season is strong: predict the same month of last year.

    Example:
        >>> series = elnino()
        >>> series.times[12], series.values[:2], series.unit
        (np.datetime64('1951-01'), array([23.11, 24.2 ]), 'degrees Celsius')
    """
    table = rows("elnino.txt", ",")[1:]
    months = np.datetime64(table[0][0], "M") + np.arange(12 * len(table))
    return Series(np.array([float(value) for row in table for value in row[1:]]), months, "degrees Celsius")


def co2() -> Series:
    """Carbon dioxide in the air of Mauna Loa, one value a week, 1958 to 2001: 2,284 weeks, NaN in 59 of them.

    Public domain; Keeling & Whorf 2004, Carbon Dioxide Information Analysis Center. See `fill_gaps`.

    Example:
        >>> series = co2()
        >>> series.times[0], series.values[0], int(np.isnan(series.values).sum()), series.unit
        (np.datetime64('1958-03-29'), np.float64(316.1), 59, 'ppm by volume')
    """
    table = rows("co2.txt", ",")[1:]
    days = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for day, _ in table], dtype="datetime64[D]")
    return Series(np.array([float(value or "nan") for _, value in table]), days, "ppm by volume")


def fill_gaps(values: Array) -> Array:
    """Replace every NaN by the last value before it.

    A line drawn through the gap would be smoother, but its slope comes from the value after the gap: from the future.

    Args:
        values: float array (N,) whose first value is there.

    Returns:
        A new array (N,) without NaN.

    Raises:
        ValueError: when the first value is missing.

    Example:
        >>> fill_gaps(np.array([1.0, np.nan, np.nan, 4.0]))
        array([1., 1., 1., 4.])
    """
    require_array("values", values, ("N",))
    if np.isnan(values[0]):
        raise ValueError("values: expected a number at index 0, got nan. Cut the series where its first value is.")
    last_seen = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(len(values))))
    return values[last_seen]


def split_in_time(values: Array, *, validation: float = 0.15, test: float = 0.15) -> Split:
    """Cut a series in three: the past to train on, then a stretch to validate, then the newest to test.

    A shuffled split would put the neighbours of every test value into the training part.

    Args:
        values: array (N, ...).
        validation: share of the middle part.
        test: share of the last part.

    Returns:
        `Split` of three arrays that follow one another without a gap.

    Raises:
        ValueError: when a part would be empty.

    Example:
        >>> split_in_time(np.arange(10), validation=0.2, test=0.3)
        Split(train=array([0, 1, 2, 3, 4]), validation=array([5, 6]), test=array([7, 8, 9]))
    """
    N = len(values)
    end = N - round(N * test)
    start = end - round(N * validation)
    if not 0 < start < end < N:
        raise ValueError(
            f"validation, test: expected shares that leave a value in each part of {N}, got {validation} and {test}."
        )
    return Split(values[:start], values[start:end], values[end:])


def windows(values: Array, T: int, horizon: int = 1) -> tuple[Array, Array]:
    """Every stretch of T values as an input, and the value `horizon` steps after its end as the target.

    Cut the series with `split_in_time` first and make windows of each part: then no window reaches over a border.

    Args:
        values: float array (N,).
        T: steps in a window.
        horizon: how far ahead the target lies; 1 is the next value.

    Returns:
        x: array (T, M, 1) with M = N - T - horizon + 1 windows.
        y: array (M, 1).

    Raises:
        ValueError: when the series is too short for a single window, or a size is not positive.

    Example:
        >>> x, y = windows(np.arange(5.0), T=3)
        >>> x[..., 0], y[:, 0]
        (array([[0., 1.],
               [1., 2.],
               [2., 3.]]), array([3., 4.]))
    """
    require_array("values", values, ("N",))
    M = len(values) - require_size("T", T) - require_size("horizon", horizon) + 1
    if M < 1:
        raise ValueError(f"values: expected at least T + horizon = {T + horizon} values, got {len(values)}.")
    steps = np.arange(T)[:, None] + np.arange(M)  # (T, M)
    return values[steps][..., None], values[T + horizon - 1 :, None].copy()
