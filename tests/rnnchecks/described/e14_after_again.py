"""More wrong answers to the problems of 14-after, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e14_after import scanned_back, sigmoid


@meant("after.combine", "order-swapped")
def later_first(a1, b1, a2, b2):
    return a1 * a2, a1 * b2 + b1


@meant("after.scan", "late-before-early")
def sides_exchanged(x, join):
    h, s = x, 1
    while s < len(x):
        h = np.concatenate([h[:s], join(h[s:], h[:-s])])
        s *= 2
    return h


@meant("after.scan_backward", "state-of-this-step")
def times_h_t(dh_out, a, h, h_0):
    _, db, dh_0 = scanned_back(dh_out, a, h, h_0, lambda t: a[t + 1])
    return db * h, db, dh_0


@meant("after.scan_backward", "sum-without-factors")
def plain_sums(dh_out, a, h, h_0):
    db = np.cumsum(dh_out[::-1], axis=0)[::-1]
    return db * np.concatenate([h_0[None], h[:-1]]), db, a[0] * db[0]


@meant("after.min_gru", "initial-state-kept-whole")
def start_added(x, h_0, W_z, b_z, W_n, b_n):
    h, out = h_0, []
    for t, x_t in enumerate(x):
        z, v = sigmoid(x_t @ W_z + b_z), x_t @ W_n + b_n
        new = z * np.where(v >= 0, v + 0.5, sigmoid(v))
        h = h + new if t == 0 else (1 - z) * h + new
        out.append(h)
    return np.stack(out)


@meant("after.share_of_new", "input-gate-alone")
def just_the_input_gate(k_f, k_i):
    return np.exp(-np.logaddexp(0, -k_i))


@meant("after.gate_bias", "logarithm-of-the-other-side")
def one_added(tau):
    return -np.log(tau + 1)


@meant("after.gate_bias", "gate-opened")
def sign_of_a_forget_gate(tau):
    return np.log(tau - 1)
