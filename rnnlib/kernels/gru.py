"""The two loops of the GRU, over whole sequences, for both places of the reset gate.

Gates come first, ``(T, gates, B, H)``: every gate of a step is then one piece of memory, and ufuncs run over it at full
speed. ``sigmoid(a) = tanh(a / 2) / 2 + 1 / 2``, so tanh does for all three gates: a is halved inside the weights.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._types import Array, Params
from rnnlib.activations import dtanh
from rnnlib.kernels.inputs import input_grads, with_bias
from rnnlib.kernels.products import by_gate, product, products, rows_by_gate, transposed
from rnnlib.kernels.workspace import Workspace, chunks

HALVED = (0.5, 0.5, 1)  # r, z, n


class Saved(NamedTuple):
    """What `forward` leaves for `backward`; all but `hs` in the layer's workspace."""

    x_1: Array  # the inputs as `with_bias` returns them
    hs: Array  # (T + 1, B, H): h_0 ... h_T
    gates: Array  # (T, 3, B, H): r_t, z_t, n_t
    q_or_s: Array  # (T, B, H): q_t if the reset gate acts after the product with W_hn, s_t = r_t * h_{t-1} if before


def forward(x: Array, h_0: Any, params: Params, workspace: Workspace) -> tuple[Array, Saved]:
    """States h_0 ... h_T, (T + 1, B, H), in new memory, and what `backward` needs.

    With ``b_hn`` among the parameters the reset gate acts after the product with ``W_hn``, without it before.
    """
    W_xh, W_hh, b_h = (params[name] for name in ("W_xh", "W_hh", "b_h"))
    H, (T, B), dtype = len(W_hh), x.shape[:2], W_xh.dtype
    reset_after = "b_hn" in params
    x_1, W_xh = with_bias(x, W_xh, b_h, workspace)
    W_xh = by_gate(W_xh, 3, B, workspace, "W_xh", HALVED, all_steps=True)
    gates = workspace.array("gates", (T, 3, B, H), dtype)  # turned into r_t, z_t, n_t in place
    q_or_s = workspace.array("q_or_s", (T, B, H), dtype)
    hs = np.empty((T + 1, B, H), dtype)  # new in every call, for the caller gets it
    hs[0] = h_0

    half, recurrent = np.full((2, B, H), 0.5, dtype), np.empty((3, B, H), dtype)
    recurrent_rz, recurrent_n = recurrent[:2], recurrent[2]
    if reset_after:
        b_hn = np.tile(params["b_hn"], (B, 1))
        times_W_hh = product(by_gate(W_hh, 3, B, workspace, "W_hh", HALVED), recurrent)
    else:
        times_W_hh = product(by_gate(W_hh[:, : 2 * H], 2, B, workspace, "W_hr, W_hz", HALVED[:2]), recurrent_rz)
        times_W_hn = product(by_gate(W_hh[:, 2 * H :], 1, B, workspace, "W_hn", HALVED[2:]), recurrent_n)
    tanh, multiply, add, subtract = np.tanh, np.multiply, np.add, np.subtract
    steps = workspace.views(forward_views, gates, q_or_s)
    h_prev = hs[0]
    for chunk in chunks(T, 4 * B * H):
        products(x_1[chunk], W_xh, gates[chunk])
        for h, (rz, r, z, n, q_or_s_t) in zip(hs[1:][chunk], steps[chunk], strict=True):
            times_W_hh(h_prev)
            rz += recurrent_rz
            tanh(rz, rz)
            rz *= half
            rz += half  # r, z
            if reset_after:
                add(recurrent_n, b_hn, q_or_s_t)
                multiply(r, q_or_s_t, recurrent_n)
            else:
                multiply(r, h_prev, q_or_s_t)
                times_W_hn(q_or_s_t)
            n += recurrent_n
            tanh(n, n)
            subtract(h_prev, n, h)
            h *= z
            h += n  # n + z (h_{t-1} - n)
            h_prev = h
    return hs, Saved(x_1, hs, gates, q_or_s)


