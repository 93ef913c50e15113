"""Wrong answers to the problems of 03-bptt, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e03_bptt import probabilities


@meant("bptt.cross_entropy_backward", "sum-not-mean")
def of_the_sum(logits, targets):
    return probabilities(logits) - np.eye(logits.shape[-1])[targets]


@meant("bptt.rnn_step_backward", "dW_hh-transposed")
def turned(dh, x_t, h_prev, h, W_xh, W_hh):
    dz = dh * (1 - h**2)
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, dz.T @ h_prev, dz.sum(0)


@meant("bptt.rnn_step_backward", "bias-mean-over-batch")
def mean_bias(dh, x_t, h_prev, h, W_xh, W_hh):
    dz = dh * (1 - h**2)
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.mean(0)


@meant("bptt.rnn_backward", "forward-order")
def first_to_last(dh, x, h0, h, W_xh, W_hh):
    dx, d = np.zeros_like(x), np.zeros_like(h0)
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for t in range(len(x)):
        dz = (dh[t] + d) * (1 - h[t] ** 2)
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += (h[t - 1] if t else h0).T @ dz
        db_h += dz.sum(0)
        d = dz @ W_hh.T
    return dx, d, dW_xh, dW_hh, db_h


@meant("bptt.truncated_backward", "tau-pieces")
def as_many_pieces(dh, x, h0, h, W_xh, W_hh, tau):
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for steps in np.array_split(np.arange(len(x)), tau):
        d = np.zeros_like(h0)
        for t in reversed(steps):
            dz = (dh[t] + d) * (1 - h[t] ** 2)
            dW_xh += x[t].T @ dz
            dW_hh += (h[t - 1] if t else h0).T @ dz
            db_h += dz.sum(0)
            d = dz @ W_hh.T
    return dW_xh, dW_hh, db_h


@meant("bptt.numeric_gradient", "flat-copy")
def over_a_flat_view(f, x, eps):
    x = x.astype(np.float64)
    flat, g = x.ravel(), np.zeros(x.size)
    for k in range(x.size):
        old = flat[k]
        flat[k] = old + eps
        up = f(x)
        flat[k] = old - eps
        down = f(x)
        flat[k] = old
        g[k] = (up - down) / (2 * eps)
    return g.reshape(x.shape)


@meant("bptt.adam_step", "one-correction-for-both")
def beta1_twice(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    c = 1 - beta1**i
    return theta - eta * (m / c) / (np.sqrt(v / c) + eps), m, v


@meant("bptt.adam_step", "new-counts-most")
def betas_the_other_way(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = (1 - beta1) * m + beta1 * g
    v = (1 - beta2) * v + beta2 * g**2
    return theta - eta * (m / (1 - beta1**i)) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v
