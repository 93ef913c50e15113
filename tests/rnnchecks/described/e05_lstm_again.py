"""More wrong answers to the problems of 05-lstm, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e05_lstm import sigmoid, step_backward


@meant("lstm.lstm_step", "nothing-forgotten")
def constant_error_carousel(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


@meant("lstm.forget_bias_init", "log-to-another-base")
def decimal(H, tau):
    b = np.zeros(4 * H)
    b[H : 2 * H] = np.log10(np.asarray(tau) - 1)
    return b


@meant("lstm.lstm_step_backward", "own-value-everywhere")
def times_itself(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    dz = np.hstack(
        [dc * i * i * (1 - i), dc * f * f * (1 - f), dc * g * (1 - g**2), dh * o * o * (1 - o)],
    )
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(0)


@meant("lstm.lstm_step_backward", "dc_prev-past-the-forget-gate")
def whole_dc_handed_on(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx, dhp, _, *weights = step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx, dhp, dc + dh * gates[3] * (1 - np.tanh(c) ** 2), *weights


@meant("lstm.lstm_backward", "only-along-the-states")
def cells_cut(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, d, total = np.zeros_like(x), np.zeros_like(h0), [0, 0, 0]
    for t in range(len(x) - 1, -1, -1):
        h_prev, c_prev = (h[t - 1], c[t - 1]) if t else (h0, c0)
        dx[t], d, dc, *found = step_backward(
            dh[t] + d, np.zeros_like(c0), x[t], h_prev, c_prev, c[t], gates[t], W_xh, W_hh
        )
        total = [a + b for a, b in zip(total, found)]
    return dx, d, dc, *total


@meant("lstm.peephole_step", "output-gate-sees-the-old-cell")
def o_sees_the_past(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    i, f, o = (sigmoid(z + p_k * c_prev) for z, p_k in zip((i, f, o), p))
    c = f * c_prev + i * np.tanh(g)
    return o * np.tanh(c), c


def repaired(x, noise_W, noise_b, turned=False, exchanged=False):
    T, B, D = x.shape
    H = len(noise_b) // 4
    W, b = noise_W / np.sqrt(H), np.zeros(4 * H)
    b[H : 2 * H] = 1
    h, c, hs, cs = np.zeros((B, H)), np.zeros((B, H)), [], []
    for t in range(T):
        i, f, g, o = np.split(np.hstack([h, x[t]] if turned else [x[t], h]) @ W + b, 4, axis=1)
        i, f = (f, i) if exchanged else (i, f)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


@meant("lstm.repaired_lstm", "state-before-input")
def joined_state_first(x, noise_W, noise_b):
    return repaired(x, noise_W, noise_b, turned=True)


@meant("lstm.repaired_lstm", "gates-exchanged")
def keep_and_write(x, noise_W, noise_b):
    return repaired(x, noise_W, noise_b, exchanged=True)