def backward(dh: Array, dh_T: Any, saved: Saved, params: Params, workspace: Workspace) -> tuple[Any, Array, Params]:
    """Gradients with respect to the inputs, None for symbols; to h_0; and to the parameters.

    Args:
        dh: array (T, B, H), what reaches every h_t from outside.
        dh_T: array (B, H) or 0, what reaches h_T from beyond the end.
        saved: from `forward`.
        params: the layer's.
        workspace: the layer's; it must not have been used since `forward`.
    """
    x_1, hs, gates, q_or_s = saved
    W_xh, W_hh, reset_after = params["W_xh"], params["W_hh"], "b_hn" in params
    (T, B, H), dtype = q_or_s.shape, W_xh.dtype
    dh_next = np.empty((B, H), dtype)  # what reaches h_t from step t + 1
    dh_next[:] = dh_T

    # What reaches q_t, then a_r, a_z, a_n: W_hh meets the first three of the four, W_xh the last three.
    da = workspace.array("da", (T, B, 4 * H), dtype)
    W_n_rz = np.roll(W_hh, H, axis=1)
    if not reset_after:
        W_hn_T, W_n_rz = np.ascontiguousarray(W_n_rz[:, :H].T), W_n_rz[:, H:]
    recurrent, reaching = np.empty((B, H), dtype), np.empty((4, B, H), dtype)
    times_W_hh_T = product(transposed(W_n_rz, B, workspace, "W_hh.T"), recurrent)
    cut = chunks(T, 4 * B * H)
    slopes = workspace.array("slopes", (cut[0].stop, 4, B, H), dtype)
    steps = workspace.views(backward_views, gates, slopes, da)
    for chunk in reversed(cut):
        # All that does not depend on the gradient from step t + 1, for many steps at once.
        write_slopes(hs[chunk], gates[chunk], q_or_s[chunk], reset_after, slopes[: chunk.stop - chunk.start])
        for dh_out_t, (r, z, da_t, row_by_gate, q_r_z, r_z) in zip(dh[chunk][::-1], steps[chunk][::-1], strict=True):
            dh_next += dh_out_t
            reaching[:] = dh_next
            if not reset_after:
                ds = (da_t[3] * dh_next) @ W_hn_T
                reaching[1] = ds
            da_t *= reaching
            row_by_gate[:] = da_t
            times_W_hh_T(q_r_z if reset_after else r_z)
            dh_next *= z
            dh_next += recurrent
            if not reset_after:
                ds *= r
                dh_next += ds

    da_rows, h_rows = da.reshape(T * B, 4 * H), hs[:-1].reshape(T * B, H)
    dW_xh, db_h, dx = input_grads(x_1, da_rows[:, H:], W_xh)
    dW_hh = np.roll(h_rows.T @ da_rows[:, : 3 * H], -H, axis=1)
    grads = {"W_xh": dW_xh, "W_hh": dW_hh, "b_h": db_h}
    if reset_after:
        grads["b_hn"] = da_rows[:, :H].sum(axis=0)
    else:
        dW_hh[:, 2 * H :] = q_or_s.reshape(T * B, H).T @ da_rows[:, 3 * H :]
    return dx, dh_next, grads


def write_slopes(h_prev: Array, gates: Array, q_or_s: Array, reset_after: bool, out: Array) -> None:
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
    out_r *= q_or_s
    if reset_after:
        out_r *= out_q


def forward_views(gates: Array, q_or_s: Array) -> list[tuple[Array, ...]]:
    """For every step: r and z together, r, z, n, q or s."""
    return [(a[:2], *a, q_or_s_t) for a, q_or_s_t in zip(gates, q_or_s, strict=True)]


def backward_views(gates: Array, slopes: Array, da: Array) -> list[tuple[Array, ...]]:
    """For every step: r; z; the slopes; the row of da gate by gate, its part for q, r and z, and that for r and z.

    Every chunk of steps uses the memory of the same slopes.
    """
    H = gates.shape[3]
    by_time = zip(gates, (slopes[t % len(slopes)] for t in range(len(da))), da, strict=True)
    return [
        (r, z, slope, rows_by_gate(row, 4), row[:, : 3 * H], row[:, H : 3 * H]) for (r, z, _), slope, row in by_time
    ]
