"""A class for a whole sequence."""

from rnnlib._parameters import OfNet, no_shallow_copy
from rnnlib._repr import described
from rnnlib._types import Array, ArrayLike, Layer, Lengths, Params
from rnnlib.layers import Embedding, Linear, OneHot, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.models.net import Net

__all__ = ["SequenceClassifier"]


class SequenceClassifier:
    """Put a sequence into one of K classes: a film review, a surname, a digit read row by row.

    ::

        p(class | x_1 ... x_T) = softmax(pooling(h_1 ... h_T) W_hy + b_y)

    Args:
        rnn: recurrent layer, `Bidirectional` or `Stack`.
        out: `Linear` from the width of the layer's outputs to K.
        embedding: `Embedding` or `OneHot` for symbols; default None: the inputs are vectors already.
        pooling: ``"last"`` (default), the output after the last step, or ``"mean"``, the mean of all outputs.

    Attributes:
        pooling: as above; it may be set anew.
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names: the layers' own
            arrays.

    Notes:
        With ``"last"`` the gradient reaches the first step only through all others; with ``"mean"`` every step has a
        path of its own. For a `Bidirectional` layer take ``"mean"``: its last output has seen one step from the right.

    Taught in: chapter 09.

    Example:
        >>> import numpy as np
        >>> from rnnlib import RNN, Linear
        >>> model = SequenceClassifier(RNN(D=8, H=16), Linear(16, 10))
        >>> model.logits(np.ones((8, 5, 8), np.float32)).shape
        (5, 10)
    """

    rnn, out, embedding, pooling, params = OfNet(), OfNet(), OfNet(), OfNet(), OfNet()
    __copy__ = no_shallow_copy

    def __init__(self, rnn: Layer, out: Linear, *, embedding: Embedding | OneHot | None = None, pooling: str = "last"):
        self.net = Net(rnn, out, embedding=embedding, pooling=pooling)

    def __repr__(self) -> str:
        return f"SequenceClassifier({described(self.rnn, self.out, embedding=self.embedding, pooling=self.pooling)})"

    def loss_and_grads(self, x: Array, classes: ArrayLike, lengths: Lengths | None = None) -> tuple[float, Params]:
        """Loss of a batch of labelled sequences, and its gradients.

        Args:
            x: integer array (T, B) of ids with an embedding, or array (T, B, D) without.
            classes: integer array (B,).
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            loss: float, mean cross-entropy per sequence in nats.
            grads: dict of arrays under the names of `params`.
        """
        with dropout_on():
            logits = self.net.forward(x, lengths)
        loss, dlogits = softmax_cross_entropy(logits, classes)
        self.net.backward(dlogits)
        return loss, self.net.grads

    def loss(self, x: Array, classes: ArrayLike, lengths: Lengths | None = None) -> float:
        """Mean cross-entropy per sequence, in nats."""
        return softmax_cross_entropy(self.logits(x, lengths), classes)[0]

    def logits(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Array (B, K): the softmax of a row is the distribution over the classes, its largest the answer."""
        return self.net.forward(x, lengths)
