"""Wrong answers to the problems of 03-bptt, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def probabilities(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@meant("bptt.cross_entropy_backward", "target-minus-probability")
def signs_the_wrong_way(logits, targets):
    T, B, V = logits.shape
    d = -probabilities(logits)
    for t in range(T):
        for b in range(B):
            d[t, b, targets[t, b]] += 1
    return d / (T * B)


@meant("bptt.cross_entropy_backward", "gradient-of-the-probabilities")
def of_the_probabilities(logits, targets):
    p, d = probabilities(logits), np.zeros_like(logits)
    T, B, _ = logits.shape
    for t in range(T):
        for b in range(B):
            k = targets[t, b]
            d[t, b, k] = -1 / p[t, b, k]
    return d / (T * B)


@meant("bptt.rnn_step_backward", "slope-not-squared")
def one_minus_h(dh, x_t, h_prev, h, W_xh, W_hh):
    dz = (1 - h) * dh
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(0)


@meant("bptt.rnn_step_backward", "bias-not-summed")
def bias_a_row_each(dh, x_t, h_prev, h, W_xh, W_hh):
    dz = (1 - h * h) * dh
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz


def backward_with(dh, x, h, W_xh, W_hh, before, transposed=False):
    dx, d = np.zeros_like(x), 0
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for t in range(len(x) - 1, -1, -1):
        dz = (dh[t] + d) * (1 - h[t] ** 2)
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += dz.T @ before(t) if transposed else before(t).T @ dz
        db_h += dz.sum(0)
        d = dz @ W_hh.T
    return dx, d, dW_xh, dW_hh, db_h


@meant("bptt.rnn_backward", "wraps-to-the-last-state")
def index_minus_one(dh, x, h0, h, W_xh, W_hh):
    return backward_with(dh, x, h, W_xh, W_hh, lambda t: h[t - 1])


@meant("bptt.rnn_backward", "mean-over-time")
def divides_by_T(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, *sums = backward_with(dh, x, h, W_xh, W_hh, lambda t: h[t - 1] if t else h0)
    return dx, dh0, *(dW / len(x) for dW in sums)


@meant("bptt.rnn_backward", "dW_hh-transposed")
def recurrent_gradient_turned(dh, x, h0, h, W_xh, W_hh):
    return backward_with(dh, x, h, W_xh, W_hh, lambda t: h[t - 1] if t else h0, transposed=True)


def truncated(dh, x, h0, h, W_xh, W_hh, tau, before, mean=False):
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(len(W_hh))
    for start in range(0, len(x), tau):
        stop = min(start + tau, len(x))
        d = 0
        n = stop - start if mean else 1
        for t in reversed(range(start, stop)):
            dz = (dh[t] + d) * (1 - h[t] ** 2)
            dW_xh += x[t].T @ dz / n
            dW_hh += before(t).T @ dz / n
            db_h += dz.sum(0) / n
            d = dz @ W_hh.T
    return dW_xh, dW_hh, db_h


@meant("bptt.truncated_backward", "wraps-to-the-last-state")
def truncated_index_minus_one(dh, x, h0, h, W_xh, W_hh, tau):
    return truncated(dh, x, h0, h, W_xh, W_hh, tau, lambda t: h[t - 1])


@meant("bptt.truncated_backward", "mean-over-time")
def truncated_means(dh, x, h0, h, W_xh, W_hh, tau):
    return truncated(dh, x, h0, h, W_xh, W_hh, tau, lambda t: h[t - 1] if t else h0, mean=True)


@meant("bptt.numeric_gradient", "divided-by-eps")
def twice_too_large(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += eps
        down[i] -= eps
        g[i] = (f(up) - f(down)) / eps
    return g


@meant("bptt.numeric_gradient", "eps-not-used")
def own_step(f, x, eps):
    step = 1e-5
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g


@meant("bptt.adam_step", "steps-from-zero")
def counts_from_zero(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1 ** (i - 1))
    v_hat = v / (1 - beta2 ** (i - 1))
    return theta - eta * m_hat / (np.sqrt(v_hat) + eps), m, v


@meant("bptt.adam_step", "one-array-for-v-and-m")
def v_is_m(theta, g, m, v, i, eta, beta1, beta2, eps):
    new_m = beta1 * m + (1 - beta1) * g
    new_v = beta2 * v + (1 - beta2) * g**2
    theta = theta - eta * (new_m / (1 - beta1**i)) / (np.sqrt(new_v / (1 - beta2**i)) + eps)
    new_v = new_m
    return theta, new_m, new_v
