"""The long short-term memory (Hochreiter & Schmidhuber 1997), forward and backward over a sequence."""

import numpy as np

from rnnlib._validate import require_array, require_lengths, require_positive
from rnnlib.activations import sigmoid
from rnnlib.init import uniform
from rnnlib.masking import keep_valid, last_valid, valid_steps


class LSTM:
    """A recurrent layer with a cell: gates decide what is written to it, kept in it and read from it.

    Forward, for t = 1 ... T, where the columns of ``W_xh``, ``W_hh`` and ``b_h`` are the gates i, f, g, o in that order and
    ``*`` multiplies element by element::

        z_t = x_t W_xh + h_{t-1} W_hh + b_h
        i_t = sigmoid(z_t, columns of i)        input gate: how much is written
        f_t = sigmoid(z_t, columns of f)        forget gate: how much is kept
        g_t = tanh(z_t, columns of g)           what is written
        o_t = sigmoid(z_t, columns of o)        output gate: how much is read
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    Backward, for t = T ... 1, where ``dh_t`` and ``dc_t`` start as what reaches ``h_t`` and ``c_t`` from step t + 1 (and
    ``dh_t`` also has what comes from outside, from the output at t)::

        dc_t     = dc_t + dh_t * o_t * (1 - tanh(c_t)^2)
        dz_t     = [dc_t * g_t       * i_t (1 - i_t),
                    dc_t * c_{t-1}   * f_t (1 - f_t),
                    dc_t * i_t       * (1 - g_t^2),
                    dh_t * tanh(c_t) * o_t (1 - o_t)]
        dh_{t-1} = dz_t W_hh^T
        dc_{t-1} = dc_t * f_t
        dW_xh    = sum_t x_t^T dz_t
        dW_hh    = sum_t h_{t-1}^T dz_t
        db_h     = sum_t dz_t, over the batch too
        dx_t     = dz_t W_xh^T

    Args:
        D: width of the input.
        H: width of the hidden state and of the cell.
        forget_bias: what the forget gate's bias starts at; default None, random like the others.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default; the input must have the same.

    Attributes:
        params: dict of arrays: ``W_xh`` of shape (D, 4H), ``W_hh`` (H, 4H), ``b_h`` (4H,).
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Weights start uniform on ``[-1/sqrt(H), 1/sqrt(H))`` and the bias too, as in PyTorch, whose gate order this is
        and whose two biases are only ever added: ``b_h`` is their sum. With ``forget_bias=1`` a fresh layer keeps 73 % of
        its cell from step to step, and not 50 %: gradients reach further back from the start (Gers, Schmidhuber &
        Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015).

    Taught in: chapter 05.
    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory"; the forget gate is from Gers, Schmidhuber & Cummins
    2000, "Learning to forget".

    Example:
        >>> layer = LSTM(D=3, H=5)
        >>> h, (h_last, c_last) = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, h_last.shape, c_last.shape
        ((7, 2, 5), (2, 5), (2, 5))
    """

    def __init__(self, D, H, *, forget_bias=None, rng=None, dtype=np.float32):
        rng = np.random.default_rng(0) if rng is None else rng
        require_positive("D", D)
        bound = require_positive("H", H) ** -0.5
        self.params = {
            "W_xh": uniform(rng, (D, 4 * H), bound, dtype),
            "W_hh": uniform(rng, (H, 4 * H), bound, dtype),
            "b_h": uniform(rng, (4 * H,), bound, dtype),
        }
        if forget_bias is not None:
            self.params["b_h"][H : 2 * H] = forget_bias
        self.grads = {}
        self._saved = None

    def step(self, x_t, state):
        """One step, as the equations say it.

        Args:
            x_t: array (B, D), the input at this step.
            state: tuple ``(h, c)`` of arrays (B, H), the state before it.

        Returns:
            Tuple ``(h, c)`` of arrays (B, H), the state after it.
        """
        p = self.params
        h_prev, c_prev = state
        z = x_t @ p["W_xh"] + h_prev @ p["W_hh"] + p["b_h"]
        i, f, g, o = np.split(z, 4, axis=-1)
        c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    def forward(self, x, state=None, lengths=None):
        """Run the layer over a batch of sequences.

        Args:
            x: array (T, B, D). The layer keeps a reference to it until `backward`: do not change it in between.
            state: tuple ``(h, c)`` of arrays (B, H), the state before the first step; default zeros.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            h: array (T, B, H), the state after every step; zero after the end of a sequence. `backward` reads it
                too: do not change it in between.
            state: tuple ``(h, c)`` of arrays (B, H), the state after the last step that counts.

        Raises:
            ValueError: when an argument has the wrong rank, width, dtype or range, is empty or is not finite.
        """
        W_xh, W_hh, b_h = (self.params[name] for name in ("W_xh", "W_hh", "b_h"))
        D, H = W_xh.shape[0], W_hh.shape[0]
        require_array("x", x, ("T", "B", D), dtype=W_xh.dtype, finite=True)
        T, B, _ = x.shape
        if lengths is not None:
            lengths = require_lengths(lengths, T, B)

        hs, cs = np.empty((2, T + 1, B, H), x.dtype)  # h_0 ... h_T, c_0 ... c_T
        hs[0], cs[0] = (0, 0) if state is None else require_state("state", state, B, H, x.dtype, finite=True)
        z = (x.reshape(T * B, D) @ W_xh + b_h).reshape(T, B, 4, H).swapaxes(1, 2).copy()  # (T, 4, B, H)
        for t in range(T):
            z[t] += (hs[t] @ W_hh).reshape(B, 4, H).swapaxes(0, 1)
            i, f, g, o = z[t]
            for gate in i, f, o:
                gate[:] = sigmoid(gate)
            g[:] = np.tanh(g)
            cs[t + 1] = f * cs[t] + i * g
            hs[t + 1] = o * np.tanh(cs[t + 1])

        h, c = hs[1:], cs[1:]
        self._saved = x, hs, cs, z, lengths
        if lengths is None:
            return h, (h[-1].copy(), c[-1].copy())
        state = last_valid(h, lengths), last_valid(c, lengths)
        keep_valid(h, lengths)
        return h, state

    def backward(self, dh, dstate=None):
        """Back-propagate through time over the sequence of the last `forward`, and fill `grads`.

        Args:
            dh: array (T, B, H), gradient of the loss with respect to every output h_t.
            dstate: tuple ``(dh, dc)`` of arrays (B, H), gradient with respect to the returned state; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence.
            dstate: tuple ``(dh, dc)`` of arrays (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        if self._saved is None:
            raise ValueError("backward: expected a forward pass first; call layer.forward(x), then layer.backward(dh).")
        x, hs, cs, z, lengths = self._saved
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        T, B, D = x.shape
        H = W_hh.shape[0]
        require_array("dh", dh, (T, B, H), dtype=x.dtype)
        dh_next, dc_next = np.zeros((2, B, H), x.dtype)  # what reaches h_t and c_t from step t + 1
        if dstate is not None:
            dh_last, dc_last = require_state("dstate", dstate, B, H, x.dtype)
            dh_next += dh_last
            dc_next += dc_last
        i, f, g, o = z.swapaxes(0, 1)
        tanh_c = np.tanh(cs[1:])
        c_prev = cs[:-1]
        slope = np.stack([g * i * (1 - i), c_prev * f * (1 - f), i * (1 - g * g), tanh_c * o * (1 - o)], axis=1)
        slope_c = o * (1 - tanh_c * tanh_c)
        if lengths is not None:
            dh = keep_valid(dh.copy(), lengths)
            dh[lengths - 1, np.arange(B)] += dh_next
            dh_next[:] = 0
            keep_valid(slope.swapaxes(1, 2), lengths)
            f = f.copy()
            f[~valid_steps(lengths, T)] = 1
        dz = np.empty((T, B, 4 * H), x.dtype)
        for t in reversed(range(T)):
            dh_next = dh_next + dh[t]
            dc_next = dc_next + slope_c[t] * dh_next
            slope[t, :3] *= dc_next
            slope[t, 3] *= dh_next
            dz[t] = slope[t].swapaxes(0, 1).reshape(B, 4 * H)
            dh_next = dz[t] @ W_hh.T
            dc_next = dc_next * f[t]

        dz_rows = dz.reshape(T * B, 4 * H)
        self.grads = {
            "W_xh": x.reshape(T * B, D).T @ dz_rows,
            "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows,
            "b_h": dz_rows.sum(axis=0),
        }
        return (dz_rows @ W_xh.T).reshape(T, B, D), (dh_next, dc_next)


def require_state(name, state, B, H, dtype, finite=False):
    """Check that `state` is a tuple ``(h, c)`` of arrays (B, H), and return it."""
    if not isinstance(state, tuple) or len(state) != 2:
        raise ValueError(f"{name}: expected a tuple (h, c) of arrays ({B}, {H}), got {type(state).__name__}.")
    for part, array in zip(("h", "c"), state, strict=True):
        require_array(f"{name}'s {part}", array, (B, H), dtype=dtype, finite=finite)
    return state
