"""Position codes: what tells attention the order of its input."""

import numpy as np

from rnnlib._types import Array, DType
from rnnlib._validate import require_dtype, require_size

__all__ = ["position_codes"]


def position_codes(T: int, D: int, dtype: DType = np.float32) -> Array:
    """Sinusoidal position codes: a vector for every step, to be added to what stands there.

    Attention sees a set. Without a code, "dog bites man" and "man bites dog" are the same to it. For step t and
    i = 0, 1, ...::

        code[t, 2i]     = sin(t / 10000^(2i / D))
        code[t, 2i + 1] = cos(t / 10000^(2i / D))

    Args:
        T: number of steps.
        D: width of the vectors.
        dtype: dtype of the result.

    Returns:
        Array (T, 1, D): add it to (T, B, D).

    Notes:
        Each pair of columns is a hand of a clock. Going k steps on turns it by an angle that depends on k alone, so
        the same matrix takes the code of t to the code of t + k wherever t is.

    Taught in: chapter 13.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.5.

    Example:
        >>> position_codes(2, 4)[:, 0].round(2)
        array([[0.  , 1.  , 0.  , 1.  ],
               [0.84, 0.54, 0.01, 1.  ]], dtype=float32)
    """
    t = np.arange(require_size("T", T))[:, None]
    angle = t / 10000 ** (np.arange(0, require_size("D", D), 2) / D)  # (T, D / 2, rounded up)
    codes = np.empty((T, 1, D), require_dtype(dtype))
    codes[:, 0, 0::2] = np.sin(angle)
    codes[:, 0, 1::2] = np.cos(angle)[:, : D // 2]
    return codes
