"""How a language model reads: an embedding, then a recurrent layer, made one where that saves work."""

from typing import Any

import numpy as np

from rnnlib._parameters import require_params_of_forward
from rnnlib._readonly import read_only
from rnnlib._types import Array, ArrayLike, Layer, State
from rnnlib._validate import require_ids
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, OneHot
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN

__all__ = ["Reader"]


class Reader:
    """Embedding and recurrent layer, one after the other.

    ::

        x_t = W[symbol_t]
        h_t = rnn(x_t, h_{t-1})

    Of x_t a layer needs only ``x_t W_xh = (W W_xh)[symbol_t]``. Where a piece of text is longer than the vocabulary,
    ``M = W W_xh`` is computed once, and its rows are looked up at every position; backward::

        dM    = for every symbol, the sum of what came back to its positions
        dW    = dM W_xh^T
        dW_xh = W^T dM

    Args:
        embedding: `Embedding` or `OneHot`.
        rnn: recurrent layer. Only `RNN`, `LSTM` and `GRU` are made one with an `Embedding`.

    Taught in: chapter 08.
    """

    def __init__(self, embedding: Embedding | OneHot, rnn: Layer):
        self.embedding, self.rnn = embedding, rnn
        self._folded: Any = _reading_symbols(rnn, embedding.V) if isinstance(embedding, Embedding) else None
        self._was_folded = False  # whether the last `forward` used it, with M as its W_xh
        self._replaced: list[int] = []  # how often the parameters of both were, at that time

    def __repr__(self) -> str:
        return f"Reader({self.embedding!r}, {self.rnn!r})"

    def forward(self, ids: ArrayLike, state: State = None) -> tuple[Array, State]:
        """Read `ids`, integer array (T, B): outputs of the layer at every step, and its state after the last."""
        folds = self._folded is not None and getattr(self.embedding, "padding", None) is None
        self._was_folded = folds and np.size(ids) > self.embedding.V
        if not self._was_folded:
            return self.rnn.forward(read_only(self.embedding.forward(ids)), state)
        W, W_xh = self.embedding.params["W"], self.rnn.params["W_xh"]
        self._replaced = [layer.params.replaced for layer in self._layers()]
        self._folded.params = {**self.rnn.params, "W_xh": W @ W_xh}
        if isinstance(self.rnn, RNN):
            self._folded.activation = self.rnn.activation
        return self._folded.forward(require_ids("ids", ids, self.embedding.V), state)

    def _layers(self) -> tuple[Any, Any]:
        return self.embedding, self.rnn

    def backward(self, dh: Array) -> None:
        """Back-propagate `dh`, of the shape of the outputs, through the last `forward`; fill the gradients of both."""
        if not self._was_folded:
            dx, _ = self.rnn.backward(dh)
            self.embedding.backward(dx)
            return
        for layer, replaced in zip(self._layers(), self._replaced, strict=True):
            require_params_of_forward(layer.params, replaced)
        self._folded.backward(dh)
        W, W_xh, dM = self.embedding.params["W"], self.rnn.params["W_xh"], self._folded.grads["W_xh"]
        self.rnn.grads = {**self._folded.grads, "W_xh": W.T @ dM}
        self.embedding.grads = {"W": dM @ W_xh.T}


def _reading_symbols(rnn: Layer, V: int) -> Any:
    """A layer like `rnn` that reads V symbols; None where `rnn` is none of the three."""
    options: dict[str, Any] = {"reset_after": rnn.reset_after} if isinstance(rnn, GRU) else {}
    return type(rnn)(V, rnn.H, dtype=rnn.params["W_xh"].dtype, **options) if isinstance(rnn, RNN | LSTM | GRU) else None
