"""The gated recurrent unit (Cho et al. 2014), forward and backward over a sequence."""

from typing import Any

import numpy as np

from rnnlib._inputs import input_grads, require_inputs, with_bias
from rnnlib._speed import Workspace, by_gate, chunks, product, products, transposed
from rnnlib._steps import gru_backward_steps, gru_forward_steps
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import require_array, require_forward, require_lengths, require_positive
from rnnlib.activations import dtanh, sigmoid
from rnnlib.init import uniform
from rnnlib.masking import add_at_end, keep_valid, last_valid

# sigmoid(a) = tanh(a / 2) / 2 + 1 / 2, so tanh does for all three gates: a is halved inside the weights.
HALVED = (0.5, 0.5, 1)  # r, z, n


class GRU:
    """A recurrent layer with two gates: one lets the candidate forget the past, one mixes candidate and past.

    Forward, for t = 1 ... T, where the columns of ``W_xh``, ``W_hh`` and ``b_h`` are r, z, n in that order and ``*``
    multiplies element by element::

        r_t = sigmoid(x_t W_xr + h_{t-1} W_hr + b_r)                    reset gate
        z_t = sigmoid(x_t W_xz + h_{t-1} W_hz + b_z)                    update gate
        n_t = tanh(x_t W_xn + b_n + r_t * (h_{t-1} W_hn + b_hn))        candidate, reset_after=True
        n_t = tanh(x_t W_xn + b_n + (r_t * h_{t-1}) W_hn)               candidate, reset_after=False
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}

    Backward, for t = T ... 1, where ``dh_t`` is what reaches ``h_t`` from step t + 1 and from outside, and ``da`` is
    the gradient of what a gate's sigmoid or tanh is taken of::

        da_n     = dh_t * (1 - z_t) * (1 - n_t^2)
        da_z     = dh_t * (h_{t-1} - n_t) * z_t (1 - z_t)
        reset_after=True, where q_t = h_{t-1} W_hn + b_hn:
            da_r     = da_n * q_t * r_t (1 - r_t)
            dq       = da_n * r_t
            dh_{t-1} = dh_t * z_t + [da_r, da_z, dq] W_hh^T
        reset_after=False:
            ds       = da_n W_hn^T
            da_r     = ds * h_{t-1} * r_t (1 - r_t)
            dh_{t-1} = dh_t * z_t + ds * r_t + [da_r, da_z] [W_hr, W_hz]^T

    Args:
        D: width of the input.
        H: width of the hidden state.
        reset_after: whether the reset gate acts after the product with ``W_hn``, as in cuDNN and PyTorch (default), or
            before it, as Cho et al. 2014 publish it.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
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

    def __init__(self, D: int, H: int, *, reset_after: bool = True, rng: Rng | None = None, dtype: DType = np.float32):
        rng = np.random.default_rng(0) if rng is None else rng
        require_positive("D", D)
        bound = require_positive("H", H) ** -0.5
        self.reset_after = reset_after
        self.params = {
            "W_xh": uniform(rng, (D, 3 * H), bound, dtype),
            "W_hh": uniform(rng, (H, 3 * H), bound, dtype),
            "b_h": uniform(rng, (3 * H,), bound, dtype),
        }
        if reset_after:
            self.params["b_hn"] = uniform(rng, (H,), bound, dtype)
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
        W_hr, W_hz, W_hn = np.split(p["W_hh"], 3, axis=1)
        x_r, x_z, x_n = np.split(x_t @ p["W_xh"] + p["b_h"], 3, axis=-1)
        r = sigmoid(x_r + h_prev @ W_hr)
        z = sigmoid(x_z + h_prev @ W_hz)
        if self.reset_after:
            n = np.tanh(x_n + r * (h_prev @ W_hn + p["b_hn"]))
        else:
            n = np.tanh(x_n + (r * h_prev) @ W_hn)
        return (1 - z) * n + z * h_prev

    def forward(self, x: Array, state: Array | None = None, lengths: Lengths | None = None) -> tuple[Array, Array]:
        """Run the layer over a batch of sequences.

        Args:
            x: array (T, B, D), or integer array (T, B) of symbols below D, which stand for their one-hot vectors.
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
        H, dtype, kept = len(W_hh), W_xh.dtype, self._workspace
        T, B = require_inputs(x, len(W_xh), dtype).shape[:2]
        lengths = None if lengths is None else require_lengths(lengths, T, B)
        hs = np.empty((T + 1, B, H), dtype)  # h_0 ... h_T; new in every call, for the caller gets it
        hs[0] = 0 if state is None else require_array("state", state, (B, H), dtype=dtype, finite=True)
        x_1, W_xh = with_bias(x, W_xh, b_h, kept)
        gates = kept("gates", (T, 3, B, H), dtype)  # turned into r_t, z_t, n_t in place
        qs = kept("qs", (T, B, H), dtype)  # what meets the reset gate, or W_hn: q_t, or r_t * h_{t-1}
        half, recurrent = np.full((2, B, H), 0.5, dtype), np.empty((3, B, H), dtype)
        recurrent_rz, recurrent_n = recurrent[:2], recurrent[2]
        b_hn: Any = np.tile(self.params["b_hn"], (B, 1)) if self.reset_after else None
        W_xh = by_gate(W_xh, 3, B, kept, "W_xh", HALVED)
        if self.reset_after:
            times_W_hh = product(by_gate(W_hh, 3, B, kept, "W_hh", HALVED), recurrent)
        else:
            times_W_hh = product(by_gate(W_hh[:, : 2 * H], 2, B, kept, "W_hr, W_hz", HALVED[:2]), recurrent_rz)
            times_W_hn = product(by_gate(W_hh[:, 2 * H :], 1, B, kept, "W_hn", HALVED[2:]), recurrent_n)
        steps = kept.cut(gru_forward_steps, gates, qs)
        h_prev = hs[0]
        for chunk in chunks(T, 4 * B * H):
            products(x_1[chunk], W_xh, gates[chunk])
            for h, (rz, r, z, n, q) in zip(hs[1:][chunk], steps[chunk], strict=True):
                times_W_hh(h_prev)
                rz += recurrent_rz
                np.tanh(rz, out=rz)
                rz *= half
                rz += half
                if self.reset_after:
                    np.add(recurrent_n, b_hn, out=q)
                    np.multiply(r, q, out=recurrent_n)
                else:
                    np.multiply(r, h_prev, out=q)
                    times_W_hn(q)
                n += recurrent_n
                np.tanh(n, out=n)
                np.subtract(h_prev, n, out=h)
                h *= z
                h += n
                h_prev = h

        self._saved, h = (x_1, hs, gates, qs, lengths), hs[1:]
        if lengths is None:
            return h, h[-1].copy()
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
        x_1, hs, gates, qs, lengths = require_forward(self._saved)
        W_xh, W_hh, kept = self.params["W_xh"], self.params["W_hh"], self._workspace
        (T, B, H), dtype = qs.shape, W_xh.dtype
        require_array("dh", dh, (T, B, H), dtype=dtype)
        dh_next = np.zeros((B, H), dtype)  # what reaches h_t from step t + 1
        dh_next += 0 if dstate is None else require_array("dstate", dstate, (B, H), dtype=dtype)
        if lengths is not None:
            dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0

        # What reaches q_t, then a_r, a_z, a_n: W_hh meets the first three of the four, W_xh the last three.
        da = kept("da", (T, B, 4 * H), dtype)
        W_n_rz = np.roll(W_hh, H, axis=1)
        if not self.reset_after:
            W_hn_T, W_n_rz = np.ascontiguousarray(W_n_rz[:, :H].T), W_n_rz[:, H:]
        recurrent, reaching = np.empty((B, H), dtype), np.empty((4, B, H), dtype)
        times_W_hh_T = product(transposed(W_n_rz, B, kept, "W_hh.T"), recurrent)
        cut = chunks(T, 4 * B * H)
        slopes = kept("slopes", (cut[0].stop, 4, B, H), dtype)
        steps = kept.cut(gru_backward_steps, gates, slopes, da)
        for chunk in reversed(cut):
            # All that does not depend on the gradient from step t + 1, for many steps at once.
            self._slopes(hs[chunk], gates[chunk], qs[chunk], slopes[: chunk.stop - chunk.start])
            for dh_t, (r, z, da_t, row_by_gate, q_r_z, r_z) in zip(dh[chunk][::-1], steps[chunk][::-1], strict=True):
                dh_next += dh_t
                reaching[:] = dh_next
                if not self.reset_after:
                    ds = (da_t[3] * dh_next) @ W_hn_T
                    reaching[1] = ds
                da_t *= reaching
                row_by_gate[:] = da_t
                times_W_hh_T(q_r_z if self.reset_after else r_z)
                dh_next *= z
                dh_next += recurrent
                if not self.reset_after:
                    ds *= r
                    dh_next += ds

        da_rows, h_rows = da.reshape(T * B, 4 * H), hs[:-1].reshape(T * B, H)
        dW_xh, db_h, dx = input_grads(x_1, da_rows[:, H:], W_xh)
        dW_hh = np.roll(h_rows.T @ da_rows[:, : 3 * H], -H, axis=1)
        self.grads = {"W_xh": dW_xh, "W_hh": dW_hh, "b_h": db_h}
        if self.reset_after:
            self.grads["b_hn"] = da_rows[:, :H].sum(axis=0)
        else:
            dW_hh[:, 2 * H :] = qs.reshape(T * B, H).T @ da_rows[:, 3 * H :]
        return dx, dh_next

    def _slopes(self, h_prev: Array, gates: Array, q: Array, out: Array) -> None:
        """Write to `out`, (n, 4, B, H), what gives dq, da_r, da_z, da_n from dh_t; da_r from ds, if reset first."""
        r, z, n = gates.swapaxes(0, 1)
        out_q, out_r, out_z, out_n = out.swapaxes(0, 1)
        not_z = np.subtract(1, z, out=out_r)  # until out_r gets its own
        dtanh(n, out=out_n)
        out_n *= not_z
        np.subtract(h_prev, n, out=out_z)
        out_z *= z
        out_z *= not_z
        np.multiply(out_n, r, out=out_q)
        np.subtract(1, r, out=out_r)
        out_r *= q  # q_t, or r_t * h_{t-1}
        if self.reset_after:
            out_r *= out_q
