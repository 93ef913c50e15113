"""More wrong answers to the problems of 06-gru, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e06_gru import sigmoid


@meant("gru.gru_step", "tanh-on-the-gates")
def negative_gates(x_t, h_prev, W_xh, W_hh, b_h):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    W_r, W_z, W_n = np.split(W_hh, 3, axis=1)
    r, z = np.tanh(x_r + h_prev @ W_r), np.tanh(x_z + h_prev @ W_z)
    n = np.tanh(x_n + (r * h_prev) @ W_n)
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step_after", "update-turned-round")
def other_convention(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    return z * n + (1 - z) * h_prev


def backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh, straight=True, gated=True):
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    da_r = da_n * q * r * (1 - r)
    dq = da_n * r if gated else da_n
    da, da_h = np.hstack([da_r, da_z, da_n]), np.hstack([da_r, da_z, dq])
    dh_prev = da_h @ W_hh.T + (dh * z if straight else 0)
    return da @ W_xh.T, dh_prev, x_t.T @ da, h_prev.T @ da_h, da.sum(0), dq.sum(0)


@meant("gru.gru_step_backward", "no-straight-path")
def through_the_matrix_only(*args):
    return backward(*args, straight=False)


@meant("gru.gru_step_backward", "reset-gate-left-out-of-dq")
def ungated_q(*args):
    return backward(*args, gated=False)


@meant("gru.convert_weights", "one-minus-the-weights")
def one_minus(kernel, recurrent, bias, z_keeps):
    H = len(recurrent)

    def ours(a):
        z, r, n = np.split(a, 3, axis=1)
        return np.hstack([r, z if z_keeps else 1 - z, n])

    b = ours(bias)
    return ours(kernel), ours(recurrent), np.concatenate([b[0, : 2 * H] + b[1, : 2 * H], b[0, 2 * H :]]), b[1, 2 * H :]


@meant("gru.equal_width", "one-too-wide")
def a_unit_too_many(D, H):
    budget, w = 4 * (D * H + H * H + H), 0
    while 3 * (w * D + w * w + w) + w <= budget:
        w += 1
    return w


@meant("gru.repaired_gru_cell", "gates-from-the-reset-state")
def gates_made_again(x_t, h_prev, W, b):
    H = h_prev.shape[1]
    r = sigmoid(np.hstack([x_t, h_prev]) @ W[:, :H] + b[:H])
    reset = np.hstack([x_t, r * h_prev])
    z = sigmoid(reset @ W[:, H : 2 * H] + b[H : 2 * H])
    n = np.tanh(reset @ W[:, 2 * H :] + b[2 * H :])
    return (1 - z) * n + z * h_prev


@meant("gru.repaired_gru_cell", "joined-the-wrong-way-round")
def state_first(x_t, h_prev, W, b):
    H = h_prev.shape[1]
    r, z = np.split(sigmoid(np.hstack([h_prev, x_t]) @ W[:, : 2 * H] + b[: 2 * H]), 2, axis=1)
    n = np.tanh(np.hstack([r * h_prev, x_t]) @ W[:, 2 * H :] + b[2 * H :])
    return (1 - z) * n + z * h_prev
