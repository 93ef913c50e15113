"""Right answers to the problems of 08-language, as different people write them: each must pass."""

import numpy as np
import torch


def text_batches_loops(ids, T, B):
    length = (len(ids) - 1) // B
    x, y = [], []
    for start in range(0, length - T + 1, T):
        x.append([[ids[b * length + start + t] for b in range(B)] for t in range(T)])
        y.append([[ids[b * length + start + t + 1] for b in range(B)] for t in range(T)])
    return np.array(x), np.array(y)


def text_batches_index(ids, T, B):
    length = (len(ids) - 1) // B
    K = length // T
    at = np.arange(K)[:, None, None] * T + np.arange(T)[None, :, None] + np.arange(B)[None, None, :] * length
    return ids[at], ids[at + 1]


def text_batches_split(ids, T, B):
    length = (len(ids) - 1) // B
    K = length // T
    columns = np.stack([ids[b * length : (b + 1) * length] for b in range(B)], axis=1)[: K * T]
    after = np.stack([ids[b * length + 1 : (b + 1) * length + 1] for b in range(B)], axis=1)[: K * T]
    return np.array(np.split(columns, K)), np.array(np.split(after, K))


def text_batches_torch(ids, T, B):
    ids = torch.tensor(ids)
    length = (len(ids) - 1) // B
    K = length // T
    x, y = (ids[i : i + B * length].view(B, length).t()[: K * T].reshape(K, T, B) for i in (0, 1))
    return x, y


