"""The two loops of the LSTM, over whole sequences.

Gates come first, ``(T, gates, B, H)``: every gate of a step is then one piece of memory, and ufuncs run over it at full
speed. ``sigmoid(z) = tanh(z / 2) / 2 + 1 / 2``, so one tanh does for all four gates: z is halved inside the weights.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._types import Array, Ids, Params
from rnnlib.kernels.inputs import input_grads, with_bias
from rnnlib.kernels.products import by_gate, product, products, rows_by_gate, transposed
from rnnlib.kernels.workspace import Workspace, chunks
from rnnlib.masking import valid_steps

HALVED, OFFSET = (0.5, 0.5, 1, 0.5), (0.5, 0.5, 0, 0.5)  # i, f, g, o


class Saved(NamedTuple):
    """What `forward` leaves for `backward`; all but `hs` in the layer's workspace."""

    x_1: Array  # the inputs as `with_bias` returns them
    hs: Array  # (T + 1, B, H): h_0 ... h_T
    cell: Array  # (T + 1, 5, B, H): c_{t-1}, i_t, f_t, g_t, o_t
    terms: Array  # (T, 2, B, H): f_t * c_{t-1} and i_t * g_t, whose sum is c_t
    tanh_c: Array  # (T, B, H)


def forward(x: Array, h_0: Any, c_0: Any, params: Params, workspace: Workspace) -> tuple[Array, Array, Saved]:
    """States h_0 ... h_T in new memory, cells c_0 ... c_T in the workspace, (T + 1, B, H); what `backward` needs."""
    W_xh, W_hh, b_h = (params[name] for name in ("W_xh", "W_hh", "b_h"))
    H, (T, B), dtype = len(W_hh), x.shape[:2], W_xh.dtype
    x_1, W_xh = with_bias(x, W_xh, b_h, workspace)
    W_xh = by_gate(W_xh, 4, B, workspace, "W_xh", HALVED, all_steps=True)
    W_hh = by_gate(W_hh, 4, B, workspace, "W_hh", HALVED)
    cell = workspace.array("cell", (T + 1, 5, B, H), dtype)  # of z_t the loop makes i_t, f_t, g_t, o_t in place
    terms = workspace.array("terms", (T, 2, B, H), dtype)
    tanh_c = workspace.array("tanh_c", (T, B, H), dtype)
    hs = np.empty((T + 1, B, H), dtype)  # new in every call, for the caller gets it
    gates = cell[:-1, 1:]
    hs[0], cell[0, 0] = h_0, c_0

    slope, offset, recurrent = np.empty((3, 4, B, H), dtype)  # whole arrays: they multiply sooner than numbers
    slope[:] = np.reshape(HALVED, (4, 1, 1))
    offset[:] = np.reshape(OFFSET, (4, 1, 1))
    times_W_hh = product(W_hh, recurrent)
    tanh, multiply, add = np.tanh, np.multiply, np.add
    steps = workspace.views(forward_views, cell, terms, tanh_c)
    h_prev = hs[0]
    for chunk in chunks(T, 4 * B * H):
        products(x_1[chunk], W_xh, gates[chunk])
        for h, (z, c_i, f_g, both, carried, written, c, tanh_c_t, o) in zip(hs[1:][chunk], steps[chunk], strict=True):
            times_W_hh(h_prev)
            z += recurrent
            tanh(z, z)
            z *= slope
            z += offset  # i, f, g, o
            multiply(c_i, f_g, both)  # c_{t-1} lies beside i as g beside f: both terms in one call
            add(carried, written, c)
            tanh(c, tanh_c_t)
            multiply(o, tanh_c_t, h)
            h_prev = h
    return hs, cell[:, 0], Saved(x_1, hs, cell, terms, tanh_c)


