"""Right answers to exercise 02-forward as students write them: each must pass like the reference."""

import math

import numpy as np
import torch


def one_hot_by_loops(ids, V):
    T, B = ids.shape
    x = np.zeros((T, B, V))
    for t in range(T):
        for b in range(B):
            x[t, b, ids[t, b]] = 1
    return x


def one_hot_by_comparison(ids, V):
    return (ids[:, :, None] == np.arange(V)).astype(int)


def one_hot_by_put(ids, V):
    x = np.zeros(ids.shape + (V,), dtype=np.float32)
    np.put_along_axis(x, ids[..., None], 1.0, axis=2)
    return x


def one_hot_by_torch(ids, V):
    return torch.nn.functional.one_hot(torch.tensor(ids), V)


def one_hot_from_lists(ids, V):
    return np.array([[[1.0 if k == i else 0.0 for k in range(V)] for i in row] for row in ids])


def step_row_by_row(x_t, h_prev, W_xh, W_hh, b_h):
    rows = []
    for b in range(len(x_t)):
        rows.append(np.tanh(W_xh.T @ x_t[b] + W_hh.T @ h_prev[b] + b_h))
    return np.array(rows)


def step_by_einsum(x_t, h_prev, W_xh, W_hh, b_h):
    z = np.einsum("bd,dh->bh", x_t, W_xh) + np.einsum("bk,kh->bh", h_prev, W_hh)
    return np.tanh(z + b_h[None, :])


