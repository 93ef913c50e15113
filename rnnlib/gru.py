"""The gated recurrent unit (Cho et al. 2014), forward and backward, over one step and over a sequence."""

from typing import Any

import numpy as np

from rnnlib._parameters import ParamsAttribute
from rnnlib._recurrent import initial_params, last_state, outputs
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import (
    require_array,
    require_forward,
    require_inputs,
    require_lengths,
    require_rng,
    require_size,
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
    b_n]`` in blocks of H, and ``*`` multiplies element by element::

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
    ``dh_next`` what reaches it from step t + 1, or at t = T the gradient of the last state; ``a`` is the sum inside a
    sigmoid or tanh, ``da`` its gradient::

        dh_t = dh_out_t + dh_next
        dn_t = dh_t * (1 - z_t)
        dz_t = dh_t * (h_{t-1} - n_t)
        da_n = dn_t * (1 - n_t^2)
        da_z = dz_t * z_t (1 - z_t)
        reset_after=True:
            dq_t    = da_n * r_t
            dr_t    = da_n * q_t
            da_r    = dr_t * r_t (1 - r_t)
            dh_next = dh_t * z_t + da_r W_hr^T + da_z W_hz^T + dq_t W_hn^T
        reset_after=False:
            ds_t    = da_n W_hn^T
            dr_t    = ds_t * h_{t-1}
            da_r    = dr_t * r_t (1 - r_t)
            dh_next = dh_t * z_t + da_r W_hr^T + da_z W_hz^T + ds_t * r_t
        dx_t  = [da_r, da_z, da_n] W_xh^T
        dW_xh = sum_t x_t^T [da_r, da_z, da_n]
        dW_hh = sum_t h_{t-1}^T [da_r, da_z, dq_t]; with reset_after=False the columns of n are sum_t s_t^T da_n
        db_h  = sum_t [da_r, da_z, da_n], over the batch too
        db_hn = sum_t dq_t, over the batch too (reset_after=True only)

    ``dh_next`` is for ``h_{t-1}``, and after t = 1 it is ``dh_0``.

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

    Taught in: chapter 06.
    Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder".

    Example:
        >>> layer = GRU(D=3, H=5)
        >>> h, state = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, state.shape
        ((7, 2, 5), (2, 5))
    """

    params = ParamsAttribute()

    def __init__(self, D: int, H: int, *, reset_after: bool = True, rng: Rng | None = None, dtype: DType = np.float32):
        self.D, self.H, rng = require_size("D", D), require_size("H", H), require_rng(rng)
        params = initial_params(rng, self.D, self.H, 3, dtype)
        if reset_after:
            params["b_hn"] = uniform(rng, (H,), H**-0.5, dtype)
        self.params = params
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def __repr__(self) -> str:
        return f"GRU(D={self.D}, H={self.H})"

    @property
    def reset_after(self) -> bool:
        """Whether the reset gate acts after the product, which alone gives it a bias ``b_hn`` of its own."""
        return "b_hn" in self.params

    def step(self, x_t: Array, state: Array | None = None) -> Array:
        """One step, as the equations say it.

        Args:
            x_t: array (B, D), the input at this step, or integer array (B,) of symbols below D.
            state: array (B, H), the state before it; default zeros.

        Returns:
            Array (B, H), the state after it.

        Raises:
            ValueError: as `RNN.step`.
        """
        x_t = require_step_inputs(x_t, self.D, self.params["W_xh"].dtype)
        h_prev = require_state("state", state, len(x_t), self.H, x_t.dtype, finite=True)
        *_, h = self._step(x_t, h_prev)
        return h

    def _step(self, x_t: Array, h_prev: Array) -> tuple[Array, ...]:
        """The equations of one step: r_t, z_t, n_t, q_t or s_t, and h_t."""
        W_hr, W_hz, W_hn = np.split(self.params["W_hh"], 3, axis=1)
        x_r, x_z, x_n = np.split(x_t @ self.params["W_xh"] + self.params["b_h"], 3, axis=-1)
        r = sigmoid(x_r + h_prev @ W_hr)
        z = sigmoid(x_z + h_prev @ W_hz)
        if self.reset_after:
            q_or_s = h_prev @ W_hn + self.params["b_hn"]
            n = tanh(x_n + r * q_or_s)
        else:
            q_or_s = r * h_prev
            n = tanh(x_n + q_or_s @ W_hn)
        h = (1 - z) * n + z * h_prev
        return r, z, n, q_or_s, h

    def step_backward(self, dstate: Array, x_t: Array, state: Array | None = None) -> tuple[Array, Array, Params]:
        """The step backward, as the equations say it.

        Args:
            dstate: array (B, H), all that reaches the state after the step, ``dh_t`` of the equations.
            x_t: what `step` was given.
            state: the state before the step, as `step` was given it.

        Returns:
            dx_t: array (B, D), gradient with respect to the input; for symbols, to their one-hot vectors.
            dh_prev: array (B, H), what reaches the state before the step from this step, ``dh_next`` of the equations.
            grads: dict of arrays under the names of `params`, what this step adds to their gradients.

        Raises:
            ValueError: as `RNN.step`.
        """
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        x_t = require_step_inputs(x_t, self.D, W_xh.dtype)
        h_prev = require_state("state", state, len(x_t), self.H, x_t.dtype, finite=True)
        dh = require_state("dstate", dstate, len(x_t), self.H, x_t.dtype)
        W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
        r, z, n, q_or_s, _ = self._step(x_t, h_prev)
        dn = dh * (1 - z)
        dz = dh * (h_prev - n)
        da_n = dn * (1 - n**2)
        da_z = dz * z * (1 - z)
        if self.reset_after:
            q = q_or_s
            dq = da_n * r
            dr = da_n * q
            da_r = dr * r * (1 - r)
            dh_prev = dh * z + da_r @ W_hr.T + da_z @ W_hz.T + dq @ W_hn.T
            dW_hn = h_prev.T @ dq
        else:
            s = q_or_s
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
            ValueError: as `RNN.forward`.
        """
        dtype = self.params["W_xh"].dtype
        T, B = require_inputs(x, self.D, dtype).shape[:2]
        h_0 = 0 if state is None else require_state("state", state, B, self.H, dtype, finite=True)
        lengths = None if lengths is None else require_lengths(lengths, T, B)
        hs, saved = kernel.forward(x, h_0, self.params, self._workspace)
        self._saved = saved, lengths
        return outputs(hs, lengths), last_state(hs[1:], lengths)

    def backward(self, dh: Array, dstate: Array | None = None) -> tuple[Array, Array]:
        """Back-propagate through time over the sequence of the last `forward`, and fill `grads`.

        Args:
            dh: array (T, B, H), what reaches every output from outside: ``dh_out_t`` of the equations, not ``dh_t``.
            dstate: array (B, H), gradient with respect to the returned state; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence. None for symbols.
            dh_0: array (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: as `RNN.backward`.
        """
        saved, lengths = require_forward(self._saved)
        require_array("dh", dh, saved.hs[1:].shape, dtype=saved.hs.dtype)
        dh_T = require_state("dstate", dstate, dh.shape[1], self.H, dh.dtype)
        if lengths is not None:
            dh, dh_T = add_at_end(dh, dh_T, lengths), np.zeros_like(dh_T)
        dx, dh_0, self.grads = kernel.backward(dh, dh_T, saved, self.params, self._workspace)
        return dx, dh_0
