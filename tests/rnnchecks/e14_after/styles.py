"""Right answers in other styles, for exercise 14-after."""

import numpy as np
import torch


def combine_functions(a1, b1, a2, b2):
    def two(h):
        return a2 * (a1 * h + b1) + b2

    return two(1) - two(0), two(0)


def combine_torch(a1, b1, a2, b2):
    a1, b1, a2, b2 = (torch.tensor(np.ascontiguousarray(v)) for v in (a1, b1, a2, b2))
    return a1 * a2, torch.addcmul(b2, a2, b1)


def combine_matrices(a1, b1, a2, b2):
    one, zero = np.ones_like(a1), np.zeros_like(a1)
    first = np.array([[a1, b1], [zero, one]])
    second = np.array([[a2, b2], [zero, one]])
    both = np.einsum("ij...,jk...->ik...", second, first)
    return both[0, 0], both[0, 1]


def combine_float32(a1, b1, a2, b2):
    a1, b1, a2, b2 = map(np.float32, (a1, b1, a2, b2))
    return a2 * a1, a2 * b1 + b2


def scan_in_a_copy(x, join):
    h, s = np.array(x), 1
    while s < len(h):
        h[s:] = join(h[:-s].copy(), h[s:].copy())
        s *= 2
    return h


def scan_by_pairs(x, join):
    T = len(x)
    if T == 1:
        return x
    pairs = scan_by_pairs(join(x[: T - T % 2 : 2], x[1::2]), join)
    h = np.empty_like(x)
    h[0], h[1::2] = x[0], pairs
    if T > 2:
        h[2::2] = join(pairs[: len(h[2::2])], x[2::2])
    return h


def scan_in_halves(x, join):
    """Join the halves with each other; the two recursions run side by side, as one array of twice the width."""
    T = len(x)
    size = 1
    h = list(x)
    while size < T:
        late = [t for t in range(T) if (t // size) % 2]
        joined = join(np.stack([h[t // size * size - 1] for t in late]), np.stack([h[t] for t in late]))
        for t, value in zip(late, joined):
            h[t] = value
        size *= 2
    return np.stack(h)


def scan_up_and_down(x, join):
    h, T, s = np.array(x), len(x), 1
    while 2 * s <= T:
        late = np.arange(2 * s - 1, T, 2 * s)
        h[late] = join(h[late - s], h[late])
        s *= 2
    while s >= 1:
        late = np.arange(3 * s - 1, T, 2 * s)
        if len(late):
            h[late] = join(h[late - s], h[late])
        s //= 2
    return h


def scan_backward_scan(dh_out, a, h, h_0):
    factor = np.concatenate([a[1:], 0 * a[:1]])[::-1]
    d, s = np.array(dh_out[::-1]), 1
    while s < len(d):
        d = np.concatenate([d[:s], factor[s:] * d[:-s] + d[s:]])
        factor = np.concatenate([factor[:s], factor[s:] * factor[:-s]])
        s *= 2
    db = d[::-1]
    h_prev = np.vstack([h_0[None], h])[:-1]
    return db * h_prev, db, (a * db)[0]


def scan_backward_products(dh_out, a, h, h_0):
    T = len(a)
    db = np.zeros(a.shape)
    for t in range(T):
        for later in range(t, T):
            db[t] += np.prod(a[t + 1 : later + 1], axis=0) * dh_out[later]
    da = np.array([db[t] * (h[t - 1] if t else h_0) for t in range(T)])
    return da, db, a[0] * db[0]


def scan_backward_autograd(dh_out, a, h, h_0):
    a, h_0, h = (torch.tensor(np.ascontiguousarray(v), dtype=torch.float64) for v in (a, h_0, h))
    b = h - a * torch.cat([h_0[None], h[:-1]])
    leaves = [v.requires_grad_() for v in (a, b, h_0)]
    state, out = leaves[2], 0
    for t in range(len(a)):
        state = leaves[0][t] * state + leaves[1][t]
        out = out + (state * torch.tensor(np.ascontiguousarray(dh_out[t]))).sum()
    return torch.autograd.grad(out, leaves)


def plain_sigmoid(k):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-k))


def min_gru_stepwise(x, h_0, W_z, b_z, W_n, b_n):
    h, out = h_0, []
    for x_t in x:
        z, v = plain_sigmoid(x_t @ W_z + b_z), x_t @ W_n + b_n
        n = np.maximum(v, 0) + np.minimum(plain_sigmoid(v), 0.5)
        h = h + z * (n - h)
        out.append(h)
    return np.array(out)


def min_gru_scan(x, h_0, W_z, b_z, W_n, b_n):
    z, v = plain_sigmoid(x @ W_z + b_z), x @ W_n + b_n
    n = plain_sigmoid(v)
    n[v >= 0] = v[v >= 0] + 0.5
    a, b, s = 1 - z, z * n, 1
    b[0] += a[0] * h_0
    while s < len(x):
        b = np.concatenate([b[:s], a[s:] * b[:-s] + b[s:]])
        a = np.concatenate([a[:s], a[s:] * a[:-s]])
        s *= 2
    return b


def min_gru_torch(x, h_0, W_z, b_z, W_n, b_n):
    x, h, W_z, b_z, W_n, b_n = (torch.tensor(np.ascontiguousarray(v)).double() for v in (x, h_0, W_z, b_z, W_n, b_n))
    z, v = torch.sigmoid(x @ W_z + b_z), x @ W_n + b_n
    n, out = torch.where(v >= 0, v + 0.5, torch.sigmoid(v)), []
    for t in range(len(x)):
        h = torch.lerp(h, n[t], z[t])
        out.append(h)
    return torch.stack(out)


def share_softplus(k_f, k_i):
    k_f, k_i = (torch.tensor(np.ascontiguousarray(v)).double() for v in (k_f, k_i))
    return torch.sigmoid(torch.nn.functional.logsigmoid(k_i) - torch.nn.functional.logsigmoid(k_f))


def share_softmax(k_f, k_i):
    logs = -np.logaddexp(0, -np.stack([k_f, k_i]).astype(float))
    e = np.exp(logs - logs.max(axis=0))
    return e[1] / e.sum(axis=0)


def share_by_hand(k_f, k_i):
    log_f, log_i = (np.minimum(k, 0) - np.log1p(np.exp(-np.abs(k))) for k in (k_f, k_i))
    return 0.5 + 0.5 * np.tanh((log_i - log_f) / 2)


def bias_logit(tau):
    z = 1 / tau
    return np.log(z / (1 - z))


def bias_log1p(tau):
    return np.log(1 / (tau - 1))


def bias_loop(tau):
    return np.array([-float(np.log(t - 1)) for t in tau])


STYLES = {
    "after.combine": [combine_functions, combine_torch, combine_matrices, combine_float32],
    "after.scan": [scan_in_a_copy, scan_by_pairs, scan_in_halves, scan_up_and_down],
    "after.scan_backward": [scan_backward_scan, scan_backward_products, scan_backward_autograd],
    "after.min_gru": [min_gru_stepwise, min_gru_scan, min_gru_torch],
    "after.share_of_new": [share_softplus, share_softmax, share_by_hand],
    "after.gate_bias": [bias_logit, bias_log1p, bias_loop],
}
