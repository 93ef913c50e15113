"""Wrong answers to the problems of 07-bidirectional, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e07_bidirectional import turned


@meant("bidirectional.reverse_padded", "wrong-axis-of-the-real-steps")
def second_axis(x, lengths):
    out = x.copy()
    for b, n in enumerate(lengths):
        out[:n, b] = x[:n, b, ::-1]
    return out


def frozen(x, lengths, W_xh, W_hh, b_h):
    h, out = np.zeros((x.shape[1], len(b_h))), []
    for t in range(len(x)):
        new = np.tanh(x[t] @ W_xh + h @ W_hh + b_h)
        h = np.where((t < lengths)[:, None], new, h)
        out.append(h)
    return np.stack(out), h


@meant("bidirectional.frozen_forward", "zeros-shown-padding-read")
def runs_on_in_secret(x, lengths, W_xh, W_hh, b_h):
    h, out = np.zeros((x.shape[1], len(b_h))), []
    for t in range(len(x)):
        h = np.tanh(x[t] @ W_xh + h @ W_hh + b_h)
        out.append(h * (t < lengths)[:, None])
    return np.stack(out), h


@meant("bidirectional.frozen_forward", "last-state-repeated")
def repeats_the_last(x, lengths, W_xh, W_hh, b_h):
    return frozen(x, lengths, W_xh, W_hh, b_h)


@meant("bidirectional.bi_forward", "one-net-for-both")
def forward_net_twice(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_f(turned(x, lengths))
    return np.concatenate([hf, turned(hb, lengths)], 2), np.concatenate([last_f, last_b], 1)


@meant("bidirectional.bi_backward", "averaged")
def mean_of_both(dh, lengths, back_f, back_b):
    H = dh.shape[2] // 2
    return (back_f(dh[..., :H]) + turned(back_b(turned(dh[..., H:], lengths)), lengths)) / 2


@meant("bidirectional.masked_loss", "padding-counts")
def unmasked(logits, targets, lengths):
    z = logits - logits.max(2, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(2, keepdims=True))
    one = np.eye(logits.shape[2])[targets]
    return -(log_p * one).sum(2).mean(), (np.exp(log_p) - one) / targets.size


@meant("bidirectional.stack_forward", "top-layer-only")
def the_top(x, layers):
    for W_xh, W_hh, b_h in layers:
        h, states = np.zeros((x.shape[1], len(b_h))), []
        for x_t in x:
            h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
            states.append(h)
        x = np.stack(states)
    return x


@meant("bidirectional.stack_forward", "no-memory-above")
def upper_layers_without_memory(x, layers):
    out = []
    for number, (W_xh, W_hh, b_h) in enumerate(layers):
        if number == 0:
            h, states = np.zeros((x.shape[1], len(b_h))), []
            for x_t in x:
                h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
                states.append(h)
            x = np.stack(states)
        else:
            x = np.tanh(x @ W_xh + b_h)
        out.append(x)
    return np.stack(out)
