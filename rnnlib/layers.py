"""Layers without memory."""

import numpy as np

from rnnlib._validate import require_array, require_positive
from rnnlib.init import uniform


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
        params: dict of arrays: ``W`` of shape (D, K), ``b`` (K,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Weights and bias start uniform on ``[-1/sqrt(D), 1/sqrt(D))``, as in PyTorch.

    Taught in: chapter 02; as the output ``y_t = h_t W_hy + b_y`` of a recurrent net its ``W`` is the book's ``W_hy``.

    Example:
        >>> Linear(D=4, K=2).forward(np.ones((7, 3, 4), np.float32)).shape
        (7, 3, 2)
    """

    def __init__(self, D, K, *, rng=None, dtype=np.float32):
        rng = np.random.default_rng(0) if rng is None else rng
        bound = require_positive("D", D) ** -0.5
        require_positive("K", K)
        self.params = {"W": uniform(rng, (D, K), bound, dtype), "b": uniform(rng, (K,), bound, dtype)}
        self.grads = {}
        self._x = None

    def forward(self, x):
        """Map `x`, an array (..., D), to an array (..., K).

        The layer keeps a reference to `x` until `backward`.

        Raises:
            ValueError: when the width or the dtype of `x` is not the layer's.
        """
        W, b = self.params["W"], self.params["b"]
        free = tuple(f"n{axis}" for axis in range(np.ndim(x) - 1))
        self._x = require_array("x", x, (*free, W.shape[0]), dtype=W.dtype)
        return x @ W + b

    def backward(self, dy):
        """Fill `grads` from `dy`, (..., K), and return the gradient with respect to the input, (..., D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        if self._x is None:
            raise ValueError("backward: expected a forward pass first; call layer.forward(x), then layer.backward(dy).")
        x, W = self._x, self.params["W"]
        D, K = W.shape
        require_array("dy", dy, (*x.shape[:-1], K), dtype=x.dtype)
        dy_rows = dy.reshape(-1, K)
        self.grads = {"W": x.reshape(-1, D).T @ dy_rows, "b": dy_rows.sum(axis=0)}
        return (dy_rows @ W.T).reshape(x.shape)
