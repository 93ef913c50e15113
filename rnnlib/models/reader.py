"""How a language model reads: an embedding, then a recurrent layer, made one where that saves work."""

from copy import deepcopy

import numpy as np

from rnnlib._types import Array, ArrayLike, Layer, State
from rnnlib._validate import require_ids
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, OneHot
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN


class Reader:
    """Embedding and recurrent layer, one after the other.

    ::

        x_t = W[symbol_t]
        h_t = layer(x_t, h_{t-1})

    Of x_t a layer needs only ``x_t W_xh = (W W_xh)[symbol_t]``. Where a piece of text is longer than the vocabulary,
    ``M = W W_xh`` is computed once, and its rows are looked up at every position; backward::

        dM    = for every symbol, the sum of what came back to its positions
        dW    = dM W_xh^T
        dW_xh = W^T dM

    Args:
        embedding: `Embedding` or `OneHot`.
        layer: recurrent layer. Only `RNN`, `LSTM` and `GRU` are made one with an `Embedding`.

    Taught in: chapter 08.
    """

    def __init__(self, embedding: Embedding | OneHot, layer: Layer):
        self.embedding, self.layer = embedding, layer
        joinable = isinstance(embedding, Embedding) and embedding.padding is None
        self._V = len(embedding.params["W"]) if joinable else 0
        self._joined = deepcopy(layer) if joinable and isinstance(layer, RNN | LSTM | GRU) else None  # reads symbols
        self._read_by: RNN | LSTM | GRU | None = None  # the joined layer, where the last `forward` used it

    def forward(self, ids: ArrayLike, state: State = None) -> tuple[Array, State]:
        """Read `ids`, integer array (T, B): outputs of the layer at every step, and its state after the last."""
        joined = self._read_by = self._joined if np.size(ids) > self._V else None
        if joined is None:
            return self.layer.forward(self.embedding.forward(ids), state)
        W, W_xh = self.embedding.params["W"], self.layer.params["W_xh"]
        joined.params = self.layer.params | {"W_xh": W @ W_xh}
        return joined.forward(require_ids("ids", ids, len(W)), state)

    def backward(self, dh: Array) -> None:
        """Back-propagate `dh`, of the shape of the outputs, through the last `forward`; fill the gradients of both."""
        joined = self._read_by
        if joined is None:
            dx, _ = self.layer.backward(dh)
            self.embedding.backward(dx)
            return
        joined.backward(dh)
        W, W_xh, dM = self.embedding.params["W"], self.layer.params["W_xh"], joined.grads["W_xh"]
        self.layer.grads = joined.grads | {"W_xh": W.T @ dM}
        self.embedding.grads = {"W": dM @ W_xh.T}
