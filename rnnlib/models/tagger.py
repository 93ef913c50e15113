"""A class for every step of a sequence."""

from rnnlib._parameters import OfNet, no_shallow_copy
from rnnlib._repr import described
from rnnlib._types import Array, ArrayLike, Layer, Lengths, Params
from rnnlib.layers import Embedding, Linear, OneHot, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.masking import mask_of
from rnnlib.models.net import Net

__all__ = ["Tagger"]


class Tagger:
    """Give every step of a sequence one of K tags.

    ::

        p(tag_t | x_1 ... x_T) = softmax(h_t W_hy + b_y)

    Only with a `Bidirectional` layer does ``h_t`` know the words that follow.

    Args:
        rnn: recurrent layer, `Bidirectional` or `Stack`.
        out: `Linear` from the width of the layer's outputs to K.
        embedding: `Embedding` or `OneHot` for symbols; default None: the inputs are vectors already.

    Attributes:
        params: dict of the parameters of all layers under ``embedding.``, ``rnn.`` and ``out.`` names: the layers' own
            arrays.

    Taught in: chapter 10.

    Example:
        >>> import numpy as np
        >>> from rnnlib import RNN, Linear
        >>> from rnnlib.bidirectional import Bidirectional
        >>> from rnnlib.layers import Embedding
        >>> layer = Bidirectional(RNN(D=8, H=16), RNN(D=8, H=16))
        >>> model = Tagger(layer, Linear(32, 5), embedding=Embedding(V=100, E=8))
        >>> model.logits(np.array([[3, 14], [15, 0], [92, 0]]), lengths=[3, 1]).shape
        (3, 2, 5)
    """

    rnn, out, embedding, params = OfNet(), OfNet(), OfNet(), OfNet()
    __copy__ = no_shallow_copy

    def __init__(self, rnn: Layer, out: Linear, *, embedding: Embedding | OneHot | None = None):
        self.net = Net(rnn, out, embedding=embedding)

    def __repr__(self) -> str:
        return f"Tagger({described(self.rnn, self.out, embedding=self.embedding)})"

    def loss_and_grads(self, x: Array, tags: ArrayLike, lengths: Lengths | None = None) -> tuple[float, Params]:
        """Loss of a batch of tagged sequences, and its gradients.

        Args:
            x: integer array (T, B) of ids with an embedding, or array (T, B, D) without.
            tags: integer array (T, B); what stands after the end of a sequence is ignored.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            loss: float, mean cross-entropy per step that counts, in nats.
            grads: dict of arrays under the names of `params`.
        """
        with dropout_on():
            logits = self.net.forward(x, lengths)
        loss, dlogits = softmax_cross_entropy(logits, tags, mask_of(lengths, len(x)))
        self.net.backward(dlogits)
        return loss, self.net.grads

    def loss(self, x: Array, tags: ArrayLike, lengths: Lengths | None = None) -> float:
        """Mean cross-entropy per step that counts, in nats."""
        return softmax_cross_entropy(self.logits(x, lengths), tags, mask_of(lengths, len(x)))[0]

    def logits(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Array (T, B, K): the softmax of a row is the distribution over the tags, its largest the answer."""
        return self.net.forward(x, lengths)
