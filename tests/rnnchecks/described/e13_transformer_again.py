"""More wrong answers to the problems of 13-transformer, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e13_transformer import softmax


@meant("transformer.position_codes", "sines-then-cosines")
def two_halves(T, D):
    angle = np.arange(T)[:, None] / 10000 ** (np.arange(0, D, 2) / D)
    return np.hstack([np.sin(angle), np.cos(angle)])


@meant("transformer.attention", "shares-over-the-queries")
def columns_sum_to_one(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = np.exp(e) / np.exp(e).sum(axis=0)
    return a @ v, a


def causal(q, k, v, mask):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = softmax(np.where(mask, e, -np.inf))
    return a @ v, a


@meant("transformer.causal_attention", "looks-only-ahead")
def ahead(q, k, v):
    return causal(q, k, v, np.triu(np.ones((len(q), len(q)), dtype=bool)))


@meant("transformer.causal_attention", "no-mask")
def everywhere(q, k, v):
    return causal(q, k, v, True)


@meant("transformer.attention_backward", "average-without-weights")
def plain_mean_off(dc, q, k, v):
    root = np.sqrt(q.shape[1])
    a = softmax(q @ k.T / root)
    da = dc @ v.T
    de = a * (da - da.mean(axis=1, keepdims=True))
    return de @ k / root, de.T @ q / root, a.T @ dc


@meant("transformer.multi_head", "no-output-matrix")
def joined_heads(x, W_q, W_k, W_v, W_o, heads):
    d = x.shape[1] // heads
    out = []
    for n in range(heads):
        q, k, v = (x @ W[:, n * d : (n + 1) * d] for W in (W_q, W_k, W_v))
        out.append(softmax(q @ k.T / np.sqrt(d)) @ v)
    return np.hstack(out)


@meant("transformer.cached_step", "looks-before-it-appends")
def looks_first(x_t, K, V, W_q, W_k, W_v):
    c = softmax(K @ (x_t @ W_q) / np.sqrt(W_q.shape[1])) @ V if len(K) else np.zeros(V.shape[1])
    return c, np.vstack([K, x_t @ W_k]), np.vstack([V, x_t @ W_v])


@meant("transformer.cached_step", "sees-only-itself")
def own_value(x_t, K, V, W_q, W_k, W_v):
    return x_t @ W_v, np.vstack([K, x_t @ W_k]), np.vstack([V, x_t @ W_v])
