"""Tasks made of random numbers: what a net must remember is known exactly, and so is the loss without memory.

Every function draws a fresh batch from the generator it is given, so there is no test set to keep apart.
Taught in: chapter 04 (adding, copying, temporal order), chapter 07 (the future).
"""

import numpy as np

from rnnlib._types import Array, DType, Ids, Rng
from rnnlib._validate import require_dtype, require_size

__all__ = ["adding", "copying", "needs_future", "temporal_order"]


def adding(T: int, B: int, rng: Rng, dtype: DType = np.float32) -> tuple[Array, Array]:
    """The adding problem: the sum of the two marked numbers among T.

    At every step comes a number from 0 to 1, and a marker that is 1 at two steps, one in each half, and 0 elsewhere.

    Args:
        T: steps, at least 2.
        B: sequences.
        rng: `numpy.random.Generator`.
        dtype: dtype of the numbers, float32 by default.

    Returns:
        x: array (T, B, 2), numbers and markers.
        y: array (B, 1), the sum that is wanted after the last step.

    Raises:
        ValueError: when T or B is too small.

    Notes:
        Who remembers nothing does best to answer 1 always: the mean squared error is then the variance of the sum of
        two uniform numbers, 2/12 = 1/6 = 0.1667; `rnnlib.losses.squared_error`, with its half, gives 1/12 = 0.0833.
        Who remembers the first number alone gets half of that, 1/12 and 1/24.

    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory", experiment 4, here with a fixed length, numbers
        from 0 to 1 and one marker in each half.

    Example:
        >>> x, y = adding(T=4, B=2, rng=np.random.default_rng(0))
        >>> x[:, 0, 1], bool(np.isclose((x[:, 0, 0] * x[:, 0, 1]).sum(), y[0, 0]))
        (array([0., 1., 0., 1.], dtype=float32), True)
    """
    _require_steps(T, 2)
    require_size("B", B)
    x = np.zeros((T, B, 2), require_dtype(dtype))
    x[..., 0] = rng.random((T, B))
    columns = np.arange(B)
    x[rng.integers(0, T // 2, B), columns, 1] = 1
    x[rng.integers(T // 2, T, B), columns, 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(axis=0)[:, None]


def copying(T: int, B: int, rng: Rng) -> tuple[Ids, Ids]:
    """The copying problem: ten symbols, a long silence, and then the same ten again.

    There are eight symbols, 0 to 7. Id 8 is the blank and 9 the signal to start::

        step      0 ... 9         10 ... T+8   T+9      T+10 ... T+19
        input     ten symbols     blanks       signal   blanks
        target    blanks ...................   blank    the ten symbols

    Args:
        T: steps from the last symbol read to the signal, with it; at least 1.
        B: sequences.
        rng: `numpy.random.Generator`.

    Returns:
        ids: integer array (T + 20, B) with values from 0 to 9.
        targets: integer array (T + 20, B) with values from 0 to 8.

    Raises:
        ValueError: when T or B is too small.

    Notes:
        Who remembers nothing knows when to be silent, and guesses among eight symbols at the last ten steps:
        the mean cross-entropy is 10 ln 8 / (T + 20).

    Source: Hochreiter & Schmidhuber 1997 in idea; the form is that of Arjovsky, Shah & Bengio 2016, "Unitary evolution
        recurrent neural networks".

    Example:
        >>> ids, targets = copying(T=3, B=1, rng=np.random.default_rng(0))
        >>> ids[:, 0]
        array([6, 5, 4, 2, 2, 0, 0, 0, 1, 6, 8, 8, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8])
        >>> targets[:, 0]
        array([8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 6, 5, 4, 2, 2, 0, 0, 0, 1, 6])
    """
    _require_steps(T, 1)
    symbols = rng.integers(0, 8, (10, require_size("B", B)))
    ids = np.full((T + 20, B), 8)
    ids[:10] = symbols
    ids[T + 9] = 9
    targets = np.full((T + 20, B), 8)
    targets[-10:] = symbols
    return ids, targets


def temporal_order(T: int, B: int, rng: Rng) -> tuple[Ids, Ids]:
    """The temporal order problem: which of X and Y came first, and which second?

    Ids 0 to 3 are noise, drawn anew at every step; 4 is X and 5 is Y. One of the two stands somewhere in the second
    tenth of the sequence, one somewhere in the sixth. The class is 0 for XX, 1 for XY, 2 for YX, 3 for YY.

    Args:
        T: steps, at least 10.
        B: sequences.
        rng: `numpy.random.Generator`.

    Returns:
        ids: integer array (T, B) with values from 0 to 5.
        classes: integer array (B,) with values from 0 to 3.

    Raises:
        ValueError: when T or B is too small.

    Notes:
        Who remembers nothing guesses among four: accuracy 1/4, cross-entropy ln 4 = 1.386. Who remembers one of the
        two symbols guesses among two: accuracy 1/2, cross-entropy ln 2 = 0.693.

    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory", experiment 6a, where T is 100 to 110; here the
        places grow with T, and the symbols that mark start and end are left out.

    Example:
        >>> ids, classes = temporal_order(T=10, B=3, rng=np.random.default_rng(0))
        >>> ids[[1, 5]].tolist(), classes
        ([[5, 4, 4], [5, 4, 5]], array([3, 0, 1]))
    """
    _require_steps(T, 10)
    ids = rng.integers(0, 4, (T, require_size("B", B)))
    order = rng.integers(0, 2, (2, B))  # 0 for X, 1 for Y
    for symbol, tenth in zip(order, (1, 5), strict=True):
        ids[rng.integers(tenth * T // 10, (tenth + 1) * T // 10, B), np.arange(B)] = 4 + symbol
    return ids, 2 * order[0] + order[1]


def needs_future(T: int, B: int, rng: Rng, lag: int = 1) -> tuple[Ids, Ids]:
    """A task that the past alone cannot solve: the sum of the bit `lag` steps ago and the bit `lag` steps ahead.

    ::

        target_t = x_{t-lag} + x_{t+lag},   with 0 beyond both ends

    Args:
        T: steps, more than `lag`.
        B: sequences.
        rng: `numpy.random.Generator`.
        lag: how far to look, at least 1.

    Returns:
        ids: integer array (T, B), random bits.
        targets: integer array (T, B) with values 0, 1 and 2.

    Raises:
        ValueError: when a size is too small.

    Notes:
        Who has read the past alone knows one of the two bits and guesses the other: accuracy 1/2 and cross-entropy ln 2
        at every step but the last `lag`, where the future is over and nothing is left to guess. The mean is
        (1 - lag / T) ln 2. By symmetry the same holds for who reads from the end alone. With both, the loss is 0.

    Example:
        >>> ids, targets = needs_future(T=6, B=1, rng=np.random.default_rng(0))
        >>> ids[:, 0], targets[:, 0]
        (array([1, 1, 1, 0, 0, 0]), array([1, 2, 1, 1, 0, 0]))
    """
    require_size("lag", lag)
    _require_steps(T, lag + 1)
    ids = rng.integers(0, 2, (T, require_size("B", B)))
    targets = np.zeros_like(ids)
    targets[lag:] += ids[:-lag]
    targets[:-lag] += ids[lag:]
    return ids, targets


def _require_steps(T: int, least: int) -> None:
    """Refuse sequences that are too short for the task."""
    if require_size("T", T) < least:
        raise ValueError(f"T: expected at least {least} steps, got {T}.")
