"""Attention: an output for every query, mixed from values by how well their keys fit it."""

from typing import Any

import numpy as np

from rnnlib._attributes import Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._readonly import copied_unless_frozen, read_only
from rnnlib._scaled_dot_product import attend, attend_backward, masked_softmax, require_keys, softmax_backward
from rnnlib._types import Array, DType, Lengths, Mask, Params, Rng
from rnnlib._validate import require_array, require_forward, require_rng, require_size
from rnnlib.activations import dtanh, tanh
from rnnlib.init import uniform
from rnnlib.masking import valid_steps

__all__ = ["AdditiveAttention", "DotProductAttention", "causal_mask", "length_mask"]


def causal_mask(T: int) -> Mask:
    """Let step t look at the steps up to t and no further: boolean array (T, 1, T), True where it may look.

    Taught in: chapter 13.

    Example:
        >>> causal_mask(3)[:, 0].astype(int)
        array([[1, 0, 0],
               [1, 1, 0],
               [1, 1, 1]])
    """
    return np.tri(require_size("T", T), dtype=bool)[:, None]


def length_mask(lengths: Lengths, S: int) -> Mask:
    """Let every step look at the keys that count: boolean array (1, B, S), True where ``s < lengths[b]``.

    Taught in: chapter 12.

    Example:
        >>> length_mask([3, 1], 3)[0].astype(int)
        array([[1, 1, 1],
               [1, 0, 0]])
    """
    return valid_steps(lengths, S).T[None]


class DotProductAttention:
    """Scaled dot-product attention: a key fits a query when their product is large.

    Forward, for every query t, with a sum over the keys s and d the width of both::

        score_ts  = q_t . k_s / sqrt(d)
        weight_ts = softmax over s of score_ts        (0 where the mask is False)
        context_t = sum_s weight_ts v_s

    Backward::

        dv_s       = sum_t weight_ts dcontext_t
        dweight_ts = dcontext_t . v_s
        dscore_ts  = weight_ts (dweight_ts - sum_j weight_tj dweight_tj)
        dq_t       = sum_s dscore_ts k_s / sqrt(d)
        dk_s       = sum_t dscore_ts q_t / sqrt(d)

    Attributes:
        weights: array (T, B, S) of the last forward pass: where each query looked. Every row sums to 1. Read-only.
        params, grads: empty dicts; there is nothing to learn here.

    Notes:
        The product of two random vectors of width d has variance d. Without the division the softmax saturates as the
        width grows, and little gradient comes through (Vaswani et al. 2017, section 3.2.1).

    Taught in: chapter 12 (between two sequences), chapter 13 (within one).
    Source: Vaswani et al. 2017, "Attention is all you need".

    Example:
        >>> attention = DotProductAttention()
        >>> x = np.eye(3, dtype=np.float32)[:, None]
        >>> attention.forward(x, x, x, causal_mask(3)).shape
        (3, 1, 3)
        >>> attention.weights[:, 0].round(2)
        array([[1.  , 0.  , 0.  ],
               [0.36, 0.64, 0.  ],
               [0.26, 0.26, 0.47]], dtype=float32)
    """

    def __init__(self) -> None:
        self.params: Params = {}
        self.grads: Params = {}
        self.weights: Array | None = None
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return "DotProductAttention()"

    def forward(self, q: Array, k: Array, v: Array, mask: Mask | None = None) -> Array:
        """Let every query look at all keys at once.

        Args:
            q: array (T, B, d), the queries.
            k: array (S, B, d), the keys.
            v: array (S, B, E), the values.
            mask: boolean array (T, B, S), or with 1 for T or B, True where the query may look at the key; default
                everywhere. Join masks with ``&``.

        Returns:
            context: array (T, B, E).

        Raises:
            ValueError: when an argument has the wrong rank, width or dtype, is empty or is not finite, or when the
                mask leaves a query nothing to look at.
        """
        require_array("q", q, ("T", "B", "d"), finite=True)
        mask = require_keys(q, k, v, mask, D_k=q.shape[-1])
        q, k, v = (copied_unless_frozen(a).swapaxes(0, 1) for a in (q, k, v))  # (B, T or S, width)
        context, weights = attend(q, k, v, mask)
        self._saved = q, k, v, read_only(weights)
        self.weights = weights.swapaxes(0, 1)
        return context.swapaxes(0, 1)

    def backward(self, dcontext: Array) -> tuple[Array, Array, Array]:
        """Gradients with respect to the queries, the keys and the values of the last `forward`.

        Args:
            dcontext: array (T, B, E), gradient of the loss with respect to every output.

        Returns:
            dq: array (T, B, d).
            dk: array (S, B, d).
            dv: array (S, B, E).

        Raises:
            ValueError: when there was no `forward`, or `dcontext` does not match it.
        """
        q, k, v, weights = require_forward(self._saved, "q, k, v", "dcontext")
        B, T, _ = q.shape
        require_array("dcontext", dcontext, (T, B, v.shape[-1]), dtype=q.dtype)
        dq, dk, dv = attend_backward(dcontext.swapaxes(0, 1), q, k, v, weights)
        return dq.swapaxes(0, 1), dk.swapaxes(0, 1), dv.swapaxes(0, 1)


