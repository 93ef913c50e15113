"""What the models of whole sequences share: read, perhaps summarise, map."""

from typing import Any

import numpy as np

from rnnlib._joined import joined
from rnnlib._types import Array, Layer, Lengths, Params, Part
from rnnlib._validate import require_choice
from rnnlib.layers import Embedding, Linear, OneHot
from rnnlib.masking import last_valid


class Net:
    """Embedding, recurrent layer, summary over the steps, linear layer.

    ::

        h = layer(embedding(x))
        y_t = h_t W + b                  summary None: an output at every step
        y = h_last W + b                 "last": one output, from the last step that counts
        y = mean_t(h_t) W + b            "mean": one output, from the mean over the steps that count

    Args:
        layer: recurrent layer, `Bidirectional` or `Stack`.
        out: `Linear` from the width of the layer's outputs.
        embedding: `Embedding` or `OneHot` for symbols; default None: the inputs are vectors already.
        summary: None (default), ``"last"`` or ``"mean"``.

    Attributes:
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names.
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        A `Bidirectional` layer's last output has seen one step from the right: give it ``"mean"``.

    Taught in: chapter 09.
    """

    def __init__(
        self, layer: Layer, out: Linear, *, embedding: Embedding | OneHot | None = None, summary: str | None = None
    ):
        self.layer, self.out, self.embedding = layer, out, embedding
        self.summary = require_choice("summary", summary, (None, "last", "mean"))
        self.params = joined({name: part.params for name, part in self._parts().items()})
        self.grads: Params = {}
        self._saved: Any = None

    def _parts(self) -> dict[str, Part]:
        """The layers that have parameters, under the names that their parameters get."""
        parts: dict[str, Part] = {} if self.embedding is None else {"embedding": self.embedding}
        return parts | {"rnn": self.layer, "out": self.out}

    def forward(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Run the net over a batch of sequences.

        Args:
            x: integer array (T, B) of ids with an embedding, or array (T, B, D) without.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            Array (B, K) with a summary, (T, B, K) without.
        """
        h, _ = self.layer.forward(x if self.embedding is None else self.embedding.forward(x), None, lengths)
        T, B, _ = h.shape
        ends = np.full(B, T) if lengths is None else np.asarray(lengths)
        self._saved = h.shape, ends
        if self.summary == "last":
            h = last_valid(h, ends)  # (B, H)
        elif self.summary == "mean":
            h = h.sum(axis=0) / ends[:, None].astype(h.dtype)  # (B, H); steps after the end are zero
        return self.out.forward(h)

    def backward(self, dy: Array) -> None:
        """Back-propagate `dy`, of the shape of the output, through the net of the last `forward`, and fill `grads`."""
        dh = self.out.backward(dy)
        (T, B, H), ends = self._saved
        if self.summary == "last":
            dlast, dh = dh, np.zeros((T, B, H), dh.dtype)
            dh[ends - 1, np.arange(B)] = dlast
        elif self.summary == "mean":
            dh = np.tile(dh / ends[:, None].astype(dh.dtype), (T, 1, 1))  # the layer ignores what is after the end
        dx, _ = self.layer.backward(dh)
        if self.embedding is not None:
            self.embedding.backward(dx)
        self.grads = joined({name: part.grads for name, part in self._parts().items()})
