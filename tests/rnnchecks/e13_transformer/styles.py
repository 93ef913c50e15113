"""Right answers to the problems of 13-transformer, as different people write them: each must pass."""

import math

import numpy as np
import torch


def position_codes_filled(T, D):
    p = np.zeros((T, D))
    for t in range(T):
        for i in range(D // 2):
            p[t, 2 * i] = math.sin(t / 10000 ** (2 * i / D))
            p[t, 2 * i + 1] = math.cos(t / 10000 ** (2 * i / D))
    return p


def position_codes_strided(T, D):
    p = np.empty((T, D), np.float32)
    rate = np.exp(-math.log(10000.0) * np.arange(0, D, 2) / D)
    p[:, 0::2] = np.sin(np.outer(np.arange(T), rate))
    p[:, 1::2] = np.cos(np.outer(np.arange(T), rate))
    return p


def position_codes_complex(T, D):
    z = np.exp(1j * np.arange(T)[:, None] * 10000.0 ** (-2 * np.arange(D // 2) / D))
    return np.stack((z.imag, z.real), axis=-1).reshape(T, D)


def position_codes_torch(T, D):
    angle = torch.arange(T, dtype=torch.float64)[:, None] / 10000 ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)


def attention_loops(q, k, v):
    a = np.zeros((len(q), len(k)))
    for t in range(len(q)):
        for s in range(len(k)):
            a[t, s] = float(np.dot(q[t], k[s])) / math.sqrt(q.shape[1])
        a[t] = np.exp(a[t] - a[t].max())
        a[t] /= a[t].sum()
    return np.array([sum(a[t, s] * v[s] for s in range(len(k))) for t in range(len(q))]), a


def attention_einsum(q, k, v):
    e = np.einsum("td,sd->ts", q, k) * q.shape[-1] ** -0.5
    a = np.exp(e - np.logaddexp.reduce(e, axis=-1, keepdims=True))
    return np.einsum("ts,se->te", a, v), a


def attention_queries_scaled(q, k, v):
    e = (q / np.sqrt(q.shape[1])) @ np.swapaxes(k, 0, 1)
    e -= np.max(e, axis=-1)[:, None]
    a = np.exp(e)
    a /= np.sum(a, axis=-1)[:, None]
    return [np.matmul(a, v), a]


def attention_torch(q, k, v):
    q, k, v = (torch.tensor(np.ascontiguousarray(array)) for array in (q, k, v))
    a = torch.softmax(q @ k.T / math.sqrt(q.shape[1]), dim=-1)
    return a @ v, a


def causal_attention_prefixes(q, k, v):
    T = len(q)
    c, a = np.zeros((T, v.shape[1])), np.zeros((T, T))
    for t in range(T):
        c[t : t + 1], a[t : t + 1, : t + 1] = attention_einsum(q[t : t + 1], k[: t + 1], v[: t + 1])
    return c, a


def causal_attention_added(q, k, v):
    mask = np.triu(np.full((len(q), len(q)), -np.inf), k=1)
    e = q @ k.T / np.sqrt(q.shape[1]) + mask
    a = np.exp(e - e.max(axis=1, keepdims=True))
    a = a / a.sum(axis=1, keepdims=True)
    return a @ v, a


def causal_attention_cleared(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    e[np.triu_indices(len(q), 1)] = -1e30
    a = np.exp(e - e.max(axis=1, keepdims=True)) * np.tri(len(q))
    a /= a.sum(axis=1, keepdims=True)
    return a @ v, a


def causal_attention_torch(q, k, v):
    q, k, v = (torch.tensor(np.ascontiguousarray(array)) for array in (q, k, v))
    later = torch.ones(len(q), len(q)).triu(1).bool()
    a = (q @ k.T / math.sqrt(q.shape[1])).masked_fill(later, float("-inf")).softmax(-1)
    return a @ v, a


def attention_backward_jacobians(dc, q, k, v):
    root = math.sqrt(q.shape[1])
    _, a = attention_loops(q, k, v)
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for t in range(len(q)):
        J = np.diag(a[t]) - np.outer(a[t], a[t])
        de = J @ (v @ dc[t])
        dq[t] = de @ k / root
        dk += np.outer(de, q[t]) / root
        dv += np.outer(a[t], dc[t])
    return dq, dk, dv


def attention_backward_einsum(dc, q, k, v):
    c, a = attention_einsum(q, k, v)
    de = a * (np.einsum("te,se->ts", dc, v) - (dc * c).sum(axis=1)[:, None]) / np.sqrt(q.shape[1])
    return np.einsum("ts,sd->td", de, k), np.einsum("ts,td->sd", de, q), np.einsum("ts,te->se", a, dc)


def attention_backward_autograd(dc, q, k, v):
    q, k, v = (torch.tensor(np.ascontiguousarray(array), requires_grad=True) for array in (q, k, v))
    c, _ = (q @ k.T / math.sqrt(q.shape[1])).softmax(-1) @ v, None
    return torch.autograd.grad(c, (q, k, v), torch.tensor(np.ascontiguousarray(dc)))


def multi_head_one_by_one(x, W_q, W_k, W_v, W_o, heads):
    d = x.shape[1] // heads
    y = np.zeros(x.shape)
    for j in range(heads):
        part = slice(j * d, (j + 1) * d)
        c, _ = attention_loops(x @ W_q[:, part], x @ W_k[:, part], x @ W_v[:, part])
        y += c @ W_o[part]
    return y


def multi_head_split(x, W_q, W_k, W_v, W_o, heads):
    q, k, v = (np.split(x @ W, heads, axis=1) for W in (W_q, W_k, W_v))
    return np.hstack([attention_einsum(*one)[0] for one in zip(q, k, v, strict=True)]) @ W_o


def multi_head_einsum(x, W_q, W_k, W_v, W_o, heads):
    T, D = x.shape
    q, k, v = (np.einsum("td,dhe->hte", x, W.reshape(D, heads, D // heads)) for W in (W_q, W_k, W_v))
    e = np.einsum("hte,hse->hts", q, k) / (D // heads) ** 0.5
    a = np.exp(e - e.max(-1, keepdims=True))
    a /= a.sum(-1, keepdims=True)
    return np.einsum("hts,hse->the", a, v).reshape(T, D) @ W_o


def multi_head_torch(x, W_q, W_k, W_v, W_o, heads):
    x, W_q, W_k, W_v, W_o = (torch.tensor(np.ascontiguousarray(a)) for a in (x, W_q, W_k, W_v, W_o))
    q, k, v = ((x @ W).unflatten(1, (heads, -1)).transpose(0, 1) for W in (W_q, W_k, W_v))
    c = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    return c.transpose(0, 1).flatten(1) @ W_o


def cached_step_stacked(x_t, K, V, W_q, W_k, W_v):
    K, V = np.vstack([K, x_t @ W_k]), np.vstack([V, x_t @ W_v])
    c, _ = attention_einsum((x_t @ W_q)[None, :], K, V)
    return c[0], K, V


def cached_step_lists(x_t, K, V, W_q, W_k, W_v):
    keys, values = [*K, x_t.dot(W_k)], [*V, x_t.dot(W_v)]
    q = x_t.dot(W_q)
    e = [float(key @ q) / math.sqrt(len(q)) for key in keys]
    shares = [math.exp(score - max(e)) for score in e]
    c = sum(share * value for share, value in zip(shares, values, strict=True)) / sum(shares)
    return c, np.array(keys), np.array(values)


def cached_step_torch(x_t, K, V, W_q, W_k, W_v):
    x_t, K, V, W_q, W_k, W_v = (torch.tensor(np.ascontiguousarray(a)) for a in (x_t, K, V, W_q, W_k, W_v))
    K, V = torch.cat((K, (x_t @ W_k)[None])), torch.cat((V, (x_t @ W_v)[None]))
    return (K @ (x_t @ W_q) / math.sqrt(K.shape[1])).softmax(0) @ V, K, V


STYLES = {
    "transformer.position_codes": [
        position_codes_filled,
        position_codes_strided,
        position_codes_complex,
        position_codes_torch,
    ],
    "transformer.attention": [attention_loops, attention_einsum, attention_queries_scaled, attention_torch],
    "transformer.causal_attention": [
        causal_attention_prefixes,
        causal_attention_added,
        causal_attention_cleared,
        causal_attention_torch,
    ],
    "transformer.attention_backward": [
        attention_backward_jacobians,
        attention_backward_einsum,
        attention_backward_autograd,
    ],
    "transformer.multi_head": [multi_head_one_by_one, multi_head_split, multi_head_einsum, multi_head_torch],
    "transformer.cached_step": [cached_step_stacked, cached_step_lists, cached_step_torch],
}
