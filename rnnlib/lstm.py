"""The long short-term memory (Hochreiter & Schmidhuber 1997), forward and backward, over one step and a sequence."""

from typing import Any

import numpy as np

from rnnlib._attributes import Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._recurrent import initial_params, last_state, outputs
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import (
    require_array,
    require_cell_state,
    require_finite,
    require_forward,
    require_inputs,
    require_lengths,
    require_rng,
    require_step_inputs,
)
from rnnlib.activations import sigmoid, tanh
from rnnlib.kernels import lstm as kernel
from rnnlib.kernels.workspace import Workspace
from rnnlib.masking import add_at_end

__all__ = ["LSTM"]


class LSTM:
    """A recurrent layer with a cell: gates decide what is written to it, kept in it and shown of it.

    Forward, for t = 1 ... T, where the columns of ``W_xh`` and ``W_hh``, and so ``b_h`` and ``z_t``, are blocks of H
    for i, f, g, o in that order, and ``*`` multiplies element by element::

        z_t = [z_i, z_f, z_g, z_o] = x_t W_xh + h_{t-1} W_hh + b_h
        i_t = sigmoid(z_i)                      input gate: how much is written
        f_t = sigmoid(z_f)                      forget gate: how much is kept
        g_t = tanh(z_g)                         candidate: what is written
        o_t = sigmoid(z_o)                      output gate: how much is shown
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    Backward, for t = T ... 1, where ``dh_out_t`` is what reaches ``h_t`` from outside, as from the output at t, and
    ``dh_next`` and ``dc_next`` what reaches ``h_t`` and ``c_t`` from step t + 1, which is that step's ``dh_prev`` and
    ``dc_prev``, or at t = T the gradient of the last state::

        dh_t    = dh_out_t + dh_next
        dc_t    = dc_next + dh_t * o_t * (1 - tanh(c_t)^2)
        di_t    = dc_t * g_t
        df_t    = dc_t * c_{t-1}
        dg_t    = dc_t * i_t
        do_t    = dh_t * tanh(c_t)
        dz_t    = [di_t * i_t (1 - i_t), df_t * f_t (1 - f_t), dg_t * (1 - g_t^2), do_t * o_t (1 - o_t)]
        dh_prev = dz_t W_hh^T                   what reaches h_{t-1}; at t = 1 it is dh_0
        dc_prev = dc_t * f_t                    what reaches c_{t-1}; at t = 1 it is dc_0
        dx_t    = dz_t W_xh^T
        dW_xh   = sum_t x_t^T dz_t
        dW_hh   = sum_t h_{t-1}^T dz_t
        db_h    = sum_t dz_t, over the batch too

    With lengths the gradient of the last state enters at each sequence's own end.

    Args:
        D: width of the input.
        H: width of the hidden state and of the cell.
        forget_bias: what the forget gate's bias starts at; default None, random like the others.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
        D, H: the two widths.
        params: dict of arrays: ``W_xh`` of shape (D, 4H), ``W_hh`` (H, 4H), ``b_h`` (4H,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Weights start uniform on ``[-1/sqrt(H), 1/sqrt(H))`` and the bias too, as in PyTorch; PyTorch's two biases are
        only ever added, and ``b_h`` is their sum. Jozefowicz, Zaremba & Sutskever 2015 advise ``forget_bias=1``: a
        fresh layer then keeps about ``sigmoid(1)``, 73 %, of its cell from step to step, where 0 would keep half.

    Taught in: chapter 05.
    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory"; forget gate: Gers, Schmidhuber & Cummins 2000.

    Example:
        >>> layer = LSTM(D=3, H=5)
        >>> h, (h_last, c_last) = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, h_last.shape, c_last.shape
        ((7, 2, 5), (2, 5), (2, 5))
    """

    D, H, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(
        self, D: int, H: int, *, forget_bias: float | None = None, rng: Rng | None = None, dtype: DType = np.float32
    ):
        self.D, self.H = D, H
        self.params = initial_params(require_rng(rng), self.D, self.H, 4, dtype)
        if forget_bias is not None:
            self.params["b_h"][self.H : 2 * self.H] = require_finite("forget_bias", forget_bias, dtype)
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def __repr__(self) -> str:
        return f"LSTM(D={self.D}, H={self.H})"

    def step(self, x_t: Array, state: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        """One step, as the equations say it; as `RNN.step`, where a state is a tuple ``(h, c)`` of arrays (B, H)."""
        x_t = require_step_inputs(x_t, self.D, self.params["W_xh"].dtype)
        h_prev, c_prev = require_cell_state("state", state, len(x_t), self.H, x_t.dtype, finite=True)
        *_, c, h = self._step(x_t, h_prev, c_prev)
        return h, c

    def _step(self, x_t: Array, h_prev: Array, c_prev: Array) -> tuple[Array, ...]:
        """The equations of one step: i_t, f_t, g_t, o_t, c_t and h_t."""
        W_xh, W_hh, b_h = (self.params[name] for name in ("W_xh", "W_hh", "b_h"))
        z = x_t @ W_xh + h_prev @ W_hh + b_h
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=-1)
        i = sigmoid(z_i)
        f = sigmoid(z_f)
        g = tanh(z_g)
        o = sigmoid(z_o)
        c = f * c_prev + i * g
        h = o * tanh(c)
        return i, f, g, o, c, h

    def step_backward(
        self, dstate: tuple[Array, Array], x_t: Array, state: tuple[Array, Array] | None = None
    ) -> tuple[Array, tuple[Array, Array], Params]:
        """The step backward, as the equations say it.

        `backward` is a loop over this, where ``states[t]`` is the state before step t, and `grads` starts at zeros::

            for t in reversed(range(T)):
                dh_next, dc_next = dstate
                dx[t], dstate, added = layer.step_backward((dh[t] + dh_next, dc_next), x[t], states[t])
                for name in grads:
                    grads[name] += added[name]

        Args:
            dstate: tuple of arrays (B, H): all that reaches h after the step, ``dh_t`` of the equations, and what
                reaches c after it from the next step, ``dc_next``.
            x_t: what `step` was given.
            state: the state before the step, as `step` was given it.

        Returns:
            dx_t, (dh_prev, dc_prev), grads: as `RNN.step_backward`; so are the errors.
        """
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        x_t = require_step_inputs(x_t, self.D, W_xh.dtype)
        h_prev, c_prev = require_cell_state("state", state, len(x_t), self.H, W_xh.dtype, finite=True)
        dh, dc_next = require_cell_state("dstate", dstate, len(x_t), self.H, W_xh.dtype, finite=True, default=False)
        i, f, g, o, c, _ = self._step(x_t, h_prev, c_prev)
        dc = dc_next + dh * o * (1 - tanh(c) ** 2)
        di = dc * g
        df = dc * c_prev
        dg = dc * i
        do = dh * tanh(c)
        dz = np.concatenate((di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)), axis=-1)
        dh_prev = dz @ W_hh.T
        dc_prev = dc * f
        dx_t = dz @ W_xh.T
        return dx_t, (dh_prev, dc_prev), {"W_xh": x_t.T @ dz, "W_hh": h_prev.T @ dz, "b_h": dz.sum(axis=0)}

    def forward(
        self, x: Array, state: tuple[Array, Array] | None = None, lengths: Lengths | None = None
    ) -> tuple[Array, tuple[Array, Array]]:
        """Run the layer over a batch of sequences.

        Arguments, result and errors as `RNN.forward`, where a state is a tuple ``(h, c)`` of arrays (B, H), and what is
        returned for every step is h.
        """
        dtype = self.params["W_xh"].dtype
        T, B = require_inputs(x, self.D, dtype).shape[:2]
        h_0, c_0 = (0, 0) if state is None else require_cell_state("state", state, B, self.H, dtype, finite=True)
        lengths = None if lengths is None else require_lengths(lengths, T, B)
        self._saved = None  # from here on the workspace no longer holds what the pass before left
        hs, cs, saved = kernel.forward(x, h_0, c_0, self.params, self._workspace)
        self._saved = saved, lengths, self.params.replaced
        return outputs(hs, lengths), (last_state(hs[1:], lengths), last_state(cs[1:], lengths))

    def backward(self, dh: Array, dstate: tuple[Array, Array] | None = None) -> tuple[Array, tuple[Array, Array]]:
        """Back-propagate through time over the sequence of the last `forward`, and fill `grads`.

        Arguments, result and errors as `RNN.backward`, where `dstate`, given and returned, is a tuple of arrays (B, H).
        """
        saved, lengths, replaced = require_forward(self._saved)
        require_params_of_forward(self.params, replaced)
        require_array("dh", dh, saved.hs[1:].shape, dtype=saved.hs.dtype)
        dh_T, dc_T = require_cell_state("dstate", dstate, dh.shape[1], self.H, dh.dtype)
        if lengths is not None:
            # dc_T enters at the end: the kernel takes it unchanged through the steps after each sequence's own.
            dh, dh_T = add_at_end(dh, dh_T, lengths), np.zeros_like(dh_T)
        dx, dh_0, dc_0, self.grads = kernel.backward(dh, dh_T, dc_T, saved, self.params, self._workspace, lengths)
        return dx, (dh_0, dc_0)
