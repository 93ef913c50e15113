"""Whole models, made of layers."""

import numpy as np

from rnnlib._validate import require_ids
from rnnlib.layers import Linear
from rnnlib.losses import softmax_cross_entropy
from rnnlib.rnn import RNN


def one_hot(ids, V, dtype=np.float32):
    """Turn symbols into vectors with a single 1.

    Args:
        ids: integer array (...) with values from 0 to V - 1.
        V: size of the vocabulary.
        dtype: dtype of the result.

    Returns:
        Array (..., V).

    Raises:
        ValueError: when an id is out of range.

    Taught in: chapter 02.

    Example:
        >>> one_hot([2, 0], 3)
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
    """
    ids = require_ids("ids", ids, V)
    return np.eye(V, dtype=dtype)[ids]


class LanguageModel:
    """Predict the next symbol from all before it: one-hot, recurrent layer, linear layer, softmax.

    ::

        h_t = RNN(one_hot(symbol_t), h_{t-1})
        y_t = h_t W_hy + b_y
        p(symbol_{t+1} | symbol_1 ... symbol_t) = softmax(y_t)

    Training cuts a long text into pieces of T steps. The state is carried from each piece to the next, the gradient
    is not: truncated back-propagation through time.

    Args:
        V: size of the vocabulary.
        H: width of the hidden state.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        params: dict of the parameters of both layers under ``rnn.`` and ``out.`` names: the layers' own arrays.
        state: array (B, H) carried to the next call of `loss_and_grads`, or None at the start of a text.

    Taught in: chapter 03.
    Source: Mikolov et al. 2010, "Recurrent neural network based language model".
    """

    def __init__(self, V, H, *, rng=None, dtype=np.float32):
        rng = np.random.default_rng(0) if rng is None else rng
        self.V, self.dtype = V, dtype
        self.rnn = RNN(V, H, rng=rng, dtype=dtype)
        self.out = Linear(H, V, rng=rng, dtype=dtype)
        self.params = _joined(rnn=self.rnn.params, out=self.out.params)
        self.state = None

    def reset(self):
        """Forget the carried state: the next piece starts a text."""
        self.state = None

    def loss_and_grads(self, ids, targets):
        """Loss of one piece of text and its gradients; the state is carried over to the next call.

        Args:
            ids: integer array (T, B), the symbols read.
            targets: integer array (T, B), the symbol that follows each of them.

        Returns:
            loss: float, mean cross-entropy per symbol in nats.
            grads: dict of arrays under the names of `params`.
        """
        h, self.state = self.rnn.forward(one_hot(ids, self.V, self.dtype), self.state)
        loss, dlogits = softmax_cross_entropy(self.out.forward(h), targets)
        self.rnn.backward(self.out.backward(dlogits))
        return loss, _joined(rnn=self.rnn.grads, out=self.out.grads)

    def loss(self, ids, targets):
        """Mean cross-entropy per symbol, in nats, from a fresh state; the carried state is left alone."""
        h, _ = self.rnn.forward(one_hot(ids, self.V, self.dtype))
        return softmax_cross_entropy(self.out.forward(h), targets)[0]

    def step(self, ids, state=None):
        """Read one symbol per row.

        Args:
            ids: integer array (B,).
            state: array (B, H), or None at the start of a text.

        Returns:
            logits: array (B, V) for the symbol that comes next.
            state: array (B, H), to be given to the next call.
        """
        h, state = self.rnn.forward(one_hot(ids, self.V, self.dtype)[None], state)
        return self.out.forward(h)[0], state


def _joined(**parts):
    """Join the dicts of several layers into one, under ``layer.name`` keys."""
    return {f"{layer}.{name}": array for layer, arrays in parts.items() for name, array in arrays.items()}
