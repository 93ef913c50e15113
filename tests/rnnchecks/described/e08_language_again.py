"""More wrong answers to the problems of 08-language, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("language.text_batches", "streams-shortened-first")
def cut_before_laid_out(ids, T, B):
    K = (len(ids) - 1) // B // T
    n = K * T * B
    x = ids[:n].reshape(B, K, T).transpose(1, 2, 0)
    y = ids[1 : n + 1].reshape(B, K, T).transpose(1, 2, 0)
    return x, y


@meant("language.loss_and_grads", "W_hh-not-transposed")
def forward_matrix(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    T, B = ids.shape
    h = [h_0]
    for t in range(T):
        h.append(np.tanh(W_xh[ids[t]] + h[-1] @ W_hh + b_h))
    loss, d = 0, np.zeros_like(h_0)
    grads = [np.zeros_like(W) for W in (W_xh, W_hh, b_h, W_hy, b_y)]
    for t in reversed(range(T)):
        y = h[t + 1] @ W_hy + b_y
        p = np.exp(y - y.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        loss -= np.log(p[np.arange(B), targets[t]]).sum() / (T * B)
        p[np.arange(B), targets[t]] -= 1
        dy = p / (T * B)
        dz = (dy @ W_hy.T + d) * (1 - h[t + 1] ** 2)
        np.add.at(grads[0], ids[t], dz)
        grads[1] += h[t].T @ dz
        grads[2] += dz.sum(0)
        grads[3] += h[t + 1].T @ dy
        grads[4] += dy.sum(0)
        d = dz @ W_hh
    return loss, *grads, h[-1]


@meant("language.in_units", "log2-of-the-loss")
def log_of_a_log(nats, characters, words):
    return np.log2(nats), np.exp(nats), np.exp(nats * characters / words)


@meant("language.in_units", "of-the-whole-text")
def exp_of_everything(nats, characters, words):
    return nats / np.log(2), np.exp(nats), np.exp(nats * characters)


@meant("language.next_distribution", "temperature-multiplied")
def hotter(logits, temperature, k, p):
    out = np.zeros_like(logits)
    for b, row in enumerate(logits):
        row = row * temperature
        e = np.exp(row - row.max())
        order = np.argsort(-e)[:k]
        q = e[order] / e[order].sum()
        q = np.where(q.cumsum() - q < p, q, 0)
        out[b, order] = q / q.sum()
    return out


@meant("language.draw", "one-too-early")
def the_one_before(q, u):
    ids = []
    for row, u_b in zip(q, u):
        k, total = 0, row[0]
        while u_b >= total and k < len(row) - 1:
            k += 1
            total += row[k]
        ids.append(max(k - 1, 0))
    return np.array(ids)
