"""Wrong answers to the problems of 06-gru, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e06_gru import sigmoid


@meant("gru.gru_step", "reset-turned-round")
def closed_when_open(x_t, h_prev, W_xh, W_hh, b_h):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    W_r, W_z, W_n = np.split(W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_prev @ W_r), sigmoid(x_z + h_prev @ W_z)
    n = np.tanh(x_n + ((1 - r) * h_prev) @ W_n)
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step_after", "reset-on-the-input-too")
def whole_sum_reset(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(r * (x_n + h_n + b_hn))
    return (1 - z) * n + z * h_prev


@meant("gru.gru_step_backward", "update-turned-round")
def back_through_the_other(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = dh * z * (1 - n**2)
    da_z = dh * (n - h_prev) * z * (1 - z)
    da_r = da_n * q * r * (1 - r)
    da, da_h = np.hstack([da_r, da_z, da_n]), np.hstack([da_r, da_z, da_n * r])
    return (
        da @ W_xh.T,
        dh * (1 - z) + da_h @ W_hh.T,
        x_t.T @ da,
        h_prev.T @ da_h,
        da.sum(0),
        (da_n * r).sum(0),
    )


def converted(kernel, recurrent, bias, z_keeps, of_weights, of_bias):
    """Blocks r, z, n; what changes the signs is given the three blocks where z is what is written."""

    def ours(a, change):
        z, r, n = np.split(a, 3, axis=1)
        return np.hstack([r, z, n] if z_keeps else change(r, z, n))

    W_xh, W_hh, b = ours(kernel, of_weights), ours(recurrent, of_weights), ours(bias, of_bias)
    H = len(recurrent)
    return W_xh, W_hh, np.concatenate([b[0, : 2 * H] + b[1, : 2 * H], b[0, 2 * H :]]), b[1, 2 * H :]


@meant("gru.convert_weights", "bias-not-negated")
def weights_alone(*args):
    return converted(*args, lambda r, z, n: [r, -z, n], lambda r, z, n: [r, z, n])


@meant("gru.convert_weights", "reset-gate-negated")
def the_wrong_gate(*args):
    return converted(*args, lambda r, z, n: [-r, z, n], lambda r, z, n: [-r, z, n])


@meant("gru.equal_width", "two-biases-everywhere")
def pytorch_biases(D, H):
    budget, w = 4 * (D * H + H * H + 2 * H), 0
    while 3 * (D * (w + 1) + (w + 1) ** 2 + 2 * (w + 1)) <= budget:
        w += 1
    return w


@meant("gru.repaired_gru_cell", "sigmoid-on-the-candidate")
def positive_candidate(x_t, h_prev, W, b):
    H = h_prev.shape[1]
    r, z = np.split(sigmoid(np.hstack([x_t, h_prev]) @ W[:, : 2 * H] + b[: 2 * H]), 2, axis=1)
    n = sigmoid(np.hstack([x_t, r * h_prev]) @ W[:, 2 * H :] + b[2 * H :])
    return (1 - z) * n + z * h_prev
