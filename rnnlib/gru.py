"""The gated recurrent unit (Cho et al. 2014), forward and backward over a sequence."""

import numpy as np

from rnnlib._validate import require_array, require_lengths, require_positive
from rnnlib.activations import sigmoid
from rnnlib.init import uniform
from rnnlib.masking import keep_valid, last_valid


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

    Taught in: chapter 06.
    Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder".

    Example:
        >>> layer = GRU(D=3, H=5)
        >>> h, state = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, state.shape
        ((7, 2, 5), (2, 5))
    """

    def __init__(self, D, H, *, reset_after=True, rng=None, dtype=np.float32):
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
        self.grads = {}
        self._saved = None

    def step(self, x_t, h_prev):
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

    def forward(self, x, state=None, lengths=None):
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
        gates = (x.reshape(T * B, D) @ W_xh + b_h).reshape(T, B, 3, H).swapaxes(1, 2).copy()
        q = np.empty((T, B, H), x.dtype)
        for t in range(T):
            r, z, n = gates[t]
            rec = hs[t] @ W_hh
            r[:] = sigmoid(r + rec[:, :H])
            z[:] = sigmoid(z + rec[:, H : 2 * H])
            if self.reset_after:
                q[t] = rec[:, 2 * H :] + self.params["b_hn"]
                n[:] = np.tanh(n + r * q[t])
            else:
                q[t] = r * hs[t]
                n[:] = np.tanh(n + q[t] @ W_hh[:, 2 * H :])
            hs[t + 1] = (1 - z) * n + z * hs[t]
        h = hs[1:]
        self._saved = x, hs, gates, q, lengths
        if lengths is None:
            return h, h[-1].copy()
        state = last_valid(h, lengths)
        keep_valid(h, lengths)
        return h, state

    def backward(self, dh, dstate=None):
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
        x, hs, gates, q, lengths = self._saved
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        T, B, D = x.shape
        H = W_hh.shape[0]
        require_array("dh", dh, (T, B, H), dtype=x.dtype)
        dh_next = np.zeros((B, H), x.dtype)  # what reaches h_t from step t + 1
        if dstate is not None:
            require_array("dstate", dstate, (B, H), dtype=x.dtype)
            dh_next += dstate
        if lengths is not None:
            dh = keep_valid(dh.copy(), lengths)
            dh[lengths - 1, np.arange(B)] += dh_next
            dh_next[:] = 0
        r, z, n = gates.swapaxes(0, 1)
        da = np.empty((T, B, 3 * H), x.dtype)
        da_r, da_z, da_n = da[..., :H], da[..., H : 2 * H], da[..., 2 * H :]
        dq = np.empty((T, B, H), x.dtype)
        for t in reversed(range(T)):
            dh_t = dh_next + dh[t]
            da_n[t] = dh_t * (1 - z[t]) * (1 - n[t] * n[t])
            da_z[t] = dh_t * (hs[t] - n[t]) * z[t] * (1 - z[t])
            dh_next = dh_t * z[t]
            if self.reset_after:
                da_r[t] = da_n[t] * q[t] * r[t] * (1 - r[t])
                dq[t] = da_n[t] * r[t]
                dh_next += da[t, :, : 2 * H] @ W_hh[:, : 2 * H].T + dq[t] @ W_hh[:, 2 * H :].T
            else:
                ds = da_n[t] @ W_hh[:, 2 * H :].T
                da_r[t] = ds * hs[t] * r[t] * (1 - r[t])
                dh_next += ds * r[t] + da[t, :, : 2 * H] @ W_hh[:, : 2 * H].T
        da_rows = da.reshape(T * B, 3 * H)
        h_rows = hs[:-1].reshape(T * B, H)
        dW_rz = h_rows.T @ da_rows[:, : 2 * H]
        dW_n = h_rows.T @ dq.reshape(T * B, H) if self.reset_after else q.reshape(T * B, H).T @ da_rows[:, 2 * H :]
        self.grads = {
            "W_xh": x.reshape(T * B, D).T @ da_rows,
            "W_hh": np.concatenate([dW_rz, dW_n], axis=1),
            "b_h": da_rows.sum(axis=0),
        }
        if self.reset_after:
            self.grads["b_hn"] = dq.sum(axis=(0, 1))
        return (da_rows @ W_xh.T).reshape(T, B, D), dh_next
