"""The gated recurrent unit (Cho et al. 2014), forward and backward, over one step and over a sequence."""

from typing import Any

import numpy as np

from rnnlib._attributes import Size
from rnnlib._parameters import ParamsAttribute, no_shallow_copy, require_params_of_forward
from rnnlib._recurrent import initial_params, last_state, outputs
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import (
    require_array,
    require_flag,
    require_forward,
    require_inputs,
    require_lengths,
    require_rng,
    require_state,
    require_step_inputs,
)
from rnnlib.activations import sigmoid, tanh
from rnnlib.init import uniform
from rnnlib.kernels import gru as kernel
from rnnlib.kernels.workspace import Workspace
from rnnlib.masking import add_at_end

__all__ = ["GRU"]


class GRU:
    """A recurrent layer with two gates: one lets the candidate forget the past, one mixes candidate and past.

    Forward, for t = 1 ... T, where ``W_xh = [W_xr, W_xz, W_xn]``, ``W_hh = [W_hr, W_hz, W_hn]``, ``b_h = [b_r, b_z,
    b_n]`` in blocks of H, and ``*`` multiplies element by element; ``z_t`` is a gate here, in the RNN and the LSTM a
    sum::

        r_t = sigmoid(x_t W_xr + h_{t-1} W_hr + b_r)        reset gate
        z_t = sigmoid(x_t W_xz + h_{t-1} W_hz + b_z)        update gate
        reset_after=True:
            q_t = h_{t-1} W_hn + b_hn
            n_t = tanh(x_t W_xn + b_n + r_t * q_t)          candidate
        reset_after=False:
            s_t = r_t * h_{t-1}
            n_t = tanh(x_t W_xn + b_n + s_t W_hn)
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}

    Backward, for t = T ... 1, where ``dh_out_t`` is what reaches ``h_t`` from outside, as from the output at t, and
    ``dh_next`` what reaches it from step t + 1, which is that step's ``dh_prev``, or at t = T the gradient of the last
    state; ``a_{n,t}`` is the sum inside the tanh of ``n_t``, ``da_{n,t}`` its gradient, and so for the gates::

        dh_t     = dh_out_t + dh_next
        dn_t     = dh_t * (1 - z_t)
        dz_t     = dh_t * (h_{t-1} - n_t)
        da_{n,t} = dn_t * (1 - n_t^2)
        da_{z,t} = dz_t * z_t (1 - z_t)
        reset_after=True:
            dq_t     = da_{n,t} * r_t
            dr_t     = da_{n,t} * q_t
            da_{r,t} = dr_t * r_t (1 - r_t)
            dh_prev  = dh_t * z_t + da_{r,t} W_hr^T + da_{z,t} W_hz^T + dq_t W_hn^T
        reset_after=False:
            ds_t     = da_{n,t} W_hn^T
            dr_t     = ds_t * h_{t-1}
            da_{r,t} = dr_t * r_t (1 - r_t)
            dh_prev  = dh_t * z_t + da_{r,t} W_hr^T + da_{z,t} W_hz^T + ds_t * r_t
        da_t  = [da_{r,t}, da_{z,t}, da_{n,t}]
        dx_t  = da_t W_xh^T
        dW_xh = sum_t x_t^T da_t
        dW_hh = sum_t h_{t-1}^T [da_{r,t}, da_{z,t}, dq_t]; reset_after=False: its columns of n, sum_t s_t^T da_{n,t}
        db_h  = sum_t da_t, over the batch too
        db_hn = sum_t dq_t, over the batch too (reset_after=True only)

    ``dh_prev`` is what reaches ``h_{t-1}``; at t = 1 it is ``dh_0``. With lengths the gradient of the last state enters
    at each sequence's own end.

    Args:
        D: width of the input.
        H: width of the hidden state.
        reset_after: whether the reset gate acts after the product with ``W_hn``, as in cuDNN and PyTorch (default), or
            before it, as Cho et al. 2014 publish it.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
        D, H: the two widths.
        params: dict of arrays: ``W_xh`` of shape (D, 3H), ``W_hh`` (H, 3H), ``b_h`` (3H,), and with `reset_after` also
            ``b_hn`` (H,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Cho et al. 2014 and PyTorch let ``z_t`` keep the past, as here; in Chung et al. 2014 ``1 - z_t`` does.
        ``b_hn`` stands inside the reset, so no other bias can take its place; all other pairs of PyTorch's are sums.
        It starts like the other biases, uniform on ``[-1/sqrt(H), 1/sqrt(H))``.

    Taught in: chapter 06.
    Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder".

    Example:
        >>> layer = GRU(D=3, H=5)
        >>> h, state = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, state.shape
        ((7, 2, 5), (2, 5))
    """

    D, H, params, __copy__ = Size(), Size(), ParamsAttribute(), no_shallow_copy

    def __init__(self, D: int, H: int, *, reset_after: bool = True, rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.H, rng = D, H, require_rng(rng)
        params = initial_params(rng, self.D, self.H, 3, dtype)
        if require_flag("reset_after", reset_after):
            params["b_hn"] = uniform(rng, (self.H,), self.H**-0.5, dtype)
        self.params = params
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def __repr__(self) -> str:
        return f"GRU(D={self.D}, H={self.H}{'' if self.reset_after else ', reset_after=False'})"

    @property
    def reset_after(self) -> bool:
        """Whether the reset gate acts after the product, which alone gives it a bias ``b_hn`` of its own."""
        return "b_hn" in self.params

    def step(self, x_t: Array, state: Array | None = None) -> Array:
        """One step, as the equations say it; arguments, result and errors as `RNN.step`."""
        x_t = require_step_inputs(x_t, self.D, self.params["W_xh"].dtype)
        h_prev = require_state("state", state, len(x_t), self.H, x_t.dtype, finite=True)
        *_, h = self._step(x_t, h_prev)
        return h

    def _step(self, x_t: Array, h_prev: Array) -> tuple[Any, ...]:
        """The equations of one step: r_t, z_t, n_t, q_t, s_t, and h_t; None for q_t or s_t, the other variant's."""
        W_hr, W_hz, W_hn = np.split(self.params["W_hh"], 3, axis=1)
        x_r, x_z, x_n = np.split(x_t @ self.params["W_xh"] + self.params["b_h"], 3, axis=-1)
        r = sigmoid(x_r + h_prev @ W_hr)
        z = sigmoid(x_z + h_prev @ W_hz)
        q = s = None
        if self.reset_after:
            q = h_prev @ W_hn + self.params["b_hn"]
            n = tanh(x_n + r * q)
        else:
            s = r * h_prev
            n = tanh(x_n + s @ W_hn)
        h = (1 - z) * n + z * h_prev
        return r, z, n, q, s, h

    def step_backward(self, dstate: Array, x_t: Array, state: Array | None = None) -> tuple[Array, Array, Params]:
        """The step backward, as the equations say it; arguments, result and errors as `RNN.step_backward`."""
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        x_t = require_step_inputs(x_t, self.D, W_xh.dtype)
        h_prev = require_state("state", state, len(x_t), self.H, x_t.dtype, finite=True)
        dh = require_array("dstate", dstate, h_prev.shape, x_t.dtype, finite=True)
        W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
        r, z, n, q, s, _ = self._step(x_t, h_prev)
        dn = dh * (1 - z)
        dz = dh * (h_prev - n)
        da_n = dn * (1 - n**2)
        da_z = dz * z * (1 - z)
        if self.reset_after:
            dq = da_n * r
            dr = da_n * q
            da_r = dr * r * (1 - r)
            dh_prev = dh * z + da_r @ W_hr.T + da_z @ W_hz.T + dq @ W_hn.T
            dW_hn = h_prev.T @ dq
        else:
            ds = da_n @ W_hn.T
            dr = ds * h_prev
            da_r = dr * r * (1 - r)
            dh_prev = dh * z + da_r @ W_hr.T + da_z @ W_hz.T + ds * r
            dW_hn = s.T @ da_n
        da = np.concatenate((da_r, da_z, da_n), axis=-1)
        dx_t = da @ W_xh.T
        dW_hh = np.concatenate((h_prev.T @ da_r, h_prev.T @ da_z, dW_hn), axis=1)
        grads = {"W_xh": x_t.T @ da, "W_hh": dW_hh, "b_h": da.sum(axis=0)}
        if self.reset_after:
            grads["b_hn"] = dq.sum(axis=0)
        return dx_t, dh_prev, grads

    def forward(self, x: Array, state: Array | None = None, lengths: Lengths | None = None) -> tuple[Array, Array]:
        """Run the layer over a batch of sequences; arguments, result and errors as `RNN.forward`."""
        dtype = self.params["W_xh"].dtype
        T, B = require_inputs(x, self.D, dtype).shape[:2]
        h_0 = 0 if state is None else require_state("state", state, B, self.H, dtype, finite=True)
        lengths = None if lengths is None else require_lengths(lengths, T, B)
        self._saved = None  # from here on the workspace no longer holds what the pass before left
        hs, saved = kernel.forward(x, h_0, self.params, self._workspace)
        self._saved = saved, lengths, self.params.replaced
        return outputs(hs, lengths), last_state(hs[1:], lengths)

    def backward(self, dh: Array, dstate: Array | None = None) -> tuple[Array, Array]:
        """Back-propagate through the last `forward`, and fill `grads`; arguments, result, errors as `RNN.backward`."""
        saved, lengths, replaced = require_forward(self._saved)
        require_params_of_forward(self.params, replaced)
        require_array("dh", dh, saved.hs[1:].shape, dtype=saved.hs.dtype)
        dh_T = require_state("dstate", dstate, dh.shape[1], self.H, dh.dtype)
        if lengths is not None:
            dh, dh_T = add_at_end(dh, dh_T, lengths), np.zeros_like(dh_T)  # each sequence has an end of its own
        dx, dh_0, self.grads = kernel.backward(dh, dh_T, saved, self.params, self._workspace)
        return dx, dh_0
