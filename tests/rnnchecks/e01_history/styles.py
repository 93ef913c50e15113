"""Right answers to the problems of 01-history, as different people write them: each must pass."""

import math

import numpy as np
import torch


def hopfield_weights_loops(patterns):
    P, N = patterns.shape
    W = np.zeros((N, N))
    for i in range(N):
        for j in range(N):
            if i != j:
                W[i, j] = sum(patterns[m, i] * patterns[m, j] for m in range(P)) / N
    return W


def hopfield_weights_outer(patterns):
    W = sum(np.outer(p, p) for p in patterns)
    return (W - np.diag(np.diag(W))) / patterns.shape[1]


def hopfield_weights_einsum(patterns):
    N = len(patterns[0])
    return np.einsum("mi,mj->ij", patterns, patterns) * (1 - np.eye(N)) / N


def hopfield_weights_torch(patterns):
    X = torch.tensor(np.ascontiguousarray(patterns)).double()
    return (X.T @ X - len(X) * torch.eye(X.shape[1])) / X.shape[1]


def hopfield_energy_loops(S, W):
    E = []
    for s in S:
        E.append(-sum(W[i, j] * s[i] * s[j] for i in range(len(s)) for j in range(i)))
    return np.array(E)


def hopfield_energy_diagonal(S, W):
    return -np.diag(S @ W @ S.T) / 2


def hopfield_energy_einsum(S, W):
    return -np.einsum("bi,ij,bj->b", S, W, S) / 2


def hopfield_energy_float32(S, W):
    S, W = S.astype("f4"), W.astype("f4")
    return np.array([-0.5 * s.dot(W).dot(s) for s in S])


def hopfield_recall_flag(s, W, order):
    s = np.array(s)
    moved = True
    while moved:
        moved = False
        for i in order:
            total = float(np.dot(W[i], s))
            new = 1.0 if total > 0 else -1.0 if total < 0 else s[i]
            if new != s[i]:
                s[i] = new
                moved = True
    return s


def hopfield_recall_fields(s, W, order):
    s = s.astype(float)
    f = s @ W
    quiet = 0
    while quiet < len(order):
        for i in order:
            if f[i] * s[i] < 0:
                s[i] *= -1
                f = f + 2 * s[i] * W[i]
                f[np.abs(f) < 1e-9] = 0
                quiet = 0
            else:
                quiet += 1
    return s


def hopfield_recall_list(s, W, order):
    units, last = [float(v) for v in s], None
    while units != last:
        last = list(units)
        for i in order:
            f = math.fsum(W[j][i] * units[j] for j in range(len(units)))
            if f:
                units[i] = math.copysign(1, f)
    return np.array(units)


def temporal_xor_loop(bits):
    x = []
    for a, b in bits:
        x += [a, b, int(a != b)]
    return np.array(x)


def temporal_xor_filled(bits):
    x = np.zeros(3 * len(bits), int)
    x[0::3], x[1::3] = bits[:, 0], bits[:, 1]
    x[2::3] = (bits[:, 0].astype(int) + bits[:, 1]) % 2
    return x


def temporal_xor_hstack(bits):
    return np.hstack([bits, np.bitwise_xor.reduce(bits, axis=1)[:, None]]).reshape(-1).astype(float)


def elman_step_split(x_t, h_prev, W, b_h, W_hy, b_y):
    D = x_t.shape[1]
    h = 1 / (1 + np.exp(-(x_t @ W[:D] + h_prev @ W[D:] + b_h)))
    return h, 1 / (1 + np.exp(-(h @ W_hy + b_y)))


def elman_step_tanh(x_t, h_prev, W, b_h, W_hy, b_y):
    z = np.hstack([x_t, h_prev]).dot(W) + b_h
    h = (1 + np.tanh(z / 2)) / 2
    return [h, 0.5 + 0.5 * np.tanh((h.dot(W_hy) + b_y) / 2)]


def elman_step_rows(x_t, h_prev, W, b_h, W_hy, b_y):
    h, y = [], []
    for x, c in zip(x_t, h_prev, strict=True):
        z = np.array([*x, *c]) @ W + b_h
        h.append([1 / (1 + math.exp(-v)) for v in z])
        y.append([1 / (1 + math.exp(-v)) for v in np.array(h[-1]) @ W_hy + b_y])
    return np.array(h), np.array(y)


def elman_step_torch(x_t, h_prev, W, b_h, W_hy, b_y):
    x_t, h_prev, W, b_h, W_hy, b_y = (torch.tensor(np.ascontiguousarray(a)) for a in (x_t, h_prev, W, b_h, W_hy, b_y))
    h = torch.sigmoid(torch.cat([x_t, h_prev], dim=1) @ W + b_h)
    return h, torch.sigmoid(h @ W_hy + b_y)


def error_by_place_slices(y, x):
    e = y - x[1:]
    first, second, third = e[2::3], e[0::3], e[1::3]
    return np.array([np.sqrt(np.mean(np.square(part))) for part in (first, second, third)])


def error_by_place_loop(y, x):
    total, count = [0.0] * 3, [0] * 3
    T, B = x.shape
    for t in range(1, T):
        for b in range(B):
            total[t % 3] += (y[t - 1, b] - x[t, b]) ** 2
            count[t % 3] += 1
    return np.array([math.sqrt(s / n) for s, n in zip(total, count, strict=True)])


def error_by_place_padded(y, x):
    e = np.full(x.shape, np.nan)
    e[1:] = (x[1:] - y) ** 2
    return np.array([np.nanmean(e[k::3]) for k in (0, 1, 2)]) ** 0.5


STYLES = {
    "history.hopfield_weights": [
        hopfield_weights_loops,
        hopfield_weights_outer,
        hopfield_weights_einsum,
        hopfield_weights_torch,
    ],
    "history.hopfield_energy": [
        hopfield_energy_loops,
        hopfield_energy_diagonal,
        hopfield_energy_einsum,
        hopfield_energy_float32,
    ],
    "history.hopfield_recall": [hopfield_recall_flag, hopfield_recall_fields, hopfield_recall_list],
    "history.temporal_xor": [temporal_xor_loop, temporal_xor_filled, temporal_xor_hstack],
    "history.elman_step": [elman_step_split, elman_step_tanh, elman_step_rows, elman_step_torch],
    "history.error_by_place": [error_by_place_slices, error_by_place_loop, error_by_place_padded],
}
