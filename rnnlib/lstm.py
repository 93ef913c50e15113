"""The long short-term memory (Hochreiter & Schmidhuber 1997), forward and backward over a sequence."""

from typing import Any

import numpy as np

from rnnlib._speed import Workspace, by_gate, chunks, product, transposed
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import describe, require_array, require_lengths, require_positive
from rnnlib.activations import dtanh, sigmoid
from rnnlib.init import uniform
from rnnlib.masking import keep_valid, last_valid, valid_steps

# sigmoid(z) = tanh(z / 2) / 2 + 1 / 2, so one tanh does for all four gates: z is halved inside the weights.
HALVED = (0.5, 0.5, 1, 0.5)  # i, f, g, o


class LSTM:
    """A recurrent layer with a cell: gates decide what is written to it, kept in it and read from it.

    Forward, for t = 1 ... T, where the columns of ``W_xh``, ``W_hh`` and ``b_h`` are i, f, g, o in that order, and
    ``*`` multiplies element by element::

        z_t = x_t W_xh + h_{t-1} W_hh + b_h
        i_t = sigmoid(z_t, columns of i)        input gate: how much is written
        f_t = sigmoid(z_t, columns of f)        forget gate: how much is kept
        g_t = tanh(z_t, columns of g)           what is written
        o_t = sigmoid(z_t, columns of o)        output gate: how much is read
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    Backward, for t = T ... 1, where ``dh_t`` is what reaches ``h_t`` from step t + 1 and from outside (from the output
    at t), and ``dc_t`` starts as what reaches ``c_t`` from step t + 1::

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

    def __init__(
        self, D: int, H: int, *, forget_bias: float | None = None, rng: Rng | None = None, dtype: DType = np.float32
    ):
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
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None
        self._workspace = Workspace()

    def step(self, x_t: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
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

    def forward(
        self, x: Array, state: tuple[Array, Array] | None = None, lengths: Lengths | None = None
    ) -> tuple[Array, tuple[Array, Array]]:
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

        hs = np.empty((T + 1, B, H), x.dtype)  # h_0 ... h_T; new in every call, for the caller gets it
        cs = self._workspace("cs", (T + 1, B, H), x.dtype)  # c_0 ... c_T
        hs[0], cs[0] = (0, 0) if state is None else _require_state("state", state, B, H, x.dtype, finite=True)
        tanh_c = self._workspace("tanh_c", (T, B, H), x.dtype)
        gates = self._workspace("gates", (T, 4, B, H), x.dtype)  # z_t, turned into i_t, f_t, g_t, o_t in place
        W_xh = by_gate(W_xh, 4, B, self._workspace, "W_xh", HALVED)
        W_hh = by_gate(W_hh, 4, B, self._workspace, "W_hh", HALVED)
        slope = np.repeat(np.array(HALVED, x.dtype), B * H).reshape(4, B, H)  # whole arrays: they multiply sooner
        offset = slope.copy()
        offset[2] = 0
        b_h = b_h.reshape(4, 1, H) * slope
        recurrent = np.empty((4, B, H), x.dtype)
        times_W_hh = product(W_hh, recurrent)
        written = np.empty((B, H), x.dtype)
        for chunk in chunks(T, 4 * B * H):
            z = gates[chunk]
            product(W_xh, z)(x[chunk, None, None])
            z += b_h
            steps = hs[chunk], hs[1:][chunk], cs[chunk], cs[1:][chunk], z, tanh_c[chunk]
            for h_prev, h, c_prev, c, z_t, tanh_c_t in zip(*steps, strict=True):
                times_W_hh(h_prev)
                z_t += recurrent
                np.tanh(z_t, out=z_t)
                z_t *= slope
                z_t += offset
                i, f, g, o = z_t
                np.multiply(f, c_prev, out=c)
                np.multiply(i, g, out=written)
                c += written
                np.tanh(c, out=tanh_c_t)
                np.multiply(o, tanh_c_t, out=h)

        h, c = hs[1:], cs[1:]
        self._saved = x, hs, cs, tanh_c, gates, lengths
        if lengths is None:
            return h, (h[-1].copy(), c[-1].copy())
        state = last_valid(h, lengths), last_valid(c, lengths)
        keep_valid(h, lengths)
        return h, state

    def backward(self, dh: Array, dstate: tuple[Array, Array] | None = None) -> tuple[Array, tuple[Array, Array]]:
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
        x, hs, cs, tanh_c, gates, lengths = self._saved
        W_xh, W_hh = self.params["W_xh"], self.params["W_hh"]
        T, B, D = x.shape
        H = W_hh.shape[0]
        require_array("dh", dh, (T, B, H), dtype=x.dtype)
        reaching = np.zeros((4, B, H), x.dtype)  # what reaches each gate: dc_t for i, f and g, dh_t for o
        dc_next, dh_next = reaching[0], reaching[3]  # from step t + 1
        if dstate is not None:
            dh_next[:], dc_next[:] = _require_state("dstate", dstate, B, H, x.dtype)
        if lengths is not None:
            # The state left each sequence at its own last step, so that is where its gradient enters.
            dh = keep_valid(dh.copy(), lengths)
            dh[lengths - 1, np.arange(B)] += dh_next
            dh_next[:] = 0

        dz = self._workspace("dz", (T, B, 4 * H), x.dtype)
        dz_by_gate = dz.reshape(T, B, 4, H).swapaxes(1, 2)
        W_hh_T = by_gate(transposed(W_hh, self._workspace, "W_hh.T"), 1, B, self._workspace, "W_hh.T by block", (1,))
        times_W_hh_T = product(W_hh_T, dh_next)
        steps = chunks(T, 4 * B * H)
        slopes = self._workspace("slopes", (steps[0].stop, 5, B, H), x.dtype)
        for chunk in reversed(steps):
            # All that does not depend on the gradient from step t + 1, for many steps at once.
            f = gates[chunk, 1]
            slope, slope_c = _slopes(gates[chunk], cs[chunk], tanh_c[chunk], slopes[: chunk.stop - chunk.start])
            if lengths is not None:
                # After the end no gate is reached, and the cell's gradient passes unchanged to where it enters.
                after = ~valid_steps(lengths, T)[chunk]
                slope.swapaxes(1, 2)[after] = 0
                f = f.copy()
                f[after] = 1
            by_time = dh[chunk], slope_c, slope, f, dz[chunk], dz_by_gate[chunk]
            for dh_t, slope_c_t, dz_t, f_t, row_t, row_by_gate in zip(*(a[::-1] for a in by_time), strict=True):
                dh_next += dh_t
                slope_c_t *= dh_next
                dc_next += slope_c_t
                reaching[1:3] = dc_next
                dz_t *= reaching
                row_by_gate[:] = dz_t
                times_W_hh_T(row_t)
                dc_next *= f_t

        dz_rows = dz.reshape(T * B, 4 * H)
        self.grads = {
            "W_xh": x.reshape(T * B, D).T @ dz_rows,
            "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows,
            "b_h": dz_rows.sum(axis=0),
        }
        return (dz_rows @ W_xh.T).reshape(T, B, D), (dh_next.copy(), dc_next.copy())


def _slopes(gates: Array, c_prev: Array, tanh_c: Array, out: Array) -> tuple[Array, Array]:
    """What dc_t and dh_t are multiplied with to give dz_t, (n, 4, B, H), and dh_t to reach c_t, (n, B, H)."""
    i, f, g, o = gates.swapaxes(0, 1)
    out, out_c = out[:, :4], out[:, 4]
    np.subtract(1, gates, out=out)
    out *= gates
    out_i, out_f, out_g, out_o = out.swapaxes(0, 1)
    out_i *= g
    out_f *= c_prev
    dtanh(g, out=out_g)
    out_g *= i
    out_o *= tanh_c
    dtanh(tanh_c, out=out_c)
    out_c *= o
    return out, out_c


def _require_state(name: str, state: object, B: int, H: int, dtype: DType, finite: bool = False) -> tuple[Array, Array]:
    """Check that `state` is a tuple ``(h, c)`` of arrays (B, H), and return it."""
    if not isinstance(state, tuple) or len(state) != 2:
        raise ValueError(f"{name}: expected a tuple (h, c) of arrays ({B}, {H}), got {describe(state)}.")
    h, c = state
    return require_array(f"{name}'s h", h, (B, H), dtype, finite), require_array(
        f"{name}'s c", c, (B, H), dtype, finite
    )