class AdditiveAttention:
    """Additive attention: a small net with one hidden layer says how well a key fits a query.

    Forward, for every query t, with a sum over the keys s::

        u_ts      = tanh(q_t W_q + k_s W_k)
        score_ts  = u_ts . w
        weight_ts = softmax over s of score_ts        (0 where the mask is False)
        context_t = sum_s weight_ts v_s

    Backward, after ``dv`` and ``dscore`` as in `DotProductAttention`::

        dw    = sum_ts dscore_ts u_ts
        da_ts = dscore_ts w * (1 - u_ts^2)
        dW_q  = sum_t q_t^T (sum_s da_ts)        dq_t = (sum_s da_ts) W_q^T
        dW_k  = sum_s k_s^T (sum_t da_ts)        dk_s = (sum_t da_ts) W_k^T

    Args:
        D_q: width of the queries: the decoder's states.
        D_k: width of the keys: the encoder's outputs.
        A: width of the hidden layer.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        D_q, D_k, A: the three widths.
        weights: array (T, B, S) of the last forward pass: where each query looked. Every row sums to 1. Read-only.
        params: dict of arrays: ``W_q`` of shape (D_q, A), ``W_k`` (D_k, A), ``w`` (A,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Unlike the dot product it takes queries and keys of different widths. It keeps T B S A numbers for `backward`.

    Taught in: chapter 12.
    Source: Bahdanau, Cho & Bengio 2015, "Neural machine translation by jointly learning to align and translate".

    Example:
        >>> attention = AdditiveAttention(D_q=3, D_k=4, A=5)
        >>> queries, keys = np.ones((2, 1, 3), np.float32), np.ones((6, 1, 4), np.float32)
        >>> attention.forward(queries, keys, keys, length_mask([2], 6)).shape
        (2, 1, 4)
        >>> attention.weights[0, 0]
        array([0.5, 0.5, 0. , 0. , 0. , 0. ], dtype=float32)
    """

    D_q, D_k, A = Size(), Size(), Size()
    params, __copy__ = ParamsAttribute(), no_shallow_copy

    def __init__(self, D_q: int, D_k: int, A: int, *, rng: Rng | None = None, dtype: DType = np.float32):
        rng = require_rng(rng)
        self.D_q, self.D_k, self.A = D_q, D_k, A
        D_q, D_k, A = self.D_q, self.D_k, self.A
        self.params = {
            "W_q": uniform(rng, (D_q, A), D_q**-0.5, dtype),
            "W_k": uniform(rng, (D_k, A), D_k**-0.5, dtype),
            "w": uniform(rng, (A,), A**-0.5, dtype),
        }
        self.grads: Params = {}
        self.weights: Array | None = None
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return f"AdditiveAttention(D_q={self.D_q}, D_k={self.D_k}, A={self.A})"

    def forward(self, q: Array, k: Array, v: Array, mask: Mask | None = None) -> Array:
        """Let every query look at all keys at once.

        Args and errors as `DotProductAttention.forward`, with queries (T, B, D_q) and keys (S, B, D_k).
        """
        W_q, W_k, w = (self.params[name] for name in ("W_q", "W_k", "w"))
        require_array("q", q, ("T", "B", len(W_q)), dtype=w.dtype, finite=True)
        mask = require_keys(q, k, v, mask, D_k=len(W_k))
        q, k, v = (copied_unless_frozen(a).swapaxes(0, 1) for a in (q, k, v))  # (B, T or S, width)
        u = (q @ W_q)[:, :, None] + (k @ W_k)[:, None]  # (B, T, S, A)
        tanh(u, out=u)
        weights = masked_softmax(u @ w, mask)  # (B, T, S)
        self._saved = q, k, v, u, read_only(weights), self.params.replaced
        self.weights = weights.swapaxes(0, 1)
        return (weights @ v).swapaxes(0, 1)

    def backward(self, dcontext: Array) -> tuple[Array, Array, Array]:
        """Fill `grads`, and return the gradients with respect to queries, keys and values.

        Args, results and errors as `DotProductAttention.backward`.
        """
        q, k, v, u, weights, replaced = require_forward(self._saved, "q, k, v", "dcontext")
        require_params_of_forward(self.params, replaced)
        W_q, W_k, w = (self.params[name] for name in ("W_q", "W_k", "w"))
        B, T, _ = q.shape
        require_array("dcontext", dcontext, (T, B, v.shape[-1]), dtype=q.dtype)
        dcontext = dcontext.swapaxes(0, 1)
        dv = weights.swapaxes(1, 2) @ dcontext
        dscores = softmax_backward(dcontext @ v.swapaxes(1, 2), weights)
        da = dtanh(u)
        da *= dscores[..., None] * w  # (B, T, S, A)
        da_q, da_k = da.sum(axis=2), da.sum(axis=1)  # (B, T, A), (B, S, A)
        self.grads = {
            "W_q": np.tensordot(q, da_q, axes=((0, 1), (0, 1))),
            "W_k": np.tensordot(k, da_k, axes=((0, 1), (0, 1))),
            "w": dscores.reshape(-1) @ u.reshape(-1, len(w)),
        }
        return (da_q @ W_q.T).swapaxes(0, 1), (da_k @ W_k.T).swapaxes(0, 1), dv.swapaxes(0, 1)
