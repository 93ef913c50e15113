"""Wrong answers to the problems of 05-lstm, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


@meant("lstm.lstm_step", "tanh-in-the-cell")
def cell_squashed(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = np.tanh(sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * c, c


@meant("lstm.lstm_step", "old-cell-shown")
def shows_the_old_cell(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    h = sigmoid(o) * np.tanh(c_prev)
    return h, sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)


@meant("lstm.lstm_step", "blocks-in-the-order-g-i-f-o")
def order_gifo(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    g, i, f, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


@meant("lstm.forget_bias_init", "input-gate-opposed")
def chrono(H, tau):
    b = np.zeros(4 * H)
    b[H : 2 * H] = np.log(np.asarray(tau) - 1)
    b[:H] = -b[H : 2 * H]
    return b


def step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh, order="ifgo", db=lambda dz: dz.sum(0)):
    gate = dict(zip(order, gates))
    i, f, g, o = (gate[k] for k in "ifgo")
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    dz = {
        "i": dc * g * i * (1 - i),
        "f": dc * c_prev * f * (1 - f),
        "g": dc * i * (1 - g**2),
        "o": dh * np.tanh(c) * o * (1 - o),
    }
    dz = np.hstack([dz[k] for k in order])
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, db(dz)


@meant("lstm.lstm_step_backward", "output-gate-from-dc")
def do_from_dc(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dc * np.tanh(c)
    dz = np.hstack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)])
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(0)


@meant("lstm.lstm_step_backward", "dc_prev-through-the-input-gate")
def dc_prev_times_i(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx, dhp, _, *weights = step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx, dhp, (dc + dh * gates[3] * (1 - np.tanh(c) ** 2)) * gates[0], *weights


@meant("lstm.lstm_step_backward", "gates-and-blocks-in-the-order-o-i-g-f")
def works_in_oigf(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh, order="oigf")


def backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh, exchanged=False, **how):
    dx, dh_next, dc_next = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    total = [0, 0, 0]
    for t in range(len(x) - 1, -1, -1):
        h_prev, c_prev = (h[t - 1], c[t - 1]) if t else (h0, c0)
        dx[t], dh_next, dc_next, *found = step_backward(
            dh[t] + dh_next, dc_next, x[t], h_prev, c_prev, c[t], gates[t], W_xh, W_hh, **how
        )
        if exchanged:
            dh_next, dc_next = dc_next, dh_next
        total = [a + b for a, b in zip(total, found)]
    return dx, dh_next, dc_next, *total


@meant("lstm.lstm_backward", "threads-exchanged")
def unpacked_the_other_way(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh, exchanged=True)


@meant("lstm.lstm_backward", "db_h-summed-over-the-units")
def bias_summed_over_units(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh, db=lambda dz: dz.sum(axis=1))


@meant("lstm.peephole_step", "last-rows-of-p-exchanged")
def p_iof(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    p_i, p_o, p_f = p
    c = sigmoid(f + p_f * c_prev) * c_prev + sigmoid(i + p_i * c_prev) * np.tanh(g)
    return sigmoid(o + p_o * c) * np.tanh(c), c


@meant("lstm.peephole_step", "output-gate-sees-nothing")
def o_without_peephole(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(f + p[1] * c_prev) * c_prev + sigmoid(i + p[0] * c_prev) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


@meant("lstm.peephole_step", "blocks-in-the-order-f-o-i-g")
def peephole_foig(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    f, o, i, g = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(f + p[1] * c_prev) * c_prev + sigmoid(i + p[0] * c_prev) * np.tanh(g)
    return sigmoid(o + p[2] * c) * np.tanh(c), c


@meant("lstm.repaired_lstm", "no-tanh-on-the-way-out")
def cell_shown_as_it_is(x, noise_W, noise_b):
    T, B, D = x.shape
    H = len(noise_b) // 4
    W, b = noise_W / np.sqrt(H), np.zeros(4 * H)
    b[H : 2 * H] = 1
    h, c, hs, cs = np.zeros((B, H)), np.zeros((B, H)), [], []
    for t in range(T):
        i, f, g, o = np.split(np.hstack([x[t], h]) @ W + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * c
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)
