"""The long short-term memory (Hochreiter & Schmidhuber 1997), forward and backward over a sequence."""

from typing import Any

import numpy as np

from rnnlib._inputs import input_grads, require_inputs, with_bias
from rnnlib._speed import Workspace, by_gate, chunks, product, products, transposed
from rnnlib._steps import lstm_backward_steps, lstm_forward_steps
from rnnlib._types import Array, DType, Lengths, Params, Rng
from rnnlib._validate import require_array, require_cell_state, require_forward, require_lengths, require_positive
from rnnlib.activations import sigmoid
from rnnlib.init import uniform
from rnnlib.masking import add_at_end, keep_valid, last_valid, valid_steps

# sigmoid(z) = tanh(z / 2) / 2 + 1 / 2, so one tanh does for all four gates: z is halved inside the weights.
HALVED, OFFSET = (0.5, 0.5, 1, 0.5), (0.5, 0.5, 0, 0.5)  # i, f, g, o


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
            x: array (T, B, D), or integer array (T, B) of symbols below D, which stand for their one-hot vectors.
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
        H, dtype, kept = len(W_hh), W_xh.dtype, self._workspace
        T, B = require_inputs(x, len(W_xh), dtype).shape[:2]
        lengths = None if lengths is None else require_lengths(lengths, T, B)

        x_1, W_xh = with_bias(x, W_xh, b_h, kept)
        W_xh = by_gate(W_xh, 4, B, kept, "W_xh", HALVED)
        W_hh = by_gate(W_hh, 4, B, kept, "W_hh", HALVED)
        cell = kept("cell", (T + 1, 5, B, H), dtype)  # c_{t-1}, and z_t, turned into i_t, f_t, g_t, o_t in place
        terms = kept("terms", (T, 2, B, H), dtype)  # f_t * c_{t-1} and i_t * g_t
        tanh_c = kept("tanh_c", (T, B, H), dtype)
        hs = np.empty((T + 1, B, H), dtype)  # h_0 ... h_T; new in every call, for the caller gets it
        cs, gates = cell[:, 0], cell[:-1, 1:]
        hs[0], cs[0] = (0, 0) if state is None else require_cell_state("state", state, B, H, dtype, finite=True)

        slope, offset, recurrent = np.empty((3, 4, B, H), dtype)  # whole arrays: they multiply sooner than numbers
        slope[:] = np.reshape(HALVED, (4, 1, 1))
        offset[:] = np.reshape(OFFSET, (4, 1, 1))
        times_W_hh = product(W_hh, recurrent)
        steps = kept.cut(lstm_forward_steps, cell, terms, tanh_c)
        h_prev = hs[0]
        for chunk in chunks(T, 4 * B * H):
            products(x_1[chunk], W_xh, gates[chunk])
            for h, (z, c_i, f_g, both, c_kept, c_new, c, tanh_c_t, o) in zip(hs[1:][chunk], steps[chunk], strict=True):
                times_W_hh(h_prev)
                z += recurrent
                np.tanh(z, out=z)
                z *= slope
                z += offset
                np.multiply(c_i, f_g, out=both)
                np.add(c_kept, c_new, out=c)
                np.tanh(c, out=tanh_c_t)
                np.multiply(o, tanh_c_t, out=h)
                h_prev = h

        self._saved = x_1, hs, cell, terms, tanh_c, lengths
        h, c = hs[1:], cs[1:]
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
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence. None for symbols.
            dstate: tuple ``(dh, dc)`` of arrays (B, H), gradient with respect to the initial state.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        x_1, hs, cell, terms, tanh_c, lengths = require_forward(self._saved)
        W_xh, W_hh, kept = self.params["W_xh"], self.params["W_hh"], self._workspace
        (T, B, H), dtype = tanh_c.shape, W_xh.dtype
        require_array("dh", dh, (T, B, H), dtype=dtype)
        reaching = np.zeros((4, B, H), dtype)  # what reaches each gate: dc_t for i, f and g, dh_t for o
        dc_next, dh_next = reaching[0], reaching[3]  # from step t + 1
        if dstate is not None:
            dh_next[:], dc_next[:] = require_cell_state("dstate", dstate, B, H, dtype)
        if lengths is not None:
            dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0

        cut = chunks(T, 4 * B * H)
        dz = kept("dz", (T, B, 4 * H), dtype)
        slopes = kept("slopes", (cut[0].stop, 5, B, H), dtype)
        steps = kept.cut(lstm_backward_steps, cell, slopes, dz)
        times_W_hh_T = product(transposed(W_hh, B, kept, "W_hh.T"), dh_next)
        for chunk in reversed(cut):
            # All that does not depend on the gradient from step t + 1, for many steps at once.
            gates, slope = cell[chunk, 1:], slopes[: chunk.stop - chunk.start]
            _slopes(gates, terms[chunk], tanh_c[chunk], hs[1:][chunk], slope)
            if lengths is not None:
                # After the end no gate is reached, and the cell's gradient passes unchanged to where it enters.
                after = ~valid_steps(lengths, T)[chunk]
                slope[:, :4].swapaxes(1, 2)[after] = 0
                gates[:, 1][after] = 1
            for dh_t, (f, dz_t, slope_c, row, row_by_gate) in zip(dh[chunk][::-1], steps[chunk][::-1], strict=True):
                dh_next += dh_t
                slope_c *= dh_next
                dc_next += slope_c
                reaching[1:3] = dc_next
                dz_t *= reaching
                row_by_gate[:] = dz_t
                times_W_hh_T(row)
                dc_next *= f

        dz_rows = dz.reshape(T * B, 4 * H)
        dW_xh, db_h, dx = input_grads(x_1, dz_rows, W_xh)
        self.grads = {"W_xh": dW_xh, "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows, "b_h": db_h}
        return dx, (dh_next.copy(), dc_next.copy())


def _slopes(gates: Array, terms: Array, tanh_c: Array, h: Array, out: Array) -> None:
    """Write to `out`, (n, 5, B, H), what dc_t and dh_t are multiplied with to give dz_t, and dh_t to reach c_t."""
    # Half of each is known from `forward`: of g_t * i_t (1 - i_t) the term i_t * g_t, and so on.
    i, _, g, o = gates.swapaxes(0, 1)
    i_f, out_g, out_o, out_c = out[:, :2], *out[:, 2:].swapaxes(0, 1)
    np.subtract(1, gates, out=out[:, :4])
    i_f *= terms[:, ::-1]
    np.multiply(terms[:, 1], g, out=out_g)
    np.subtract(i, out_g, out=out_g)  # i - i g^2
    out_o *= h
    np.multiply(h, tanh_c, out=out_c)
    np.subtract(o, out_c, out=out_c)  # o - o tanh(c)^2
