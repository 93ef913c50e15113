"""Wrong answers to the problems of 02-forward, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e02_forward import output, rest, stepped


@meant("forward.one_hot", "ones-for-the-whole-batch")
def all_rows(ids, V):
    T, B = ids.shape
    x = np.zeros((T, B, V))
    for t in range(T):
        x[t, :, ids[t]] = 1
    return x


@meant("forward.rnn_step", "bias-outside")
def bias_last(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh) + b_h


@meant("forward.rnn_forward", "last-state-only")
def only_the_last(x, h0, W_xh, W_hh, b_h):
    for x_t in x:
        h0 = np.tanh(x_t @ W_xh + h0 @ W_hh + b_h)
    return h0


@meant("forward.count_parameters", "no-output-bias")
def one_bias(D, H, K):
    return D * H + H * H + H + H * K


@meant("forward.count_parameters", "outputs-read-the-input")
def output_from_x(D, H, K):
    return D * H + H * H + H + D * K + K


def states(x, cell):
    h, found = rest(x.shape[1], cell), []
    for x_t in x:
        h = stepped(x_t, h, cell)
        found.append(h)
    return np.stack(found)


@meant("forward.many_to_one", "mean-of-the-states")
def averaged(x, cell):
    return output(states(x, cell).mean(axis=0), cell)


@meant("forward.one_to_many", "one-output-too-many")
def one_more(x, steps, cell):
    h = stepped(x, rest(len(x), cell), cell)
    y = [output(h, cell)]
    for _ in range(steps):
        h = np.tanh(h @ cell["W_hh"] + cell["b_h"])
        y.append(output(h, cell))
    return np.stack(y)


@meant("forward.encoder_decoder", "nothing-handed-over")
def from_zeros(x, steps, encoder, decoder):
    h, y = rest(x.shape[1], decoder), []
    for _ in range(steps):
        h = np.tanh(h @ decoder["W_hh"] + decoder["b_h"])
        y.append(output(h, decoder))
    return np.stack(y)


@meant("forward.softmax", "lost-axis-of-the-maximum")
def maximum(logits):
    e = np.exp(logits - logits.max(-1))
    return e / e.sum(-1, keepdims=True)


@meant("forward.softmax", "lost-axis-of-both")
def maximum_and_sum(logits):
    e = np.exp(logits - np.max(logits, axis=2))
    return e / np.sum(e, axis=2)


@meant("forward.cross_entropy", "logit-instead-of-probability")
def mean_logit(logits, targets):
    T, B = targets.shape
    return -np.mean([logits[t, b, targets[t, b]] for t in range(T) for b in range(B)])


@meant("forward.perplexity", "divided-by-the-number-of-sentences")
def per_sentence(losses, counts):
    return np.exp(np.sum(losses * counts) / len(losses))
