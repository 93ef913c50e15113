"""Numbers from a series of numbers."""

import numpy as np

from rnnlib._parameters import OfNet, no_shallow_copy
from rnnlib._repr import described
from rnnlib._types import Array, Layer, Lengths, Params
from rnnlib._validate import require_size
from rnnlib.layers import Linear, dropout_on
from rnnlib.losses import squared_error
from rnnlib.models.net import Net

__all__ = ["Forecaster"]


class Forecaster:
    """Predict numbers from a sequence of vectors: what comes next in a series, or the answer of the adding problem.

    ::

        y = h_T W_hy + b_y,   loss = 1/2 |y - target|^2

    Args:
        rnn: recurrent layer or `Stack`.
        out: `Linear` from the width of the layer's outputs to K.

    Attributes:
        params: dict of the parameters of both layers under ``rnn.`` and ``out.`` names: the layers' own arrays.

    Taught in: chapter 04 (adding), chapter 09.

    Example:
        >>> from rnnlib import RNN, Linear
        >>> model = Forecaster(RNN(D=1, H=8), Linear(8, 1))
        >>> model.predict(np.ones((12, 5, 1), np.float32)).shape
        (5, 1)
        >>> model.roll_out(np.ones((12, 5, 1), np.float32), steps=3).shape
        (3, 5, 1)
    """

    rnn, out, params = OfNet(), OfNet(), OfNet()
    __copy__ = no_shallow_copy

    def __init__(self, rnn: Layer, out: Linear):
        self.net = Net(rnn, out, pooling="last")

    def __repr__(self) -> str:
        return f"Forecaster({described(self.rnn, self.out)})"

    def loss_and_grads(self, x: Array, targets: Array, lengths: Lengths | None = None) -> tuple[float, Params]:
        """Loss of a batch of sequences with their targets, and its gradients.

        Args:
            x: array (T, B, D).
            targets: array (B, K).
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            loss: float, half the squared distance, the mean over the batch.
            grads: dict of arrays under the names of `params`.
        """
        with dropout_on():
            y = self.net.forward(x, lengths)
        loss, dy = squared_error(y, targets)
        self.net.backward(dy)
        return loss, self.net.grads

    def loss(self, x: Array, targets: Array, lengths: Lengths | None = None) -> float:
        """Half the squared distance, the mean over the batch."""
        return squared_error(self.predict(x, lengths), targets)[0]

    def predict(self, x: Array, lengths: Lengths | None = None) -> Array:
        """Array (B, K) of predictions from `x`, (T, B, D)."""
        return self.net.forward(x, lengths)

    def roll_out(self, x: Array, steps: int) -> Array:
        """Predict several steps ahead: each prediction is the next input. Needs K = D.

        Args:
            x: array (T, B, D), the past.
            steps: how many steps to predict.

        Returns:
            Array (steps, B, D).

        Raises:
            ValueError: when `steps` is not positive, or the predictions have not the width of the input.
        """
        written = []
        state = None
        for _ in range(require_size("steps", steps)):
            h, state = self.rnn.forward(x, state)
            written.append(self.out.forward(h[-1]))
            x = written[-1][None]  # (1, B, D)
        return np.stack(written)
