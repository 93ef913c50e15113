"""Layers without memory: an affine map, two ways to turn symbols into vectors, and dropout."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from rnnlib._attributes import Checked, Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._readonly import copied_unless_frozen
from rnnlib._types import Array, ArrayLike, DType, Ids, Params, Rng
from rnnlib._validate import (
    require_array,
    require_dtype,
    require_forward,
    require_ids,
    require_rng,
    require_share,
    require_size,
)
from rnnlib.init import uniform
from rnnlib.kernels.inputs import sum_by_symbol

__all__ = ["Dropout", "Embedding", "Linear", "OneHot", "dropout_on", "one_hot"]


class Linear:
    """An affine map of the last axis: ``y = x W + b``.

    Backward, with the sums over every axis but the last::

        dW = sum x^T dy
        db = sum dy
        dx = dy W^T

    Args:
        D: width of the input.
        K: width of the output.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        D, K: the two widths.
        params: dict of arrays: ``W`` of shape (D, K), ``b`` (K,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Weights and bias start uniform on ``[-1/sqrt(D), 1/sqrt(D))``, as in PyTorch.

    Taught in: chapter 02; as the output ``y_t = h_t W_hy + b_y`` of a recurrent net its ``W`` is the book's ``W_hy``.

    Example:
        >>> Linear(D=4, K=2).forward(np.ones((7, 3, 4), np.float32)).shape
        (7, 3, 2)
    """

    D, K, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(self, D: int, K: int, *, rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.K, rng = D, K, require_rng(rng)
        bound = self.D**-0.5
        self.params = {"W": uniform(rng, (self.D, self.K), bound, dtype), "b": uniform(rng, (self.K,), bound, dtype)}
        self.grads: Params = {}
        self._x: Array | None = None
        self._replaced = 0

    def __repr__(self) -> str:
        return f"Linear(D={self.D}, K={self.K})"

    def forward(self, x: Array) -> Array:
        """Map `x`, an array (..., D), to an array (..., K).

        Raises:
            ValueError: when the width or the dtype of `x` is not the layer's.
        """
        W, b = self.params["W"], self.params["b"]
        free = tuple(f"n{axis}" for axis in range(np.ndim(x) - 1))
        self._x = copied_unless_frozen(require_array("x", x, (*free, W.shape[0]), dtype=W.dtype))
        self._replaced = self.params.replaced
        y = x @ W
        y += b  # not x @ W + b: fresh memory costs more than the sum
        return y

    def backward(self, dy: Array) -> Array:
        """Fill `grads` from `dy`, (..., K), and return the gradient with respect to the input, (..., D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        x, W = require_forward(self._x, gradient="dy"), self.params["W"]
        require_params_of_forward(self.params, self._replaced)
        D, K = W.shape
        dy_rows = require_array("dy", dy, (*x.shape[:-1], K), dtype=x.dtype).reshape(-1, K)
        ones = np.ones(len(dy_rows), dy.dtype)  # times dy: its sum over the rows, 4 times sooner than np.sum
        self.grads = {"W": x.reshape(-1, D).T @ dy_rows, "b": ones @ dy_rows}
        return (dy_rows @ W.T).reshape(x.shape)


def one_hot(ids: ArrayLike, V: int, dtype: DType = np.float32) -> Array:
    """Turn symbols into vectors with a single 1.

    Args:
        ids: integer array (...) with values from 0 to V - 1.
        V: size of the vocabulary.
        dtype: dtype of the result.

    Returns:
        Array (..., V).

    Raises:
        ValueError: when an id is out of range.

    Taught in: chapter 02.

    Example:
        >>> one_hot([2, 0], 3)
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
    """
    return np.eye(require_size("V", V), dtype=dtype)[require_ids("ids", ids, V)]


class Embedding:
    """A vector for every symbol, learned: ``x_t = W[id_t]``.

    It is the product of a one-hot vector with W, without the zeros. Backward, every row of dW gathers what came back
    to its symbol, wherever that stood::

        dW[k] = sum over all positions with id k of dx

    Args:
        V: size of the vocabulary.
        E: width of the vectors.
        padding: id whose vector is zero and stays so; default none.
        rng: `numpy.random.Generator` for the initial vectors; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        V, E: number and width of the vectors.
        params: dict of one array: ``W`` of shape (V, E).
        grads: dict of one array under the same name, filled by `backward`.

    Notes:
        Vectors start from the standard normal distribution, as in PyTorch.

    Taught in: chapter 08.

    Example:
        >>> Embedding(V=10, E=4, padding=0).forward(np.array([[3, 1], [2, 0]])).shape
        (2, 2, 4)
    """

    V, E, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(
        self, V: int, E: int, *, padding: int | None = None, rng: Rng | None = None, dtype: DType = np.float32
    ):
        self.V, self.E = V, E
        self.params = {"W": require_rng(rng).standard_normal((self.V, self.E)).astype(require_dtype(dtype))}
        self.grads: Params = {}
        self.padding = padding
        if padding is not None:
            self.params["W"][require_ids("padding", [padding], self.V)] = 0
        self._ids: Ids | None = None

    def __repr__(self) -> str:
        return f"Embedding(V={self.V}, E={self.E}{'' if self.padding is None else f', padding={self.padding}'})"

    def forward(self, ids: ArrayLike) -> Array:
        """Look up `ids`, an integer array (...), and return an array (..., E).

        Raises:
            ValueError: when an id is out of range.
        """
        self._ids = copied_unless_frozen(require_ids("ids", ids, len(self.params["W"])))
        return self.params["W"][self._ids]

    def backward(self, dx: Array) -> None:
        """Fill `grads` from `dx`, (..., E). Symbols have no gradient, so nothing is returned.

        Raises:
            ValueError: when there was no `forward`, or `dx` does not match it.
        """
        ids, W = require_forward(self._ids, "ids", "dx"), self.params["W"]
        require_array("dx", dx, (*ids.shape, W.shape[1]), dtype=W.dtype)
        dW = sum_by_symbol(dx.reshape(-1, self.E), ids, self.V)
        if self.padding is not None:
            dW[self.padding] = 0
        self.grads = {"W": dW}


class OneHot:
    """`one_hot` for V symbols as a layer, instead of an `Embedding`; it has a `dtype`, and nothing to learn.

    Taught in: chapter 02.
    """

    V, E = Size(), Size()

    def __init__(self, V: int, *, dtype: DType = np.float32):
        self.V, self.E, self.dtype = V, V, require_dtype(dtype)
        self.params: Params = {}
        self.grads: Params = {}

    def __repr__(self) -> str:
        return f"OneHot(V={self.V})"

    def forward(self, ids: ArrayLike) -> Array:
        """Turn `ids`, an integer array (...), into an array (..., V)."""
        return one_hot(ids, self.V, self.dtype)

    def backward(self, dx: Array) -> None:
        """Do nothing with `dx`: symbols have no gradient."""


_DROPPING = ContextVar("dropping", default=False)


@contextmanager
def dropout_on() -> Iterator[None]:
    """Let every `Dropout` drop within this ``with`` block. Outside of it they do nothing.

    A net that is measured or used must not lose units at random. So dropout is off, and the training step of a model
    switches it on: nobody can forget to switch it off.

    Taught in: chapter 07.
    """
    token = _DROPPING.set(True)
    try:
        yield
    finally:
        _DROPPING.reset(token)


class Dropout:
    """Set each number to zero with probability p, while training: ``y = x * m / (1 - p)``, with m 0 or 1.

    Backward, ``dx = dy * m / (1 - p)``. The division keeps the expected value of y at x, so nothing needs to be
    scaled when the net is used.

    Args:
        p: share that is dropped, from 0 to below 1; it may be set anew.
        rng: `numpy.random.Generator` for the masks; default ``default_rng(0)``.

    Taught in: chapter 07.
    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".

    Example:
        >>> layer = Dropout(0.5)
        >>> layer.forward(np.ones(4))
        array([1., 1., 1., 1.])
        >>> with dropout_on():
        ...     layer.forward(np.ones(4))
        array([2., 0., 0., 0.])
    """

    p = Checked(require_share)

    def __init__(self, p: float, *, rng: Rng | None = None):
        self.p, self.rng = p, require_rng(rng)
        self._scale: Array | None = None  # m / (1 - p) of the last forward pass, or None when nothing was dropped

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"

    def forward(self, x: Array) -> Array:
        """Drop from `x`, an array of any shape, within `dropout_on`; return `x` itself outside."""
        self._scale = None
        if self.p == 0 or not _DROPPING.get():
            return x
        self._scale = ((self.rng.random(x.shape) >= self.p) / (1 - self.p)).astype(x.dtype)
        return x * self._scale

    def backward(self, dy: Array) -> Array:
        """Gradient with respect to the input of the last `forward`, from `dy`, the one with respect to its output."""
        return dy if self._scale is None else dy * self._scale
