"""The plain recurrent layer (Elman 1990), forward and backward over a sequence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._inputs import are_symbols, require_inputs, sum_by_symbol
from rnnlib._speed import Workspace
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import require_array, require_choice, require_forward, require_lengths, require_positive
from rnnlib.activations import drelu, dtanh, relu
from rnnlib.init import uniform
from rnnlib.masking import add_at_end, keep_valid, last_valid

# NumPy's own tanh: one call less at every step, which in a narrow layer can be measured.
ACTIVATIONS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "tanh": (np.tanh, dtanh),
    "relu": (relu, drelu),
}


class RNN:
    """A recurrent layer: one step applied at every time, with the same weights.

    Forward, for t = 1 ... T::

        z_t = x_t W_xh + h_{t-1} W_hh + b_h
        h_t = tanh(z_t)

    Backward, for t = T ... 1, where ``dh_t`` is what reaches ``h_t`` from outside (from the output at t)::

        dz_t     = (dh_t + dz_{t+1} W_hh^T) * (1 - h_t^2)
        dW_xh    = sum_t x_t^T dz_t
        dW_hh    = sum_t h_{t-1}^T dz_t
        db_h     = sum_t dz_t, over the batch too
        dx_t     = dz_t W_xh^T
        dh_0     = dz_1 W_hh^T

    Args:
        D: width of the input.
        H: width of the hidden state.
        activation: ``"tanh"`` (default) or ``"relu"``.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
        params: dict of arrays: ``W_xh`` of shape (D, H), ``W_hh`` (H, H), ``b_h`` (H,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Weights start uniform on ``[-1/sqrt(H), 1/sqrt(H))`` and the bias too, as in PyTorch. PyTorch keeps two biases,
        ``b_ih`` and ``b_hh``, that are only ever added: ``b_h`` is their sum.

    Taught in: chapter 01 (where it comes from), chapter 02 (forward), chapter 03 (backward), chapter 04 (its Jacobian).
    Source: Elman 1990, "Finding structure in time"; Werbos 1990, "Backpropagation through time".

    Example:
        >>> layer = RNN(D=3, H=5)
        >>> h, state = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, state.shape
        ((7, 2, 5), (2, 5))
    """

    def __init__(self, D: int, H: int, *, activation: str = "tanh", rng: Rng | None = None, dtype: DType = np.float32):
        rng = np.random.default_rng(0) if rng is None else rng
        require_positive("D", D)
        bound = require_positive("H", H) ** -0.5
        self.activation = require_choice("activation", activation, ACTIVATIONS)
        self.params = {
            "W_xh": uniform(rng, (D, H), bound, dtype),
            "W_hh": uniform(rng, (H, H), bound, dtype),
            "b_h": uniform(rng, (H,), bound, dtype),
        }
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def step(self, x_t: Array, h_prev: Array) -> Array:
        """One step, as the equations say it.

        Args:
            x_t: array (B, D), the input at this step.
            h_prev: array (B, H), the state before it.

        Returns:
            Array (B, H), the state after it.
        """
        p = self.params
        f, _ = ACTIVATIONS[self.activation]
        return f(x_t @ p["W_xh"] + h_prev @ p["W_hh"] + p["b_h"])

    def forward(self, x: Array, state: Array | None = None, lengths: Lengths | None = None) -> tuple[Array, Array]:
        """Run the layer over a batch of sequences.

        Args:
            x: array (T, B, D), or integer array (T, B) of symbols below D, which stand for their one-hot vectors. The
                layer keeps a reference to it until `backward`: do not change it in between.
            state: array (B, H), the state before the first step; default zeros.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            h: array (T, B, H), the state after every step; zero after the end of a sequence. `backward` reads it
                too: do not change it in between.
            state: array (B, H), the state after the last step that counts.

        Raises:
            ValueError: when an argument has the wrong rank, width, dtype or range, is empty or is not finite.
        """
        W_xh, W_hh, b_h = (self.params[name] for name in ("W_xh", "W_hh", "b_h"))
        (D, H), dtype = W_xh.shape, W_xh.dtype
        T, B = require_inputs(x, D, dtype).shape[:2]
        if lengths is not None:
            lengths = require_lengths(lengths, T, B)
        f, _ = ACTIVATIONS[self.activation]

        hs = np.empty((T + 1, B, H), dtype)  # h_0 ... h_T
        hs[0] = 0 if state is None else require_array("state", state, (B, H), dtype=dtype, finite=True)
        h = hs[1:]
        # The inputs of all steps meet W_xh in one product: only the product with W_hh has to wait for the step before.
        if are_symbols(x):
            np.take(W_xh, x, axis=0, out=h)
        else:
            np.matmul(x.reshape(T * B, D), W_xh, out=h.reshape(T * B, H))
        h += b_h
        recurrent = np.empty((B, H), dtype)
        h_prev = hs[0]
        for z in h:
            # np.dot, not np.matmul: it starts sooner, and at batch 1 the start is half the product.
            z += np.dot(h_prev, W_hh, out=recurrent)
            h_prev = f(z, out=z)

        self._saved = x, hs, lengths
        if lengths is None:
            return h, h[-1].copy()
        # Steps after the end come after every step that counts: whatever they hold flows into nothing that is kept.
        state = last_valid(h, lengths)
        keep_valid(h, lengths)
        return h, state

    def backward(self, dh: Array, dstate: Array | None = None) -> tuple[Array, Array]:
        """Back-propagate through time over the sequence of the last `forward`, and fill `grads`.

        Args:
            dh: array (T, B, H), gradient of the loss with respect to every output h_t.
            dstate: array (B, H), gradient with respect to the returned state; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence. None for symbols.
            dstate: array (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        x, hs, lengths = require_forward(self._saved)
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        (_, B, H), T, dtype = hs.shape, len(x), W_xh.dtype
        require_array("dh", dh, (T, B, H), dtype=dtype)
        dh_next = np.zeros((B, H), dtype)  # what reaches h_t from step t + 1
        if dstate is not None:
            dh_next += require_array("dstate", dstate, (B, H), dtype=dtype)
        if lengths is not None:
            dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0

        _, df = ACTIVATIONS[self.activation]
        # The slope at every step at once, in memory that is kept: fresh memory costs more here than the arithmetic.
        dz = df(hs[1:], out=self._workspace("dz", (T, B, H), dtype))  # the loop turns it into dz in place
        W_hh_T = np.ascontiguousarray(W_hh.T)  # a transposed view would halve the speed of the product in the loop
        for dh_t, dz_t in zip(dh[::-1], reversed(self._workspace.cut(list, dz)), strict=True):
            dh_next += dh_t
            dz_t *= dh_next
            np.dot(dz_t, W_hh_T, out=dh_next)

        dz_rows = dz.reshape(T * B, H)
        self.grads = {
            "W_xh": sum_by_symbol(dz_rows, x, len(W_xh)) if are_symbols(x) else x.reshape(T * B, -1).T @ dz_rows,
            "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows,
            "b_h": dz_rows.sum(axis=0),
        }
        dx: Any = None if are_symbols(x) else (dz_rows @ W_xh.T).reshape(x.shape)
        return dx, dh_next
