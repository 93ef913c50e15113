"""What the models of whole sequences share: read, perhaps pool, map."""

from typing import Any

import numpy as np

from rnnlib._attributes import Checked
from rnnlib._parameters import NamedParameters, ParamsAttribute, named_grads, no_shallow_copy
from rnnlib._readonly import read_only
from rnnlib._repr import described
from rnnlib._types import Array, Layer, Lengths, Params, Part
from rnnlib._validate import require_choice, require_forward, require_layer, require_width
from rnnlib.layers import Embedding, Linear, OneHot
from rnnlib.masking import last_valid

__all__ = ["Net"]


class Net:
    """Embedding, recurrent layer, pooling over the steps, linear layer.

    ::

        h = rnn(embedding(x))
        y_t = h_t W + b                  pooling None: an output at every step
        y = h_last W + b                 "last": one output, from the last step that counts
        y = mean_t(h_t) W + b            "mean": one output, from the mean over the steps that count

    Args:
        rnn: recurrent layer, `Bidirectional` or `Stack`.
        out: `Linear` from the width of the layer's outputs.
        embedding: `Embedding` or `OneHot` for symbols; default None: the inputs are vectors already.
        pooling: None (default), ``"last"`` or ``"mean"``.

    Attributes:
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names.
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        A `Bidirectional` layer's last output has seen one step from the right: give it ``"mean"``.

    Taught in: chapter 09.
    """

    params, __copy__ = ParamsAttribute(), no_shallow_copy
    pooling = Checked(require_choice, (None, "last", "mean"))

    def __init__(
        self, rnn: Layer, out: Linear, *, embedding: Embedding | OneHot | None = None, pooling: str | None = None
    ):
        self.rnn = require_layer("rnn", rnn, "forward", "backward")
        self.out = require_layer("out", out, "forward", "backward")
        self.embedding = (
            embedding if embedding is None else require_layer("embedding", embedding, "forward", "backward")
        )
        require_width("rnn", rnn, "embedding's vectors", getattr(embedding, "E", None))
        require_width("out", out, "rnn's outputs", getattr(rnn, "H", None))
        self.pooling = pooling
        self.params = NamedParameters(self)
        self.grads: Params = {}
        self._saved: Any = None

    def __repr__(self) -> str:
        return f"Net({described(self.rnn, self.out, embedding=self.embedding, pooling=self.pooling)})"

    def _parts(self) -> dict[str, Part]:
        embedding: dict[str, Part] = {} if self.embedding is None else {"embedding": self.embedding}
        return embedding | {"rnn": self.rnn, "out": self.out}

    def forward(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Run the net over a batch of sequences.

        Args:
            x: integer array (T, B) of ids with an embedding, or array (T, B, D) without.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            Array (B, K) with pooling, (T, B, K) without.
        """
        self._saved = None  # were it interrupted, backward would mix two passes
        x = x if self.embedding is None else read_only(self.embedding.forward(x))
        h, _ = self.rnn.forward(x, None, lengths)
        T, B, _ = h.shape
        ends = np.full(B, T) if lengths is None else np.array(lengths)
        shape, pooling = h.shape, self.pooling
        if pooling == "last":
            h = last_valid(h, ends)  # (B, H)
        elif pooling == "mean":
            h = h.sum(axis=0) / ends[:, None].astype(h.dtype)  # (B, H); steps after the end are zero
        y = self.out.forward(h)
        self._saved = shape, ends, pooling
        return y

    def backward(self, dy: Array) -> None:
        """Back-propagate `dy`, of the shape of the output, through the net of the last `forward`, and fill `grads`.

        Raises:
            ValueError: when there was no `forward`, or `dy` does not match it.
        """
        (T, B, H), ends, pooling = require_forward(self._saved, gradient="dy")
        dh = self.out.backward(dy)
        if pooling == "last":
            dlast, dh = dh, np.zeros((T, B, H), dh.dtype)
            dh[ends - 1, np.arange(B)] = dlast
        elif pooling == "mean":
            dh = np.tile(dh / ends[:, None].astype(dh.dtype), (T, 1, 1))  # the layer ignores what is after the end
        dx, _ = self.rnn.backward(dh)
        if self.embedding is not None:
            self.embedding.backward(dx)
        self.grads = named_grads(self._parts())
