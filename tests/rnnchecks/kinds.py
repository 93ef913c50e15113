"""What is out of the ordinary in a case, read off its arguments and its results."""

import itertools
import numbers

import numpy as np

from rnnchecks.engine.compare import plain, split
from rnnchecks.engine.measured import MeasuredProblem

HUGE, TINY = 100, 1e-3
SIZES = ("all zeros", "huge", "tiny")


def kinds(problem, case):
    """List what is out of the ordinary in a case: a set of words such as ``"x: axis 1 has length 1"``."""
    given = dict(zip(problem.argument_names, case.args, strict=True))
    found = {f"{name}: {words}" for name, value in given.items() for words in _of(value)}
    arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray) and value.ndim}
    for (a, x), (b, y) in itertools.combinations(arrays.items(), 2):
        if len(x) == len(y) > 1:
            found.add(f"{a} and {b} are alike in length")
    if not isinstance(problem, MeasuredProblem):
        names = tuple(problem.outputs)
        # How large a result is, is chance.
        for name, value in zip(names, split(problem.solve(*case.args), names), strict=True):
            found |= {f"{name}: {words}" for words in _of(plain(value)) if words not in SIZES}
    return found


def _of(value):
    if isinstance(value, np.ndarray):
        yield from _of_array(value)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (f"[{name}] {words}" for words in _of(one))
    elif isinstance(value, str | list | tuple):
        if len(value) < 2:
            yield f"has length {len(value)}"
        if not isinstance(value, str):
            yield from {f"[] {words}" for one in value for words in _of(one)}
    elif isinstance(value, numbers.Number):
        yield "is an integer" if isinstance(value, numbers.Integral) else "is no integer"
        if value in (0, 1) or not np.isfinite(value):
            yield f"is {value:g}"
        if value < 0:
            yield "is negative"


def _of_array(a):
    yield f"{a.ndim} axes"
    yield f"dtype {a.dtype}"
    if not a.flags.forc:
        yield "not contiguous"
    for i, n in enumerate(a.shape):
        if n < 2:
            yield f"axis {i} has length {n}"
    for (i, m), (j, n) in itertools.combinations(enumerate(a.shape), 2):
        if m == n > 1:
            yield f"axes {i} and {j} are alike"
    if a.dtype.kind == "f" and a.size:
        size = np.abs(a[np.isfinite(a)]).max(initial=0)
        if not np.isfinite(a).all():
            yield "not finite"
        if size == 0 or size > HUGE or size < TINY:
            yield SIZES[0] if size == 0 else SIZES[1] if size > HUGE else SIZES[2]
