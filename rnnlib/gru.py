"""The gated recurrent unit (Cho et al. 2014), forward and backward over a sequence."""

from typing import Any

import numpy as np

from rnnlib._speed import Workspace, by_gate, chunks, product, transposed
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import require_array, require_lengths, require_positive
from rnnlib.activations import dtanh, sigmoid
from rnnlib.init import uniform
from rnnlib.masking import keep_valid, last_valid

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
            x: array (T, B, D). The layer keeps a reference to it until `backward`: do not change it in between.
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
        D, H = W_xh.shape[0], W_hh.shape[0]
        require_array("x", x, ("T", "B", D), dtype=W_xh.dtype, finite=True)
        T, B, _ = x.shape
        if lengths is not None:
            lengths = require_lengths(lengths, T, B)
        hs = np.empty((T + 1, B, H), x.dtype)  # h_0 ... h_T
        hs[0] = 0 if state is None else require_array("state", state, (B, H), dtype=x.dtype, finite=True)
        gates = self._workspace("gates", (T, 3, B, H), x.dtype)  # turned into r_t, z_t, n_t in place
        qs = self._workspace("qs", (T, B, H), x.dtype)  # what meets the reset gate, or W_hn: q_t, or r_t * h_{t-1}
        W_xh = by_gate(W_xh, 3, B, self._workspace, "W_xh", HALVED)
        W_hh = by_gate(W_hh, 3, B, self._workspace, "W_hh", HALVED)
        b_h = by_gate(b_h[None], 3, 1, self._workspace, "b_h", HALVED).reshape(3, 1, H)
        half = np.full((2, B, H), 0.5, x.dtype)
        b_hn: Any = np.tile(self.params["b_hn"], (B, 1)) if self.reset_after else None
        recurrent = np.empty((3, B, H), x.dtype)
        recurrent_rz, recurrent_n = recurrent[:2], recurrent[2]
        if self.reset_after:
            times_W_hh = product(W_hh, recurrent)
        else:
            times_W_hh, times_W_hn = product(W_hh[:2], recurrent_rz), product(W_hh[2:], recurrent_n)
        for chunk in chunks(T, 4 * B * H):
            a = gates[chunk]
            product(W_xh, a)(x[chunk, None, None])
            a += b_h
            steps = hs[chunk], hs[1:][chunk], a[:, :2], a, qs[chunk]
            for h_prev, h, rz, (r, z, n), q in zip(*steps, strict=True):
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

        h = hs[1:]
        self._saved = x, hs, gates, qs, lengths
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
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence.
            dstate: array (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        if self._saved is None:
            raise ValueError("backward: expected a forward pass first; call layer.forward(x), then layer.backward(dh).")
        x, hs, gates, qs, lengths = self._saved
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        T, B, D = x.shape
        H = W_hh.shape[0]
        require_array("dh", dh, (T, B, H), dtype=x.dtype)
        dh_next = np.zeros((B, H), x.dtype)  # what reaches h_t from step t + 1
        if dstate is not None:
            require_array("dstate", dstate, (B, H), dtype=x.dtype)
            dh_next += dstate
        if lengths is not None:
            # The state left each sequence at its own last step, so that is where its gradient enters.
            dh = keep_valid(dh.copy(), lengths)
            dh[lengths - 1, np.arange(B)] += dh_next
            dh_next[:] = 0

        # What reaches q_t, then a_r, a_z, a_n: W_hh meets the first three of the four, W_xh the last three.
        da = self._workspace("da", (T, B, 4 * H), x.dtype)
        da_by_gate = da.reshape(T, B, 4, H).swapaxes(1, 2)
        meets_W_hh = da[..., : 3 * H] if self.reset_after else da[..., H : 3 * H]
        W_hh_T = transposed(np.roll(W_hh, H, axis=1), self._workspace, "W_hh.T")  # (3H, H): n, r, z
        if not self.reset_after:
            W_hn_T, W_hh_T = W_hh_T[:H], W_hh_T[H:]
        W_hh_T = by_gate(W_hh_T, 1, B, self._workspace, "W_hh.T by block", (1,))
        recurrent = np.empty((B, H), x.dtype)
        times_W_hh_T = product(W_hh_T, recurrent)
        steps = chunks(T, 4 * B * H)
        slopes = self._workspace("slopes", (steps[0].stop, 4, B, H), x.dtype)
        reaching = np.empty((4, B, H), x.dtype)
        for chunk in reversed(steps):
            # All that does not depend on the gradient from step t + 1, for many steps at once.
            slope = self._slopes(hs[chunk], gates[chunk], qs[chunk], slopes[: chunk.stop - chunk.start])
            r, z = gates[chunk, 0], gates[chunk, 1]
            by_time = dh[chunk], slope, r, z, meets_W_hh[chunk], da_by_gate[chunk]
            for dh_t, da_t, r_t, z_t, hidden_t, rows_by_gate in zip(*(a[::-1] for a in by_time), strict=True):
                dh_next += dh_t
                reaching[:] = dh_next
                if not self.reset_after:
                    ds = (da_t[3] * dh_next) @ W_hn_T
                    reaching[1] = ds
                da_t *= reaching
                rows_by_gate[:] = da_t
                times_W_hh_T(hidden_t)
                dh_next *= z_t
                dh_next += recurrent
                if not self.reset_after:
                    ds *= r_t
                    dh_next += ds

        da_rows = da.reshape(T * B, 4 * H)
        h_rows = hs[:-1].reshape(T * B, H)
        db = da_rows.sum(axis=0)
        if self.reset_after:
            dW_hh = np.roll(h_rows.T @ da_rows[:, : 3 * H], -H, axis=1)
        else:
            dW_rz = h_rows.T @ da_rows[:, H : 3 * H]
            dW_hh = np.concatenate([dW_rz, qs.reshape(T * B, H).T @ da_rows[:, 3 * H :]], axis=1)
        self.grads = {"W_xh": x.reshape(T * B, D).T @ da_rows[:, H:], "W_hh": dW_hh, "b_h": db[H:]}
        if self.reset_after:
            self.grads["b_hn"] = db[:H]
        return (da_rows[:, H:] @ W_xh.T).reshape(T, B, D), dh_next

    def _slopes(self, h_prev: Array, gates: Array, q: Array, out: Array) -> Array:
        """What dh_t is multiplied with to give dq, da_r, da_z and da_n, (n, 4, B, H); ds, not dh_t, if reset first."""
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
        if self.reset_after:
            out_r *= q
            out_r *= out_q
        else:
            out_r *= q  # r_t * h_{t-1}
        return out
