"""Handwritten digits as sequences: 8 rows of 8 pixels, or 64 pixels one by one."""

import numpy as np

from rnnlib._types import Array, DType, Ids
from rnnlib._validate import require_choice, require_dtype
from rnnlib.data._files import rows
from rnnlib.data.splits import Split, split_by_hash

__all__ = ["digits"]


def digits(by: str = "row", dtype: DType = np.float32) -> Split:
    """1,797 images of handwritten digits, 8 x 8 pixels, read row by row or pixel by pixel.

    Alpaydin & Kaynak 1998, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, licensed
    CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); this is their test set, of 13 writers, divided by 16.

    Args:
        by: ``"row"`` (default): T = 8 steps of D = 8 pixels; ``"pixel"``: T = 64 steps of D = 1.
        dtype: dtype of the pixels, float32 by default.

    Returns:
        `Split` of three pairs: x, an array (T, N, D) from 0 to 1, and y, an integer array (N,) from 0 to 9.

    Raises:
        ValueError: when `by` is neither.

    Notes:
        A writer may have images in all three parts: the file does not say who wrote what. An accuracy on the test part
        is one for known hands.

    Taught in: chapter 11.

    Example:
        >>> [x.shape for x, y in digits("row")], digits("pixel").test[0].shape
        ([(8, 1434, 8), (8, 201, 8), (8, 162, 8)], (64, 162, 1))
    """
    T = {"row": 8, "pixel": 64}[require_choice("by", by, ("row", "pixel"))]
    images = split_by_hash(rows("digits.txt.gz", ","), ",".join)
    return Split(*(_sequences(np.array(part, int), T, dtype) for part in images))


def _sequences(table: Ids, T: int, dtype: DType) -> tuple[Array, Ids]:
    """Turn rows of 64 pixels and a digit into time-major sequences and classes."""
    pixels = table[:, :64].reshape(len(table), T, 64 // T) / 16
    return np.ascontiguousarray(pixels.swapaxes(0, 1), require_dtype(dtype)), table[:, 64]
