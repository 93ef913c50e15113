"""The plain recurrent layer (Elman 1990), forward and backward, over one step and over a sequence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._attributes import Checked, Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._readonly import copied_unless_frozen
from rnnlib._recurrent import initial_params, last_state, outputs
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import (
    require_array,
    require_choice,
    require_forward,
    require_inputs,
    require_lengths,
    require_rng,
    require_state,
    require_step_inputs,
)
from rnnlib.activations import drelu, dtanh, relu
from rnnlib.kernels import rnn as kernel
from rnnlib.kernels.workspace import Workspace
from rnnlib.masking import add_at_end

__all__ = ["RNN"]

# NumPy's own tanh: one call less at every step, which in a narrow layer can be measured.
ACTIVATIONS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "tanh": (np.tanh, dtanh),
    "relu": (relu, drelu),
}


class RNN:
    """A recurrent layer: one step applied at every time, with the same weights.

    Forward, for t = 1 ... T::

        z_t = x_t W_xh + h_{t-1} W_hh + b_h
        h_t = tanh(z_t)                         or relu(z_t)

    Backward, for t = T ... 1, where ``dh_out_t`` is what reaches ``h_t`` from outside, as from the output at t, and
    ``dh_next`` what reaches it from step t + 1, which is that step's ``dh_prev``, or at t = T the gradient of the last
    state::

        dh_t    = dh_out_t + dh_next
        dz_t    = dh_t * (1 - h_t^2)            or with relu, dh_t where h_t > 0, else 0
        dx_t    = dz_t W_xh^T
        dh_prev = dz_t W_hh^T                   what reaches h_{t-1}; at t = 1 it is dh_0
        dW_xh   = sum_t x_t^T dz_t
        dW_hh   = sum_t h_{t-1}^T dz_t
        db_h    = sum_t dz_t, over the batch too

    With lengths the gradient of the last state enters at each sequence's own end. A symbol stands for its one-hot
    vector, whose product with ``W_xh`` is a row of it.

    Args:
        D: width of the input.
        H: width of the hidden state.
        activation: ``"tanh"`` (default) or ``"relu"``.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
        D, H: the two widths.
        params: dict of arrays: ``W_xh`` of shape (D, H), ``W_hh`` (H, H), ``b_h`` (H,).
        grads: dict of arrays under the same names, filled by `backward`.
        activation: as above; it may be set anew.

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

    D, H, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy
    activation = Checked(require_choice, ACTIVATIONS)

    def __init__(self, D: int, H: int, *, activation: str = "tanh", rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.H, self.activation = D, H, activation
        self.params = initial_params(require_rng(rng), self.D, self.H, 1, dtype)
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def __repr__(self) -> str:
        activation = "" if self.activation == "tanh" else f", activation={self.activation!r}"
        return f"RNN(D={self.D}, H={self.H}{activation})"

    def step(self, x_t: Array, state: Array | None = None) -> Array:
        """One step, as the equations say it.

        Args:
            x_t: array (B, D), the input at this step, or integer array (B,) of symbols below D.
            state: array (B, H), the state before it; default zeros.

        Returns:
            Array (B, H), the state after it.

        Raises:
            ValueError: when an argument has the wrong rank, size or dtype, or is not finite.
        """
        W_xh, W_hh, b_h = (self.params[name] for name in ("W_xh", "W_hh", "b_h"))
        x_t = require_step_inputs(x_t, self.D, W_xh.dtype)
        h_prev = require_state("state", state, len(x_t), self.H, W_xh.dtype, finite=True)
        activation, _ = ACTIVATIONS[self.activation]
        z = x_t @ W_xh + h_prev @ W_hh + b_h
        return activation(z)

    def step_backward(self, dstate: Array, x_t: Array, state: Array | None = None) -> tuple[Array, Array, Params]:
        """The step backward, as the equations say it.

        `backward` is a loop over this, where ``states[t]`` is the state before step t, and `grads` starts at zeros::

            for t in reversed(range(T)):
                dx[t], dstate, added = layer.step_backward(dh[t] + dstate, x[t], states[t])
                for name in grads:
                    grads[name] += added[name]

        For symbols `backward` returns None for ``dx``, where ``dx_t`` here is of shape (B, D).

        Args:
            dstate: array (B, H), all that reaches the state after the step, ``dh_t`` of the equations.
            x_t: what `step` was given.
            state: the state before the step, as `step` was given it.

        Returns:
            dx_t: array (B, D), gradient with respect to the input; for symbols, to their one-hot vectors.
            dh_prev: array (B, H), what reaches the state before the step from this step.
            grads: dict of arrays under the names of `params`, what this step adds to their gradients.

        Raises:
            ValueError: as `step`.
        """
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        x_t = require_step_inputs(x_t, self.D, W_xh.dtype)
        h_prev = require_state("state", state, len(x_t), self.H, W_xh.dtype, finite=True)
        dh = require_array("dstate", dstate, h_prev.shape, W_xh.dtype, finite=True)
        h = self.step(x_t, h_prev)
        _, slope = ACTIVATIONS[self.activation]
        dz = dh * slope(h)
        dx_t = dz @ W_xh.T
        dh_prev = dz @ W_hh.T
        return dx_t, dh_prev, {"W_xh": x_t.T @ dz, "W_hh": h_prev.T @ dz, "b_h": dz.sum(axis=0)}

    def forward(self, x: Array, state: Array | None = None, lengths: Lengths | None = None) -> tuple[Array, Array]:
        """Run the layer over a batch of sequences.

        Args:
            x: array (T, B, D), or integer array (T, B) of symbols below D, which stand for their one-hot vectors.
            state: array (B, H), the state before the first step; default zeros.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            h: array (T, B, H), the state after every step; zero after the end of a sequence. Read-only, for `backward`
                reads it again.
            state: array (B, H), the state after the last step that counts; read-only.

        Raises:
            ValueError: when an argument has the wrong rank, width, dtype or range, is empty or is not finite.
        """
        dtype = self.params["W_xh"].dtype
        T, B = require_inputs(x, self.D, dtype).shape[:2]
        h_0 = 0 if state is None else require_state("state", state, B, self.H, dtype, finite=True)
        lengths = None if lengths is None else require_lengths(lengths, T, B)
        x = copied_unless_frozen(x)
        activation, slope = ACTIVATIONS[self.activation]
        self._saved = None  # were it interrupted, backward would go back through the pass before
        hs = kernel.forward(x, h_0, self.params, activation)
        self._saved = x, hs, lengths, slope, self.params.replaced
        return outputs(hs, lengths), last_state(hs[1:], lengths)

    def backward(self, dh: Array, dstate: Array | None = None) -> tuple[Array, Array]:
        """Back-propagate through time over the sequence of the last `forward`, and fill `grads`.

        The numbers in `params` must be those of that `forward`: an optimiser's step comes after this.

        Args:
            dh: array (T, B, H), what reaches every output from outside: ``dh_out_t`` of the equations, not ``dh_t``.
            dstate: array (B, H), gradient with respect to the returned state; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence. None for symbols.
            dh_0: array (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it, or arrays were assigned to
                `params` since. NaN in `dh` and `dstate` is not looked for: it comes out again in the gradients.
        """
        x, hs, lengths, slope, replaced = require_forward(self._saved)
        require_params_of_forward(self.params, replaced)
        require_array("dh", dh, hs[1:].shape, dtype=hs.dtype)
        dh_T = require_state("dstate", dstate, dh.shape[1], self.H, hs.dtype)
        if lengths is not None:
            dh, dh_T = add_at_end(dh, dh_T, lengths), np.zeros_like(dh_T)  # each sequence has an end of its own
        dx, dh_0, self.grads = kernel.backward(dh, dh_T, x, hs, self.params, slope, self._workspace)
        return dx, dh_0
