"""Multi-head attention: several dot-product attentions side by side, each on a projection of its own."""

from typing import Any

import numpy as np

from rnnlib._attributes import Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._readonly import copied_unless_frozen, read_only
from rnnlib._scaled_dot_product import attend, attend_backward, require_keys
from rnnlib._types import Array, DType, Mask, Params, Rng
from rnnlib._validate import require_array, require_forward, require_rng
from rnnlib.init import uniform

__all__ = ["MultiHeadAttention"]


class MultiHeadAttention:
    """Look in several ways at once: each head has its own queries, keys and values.

    Forward, where head j owns the j-th block of columns of ``W_q``, ``W_k`` and ``W_v``::

        head_j = DotProductAttention(q W_qj + b_qj, k W_kj, v W_vj)
        y      = [head_1, head_2, ...] W_o + b_o

    Backward, where Q, K, V are the three projections and ``dQ``, ``dK``, ``dV`` come back from the heads::

        dW_o = sum [head_1, ...]^T dy        db_o = sum dy
        dW_q = sum q^T dQ                    db_q = sum dQ        dq = dQ W_q^T
        dW_k = sum k^T dK                                         dk = dK W_k^T
        dW_v = sum v^T dV                                         dv = dV W_v^T

    Self-attention is ``forward(x, x, x)``. Then x gets all three gradients, ``dx = dq + dk + dv``.

    Args:
        D: width of queries, keys, values and output.
        heads: number of heads; it must divide D.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        D, heads: as above.
        weights: array (heads, T, B, S) of the last forward pass: where each query looked. Every row sums to 1.
            Read-only.
        params: dict of arrays: ``W_q``, ``W_k``, ``W_v``, ``W_o`` of shape (D, D), ``b_q``, ``b_o`` (D,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        PyTorch keeps two more biases, and neither matters. One on the keys adds the same number to all scores of a
        query, and the softmax does not see it. One on the values adds itself to every context, since the weights sum
        to 1: ``b_o`` can do that.

    Taught in: chapter 13.
    Source: Vaswani et al. 2017, "Attention is all you need".

    Example:
        >>> x = np.ones((7, 2, 6), np.float32)
        >>> attention = MultiHeadAttention(D=6, heads=3)
        >>> attention.forward(x, x, x).shape, attention.weights.shape
        ((7, 2, 6), (3, 7, 2, 7))
    """

    D, heads, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(self, D: int, heads: int, *, rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.heads, rng = D, heads, require_rng(rng)
        D, heads = self.D, self.heads
        bound = D**-0.5
        if D % heads:
            raise ValueError(f"heads: expected a number that divides D = {D}, got {heads}.")
        shapes = {"W_q": (D, D), "W_k": (D, D), "W_v": (D, D), "W_o": (D, D), "b_q": (D,), "b_o": (D,)}
        self.params = {name: uniform(rng, shape, bound, dtype) for name, shape in shapes.items()}
        self.grads: Params = {}
        self.weights: Array | None = None
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return f"MultiHeadAttention(D={self.D}, heads={self.heads})"

    def forward(self, q: Array, k: Array, v: Array, mask: Mask | None = None) -> Array:
        """Let every query look at all keys at once.

        Args:
            q: array (T, B, D), the queries.
            k: array (S, B, D), the keys.
            v: array (S, B, D), the values.
            mask: boolean array (T, B, S), or with 1 for T or B, True where the query may look at the key; default
                everywhere. Join masks with ``&``.

        Returns:
            y: array (T, B, D).

        Raises:
            ValueError: when an argument has the wrong rank, width or dtype, is empty or is not finite, or when the
                mask leaves a query nothing to look at.
        """
        p = self.params
        D = len(p["b_q"])
        require_array("q", q, ("T", "B", D), dtype=p["b_q"].dtype, finite=True)
        mask = require_keys(q, k, v, mask, D_k=D, D_v=D)
        Q = self._split(q @ p["W_q"] + p["b_q"])  # (heads, B, T, D / heads)
        K = self._split(k @ p["W_k"])
        V = self._split(v @ p["W_v"])
        context, weights = attend(Q, K, V, mask)
        contexts = self._join(context)  # (T, B, D)
        self._saved = *_kept(q, k, v), Q, K, V, read_only(weights), contexts, self.params.replaced
        self.weights = weights.swapaxes(1, 2)
        return contexts @ p["W_o"] + p["b_o"]

    def backward(self, dy: Array) -> tuple[Array, Array, Array]:
        """Fill `grads`, and return the gradients with respect to queries, keys and values.

        Args:
            dy: array (T, B, D), gradient of the loss with respect to the output.

        Returns:
            dq: array (T, B, D).
            dk: array (S, B, D).
            dv: array (S, B, D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        q, k, v, Q, K, V, weights, contexts, replaced = require_forward(self._saved, "q, k, v", "dy")
        require_params_of_forward(self.params, replaced)
        p = self.params
        require_array("dy", dy, q.shape, dtype=q.dtype)
        dcontext = self._split(dy @ p["W_o"].T)
        dQ, dK, dV = (self._join(a) for a in attend_backward(dcontext, Q, K, V, weights))
        self.grads = {
            "W_q": _sum_of_products(q, dQ),
            "W_k": _sum_of_products(k, dK),
            "W_v": _sum_of_products(v, dV),
            "W_o": _sum_of_products(contexts, dy),
            "b_q": dQ.sum(axis=(0, 1)),
            "b_o": dy.sum(axis=(0, 1)),
        }
        return dQ @ p["W_q"].T, dK @ p["W_k"].T, dV @ p["W_v"].T

    def _split(self, a: Array) -> Array:
        """Cut (T, B, D) into heads: (heads, B, T, D / heads)."""
        T, B, D = a.shape
        return a.reshape(T, B, self.heads, D // self.heads).transpose(2, 1, 0, 3)

    def _join(self, a: Array) -> Array:
        """Put (heads, B, T, D / heads) back together: (T, B, D)."""
        heads, B, T, d = a.shape
        return a.transpose(2, 1, 0, 3).reshape(T, B, heads * d)


def _kept(*arrays: Array) -> list[Array]:
    """Copies of arrays that could be written to: one of each, for in self-attention all three are the same."""
    copies = {id(a): copied_unless_frozen(a) for a in arrays}
    return [copies[id(a)] for a in arrays]


def _sum_of_products(x: Array, dy: Array) -> Array:
    """Sum of ``x^T dy`` over steps and batch."""
    return x.reshape(-1, x.shape[-1]).T @ dy.reshape(-1, dy.shape[-1])
