"""A language model: the next symbol from all before it."""

from collections.abc import Callable

import numpy as np

from rnnlib._joined import joined
from rnnlib._types import Array, ArrayLike, DType, Layer, Params, Rng, State
from rnnlib.layers import Embedding, Linear, OneHot, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.models.reader import Reader
from rnnlib.rnn import RNN


class LanguageModel:
    """Predict the next symbol from all before it: one-hot or embedding, recurrent layer, linear layer, softmax.

    ::

        h_t = RNN(one_hot(symbol_t), h_{t-1})
        y_t = h_t W_hy + b_y
        p(symbol_{t+1} | symbol_1 ... symbol_t) = softmax(y_t)

    Training cuts a long text into pieces of T steps. The state is carried from each piece to the next, the gradient
    is not: truncated back-propagation through time.

    Args:
        V: size of the vocabulary.
        H: width of the hidden state.
        cell: makes the recurrent layer from its two widths: `RNN` (default), `LSTM`, `GRU`, or a function
            ``(D, H, rng=, dtype=)`` that returns a layer with outputs of width H.
        E: width of an embedding; default None: one-hot vectors.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names: the layers' own
            arrays.
        state: state of the recurrent layer carried to the next call of `loss_and_grads`, or None at the start of a
            text.

    Taught in: chapter 03, chapter 08.
    Source: Mikolov et al. 2010, "Recurrent neural network based language model".

    Example:
        >>> ids = np.array([[0], [1], [2]])
        >>> round(LanguageModel(V=4, H=8).loss(ids, targets=ids), 1)
        1.4
    """

    def __init__(
        self,
        V: int,
        H: int,
        *,
        cell: Callable[..., Layer] = RNN,
        E: int | None = None,
        rng: Rng | None = None,
        dtype: DType = np.float32,
    ):
        rng = np.random.default_rng(0) if rng is None else rng
        self.V, self.dtype = V, dtype
        self.embedding = OneHot(V, dtype=dtype) if E is None else Embedding(V, E, rng=rng, dtype=dtype)
        self.rnn = cell(V if E is None else E, H, rng=rng, dtype=dtype)
        self.out = Linear(H, V, rng=rng, dtype=dtype)
        self._reader = Reader(self.embedding, self.rnn)
        self.params = joined({"embedding": self.embedding.params, "rnn": self.rnn.params, "out": self.out.params})
        self.state: State = None

    def reset(self) -> None:
        """Forget the carried state: the next piece starts a text."""
        self.state = None

    def loss_and_grads(self, ids: ArrayLike, targets: ArrayLike) -> tuple[float, Params]:
        """Loss of one piece of text and its gradients; the state is carried over to the next call.

        Args:
            ids: integer array (T, B), the symbols read.
            targets: integer array (T, B), the symbol that follows each of them.

        Returns:
            loss: float, mean cross-entropy per symbol in nats.
            grads: dict of arrays under the names of `params`.
        """
        with dropout_on():
            h, self.state = self._reader.forward(ids, self.state)
        loss, dlogits = softmax_cross_entropy(self.out.forward(h), targets)
        self._reader.backward(self.out.backward(dlogits))
        return loss, joined({"embedding": self.embedding.grads, "rnn": self.rnn.grads, "out": self.out.grads})

    def loss(self, ids: ArrayLike, targets: ArrayLike) -> float:
        """Mean cross-entropy per symbol, in nats, from a fresh state; the carried state is left alone."""
        h, _ = self._reader.forward(ids)
        return softmax_cross_entropy(self.out.forward(h), targets)[0]

    def step(self, ids: ArrayLike, state: State = None) -> tuple[Array, State]:
        """Read one symbol per row.

        Args:
            ids: integer array (B,).
            state: state of the recurrent layer, or None at the start of a text.

        Returns:
            logits: array (B, V) for the symbol that comes next.
            state: to be given to the next call.
        """
        h, state = self._reader.forward(np.asarray(ids)[None], state)
        return self.out.forward(h)[0], state
