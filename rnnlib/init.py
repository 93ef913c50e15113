"""Initial values of weights.

Every function takes the generator it draws from, so that a seed fixes the run.

Taught in: chapter 04 (why the start decides whether gradients vanish or explode).
"""

import numpy as np

from rnnlib._types import Array, DType, Rng, Shape
from rnnlib._validate import require_dtype, require_size

__all__ = ["identity", "orthogonal", "uniform"]


def uniform(rng: Rng, shape: Shape, bound: float, dtype: DType = np.float32) -> Array:
    """Uniform on ``[-bound, bound)``. PyTorch's recurrent layers use ``bound = 1 / sqrt(H)``.

    Args:
        rng: `numpy.random.Generator`.
        shape: tuple, the shape of the array.
        bound: largest absolute value.
        dtype: dtype of the array, float32 by default.
    """
    return rng.uniform(-bound, bound, shape).astype(require_dtype(dtype))


def orthogonal(rng: Rng, shape: tuple[int, int], gain: float = 1.0, dtype: DType = np.float32) -> Array:
    """A matrix with orthonormal rows or columns, whichever are fewer, times `gain`.

    Args:
        rng: `numpy.random.Generator`.
        shape: ``(rows, columns)``.
        gain: every singular value of the result.
        dtype: dtype of the result.

    Notes:
        The Q factor of a Gaussian matrix, with the signs of R's diagonal moved into it: without that the
        result is not uniform over the orthogonal group (Mezzadri 2007, "How to generate random matrices
        from the classical compact groups"). Proposed as a start for deep nets by Saxe, McClelland &
        Ganguli 2014.

    Example:
        >>> W = orthogonal(np.random.default_rng(0), (3, 3), dtype=np.float64)
        >>> bool(np.allclose(W @ W.T, np.eye(3)))
        True
    """
    rows, columns = shape
    Q, R = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
    Q *= np.sign(np.diag(R))
    return (gain * (Q if rows >= columns else Q.T)).astype(require_dtype(dtype))


def identity(H: int, gain: float = 1.0, dtype: DType = np.float32) -> Array:
    """``gain`` times the identity matrix: the start that Le, Jaitly & Hinton 2015 give to a ReLU recurrent net.

    Args:
        H: number of rows and of columns.
        gain: what stands on the diagonal; default 1.
        dtype: dtype of the array, float32 by default.
    """
    return gain * np.eye(require_size("H", H), dtype=require_dtype(dtype))
