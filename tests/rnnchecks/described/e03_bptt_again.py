"""More wrong answers to the problems of 03-bptt, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("bptt.cross_entropy_backward", "softmax-over-time")
def classes_in_time(logits, targets):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    return (p - np.eye(logits.shape[-1])[targets]) / targets.size


@meant("bptt.rnn_step_backward", "no-slope")
def straight_through(dh, x_t, h_prev, h, W_xh, W_hh):
    return dh @ W_xh.T, dh @ W_hh.T, x_t.T @ dh, h_prev.T @ dh, dh.sum(0)


def backward(dh, x, h0, h, W_xh, W_hh, dz_of):
    dx, d = np.zeros_like(x), np.zeros_like(h0)
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for t in range(len(x) - 1, -1, -1):
        dz = dz_of(dh[t], d, 1 - h[t] ** 2)
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += (h[t - 1] if t else h0).T @ dz
        db_h += dz.sum(0)
        d = dz @ W_hh.T
    return dx, d, dW_xh, dW_hh, db_h


@meant("bptt.rnn_backward", "no-slope")
def no_tanh_on_the_way(dh, x, h0, h, W_xh, W_hh):
    return backward(dh, x, h0, h, W_xh, W_hh, lambda here, later, slope: here + later)


@meant("bptt.rnn_backward", "future-past-the-slope")
def future_unsquashed(dh, x, h0, h, W_xh, W_hh):
    return backward(dh, x, h0, h, W_xh, W_hh, lambda here, later, slope: here * slope + later)


@meant("bptt.truncated_backward", "leftover-dropped")
def full_pieces_only(dh, x, h0, h, W_xh, W_hh, tau):
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for piece in range(len(x) // tau):
        d = np.zeros_like(h0)
        for t in reversed(range(piece * tau, (piece + 1) * tau)):
            dz = (dh[t] + d) * (1 - h[t] ** 2)
            dW_xh += x[t].T @ dz
            dW_hh += (h[t - 1] if t > 0 else h0).T @ dz
            db_h += dz.sum(axis=0)
            d = dz @ W_hh.T
    return dW_xh, dW_hh, db_h


@meant("bptt.numeric_gradient", "multiplied-by-eps")
def no_parentheses(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += eps
        down[i] -= eps
        g[i] = (f(up) - f(down)) / 2 * eps
    return g


def adam(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - eta * (m / (1 - beta1**i)) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v


@meant("bptt.adam_step", "counts-the-step-again")
def one_step_more(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam(theta, g, m, v, i + 1, eta, beta1, beta2, eps)


@meant("bptt.adam_step", "uphill")
def climbs(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    theta = theta + eta * (m / (1 - beta1**i)) / (np.sqrt(v / (1 - beta2**i)) + eps)
    return theta, m, v
