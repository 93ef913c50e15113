"""A language model: the next symbol from all before it."""

import numpy as np

from rnnlib._parameters import NamedParameters, ParamsAttribute, named_grads, no_shallow_copy
from rnnlib._repr import described
from rnnlib._types import Array, ArrayLike, Layer, Params, Part, State
from rnnlib._validate import require_layer, require_width
from rnnlib.layers import Embedding, Linear, OneHot, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.models.reader import Reader

__all__ = ["LanguageModel"]


class LanguageModel:
    """Predict the next symbol from all before it: one-hot or embedding, recurrent layer, linear layer, softmax.

    ::

        h_t = RNN(one_hot(symbol_t), h_{t-1})
        y_t = h_t W_hy + b_y
        p(symbol_{t+1} | symbol_1 ... symbol_t) = softmax(y_t)

    Training cuts a long text into pieces of T steps. The state is carried from each piece to the next, the gradient
    is not: truncated back-propagation through time.

    Args:
        rnn: recurrent layer or `Stack` that reads in one direction.
        out: `Linear` from the width of the layer's outputs to V, the size of the vocabulary.
        embedding: `Embedding` for the symbols; default None: one-hot vectors.

    Attributes:
        V: size of the vocabulary.
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names: the layers' own
            arrays.
        state: state of the recurrent layer carried to the next call of `loss_and_grads`, or None at the start of a
            text.

    Taught in: chapter 03, chapter 08.
    Source: Mikolov et al. 2010, "Recurrent neural network based language model".

    Example:
        >>> from rnnlib import RNN, Linear
        >>> ids, rng = np.array([[0], [1], [2]]), np.random.default_rng(0)
        >>> round(LanguageModel(RNN(4, 8, rng=rng), Linear(8, 4, rng=rng)).loss(ids, targets=ids), 1)
        1.4
    """

    params, __copy__ = ParamsAttribute(), no_shallow_copy

    def __init__(self, rnn: Layer, out: Linear, *, embedding: Embedding | OneHot | None = None):
        self.rnn = require_layer("rnn", rnn, "forward", "backward")
        self.out = require_layer("out", out, "forward", "backward")
        self.V = out.params["W"].shape[1]
        self.embedding = OneHot(self.V, dtype=out.params["W"].dtype) if embedding is None else embedding
        require_layer("embedding", self.embedding, "forward", "backward")
        require_width("rnn", rnn, "embedding's vectors", getattr(self.embedding, "E", None))
        require_width("out", out, "rnn's outputs", getattr(rnn, "H", None))
        if getattr(self.embedding, "V", self.V) != self.V:
            raise ValueError(f"embedding: expected V = {self.V}, the width of out's outputs, got {self.embedding!r}.")
        self._reader = Reader(self.embedding, rnn)
        self.params = NamedParameters(self)
        self.state: State = None

    def __repr__(self) -> str:
        embedding = None if isinstance(self.embedding, OneHot) else self.embedding
        return f"LanguageModel({described(self.rnn, self.out, embedding=embedding)})"

    def _parts(self) -> dict[str, Part]:
        return {"embedding": self.embedding, "rnn": self.rnn, "out": self.out}

    def _read(self, ids: ArrayLike, state: State = None) -> tuple[Array, State]:
        """Outputs of the recurrent layer, and its state after the last symbol."""
        if self._reader.rnn is not self.rnn or self._reader.embedding is not self.embedding:  # replaced since
            self._reader = Reader(self.embedding, self.rnn)
        return self._reader.forward(ids, state)

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
            h, self.state = self._read(ids, self.state)
        loss, dlogits = softmax_cross_entropy(self.out.forward(h), targets)
        self._reader.backward(self.out.backward(dlogits))
        return loss, named_grads(self._parts())

    def loss(self, ids: ArrayLike, targets: ArrayLike) -> float:
        """Mean cross-entropy per symbol, in nats, from a fresh state; the carried state is left alone."""
        h, _ = self._read(ids)
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
        h, state = self._read(np.asarray(ids)[None], state)
        return self.out.forward(h)[0], state
