"""Wrong answers to the problems of 14-after, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@meant("after.combine", "wrong-b-scaled")
def scales_the_later_b(a1, b1, a2, b2):
    return a1 * a2, b1 + a2 * b2


@meant("after.combine", "earlier-b-lost")
def forgets_the_earlier_b(a1, b1, a2, b2):
    return a1 * a2, b2


@meant("after.scan", "always-neighbours")
def joins_neighbours(x, join):
    h, s = x, 1
    while s < len(x):
        h = np.concatenate([h[:1], join(h[:-1], h[1:])])
        s *= 2
    return h


def scanned_back(dh_out, a, h, h_0, factor):
    T = len(a)
    d, db = np.zeros_like(h_0), np.zeros_like(a)
    for t in range(T - 1, -1, -1):
        d = dh_out[t] + factor(t) * d if t < T - 1 else dh_out[t]
        db[t] = d
    before = np.concatenate([h_0[None], h[:-1]])
    return db * before, db, a[0] * db[0]


@meant("after.scan_backward", "da-and-db-exchanged")
def handed_back_the_other_way(dh_out, a, h, h_0):
    da, db, dh_0 = scanned_back(dh_out, a, h, h_0, lambda t: a[t + 1])
    return db, da, dh_0


@meant("after.scan_backward", "factor-of-this-step")
def own_factor(dh_out, a, h, h_0):
    return scanned_back(dh_out, a, h, h_0, lambda t: a[t])


@meant("after.scan_backward", "one-array-for-db-and-da")
def db_is_da(dh_out, a, h, h_0):
    da, db, dh_0 = scanned_back(dh_out, a, h, h_0, lambda t: a[t + 1])
    db = da
    return da, db, dh_0


@meant("after.min_gru", "no-g")
def plain_candidate(x, h_0, W_z, b_z, W_n, b_n):
    h, out = h_0, []
    for x_t in x:
        z = sigmoid(x_t @ W_z + b_z)
        h = (1 - z) * h + z * (x_t @ W_n + b_n)
        out.append(h)
    return np.stack(out)


@meant("after.share_of_new", "share-of-the-old")
def the_other_share(k_f, k_i):
    log_f, log_i = -np.logaddexp(0, -k_f), -np.logaddexp(0, -k_i)
    return 1 / (1 + np.exp(log_i - log_f))


@meant("after.share_of_new", "difference-of-the-gates")
def gates_subtracted(k_f, k_i):
    return sigmoid(sigmoid(k_i) - sigmoid(k_f))


@meant("after.gate_bias", "without-the-one")
def minus_log_tau(tau):
    return -np.log(tau)