def backward(
    dh: Array,
    dh_T: Any,
    dc_T: Any,
    saved: Saved,
    params: Params,
    workspace: Workspace,
    lengths: Ids | None,
) -> tuple[Any, Array, Array, Params]:
    """Gradients with respect to the inputs, None for symbols; to h_0 and c_0; and to the parameters.

    Args:
        dh: array (T, B, H), what reaches every h_t from outside; zero after the end of a sequence.
        dh_T: array (B, H) or 0, what reaches h_T from beyond the end.
        dc_T: array (B, H) or 0, what reaches the last cell of every sequence.
        saved: from `forward`.
        params: the layer's.
        workspace: the layer's; it must not have been used since `forward`.
        lengths: B integers from 1 to T, or None.
    """
    x_1, hs, cell, terms, tanh_c = saved
    W_xh, W_hh = params["W_xh"], params["W_hh"]
    (T, B, H), dtype = tanh_c.shape, W_xh.dtype
    reaching = np.empty((4, B, H), dtype)  # what reaches each gate: dc_t for i, f and g, dh_t for o
    dc_next, dh_next = reaching[0], reaching[3]  # from step t + 1
    dh_next[:], dc_next[:] = dh_T, dc_T
    dc_again = reaching[1:3]

    cut = chunks(T, 4 * B * H)
    dz = workspace.array("dz", (T, B, 4 * H), dtype)
    slopes = workspace.array("slopes", (cut[0].stop, 5, B, H), dtype)
    steps = workspace.views(backward_views, cell, slopes, dz)
    times_W_hh_T = product(transposed(W_hh, B, workspace, "W_hh.T"), dh_next)
    for chunk in reversed(cut):
        # All that does not depend on the gradient from step t + 1, for many steps at once.
        gates, slope = cell[chunk, 1:], slopes[: chunk.stop - chunk.start]
        write_slopes(gates, terms[chunk], tanh_c[chunk], hs[1:][chunk], slope)
        if lengths is not None:
            # After the end no gate is reached, and the cell's gradient passes unchanged to where it enters.
            after = ~valid_steps(lengths, T)[chunk]
            slope[:, :4].swapaxes(1, 2)[after] = 0
            gates[:, 1][after] = 1
        for dh_out_t, (f, dz_t, slope_c, row, row_by_gate) in zip(dh[chunk][::-1], steps[chunk][::-1], strict=True):
            dh_next += dh_out_t
            slope_c *= dh_next
            dc_next += slope_c
            dc_again[:] = dc_next
            dz_t *= reaching
            row_by_gate[:] = dz_t
            times_W_hh_T(row)
            dc_next *= f

    dz_rows = dz.reshape(T * B, 4 * H)
    dW_xh, db_h, dx = input_grads(x_1, dz_rows, W_xh)
    grads = {"W_xh": dW_xh, "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows, "b_h": db_h}
    return dx, dh_next.copy(), dc_next.copy(), grads


def write_slopes(gates: Array, terms: Array, tanh_c: Array, h: Array, out: Array) -> None:
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


def forward_views(cell: Array, terms: Array, tanh_c: Array) -> list[tuple[Array, ...]]:
    """For every step: all gates; c and i; f and g; what they give, together and each; c_t; tanh(c_t); o."""
    by_time = zip(cell[:-1], terms, cell[1:, 0], tanh_c, strict=True)  # c_t lies in the cell of the step after
    return [(now[1:], now[:2], now[2:4], both, *both, c, tanh_c_t, now[4]) for now, both, c, tanh_c_t in by_time]


def backward_views(cell: Array, slopes: Array, dz: Array) -> list[tuple[Array, ...]]:
    """For every step: f; the slopes of the gates; that of the cell; the row of dz, whole and gate by gate.

    Every chunk of steps uses the memory of the same slopes.
    """
    by_time = zip(cell[:-1, 2], (slopes[t % len(slopes)] for t in range(len(dz))), dz, strict=True)
    return [(f, slope[:4], slope[4], row, rows_by_gate(row, 4)) for f, slope, row in by_time]