def step_by_one_product(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(np.concatenate([x_t, h_prev], axis=1) @ np.vstack([W_xh, W_hh]) + b_h)


def step_by_exponentials(x_t, h_prev, W_xh, W_hh, b_h):
    z = np.dot(x_t, W_xh) + np.dot(h_prev, W_hh) + b_h
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def step_in_float32(x_t, h_prev, W_xh, W_hh, b_h):
    x_t, h_prev, W_xh, W_hh, b_h = (a.astype(np.float32) for a in (x_t, h_prev, W_xh, W_hh, b_h))
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


def tensors(*arrays):
    """Turn arrays into tensors that record gradients, as a student who knows torch might."""
    return [torch.tensor(np.ascontiguousarray(a), requires_grad=True) for a in arrays]


def step_by_torch(*arrays):
    x_t, h_prev, W_xh, W_hh, b_h = tensors(*arrays)
    return torch.tanh(x_t @ W_xh + h_prev @ W_hh + b_h).detach()


def forward_into_an_array(x, h0, W_xh, W_hh, b_h):
    T, B, D = x.shape
    h = np.zeros((T, B, len(b_h)))
    for t in range(T):
        h_prev = h0 if t == 0 else h[t - 1]
        h[t] = step_by_einsum(x[t], h_prev, W_xh, W_hh, b_h)
    return h


def forward_with_inputs_in_one_product(x, h0, W_xh, W_hh, b_h):
    T, B, D = x.shape
    z = (x.reshape(T * B, D) @ W_xh + b_h).reshape(T, B, -1)
    h = np.empty((T + 1, B, W_hh.shape[0]))
    h[0] = h0
    for t in range(T):
        h[t + 1] = np.tanh(z[t] + h[t] @ W_hh)
    return h[1:]


def forward_by_recursion(x, h0, W_xh, W_hh, b_h):
    if len(x) == 0:
        return np.empty((0, *h0.shape))
    h_1 = np.tanh(x[0] @ W_xh + h0 @ W_hh + b_h)
    return np.concatenate([h_1[np.newaxis], forward_by_recursion(x[1:], h_1, W_xh, W_hh, b_h)])


def forward_by_torch(x, h0, W_xh, W_hh, b_h):
    x, h0, W_xh, W_hh, b_h = tensors(x, h0, W_xh, W_hh, b_h)
    layer = torch.nn.RNN(*W_xh.shape, dtype=x.dtype)
    with torch.no_grad():
        for own, ours in zip(layer.parameters(), (W_xh.T, W_hh.T, b_h, 0 * b_h), strict=True):
            own.copy_(ours)
    return layer(x, h0[None])[0]


def forward_with_a_counter(x, h0, W_xh, W_hh, b_h):
    outputs = {}
    state = h0.copy()
    t = 0
    while t < x.shape[0]:
        state = np.tanh(x[t].dot(W_xh) + state.dot(W_hh) + b_h)
        outputs[t] = state
        t += 1
    return np.array(list(outputs.values()))


def count_from_shapes(D, H, K):
    return sum(math.prod(shape) for shape in ((D, H), (H, H), (H,), (H, K), (K,)))


def count_from_arrays(D, H, K):
    return np.zeros((D, H)).size + np.zeros((H, H)).size + H + np.zeros((H, K)).size + K


def count_factored(D, H, K):
    return float((D + H + 1) * H + (H + 1) * K)


def to_one_by_the_student(x, cell):
    h = forward_into_an_array(x, np.zeros((x.shape[1], cell["b_h"].size)), cell["W_xh"], cell["W_hh"], cell["b_h"])
    return h[-1] @ cell["W_hy"] + cell["b_y"]


def to_one_keeping_one_state(x, cell):
    T, B, D = x.shape
    h = 0 * x[0] @ cell["W_xh"]
    for t in range(T):
        h = np.tanh(x[t] @ cell["W_xh"] + h @ cell["W_hh"] + cell["b_h"])
    return np.einsum("bh,hk->bk", h, cell["W_hy"]) + cell["b_y"]


def to_one_by_every_output(x, cell):
    W_xh, W_hh, b_h, W_hy, b_y = (cell[name] for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y"))
    h = forward_with_inputs_in_one_product(x, np.zeros((x.shape[1], len(b_h))), W_xh, W_hh, b_h)
    return (h @ W_hy + b_y)[-1]


def to_one_by_torch(x, cell):
    x, W_xh, W_hh, b_h, W_hy, b_y = tensors(x, *(cell[name] for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y")))
    h = torch.zeros(x.shape[1], len(b_h), dtype=x.dtype)
    for x_t in x.unbind():
        h = torch.tanh(x_t @ W_xh + h @ W_hh + b_h)
    return h @ W_hy + b_y


def from_one_with_zeros(x, steps, cell):
    B, D = x.shape
    inputs = np.zeros((steps, B, D))
    inputs[0] = x
    h = forward_into_an_array(inputs, np.zeros((B, len(cell["b_h"]))), cell["W_xh"], cell["W_hh"], cell["b_h"])
    return h @ cell["W_hy"] + cell["b_y"]


def from_one_by_hand(x, steps, cell):
    h = np.tanh(x @ cell["W_xh"] + cell["b_h"])
    y = [h @ cell["W_hy"] + cell["b_y"]]
    for _ in range(steps - 1):
        h = np.tanh(h @ cell["W_hh"] + cell["b_h"])
        y.append(h @ cell["W_hy"] + cell["b_y"])
    return np.array(y)


def from_one_wiping_the_input(x, steps, cell):
    y, h = np.zeros((steps, len(x), len(cell["b_y"])), np.float32), np.zeros((len(x), len(cell["b_h"])))
    for t in range(steps):
        h = np.tanh(x @ cell["W_xh"] + h @ cell["W_hh"] + cell["b_h"])
        y[t] = h @ cell["W_hy"] + cell["b_y"]
        x = np.zeros_like(x)
    return y


def decoder_in_a_loop(x, steps, encoder, decoder):
    T, B, D = x.shape
    H = encoder["b_h"].shape[0]
    h = np.zeros((B, H))
    for t in range(T):
        h = np.tanh(x[t] @ encoder["W_xh"] + h @ encoder["W_hh"] + encoder["b_h"])
    ys = []
    for _ in range(steps):
        h = np.tanh(h @ decoder["W_hh"] + decoder["b_h"])
        ys.append(h @ decoder["W_hy"] + decoder["b_y"])
    return np.stack(ys)


def decoder_with_inputs_of_width_zero(x, steps, encoder, decoder):
    T, B, D = x.shape
    H = len(encoder["b_h"])
    h = forward_into_an_array(x, np.zeros((B, H)), encoder["W_xh"], encoder["W_hh"], encoder["b_h"])[-1]
    nothing = np.zeros((steps, B, 1))
    h = forward_into_an_array(nothing, h, np.zeros((1, H)), decoder["W_hh"], decoder["b_h"])
    return np.einsum("tbh,hk->tbk", h, decoder["W_hy"]) + decoder["b_y"]


def decoder_by_torch(x, steps, encoder, decoder):
    x, W_xh, W_hh, b_h = tensors(x, *(encoder[name] for name in ("W_xh", "W_hh", "b_h")))
    U, c, W_hy, b_y = tensors(*(decoder[name] for name in ("W_hh", "b_h", "W_hy", "b_y")))
    h = torch.zeros(x.shape[1], len(b_h), dtype=x.dtype)
    for x_t in x.unbind():
        h = torch.tanh(x_t @ W_xh + h @ W_hh + b_h)
    y = []
    for _ in range(steps):
        h = torch.tanh(h @ U + c)
        y.append(h @ W_hy + b_y)
    return torch.stack(y).detach().numpy()


def softmax_by_loops(z):
    p = np.zeros(z.shape)
    for t in range(z.shape[0]):
        for b in range(z.shape[1]):
            e = np.exp(z[t, b] - max(z[t, b]))
            p[t, b] = e / sum(e)
    return p


def softmax_by_the_logarithm(z):
    m = np.amax(z, axis=2)[:, :, np.newaxis]
    return np.exp(z - m - np.log(np.sum(np.exp(z - m), axis=2))[..., None])


def softmax_in_float32(z):
    z = z.astype(np.float32)
    z = z - z.max(-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)


def softmax_by_torch(z):
    return torch.softmax(torch.tensor(np.ascontiguousarray(z)), dim=-1)


def entropy_by_loops(logits, targets):
    T, B, V = logits.shape
    total = 0.0
    for t in range(T):
        for b in range(B):
            m = logits[t, b].max()
            total += m + math.log(sum(math.exp(y - m) for y in logits[t, b])) - logits[t, b, targets[t, b]]
    return total / (T * B)


def entropy_of_rows(logits, targets):
    rows, right = logits.reshape(-1, logits.shape[-1]), targets.flatten()
    rows = rows - rows.max(axis=1)[:, None]
    return np.mean(np.log(np.exp(rows).sum(axis=1)) - rows[np.arange(len(rows)), right])


def entropy_by_one_hot(logits, targets):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -(one_hot_by_loops(targets, logits.shape[-1]) * log_p).sum() / targets.size


def entropy_by_torch(logits, targets):
    logits = torch.tensor(np.ascontiguousarray(logits), requires_grad=True)
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten())


def entropy_of_logaddexp(logits, targets):
    T, B = targets.shape
    picked = logits[np.arange(T)[:, None], np.arange(B), targets]
    return (np.logaddexp.reduce(logits, axis=-1) - picked).mean()


def perplexity_by_a_loop(losses, counts):
    nats = symbols = 0
    for loss, count in zip(losses, counts, strict=True):
        nats += loss * count
        symbols += count
    return math.exp(nats / symbols)


def perplexity_by_average(losses, counts):
    return np.exp(np.average(losses, weights=counts))


def perplexity_symbol_by_symbol(losses, counts):
    return float(np.exp(np.repeat(losses, counts).mean()))


def perplexity_by_shares(losses, counts):
    return np.prod(np.exp(losses) ** (counts / counts.sum()))


def perplexity_by_bits(losses, counts):
    return 2 ** (np.dot(losses / np.log(2), counts) / np.sum(counts))


STYLES = {
    "forward.one_hot": [
        one_hot_by_loops,
        one_hot_by_comparison,
        one_hot_by_put,
        one_hot_by_torch,
        one_hot_from_lists,
    ],
    "forward.rnn_step": [
        step_row_by_row,
        step_by_einsum,
        step_by_one_product,
        step_by_exponentials,
        step_in_float32,
        step_by_torch,
    ],
    "forward.rnn_forward": [
        forward_into_an_array,
        forward_with_inputs_in_one_product,
        forward_by_recursion,
        forward_by_torch,
        forward_with_a_counter,
    ],
    "forward.count_parameters": [count_from_shapes, count_from_arrays, count_factored],
    "forward.many_to_one": [to_one_by_the_student, to_one_keeping_one_state, to_one_by_every_output, to_one_by_torch],
    "forward.one_to_many": [from_one_with_zeros, from_one_by_hand, from_one_wiping_the_input],
    "forward.encoder_decoder": [decoder_in_a_loop, decoder_with_inputs_of_width_zero, decoder_by_torch],
    "forward.softmax": [softmax_by_loops, softmax_by_the_logarithm, softmax_in_float32, softmax_by_torch],
    "forward.cross_entropy": [
        entropy_by_loops,
        entropy_of_rows,
        entropy_by_one_hot,
        entropy_by_torch,
        entropy_of_logaddexp,
    ],
    "forward.perplexity": [
        perplexity_by_a_loop,
        perplexity_by_average,
        perplexity_symbol_by_symbol,
        perplexity_by_shares,
        perplexity_by_bits,
    ],
}
