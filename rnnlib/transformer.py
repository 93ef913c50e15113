"""What a Transformer puts around attention: layer normalisation, a small net at every step, and sums past both."""

from typing import Any

import numpy as np

from rnnlib._attributes import Size
from rnnlib._parameters import (
    NamedParameters,
    ParamsAttribute,
    named_grads,
    no_shallow_copy,
    require_params_of_forward,
)
from rnnlib._readonly import read_only
from rnnlib._types import Array, DType, Lengths, Params, Part, Rng
from rnnlib._validate import (
    require_array,
    require_dtype,
    require_flag,
    require_forward,
    require_lengths,
    require_positive,
    require_rng,
)
from rnnlib.activations import drelu, relu
from rnnlib.attention import causal_mask, length_mask
from rnnlib.layers import Linear
from rnnlib.masking import keep_valid
from rnnlib.multihead import MultiHeadAttention

__all__ = ["FeedForward", "LayerNorm", "TransformerBlock"]


class LayerNorm:
    """Bring every vector to mean 0 and variance 1, then scale and shift each of its numbers.

    Forward, with means over the last axis::

        r    = 1 / sqrt(mean((x - mean(x))^2) + eps)
        xhat = (x - mean(x)) * r
        y    = g * xhat + b

    Backward::

        dg    = sum dy * xhat
        db    = sum dy
        dxhat = dy * g
        dx    = r * (dxhat - mean(dxhat) - xhat * mean(dxhat * xhat))

    Args:
        D: width of the vectors.
        eps: keeps the root away from zero; default 1e-5.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        params: dict of arrays: ``g`` of shape (D,), ones at the start, ``b`` (D,), zeros.
        grads: dict of arrays under the same names, filled by `backward`.

    Taught in: chapter 13.
    Source: Ba, Kiros & Hinton 2016, "Layer normalization".

    Example:
        >>> LayerNorm(D=2, dtype=np.float64).forward(np.array([[1.0, 3.0]])).round(3)
        array([[-1.,  1.]])
    """

    D, params, __copy__ = Size(), ParamsAttribute(), no_shallow_copy

    def __init__(self, D: int, *, eps: float = 1e-5, dtype: DType = np.float32):
        self.D, self.eps = D, require_positive("eps", eps)
        self.params = {"g": np.ones(self.D, require_dtype(dtype)), "b": np.zeros(self.D, dtype)}
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return f"LayerNorm(D={self.D}{'' if self.eps == 1e-5 else f', eps={self.eps}'})"

    def forward(self, x: Array) -> Array:
        """Normalise `x`, an array (..., D), over its last axis.

        Raises:
            ValueError: when the width or the dtype of `x` is not the layer's.
        """
        g, b = self.params["g"], self.params["b"]
        free = tuple(f"n{axis}" for axis in range(np.ndim(x) - 1))
        require_array("x", x, (*free, len(g)), dtype=g.dtype)
        centred = x - x.mean(axis=-1, keepdims=True)
        r = ((centred * centred).mean(axis=-1, keepdims=True) + self.eps) ** -0.5
        xhat = centred * r
        self._saved = xhat, r, self.params.replaced
        return g * xhat + b

    def backward(self, dy: Array) -> Array:
        """Fill `grads` from `dy`, (..., D), and return the gradient with respect to the input, (..., D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        xhat, r, replaced = require_forward(self._saved, gradient="dy")
        require_params_of_forward(self.params, replaced)
        require_array("dy", dy, xhat.shape, dtype=xhat.dtype)
        rest = tuple(range(dy.ndim - 1))
        self.grads = {"g": (dy * xhat).sum(axis=rest), "b": dy.sum(axis=rest)}
        dxhat = dy * self.params["g"]
        along = (dxhat * xhat).mean(axis=-1, keepdims=True)
        return r * (dxhat - dxhat.mean(axis=-1, keepdims=True) - xhat * along)


class FeedForward:
    """The same small net at every step: ``y = relu(x W_1 + b_1) W_2 + b_2``.

    Backward, ``dz = (dy W_2^T) * (1 where the relu was above 0)`` between the two linear maps.

    Args:
        D: width of input and output.
        F: width of the hidden layer.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        params: dict of the parameters of both maps under ``first.`` and ``second.`` names.
        grads: dict of arrays under the same names, filled by `backward`.

    Taught in: chapter 13.

    Example:
        >>> FeedForward(D=4, F=16).forward(np.ones((7, 2, 4), np.float32)).shape
        (7, 2, 4)
    """

    D, F, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(self, D: int, F: int, *, rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.F, rng = D, F, require_rng(rng)
        self.first = Linear(D, F, rng=rng, dtype=dtype)
        self.second = Linear(F, D, rng=rng, dtype=dtype)
        self.params = NamedParameters(self)
        self.grads: Params = {}
        self._hidden: Any = None  # the hidden layer of the last forward pass

    def __repr__(self) -> str:
        return f"FeedForward(D={self.D}, F={self.F})"

    def _parts(self) -> dict[str, Part]:
        return {"first": self.first, "second": self.second}

    def forward(self, x: Array) -> Array:
        """Map `x`, an array (..., D), to an array (..., D)."""
        self._hidden = None  # were it interrupted, backward would mix two passes
        hidden = read_only(relu(self.first.forward(x)))
        y = self.second.forward(hidden)
        self._hidden = hidden
        return y

    def backward(self, dy: Array) -> Array:
        """Fill `grads` from `dy`, (..., D), and return the gradient with respect to the input, (..., D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        require_forward(self._hidden, gradient="dy")
        dz = self.second.backward(dy) * drelu(self._hidden)
        dx = self.first.backward(dz)
        self.grads = named_grads(self._parts())
        return dx


class TransformerBlock:
    """One block of a Transformer: every step looks at the others, then each thinks for itself.

    Forward, normalising before each part::

        n = LayerNorm(x)
        a = x + MultiHeadAttention(n, n, n)
        y = a + FeedForward(LayerNorm(a))

    Backward, where ``part^T`` takes a gradient through a part::

        da = dy + LayerNorm^T(FeedForward^T(dy))
        dx = da + LayerNorm^T(dq + dk + dv),  with dq, dk, dv = MultiHeadAttention^T(da)

    Args:
        D: width of input and output.
        heads: number of attention heads; it must divide D.
        F: width of the feed-forward part's hidden layer; 4 D is usual.
        causal: whether a step may look at itself and the steps before it only; default False.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        attention: the `MultiHeadAttention`; its ``weights`` say where every step looked.
        params: dict of the parameters of all parts under ``norm1.``, ``attention.``, ``norm2.`` and ``feed.`` names.
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Vaswani et al. normalise after each sum. Before each part, as here, the gradient has a path through the sums
        that no part interrupts, and training needs no warm-up (Xiong et al. 2020, "On layer normalization in the
        Transformer architecture").

    Taught in: chapter 13.
    Source: Vaswani et al. 2017, "Attention is all you need".

    Example:
        >>> from rnnlib.positions import position_codes
        >>> block = TransformerBlock(D=6, heads=3, F=24)
        >>> x = np.ones((7, 2, 6), np.float32) + position_codes(7, 6)
        >>> block.forward(x, lengths=[7, 4]).shape
        (7, 2, 6)
    """

    D, params, __copy__ = Size(), ParamsAttribute(), no_shallow_copy

    def __init__(
        self, D: int, heads: int, F: int, *, causal: bool = False, rng: Rng | None = None, dtype: DType = np.float32
    ):
        self.D, self.causal, rng = D, require_flag("causal", causal), require_rng(rng)
        self.norm1, self.norm2 = LayerNorm(D, dtype=dtype), LayerNorm(D, dtype=dtype)
        self.attention = MultiHeadAttention(D, heads, rng=rng, dtype=dtype)
        self.feed = FeedForward(D, F, rng=rng, dtype=dtype)
        self.params = NamedParameters(self)
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return f"TransformerBlock(D={self.D}, heads={self.attention.heads}, F={self.feed.F}, causal={self.causal})"

    def _parts(self) -> dict[str, Part]:
        return {"norm1": self.norm1, "attention": self.attention, "norm2": self.norm2, "feed": self.feed}

    def forward(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Run the block over a batch of sequences.

        Args:
            x: array (T, B, D).
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            Array (T, B, D); zero after the end of a sequence.

        Raises:
            ValueError: when an argument has the wrong rank, width, dtype or range, is empty or is not finite.
        """
        g = self.params["norm1.g"]
        T, B, _ = require_array("x", x, ("T", "B", len(g)), dtype=g.dtype, finite=True).shape
        if lengths is not None:
            lengths = require_lengths(lengths, T, B)
        # The padding comes after every step that counts, so a causal mask hides it as well.
        mask = causal_mask(T) if self.causal else None if lengths is None else length_mask(lengths, T)
        self._saved = None  # were it interrupted, backward would mix two passes
        n = read_only(self.norm1.forward(x))
        a = x + self.attention.forward(n, n, n, mask)
        y = a + self.feed.forward(read_only(self.norm2.forward(a)))
        self._saved = x.shape, lengths
        return y if lengths is None else keep_valid(y, lengths)

    def backward(self, dy: Array) -> Array:
        """Fill `grads` from `dy`, (T, B, D), and return the gradient with respect to the input, (T, B, D).

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        shape, lengths = require_forward(self._saved, gradient="dy")
        require_array("dy", dy, shape, dtype=self.params["norm1.g"].dtype)
        if lengths is not None:
            dy = keep_valid(dy.copy(), lengths)
        da = dy + self.norm2.backward(self.feed.backward(dy))
        dq, dk, dv = self.attention.backward(da)
        dx = da + self.norm1.backward(dq + dk + dv)
        self.grads = named_grads(self._parts())
        return dx