def loss_and_grads_autograd(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    arrays = (np.ascontiguousarray(w, dtype=float) for w in (W_xh, W_hh, b_h, W_hy, b_y))
    ws = A, R, b, C, c = [torch.tensor(w, requires_grad=True) for w in arrays]
    h, ys = torch.tensor(np.ascontiguousarray(h_0), dtype=torch.float64), []
    for row in ids:
        h = torch.tanh(A[torch.tensor(row)] + h @ R + b)
        ys.append(h @ C + c)
    loss = torch.nn.functional.cross_entropy(torch.cat(ys), torch.tensor(targets).reshape(-1))
    loss.backward()
    return loss, *(w.grad for w in ws), h


def loss_and_grads_dicts(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    """In the manner of a well-known program of 2015: dicts by step, and += on the way back."""
    hs, ps, loss = {-1: h_0}, {}, 0
    T, B = ids.shape
    for t in range(T):
        hs[t] = np.tanh(W_xh[ids[t]] + np.dot(hs[t - 1], W_hh) + b_h)
        ys = np.dot(hs[t], W_hy) + b_y
        ys = ys - ys.max(1)[:, None]
        ps[t] = np.exp(ys) / np.sum(np.exp(ys), axis=1)[:, None]
        loss += -np.log(ps[t][range(B), targets[t]]).sum()
    dWxh, dWhh, dWhy = np.zeros(W_xh.shape), np.zeros(W_hh.shape), np.zeros(W_hy.shape)
    dbh, dby, dhnext = np.zeros(b_h.shape), np.zeros(b_y.shape), np.zeros(h_0.shape)
    for t in range(T - 1, -1, -1):
        dy = np.array(ps[t], dtype=float)
        dy[np.arange(B), targets[t]] -= 1
        dy /= T * B
        dWhy += hs[t].T @ dy
        dby += dy.sum(0)
        dhraw = (1 - hs[t] * hs[t]) * (dy @ W_hy.T + dhnext)
        dbh += dhraw.sum(0)
        np.add.at(dWxh, ids[t], dhraw)
        dWhh += hs[t - 1].T @ dhraw
        dhnext = dhraw @ W_hh.T
    return loss / (T * B), dWxh, dWhh, dbh, dWhy, dby, hs[T - 1]


def loss_and_grads_one_hot(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    T, V = len(ids), len(b_y)
    x, h, log_p = np.eye(V)[ids], [h_0], []
    for x_t in x:
        h += [np.tanh(np.dot(x_t, W_xh) + np.dot(h[-1], W_hh) + b_h)]
        y = np.dot(h[-1], W_hy) + b_y
        m = y.max(-1, keepdims=True)
        log_p += [y - m - np.log(np.exp(y - m).sum(-1, keepdims=True))]
    log_p, dz, dh = np.array(log_p), [], np.zeros_like(h_0)
    loss = -np.mean(np.take_along_axis(log_p, targets[..., None], 2))
    dy = (np.exp(log_p) - np.eye(V)[targets]) / targets.size
    for t in range(T)[::-1]:
        dh = (dh + dy[t] @ W_hy.T) * (1 - h[t + 1] ** 2)
        dz.insert(0, dh)
        dh = dh @ W_hh.T
    dz = np.array(dz)
    return [
        loss,
        np.tensordot(x, dz, ([0, 1], [0, 1])),
        sum(a.T @ b for a, b in zip(h, dz)),
        np.sum(dz, (0, 1)),
        sum(a.T @ b for a, b in zip(h[1:], dy)),
        np.sum(dy, (0, 1)),
        h[-1],
    ]


def in_units_powers(nats, characters, words):
    bits = nats * np.log2(np.e)
    return bits, 2**bits, 2 ** (bits * characters / words)


def in_units_per_word(nats, characters, words):
    perplexity = np.e**nats
    return nats / 0.6931471805599453, perplexity, perplexity ** (characters / words)


def next_distribution_rows(logits, temperature, k, p):
    out = np.zeros(logits.shape)
    for b, row in enumerate(logits.astype(float)):
        e = np.exp((row - row.max()) / temperature)
        order = sorted(range(len(row)), key=lambda i: -e[i])[:k]
        total, sofar = sum(e[i] for i in order), 0.0
        for i in order:
            if sofar >= p * total:
                break
            out[b, i] = e[i]
            sofar += e[i]
        out[b] /= out[b].sum()
    return out


def next_distribution_thresholds(logits, temperature, k, p):
    z = logits / temperature
    q = np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
    q = np.where(q >= np.sort(q, axis=-1)[:, ::-1][:, [k - 1]], q, 0)
    q /= q.sum(-1, keepdims=True)
    ranked = np.sort(q, axis=-1)[:, ::-1]
    last = np.minimum((np.cumsum(ranked, axis=-1) < p - 1e-12).sum(-1), logits.shape[1] - 1)
    q = np.where(q >= ranked[np.arange(len(q)), last][:, None], q, 0)
    return q / q.sum(-1, keepdims=True)


def next_distribution_torch(logits, temperature, k, p):
    z = torch.tensor(np.ascontiguousarray(logits)).double() / temperature
    best, at = torch.topk(z, min(k, z.shape[1]))
    q = torch.softmax(best, dim=-1)
    q[q.cumsum(-1) - q >= p] = 0
    return torch.zeros_like(z).scatter(1, at, q / q.sum(-1, keepdim=True))


def draw_search(q, u):
    return np.array([min(np.searchsorted(np.cumsum(row), x, side="right"), len(row) - 1) for row, x in zip(q, u)])


def draw_loop(q, u):
    ids = []
    for row, x in zip(q, u):
        i, total = 0, row[0]
        while total <= x and i < len(row) - 1:
            i += 1
            total += row[i]
        ids.append(i)
    return np.array(ids)


def draw_torch(q, u):
    q, u = torch.tensor(np.ascontiguousarray(q)), torch.tensor(np.ascontiguousarray(u))
    return torch.searchsorted(q.cumsum(1), u[:, None], right=True)[:, 0].clamp(max=q.shape[1] - 1)


STYLES = {
    "language.text_batches": [text_batches_loops, text_batches_index, text_batches_split, text_batches_torch],
    "language.loss_and_grads": [loss_and_grads_autograd, loss_and_grads_dicts, loss_and_grads_one_hot],
    "language.in_units": [in_units_powers, in_units_per_word],
    "language.next_distribution": [
        next_distribution_rows,
        next_distribution_thresholds,
        next_distribution_torch,
    ],
    "language.draw": [draw_search, draw_loop, draw_torch],
}
