"""Wrong answers to the problems of 13-transformer, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def softmax(e):
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def codes(T, D, first=0, by_pair=False):
    p = np.zeros((T, D))
    for t in range(T):
        for i in range(D // 2):
            angle = (t + first) / 10000 ** ((i if by_pair else 2 * i) / D)
            p[t, 2 * i], p[t, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return p


@meant("transformer.position_codes", "clocks-slow-down-too-little")
def exponent_of_the_pair(T, D):
    return codes(T, D, by_pair=True)


@meant("transformer.position_codes", "starts-at-one")
def counts_from_one(T, D):
    return codes(T, D, first=1)


@meant("transformer.attention", "scores-divided-by-their-sum")
def plain_shares(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@meant("transformer.causal_attention", "not-divided")
def causal_undivided(q, k, v):
    e = q @ k.T
    e[np.triu_indices(len(q), 1)] = -np.inf
    a = softmax(e)
    return a @ v, a


@meant("transformer.causal_attention", "zero-is-a-score")
def causal_zeros(q, k, v):
    a = softmax(np.tril(q @ k.T / np.sqrt(q.shape[1])))
    return a @ v, a


@meant("transformer.attention_backward", "no-softmax")
def past_the_softmax(dc, q, k, v):
    root = np.sqrt(q.shape[1])
    a = softmax(q @ k.T / root)
    da = dc @ v.T
    return da @ k / root, da.T @ q / root, a.T @ dc


def heads_of(x, W_q, W_k, W_v, W_o, heads, project=True):
    T, D = x.shape
    d = D // heads
    q, k, v = x @ W_q, x @ W_k, x @ W_v if project else x
    out = []
    for n in range(heads):
        cut = slice(n * d, (n + 1) * d)
        out.append(softmax(q[:, cut] @ k[:, cut].T / np.sqrt(d)) @ v[:, cut])
    return np.hstack(out) @ W_o


@meant("transformer.multi_head", "output-matrix-transposed")
def mixed_the_other_way(x, W_q, W_k, W_v, W_o, heads):
    return heads_of(x, W_q, W_k, W_v, W_o.T, heads)


@meant("transformer.multi_head", "values-not-projected")
def values_are_x(x, W_q, W_k, W_v, W_o, heads):
    return heads_of(x, W_q, W_k, W_v, W_o, heads, project=False)


@meant("transformer.cached_step", "newest-first")
def new_in_front(x_t, K, V, W_q, W_k, W_v):
    K, V = np.vstack([x_t @ W_k, K]), np.vstack([x_t @ W_v, V])
    return softmax(K @ (x_t @ W_q) / np.sqrt(K.shape[1])) @ V, K, V
