"""Wrong answers to the problems of 02-forward, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def stepped(x_t, h, cell):
    return np.tanh(x_t @ cell["W_xh"] + h @ cell["W_hh"] + cell["b_h"])


def output(h, cell):
    return h @ cell["W_hy"] + cell["b_y"]


def rest(B, cell):
    return np.zeros((B, len(cell["b_h"])))


@meant("forward.one_hot", "width-from-the-text")
def as_wide_as_the_text(ids, V):
    return np.eye(ids.max() + 1)[ids]


@meant("forward.one_hot", "batch-first")
def one_hot_batch_first(ids, V):
    T, B = ids.shape
    x = np.zeros((B, T, V))
    for t in range(T):
        for b in range(B):
            x[b, t, ids[t, b]] = 1
    return x


@meant("forward.rnn_step", "transposed-recurrence")
def recurrence_turned(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh.T + b_h)


@meant("forward.rnn_forward", "one-array-kept-many-times")
def same_array_appended(x, h0, W_xh, W_hh, b_h):
    h, all_h = h0.copy(), []
    for x_t in x:
        h[:] = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        all_h.append(h)
    return np.array(all_h)


@meant("forward.rnn_forward", "initial-state-forgotten")
def starts_with_nothing(x, h0, W_xh, W_hh, b_h):
    T, B, _ = x.shape
    h = np.zeros((T + 1, B, len(b_h)))
    for t in range(T):
        h[t + 1] = np.tanh(x[t] @ W_xh + h[t] @ W_hh + b_h)
    return h[1:]


@meant("forward.rnn_forward", "added-to-the-old-state")
def residual_loop(x, h0, W_xh, W_hh, b_h):
    h, out = h0, []
    for x_t in x:
        h = h + np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        out.append(h)
    return np.stack(out)


@meant("forward.count_parameters", "no-biases")
def count_matrices(D, H, K):
    return D * H + H * H + H * K


@meant("forward.many_to_one", "first-state")
def reads_one_input(x, cell):
    return output(stepped(x[0], rest(x.shape[1], cell), cell), cell)


@meant("forward.many_to_one", "sum-of-the-outputs")
def adds_outputs(x, cell):
    h, y = rest(x.shape[1], cell), 0
    for x_t in x:
        h = stepped(x_t, h, cell)
        y = y + output(h, cell)
    return y


@meant("forward.one_to_many", "input-at-every-step")
def reads_again_and_again(x, steps, cell):
    h, y = rest(len(x), cell), []
    for _ in range(steps):
        h = stepped(x, h, cell)
        y.append(output(h, cell))
    return np.stack(y)


@meant("forward.encoder_decoder", "as-many-written-as-read")
def writes_as_many(x, steps, encoder, decoder):
    h = rest(x.shape[1], encoder)
    for x_t in x:
        h = stepped(x_t, h, encoder)
    y = []
    for _ in range(len(x)):
        h = np.tanh(h @ decoder["W_hh"] + decoder["b_h"])
        y.append(output(h, decoder))
    return np.stack(y)


@meant("forward.encoder_decoder", "encoder-goes-on")
def encoder_writes(x, steps, encoder, decoder):
    h = rest(x.shape[1], encoder)
    for x_t in x:
        h = stepped(x_t, h, encoder)
    y = []
    for _ in range(steps):
        h = np.tanh(h @ encoder["W_hh"] + encoder["b_h"])
        y.append(output(h, decoder))
    return np.stack(y)


@meant("forward.softmax", "shifted-not-divided")
def not_divided(logits):
    return np.exp(logits - logits.max(axis=-1, keepdims=True))


@meant("forward.cross_entropy", "one-loss-per-position")
def a_loss_everywhere(logits, targets):
    z = logits - logits.max(-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    T, B = targets.shape
    return -log_p[np.arange(T)[:, None], np.arange(B), targets]


@meant("forward.cross_entropy", "no-logarithm")
def missing_probability(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return np.mean(1 - np.take_along_axis(p, targets[..., None], -1))


@meant("forward.perplexity", "no-exponential")
def mean_loss(losses, counts):
    return np.sum(losses * counts) / np.sum(counts)
