"""Wrong answers to the problems of 05-lstm, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e05_lstm import backward, sigmoid


@meant("lstm.lstm_step", "state-left-out")
def input_only(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = np.split(x_t @ W_xh + b_h, 4, axis=1)
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def forget_block(H, values):
    return np.concatenate([np.zeros(H), np.zeros(H) + values, np.zeros(2 * H)])


@meant("lstm.forget_bias_init", "sigmoid-once-more")
def sigmoid_of_the_gate(H, tau):
    return forget_block(H, sigmoid(1 - 1 / np.asarray(tau)))


@meant("lstm.forget_bias_init", "e-to-the-minus-one-over-tau")
def decays_to_one_over_e(H, tau):
    f = np.exp(-1 / np.asarray(tau))
    return forget_block(H, np.log(f / (1 - f)))


@meant("lstm.lstm_step_backward", "output-gate-with-tanh-of-the-state")
def tanh_of_h(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    h = o * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    dz = np.hstack(
        [
            dc * g * i * (1 - i),
            dc * c_prev * f * (1 - f),
            dc * i * (1 - g**2),
            dh * np.tanh(h) * o * (1 - o),
        ]
    )
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(0)


@meant("lstm.lstm_backward", "mean-over-time")
def divided_by_T(dh, x, *others):
    dx, dh0, dc0, *weights = backward(dh, x, *others)
    return dx, dh0, dc0, *(dW / len(x) for dW in weights)


@meant("lstm.peephole_step", "output-gate-sees-the-tanh")
def sees_tanh(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(f + p[1] * c_prev) * c_prev + sigmoid(i + p[0] * c_prev) * np.tanh(g)
    return sigmoid(o + p[2] * np.tanh(c)) * np.tanh(c), c


def run(x, W, b, squash=np.tanh):
    h = c = np.zeros((x.shape[1], len(b) // 4))
    hs, cs = [], []
    for x_t in x:
        i, f, g, o = np.split(np.hstack([x_t, h]) @ W + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * squash(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


@meant("lstm.repaired_lstm", "random-biases")
def noise_in_the_biases(x, noise_W, noise_b):
    H = len(noise_b) // 4
    b = noise_b.copy()
    b[H : 2 * H] = 1
    return run(x, noise_W / np.sqrt(H), b)


@meant("lstm.repaired_lstm", "sigmoid-on-the-candidate")
def never_counts_down(x, noise_W, noise_b):
    H = len(noise_b) // 4
    return run(x, noise_W / np.sqrt(H), forget_block(H, 1), sigmoid)
