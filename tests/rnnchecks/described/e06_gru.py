"""Wrong answers to the problems of 06-gru, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@meant("gru.gru_step", "gates-from-the-input-alone")
def gates_see_x(x_t, h_prev, W_xh, W_hh, b_h):
    H = h_prev.shape[1]
    x = x_t @ W_xh + b_h
    r, z = sigmoid(x[:, :H]), sigmoid(x[:, H : 2 * H])
    n = np.tanh(x[:, 2 * H :] + (r * h_prev) @ W_hh[:, 2 * H :])
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step", "reset-on-the-input-too")
def resets_all(x_t, h_prev, W_xh, W_hh, b_h):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(r * (x_n + h_n))
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step", "blocks-in-the-order-n-z-r")
def order_nzr(x_t, h_prev, W_xh, W_hh, b_h):
    W_xn, W_xz, W_xr = np.split(W_xh, 3, axis=1)
    W_hn, W_hz, W_hr = np.split(W_hh, 3, axis=1)
    b_n, b_z, b_r = np.split(b_h, 3)
    r = sigmoid(x_t @ W_xr + h_prev @ W_hr + b_r)
    z = sigmoid(x_t @ W_xz + h_prev @ W_hz + b_z)
    n = np.tanh(x_t @ W_xn + (r * h_prev) @ W_hn + b_n)
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step_after", "reset-state-in-the-mix")
def mixes_the_reset_state(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    return (1 - z) * n + z * (r * h_prev)


@meant("gru.gru_step_after", "blocks-in-the-order-z-n-r")
def order_znr(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    x_z, x_n, x_r = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_z, h_n, h_r = np.split(h_prev @ W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    return (1 - z) * n + z * h_prev


def gru_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh, of_z):
    da_n = dh * (1 - z) * (1 - n * n)
    da_z = of_z * z * (1 - z)
    da_r = da_n * q * r * (1 - r)
    da, da_h = np.hstack([da_r, da_z, da_n]), np.hstack([da_r, da_z, da_n * r])
    dh_prev = dh * z + da_h @ W_hh.T
    return da @ W_xh.T, dh_prev, x_t.T @ da, h_prev.T @ da_h, da.sum(0), (da_n * r).sum(0)


@meant("gru.gru_step_backward", "update-gate-forgets-the-old-state")
def dz_from_the_candidate(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return gru_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh, -dh * n)


@meant("gru.gru_step_backward", "weights-in-another-order")
def weights_zrn(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx, dhp, *weights, db_hn = gru_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh, dh * (h_prev - n))
    blocks = [np.split(dW, 3, axis=-1) for dW in weights]
    return dx, dhp, *(np.concatenate([dz, dr, dn], axis=-1) for dr, dz, dn in blocks), db_hn


@meant("gru.gru_step_backward", "db_h-not-summed-over-the-batch")
def bias_with_rows(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx, dhp, dW_xh, dW_hh, _, db_hn = gru_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh, dh * (h_prev - n))
    da_n = dh * (1 - z) * (1 - n * n)
    return dx, dhp, dW_xh, dW_hh, np.hstack([da_n * q * r * (1 - r), dh * (h_prev - n) * z * (1 - z), da_n]), db_hn


@meant("gru.convert_weights", "everything-negated")
def minus_everything(kernel, recurrent, bias, z_keeps):
    H = len(recurrent)
    order = np.concatenate([np.arange(H, 2 * H), np.arange(H), np.arange(2 * H, 3 * H)])
    sign = 1 if z_keeps else -1
    W_xh, W_hh, b = sign * kernel[:, order], sign * recurrent[:, order], sign * bias[:, order]
    return W_xh, W_hh, np.concatenate([b[0, : 2 * H] + b[1, : 2 * H], b[0, 2 * H :]]), b[1, 2 * H :]


@meant("gru.equal_width", "recurrence-forgotten")
def without_recurrence(D, H):
    w = 0
    while 3 * (D * (w + 1) + (w + 1)) + (w + 1) <= 4 * (D * H + H):
        w += 1
    return w


@meant("gru.equal_width", "stopped-early")
def one_unit_short(D, H):
    budget, w = 4 * (D * H + H * H + H), 0
    while 3 * ((w + 1) * D + (w + 1) ** 2 + (w + 1)) + (w + 1) <= budget:
        w += 1
    return w - 1


@meant("gru.repaired_gru_cell", "reset-after-the-product")
def repaired_resets_late(x_t, h_prev, W, b):
    D, H = x_t.shape[1], h_prev.shape[1]
    r, z = np.split(sigmoid(np.hstack([x_t, h_prev]) @ W[:, : 2 * H] + b[: 2 * H]), 2, axis=1)
    n = np.tanh(x_t @ W[:D, 2 * H :] + r * (h_prev @ W[D:, 2 * H :]) + b[2 * H :])
    return (1 - z) * n + z * h_prev
