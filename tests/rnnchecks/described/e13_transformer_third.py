"""Wrong answers to the problems of 13-transformer, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e13_transformer import softmax


@meant("transformer.position_codes", "share-of-the-length")
def step_over_length(T, D):
    p = np.zeros((T, D))
    for t in range(T):
        for i in range(D // 2):
            angle = t / T / 10000 ** (2 * i / D)
            p[t, 2 * i], p[t, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return p


@meant("transformer.attention", "no-softmax")
def raw_scores(q, k, v):
    a = q @ k.T / np.sqrt(q.shape[1])
    return a @ v, a


@meant("transformer.attention", "divided-by-the-width")
def without_the_root(q, k, v):
    a = softmax(q @ k.T / q.shape[1])
    return a @ v, a


@meant("transformer.causal_attention", "one-step-ahead")
def triangle_beside_the_diagonal(q, k, v):
    T = len(q)
    e = q @ k.T / np.sqrt(q.shape[1])
    e[np.triu_indices(T, 2)] = -np.inf
    a = softmax(e)
    return a @ v, a


@meant("transformer.attention_backward", "wrong-sign")
def average_minus_da(dc, q, k, v):
    root = np.sqrt(q.shape[1])
    a = softmax(q @ k.T / root)
    da = dc @ v.T
    de = a * ((a * da).sum(axis=1, keepdims=True) - da)
    return de @ k / root, de.T @ q / root, a.T @ dc


@meant("transformer.multi_head", "input-cut-in-place-of-the-projection")
def heads_read_their_block(x, W_q, W_k, W_v, W_o, heads):
    d, out = x.shape[1] // heads, []
    for n in range(heads):
        block = slice(n * d, (n + 1) * d)
        q, k, v = (x[:, block] @ W[block, block] for W in (W_q, W_k, W_v))
        out.append(softmax(q @ k.T / np.sqrt(d)) @ v)
    return np.hstack(out) @ W_o


def looked_up(x_t, K, V, W_q, W_k, W_v, width):
    K, V = np.vstack([K, x_t @ W_k]), np.vstack([V, x_t @ W_v])
    return softmax(K @ (x_t @ W_q) / np.sqrt(width)) @ V, K, V


@meant("transformer.cached_step", "root-of-the-input-width")
def width_of_x(x_t, K, V, W_q, W_k, W_v):
    return looked_up(x_t, K, V, W_q, W_k, W_v, len(x_t))


@meant("transformer.cached_step", "cache-not-returned")
def old_cache(x_t, K, V, W_q, W_k, W_v):
    return looked_up(x_t, K, V, W_q, W_k, W_v, K.shape[1])[0], K, V
