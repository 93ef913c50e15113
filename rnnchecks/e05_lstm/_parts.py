"""The step back of the LSTM in its parts, to be put together wrongly."""

import numpy as np


def whole_dc(dh, dc, c, gates):
    """Return all that reaches c_t."""
    return dc + dh * gates[3] * (1 - np.tanh(c) ** 2)


def products(dh, dc, c_prev, c, gates):
    """Return di, df, dg, do, from the whole dc."""
    i, _, g, _ = gates
    return dc * g, dc * c_prev, dc * i, dh * np.tanh(c)


def slopes(gates):
    """Return the slopes of the three sigmoids and the tanh."""
    i, f, g, o = gates
    return i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)


def results(blocks, dc_prev, x_t, h_prev, W_xh, W_hh):
    """Turn the four blocks of dz, and dc_prev, into the six results."""
    dz = np.concatenate(blocks, axis=1)
    return dz @ W_xh.T, dz @ W_hh.T, dc_prev, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


def with_dc(all_dc, dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    """Return the six results when `all_dc` is taken for what reaches the cell."""
    parts = zip(products(dh, all_dc, c_prev, c, gates), slopes(gates), strict=True)
    return results([d * s for d, s in parts], all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


def with_parts(parts, dh, dc, x_t, h_prev, c, gates, W_xh, W_hh):
    """Return the six results from the four d before their slopes; dc_prev is right."""
    blocks = [d * s for d, s in zip(parts, slopes(gates), strict=True)]
    return results(blocks, whole_dc(dh, dc, c, gates) * gates[1], x_t, h_prev, W_xh, W_hh)


def with_slopes(changed, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    """Return the six results with other slopes; dc_prev is right."""
    all_dc = whole_dc(dh, dc, c, gates)
    blocks = [d * s for d, s in zip(products(dh, all_dc, c_prev, c, gates), changed, strict=True)]
    return results(blocks, all_dc * gates[1], x_t, h_prev, W_xh, W_hh)
