"""The geometry of the charts: numbers in, coordinates out. The templates draw them, so that they follow the theme."""

import math
from typing import Any

from grading.report.words import GROUP_WORDS, GROUPS, count, group

WIDTH, HEIGHT = 420, 170  # of the whole drawing; small, so that its words can be read when a phone shrinks it
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 14, 34  # of the margins
TICKS = 6  # about as many labels stand along the axis


def histogram(values: list[float], longest: float, unit: str) -> dict[str, Any]:
    """Lay out a histogram over 0 to `longest`.

    Args:
        values: list of numbers, none below 0.
        longest: end of the axis.
        unit: what the values are, in the plural, such as ``"points"``.

    Returns:
        Dict: ``bars``, ``x_ticks``, ``y_ticks``, ``median`` (a place on the axis) and ``alt``, the chart in words.
    """
    width = _step(longest / 25) if longest > 25 else 1.0 if longest > 4 else _step(longest / 20)
    bins = math.floor(longest / width + 1e-9) + 1  # the last one holds whoever has all there is
    counts = [0] * bins
    for value in values:
        counts[min(int(value / width + 1e-9), bins - 1)] += 1
    inner, tall, most = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, max(counts, default=0) or 1
    each = inner / bins
    whole = width == 1 and all(float(value).is_integer() for value in values)
    middle = each / 2 if whole else 0.0  # a bar of whole numbers stands over its number, another between two

    def x(value: float) -> float:
        return LEFT + value / width * each

    def y(number: float) -> float:
        return TOP + tall * (1 - number / most)

    bars = [
        {
            "x": x(i * width),
            "y": y(n),
            "width": each,
            "height": TOP + tall - y(n),
            "title": _title(i, width, n, unit, whole),
        }
        for i, n in enumerate(counts)
        if n
    ]
    step = max(_step(longest / TICKS), width)
    step_up = max(1, math.ceil(_step(most / 3)))
    ordered = sorted(values)
    median = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 if ordered else 0.0
    fullest = counts.index(max(counts))
    return {
        "bars": bars,
        "x_ticks": [(x(i * step) + middle, f"{i * step:g}") for i in range(int(longest / step + 1e-9) + 1)],
        "y_ticks": [(y(n), n) for n in range(0, most + 1, step_up)],
        "median": x(median) + middle,
        "unit": unit,
        "size": {
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "right": WIDTH - RIGHT,
            "floor": TOP + tall,
            "top": TOP,
        },
        "alt": f"Histogram of {count(len(values), 'value')}. Median {median:g} of {longest:g} {unit}. "
        f"The highest bar: {_title(fullest, width, counts[fullest], unit, whole)}.",
    }


def shares(kinds: dict[str, int], total: int) -> dict[str, Any]:
    """Lay out one bar of a stacked chart: how many of a class came out in which way.

    Args:
        kinds: dict from kind of outcome to how many.
        total: how many there are.

    Returns:
        Dict: ``parts``, from the left, in percent, and ``alt``.
    """
    parts: list[dict[str, Any]] = []
    start = 0.0
    for name in GROUPS:
        number = sum(n for kind, n in kinds.items() if group(kind) == name)
        if number:
            parts.append({"group": name, "x": start, "width": 100 * number / total, "n": number})
            start += 100 * number / total
    return {"parts": parts, "alt": ", ".join(f"{part['n']} {GROUP_WORDS[part['group']]}" for part in parts)}


def _title(i: int, width: float, number: int, unit: str, whole: bool) -> str:
    low = f"{i * width:g}"
    return f"{low} {unit}: {number}" if whole else f"{low} to {(i + 1) * width:g} {unit}: {number}"


def _step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... (or their tenths) that is not below a number."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))
