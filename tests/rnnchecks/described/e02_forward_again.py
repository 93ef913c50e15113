"""More wrong answers to the problems of 02-forward, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e02_forward import output, rest, stepped


@meant("forward.one_hot", "one-cold")
def cold(ids, V):
    x = np.ones((*ids.shape, V))
    for place in np.ndindex(ids.shape):
        x[(*place, ids[place])] = 0
    return x


@meant("forward.one_hot", "id-instead-of-one")
def ids_in_place(ids, V):
    x = np.zeros((*ids.shape, V))
    for place in np.ndindex(ids.shape):
        x[(*place, ids[place])] = ids[place]
    return x


@meant("forward.rnn_step", "no-input")
def deaf(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(h_prev @ W_hh + b_h)


@meant("forward.rnn_forward", "sum-carried-instead-of-state")
def carries_the_sum(x, h0, W_xh, W_hh, b_h):
    z, out = h0, []
    for x_t in x:
        z = x_t @ W_xh + z @ W_hh + b_h
        out.append(np.tanh(z))
    return np.stack(out)


@meant("forward.count_parameters", "one-recurrent-weight-per-unit")
def diagonal_recurrence(D, H, K):
    return D * H + H + H + H * K + K


@meant("forward.count_parameters", "no-recurrent-weights")
def feed_forward(D, H, K):
    return D * H + H + H * K + K


@meant("forward.many_to_one", "an-output-at-every-step")
def writes_always(x, cell):
    h, y = rest(x.shape[1], cell), []
    for x_t in x:
        h = stepped(x_t, h, cell)
        y.append(output(h, cell))
    return np.stack(y)


@meant("forward.one_to_many", "state-stands-still")
def same_output(x, steps, cell):
    y = output(stepped(x, rest(len(x), cell), cell), cell)
    return np.stack([y for _ in range(steps)])


@meant("forward.encoder_decoder", "decoder-reads")
def reads_with_the_decoder(x, steps, encoder, decoder):
    h = rest(x.shape[1], encoder)
    for x_t in x:
        h = np.tanh(x_t @ encoder["W_xh"] + h @ decoder["W_hh"] + decoder["b_h"])
    y = []
    for _ in range(steps):
        h = np.tanh(h @ decoder["W_hh"] + decoder["b_h"])
        y.append(output(h, decoder))
    return np.stack(y)


@meant("forward.encoder_decoder", "no-bias-in-the-decoder")
def decodes_without_bias(x, steps, encoder, decoder):
    h = rest(x.shape[1], encoder)
    for x_t in x:
        h = stepped(x_t, h, encoder)
    y = []
    for _ in range(steps):
        h = np.tanh(h @ decoder["W_hh"])
        y.append(output(h, decoder))
    return np.stack(y)


@meant("forward.softmax", "no-exponential")
def plain_share(logits):
    return logits / logits.sum(axis=-1, keepdims=True)


@meant("forward.cross_entropy", "index-for-a-flat-list")
def picks_the_wrong_axes(logits, targets):
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.mean(log_p[np.arange(len(targets)), targets])


@meant("forward.perplexity", "sum-of-the-losses")
def exp_of_the_sum(losses, counts):
    return np.exp(losses.sum())


@meant("forward.perplexity", "powers-of-two")
def two_to_the_loss(losses, counts):
    return 2 ** ((losses * counts).sum() / counts.sum())
