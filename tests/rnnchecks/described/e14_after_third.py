"""Wrong answers to the problems of 14-after, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e14_after import sigmoid


@meant("after.combine", "b-handed-on-whole")
def b_adds_up(a1, b1, a2, b2):
    return a1 * a2, b1 + b2


@meant("after.scan", "last-round-missing")
def a_round_short(x, join):
    h, s = x, 1
    while 2 * s < len(x):
        h = np.concatenate([h[:s], join(h[:-s], h[s:])])
        s *= 2
    return h


@meant("after.scan_backward", "from-the-front")
def forwards(dh_out, a, h, h_0):
    db = np.array(dh_out)
    for t in range(1, len(a)):
        db[t] += a[t] * db[t - 1]
    return db * np.concatenate([h_0[None], h[:-1]]), db, a[0] * db[0]


def gated(x, h_0, W_z, b_z, W_n, b_n, candidate, always_h_0=False):
    h, out = h_0, []
    for x_t in x:
        z = sigmoid(x_t @ W_z + b_z)
        h = (1 - z) * (h_0 if always_h_0 else h) + z * candidate(x_t @ W_n + b_n)
        out.append(h)
    return np.stack(out)


@meant("after.min_gru", "sigmoid-candidate")
def sigmoid_everywhere(*args):
    return gated(*args, sigmoid)


@meant("after.min_gru", "initial-state-at-every-step")
def starts_again(*args):
    return gated(*args, lambda v: np.where(v >= 0, v + 0.5, sigmoid(v)), always_h_0=True)


@meant("after.share_of_new", "padded-quotient")
def with_a_small_number(k_f, k_i):
    f, i = sigmoid(k_f), sigmoid(k_i)
    return i / (f + i + 1e-8)


@meant("after.gate_bias", "gate-not-bias")
def the_gate(tau):
    return 1 / tau
