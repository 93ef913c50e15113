"""Wrong answers to the problems of 08-language, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def streams(ids, T, B):
    n = (len(ids) - 1) // B
    K = n // T
    x = ids[: B * n].reshape(B, n)[:, : K * T].reshape(B, K, T)
    y = ids[1 : B * n + 1].reshape(B, n)[:, : K * T].reshape(B, K, T)
    return x, y


@meant("language.text_batches", "streams-before-pieces")
def time_before_pieces(ids, T, B):
    x, y = streams(ids, T, B)
    return x.transpose(2, 1, 0), y.transpose(2, 1, 0)


@meant("language.text_batches", "a-whole-piece-lost")
def stops_a_piece_early(ids, T, B):
    n = (len(ids) - 1) // B
    x = ids[: B * n].reshape(B, n)
    y = ids[1 : B * n + 1].reshape(B, n)
    xs, ys = [], []
    for start in range(0, n - T, T):
        xs.append(x[:, start : start + T].T)
        ys.append(y[:, start : start + T].T)
    return np.array(xs), np.array(ys)


@meant("language.loss_and_grads", "repeated-symbols-of-a-step-lost")
def fancy_index_adds_once(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    T, B = ids.shape
    h = [h_0]
    for t in range(T):
        h.append(np.tanh(W_xh[ids[t]] + h[-1] @ W_hh + b_h))
    loss, d = 0, np.zeros_like(h_0)
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    dW_hy, db_y = np.zeros_like(W_hy), np.zeros_like(b_y)
    for t in reversed(range(T)):
        y = h[t + 1] @ W_hy + b_y
        p = np.exp(y - y.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        loss -= np.log(p[np.arange(B), targets[t]]).sum() / (T * B)
        p[np.arange(B), targets[t]] -= 1
        dy = p / (T * B)
        dW_hy += h[t + 1].T @ dy
        db_y += dy.sum(0)
        dz = (dy @ W_hy.T + d) * (1 - h[t + 1] ** 2)
        dW_xh[ids[t]] += dz
        dW_hh += h[t].T @ dz
        db_h += dz.sum(0)
        d = dz @ W_hh.T
    return loss, dW_xh, dW_hh, db_h, dW_hy, db_y, h[-1]


@meant("language.in_units", "words-per-character")
def divided_the_wrong_way(nats, characters, words):
    return nats / np.log(2), np.exp(nats), np.exp(nats * words / characters)


@meant("language.in_units", "bits-multiplied")
def times_ln_2(nats, characters, words):
    return nats * np.log(2), np.exp(nats), np.exp(nats * characters / words)


@meant("language.next_distribution", "nucleus-too-small")
def stops_before_p(logits, temperature, k, p):
    out = np.zeros_like(logits)
    for b, row in enumerate(logits):
        e = np.exp((row - row.max()) / temperature)
        order = np.argsort(-e)[:k]
        q = e[order] / e[order].sum()
        kept = q.cumsum() <= p
        kept[0] = True
        q = np.where(kept, q, 0)
        out[b, order] = q / q.sum()
    return out


@meant("language.draw", "not-cumulative")
def compares_single_probabilities(q, u):
    return np.minimum((u[:, None] >= q).sum(axis=1), q.shape[1] - 1)


@meant("language.draw", "the-impossible-drawn")
def border_on_the_wrong_side(q, u):
    return np.array([min(int((uk > np.cumsum(row)).sum()), len(row) - 1) for row, uk in zip(q, u)])
