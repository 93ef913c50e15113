"""Wrong answers to the problems of 08-language, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("language.text_batches", "neighbours-side-by-side")
def reshaped_by_rows(ids, T, B):
    K = (len(ids) - 1) // B // T
    n = K * T * B
    return ids[:n].reshape(K, T, B), ids[1 : n + 1].reshape(K, T, B)


@meant("language.loss_and_grads", "starts-from-zeros")
def forgets_h_0(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    T, B = ids.shape
    h = [np.zeros_like(h_0)]
    for t in range(T):
        h.append(np.tanh(W_xh[ids[t]] + h[-1] @ W_hh + b_h))
    loss, d = 0, 0
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
        d = dz @ W_hh.T
    return loss, *grads, h[-1]


@meant("language.in_units", "word-perplexity-in-proportion")
def times_letters(nats, characters, words):
    return nats / np.log(2), np.exp(nats), np.exp(nats) * characters / words


def cut(logits, temperature, k, p, whole=True):
    out = np.zeros_like(logits)
    for b, row in enumerate(logits):
        e = np.exp((row - row.max()) / temperature)
        order = np.argsort(-e)[:k]
        q = e[order] / e[order].sum()
        q = np.where(q.cumsum() - q < p, q, 0)
        out[b, order] = q / q.sum() if whole else q
    return out


@meant("language.next_distribution", "one-too-many")
def one_symbol_more(logits, temperature, k, p):
    return cut(logits, temperature, k + 1, p)


@meant("language.next_distribution", "not-whole-after-the-nucleus")
def left_below_one(logits, temperature, k, p):
    return cut(logits, temperature, k, p, whole=False)


@meant("language.draw", "the-likeliest")
def greedy(q, u):
    return np.argmax(q, axis=1)
