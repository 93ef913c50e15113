"""Wrong answers to the problems of 07-bidirectional, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def turned(x, lengths):
    y = np.array(x)
    for b, n in enumerate(lengths):
        y[:n, b] = y[:n, b][::-1]
    return y


@meant("bidirectional.reverse_padded", "whole-rows")
def all_of_it(x, lengths):
    return x[::-1].copy()


@meant("bidirectional.reverse_padded", "every-axis")
def flipped_everywhere(x, lengths):
    out = x.copy()
    for b, n in enumerate(lengths):
        out[:n, b] = np.flip(x[:n, b])
    return out


@meant("bidirectional.frozen_forward", "reads-the-padding")
def runs_on(x, lengths, W_xh, W_hh, b_h):
    h, out = np.zeros((x.shape[1], len(b_h))), []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        out.append(h)
    return np.stack(out), h


@meant("bidirectional.bi_forward", "whole-rows-on-the-way-back")
def back_by_whole_rows(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_b(turned(x, lengths))
    return np.concatenate([hf, hb[::-1]], axis=2), np.concatenate([last_f, last_b], axis=1)


@meant("bidirectional.bi_forward", "summary-halves-swapped")
def summary_the_other_way(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_b(turned(x, lengths))
    return np.concatenate([hf, turned(hb, lengths)], axis=2), np.concatenate([last_b, last_f], axis=1)


def every_axis(x, lengths):
    out = x.copy()
    for b, n in enumerate(lengths):
        out[:n, b] = np.flip(x[:n, b])
    return out


@meant("bidirectional.bi_forward", "every-axis")
def bi_forward_with_flip(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_b(every_axis(x, lengths))
    return np.concatenate([hf, every_axis(hb, lengths)], axis=2), np.concatenate([last_f, last_b], axis=1)


@meant("bidirectional.bi_backward", "roles-swapped")
def turns_the_wrong_one(dh, lengths, back_f, back_b):
    H = dh.shape[2] // 2
    dx_f = turned(back_f(turned(dh[:, :, :H], lengths)), lengths)
    return dx_f + back_b(dh[:, :, H:])


def masked(logits, targets, lengths):
    T, B, V = logits.shape
    m = np.arange(T)[:, None] < lengths
    z = logits - logits.max(axis=2, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=2, keepdims=True)
    one = np.eye(V)[targets]
    return m, z, p, one


@meant("bidirectional.masked_loss", "log-of-a-probability-that-is-zero")
def log_of_p(logits, targets, lengths):
    m, _, p, one = masked(logits, targets, lengths)
    loss = -np.log((p * one).sum(axis=2))[m].mean()
    return loss, (p - one) * m[..., None] / m.sum()


@meant("bidirectional.masked_loss", "target-minus-probability")
def masked_sign(logits, targets, lengths):
    m, z, p, one = masked(logits, targets, lengths)
    log_p = z - np.log(np.exp(z).sum(axis=2, keepdims=True))
    return -(log_p * one).sum(axis=2)[m].mean(), (one - p) * m[..., None] / m.sum()


@meant("bidirectional.stack_forward", "no-tanh")
def linear_stack(x, layers):
    out = []
    for W_xh, W_hh, b_h in layers:
        h, states = np.zeros((x.shape[1], len(b_h))), []
        for x_t in x:
            h = x_t @ W_xh + h @ W_hh + b_h
            states.append(h)
        x = np.stack(states)
        out.append(x)
    return np.stack(out)
