"""More wrong answers to the problems of 07-bidirectional, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e07_bidirectional import turned


@meant("bidirectional.reverse_padded", "wrong-axis")
def numbers_reversed(x, lengths):
    return x[:, :, ::-1].copy()


@meant("bidirectional.frozen_forward", "input-erased-instead")
def zero_inputs(x, lengths, W_xh, W_hh, b_h):
    h, out = np.zeros((x.shape[1], len(b_h))), []
    for t in range(len(x)):
        x_t = np.where((t < lengths)[:, None], x[t], 0)
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        out.append(h)
    return np.stack(out), h


def both(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_b(turned(x, lengths))
    return hf, turned(hb, lengths), last_f, last_b


@meant("bidirectional.bi_forward", "first-output-as-summary")
def first_states(x, lengths, read_f, read_b):
    hf, hb, _, _ = both(x, lengths, read_f, read_b)
    h = np.concatenate([hf, hb], axis=2)
    return h, h[0]


@meant("bidirectional.bi_forward", "backward-half-first")
def backward_first(x, lengths, read_f, read_b):
    hf, hb, last_f, last_b = both(x, lengths, read_f, read_b)
    return np.concatenate([hb, hf], axis=2), np.concatenate([last_b, last_f], axis=1)


@meant("bidirectional.bi_backward", "dx-not-turned-back")
def left_in_reading_order(dh, lengths, back_f, back_b):
    H = dh.shape[2] // 2
    return back_f(dh[..., :H]) + back_b(turned(dh[..., H:], lengths))


@meant("bidirectional.masked_loss", "masks-the-logits")
def zero_logits(logits, targets, lengths):
    T, B, V = logits.shape
    m = (np.arange(T)[:, None] < lengths)[..., None]
    z = logits * m
    z = z - z.max(axis=2, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=2, keepdims=True))
    one = np.eye(V)[targets]
    return -(log_p * one).sum(axis=2).mean(), (np.exp(log_p) - one) / (T * B)


def stack(x, layers, bias=True):
    out = []
    for W_xh, W_hh, b_h in layers:
        h, states = np.zeros((x.shape[1], len(b_h))), []
        for x_t in x:
            h = np.tanh(x_t @ W_xh + h @ W_hh + (b_h if bias else 0))
            states.append(h)
        x = np.stack(states)
        out.append(x)
    return out


@meant("bidirectional.stack_forward", "time-first")
def layers_second(x, layers):
    return np.stack(stack(x, layers), axis=1)


@meant("bidirectional.stack_forward", "no-bias")
def without_biases(x, layers):
    return np.stack(stack(x, layers, bias=False))
