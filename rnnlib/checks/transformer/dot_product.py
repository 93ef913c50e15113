"""Scaled dot-product attention of queries to keys and values."""

import numpy as np

from rnnlib.activations import softmax
from rnnlib.checks.problem import Problem, normal

dot_product = Problem("transformer.attention", "13-transformer", outputs={"c": "TD", "a": "TV"})


@dot_product.reference
def attention(q, k, v):
    """Score every key for every query, make shares of the scores, and mix the values by them."""
    e = q @ k.T / np.sqrt(q.shape[1])
    e = np.exp(e - e.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@dot_product.arguments
def _(rng, s):
    return normal(rng, s.T, s.H), normal(rng, s.V, s.H), normal(rng, s.V, s.D)


@dot_product.special("huge scores, up to several thousand")
def _(rng):
    return normal(rng, 4, 3, scale=60), normal(rng, 6, 3, scale=60), normal(rng, 6, 5)


@dot_product.special("as many queries as keys", hidden=True)
def _(rng):
    return normal(rng, 5, 3), normal(rng, 5, 3), normal(rng, 5, 2)


@dot_product.special("a single key", hidden=True)
def _(rng):
    return normal(rng, 4, 3), normal(rng, 1, 3), normal(rng, 1, 2)


def mixed(scores, v):
    """Give the softmax over the keys and the mixture."""
    a = softmax(scores)
    return a @ v, a


@dot_product.misconception(
    "not-divided",
    "The scores are not divided. By what does the chapter divide them, and how wide are your queries?",
)
def _(q, k, v):
    return mixed(q @ k.T, v)


@dot_product.misconception(
    "divided-by-the-width",
    "You divide by the width d. The spread of a sum of d products grows more slowly than that.",
)
def _(q, k, v):
    return mixed(q @ k.T / q.shape[1], v)


@dot_product.misconception(
    "multiplied-by-the-root",
    "You multiply by the root of the width where the equation divides.",
)
def _(q, k, v):
    return mixed(q @ k.T * np.sqrt(q.shape[1]), v)


@dot_product.misconception(
    "root-of-the-number-of-keys",
    "You divide by the root of the number of keys. The product of a query and a key is a sum over their width: which "
    "axis is that?",
)
def _(q, k, v):
    return mixed(q @ k.T / np.sqrt(len(k)), v)


@dot_product.misconception(
    "root-of-the-width-of-the-values",
    "You divide by the root of the width of the values. The scores come from queries and keys alone.",
)
def _(q, k, v):
    return mixed(q @ k.T / np.sqrt(v.shape[1]), v)


@dot_product.misconception(
    "shares-over-the-queries",
    "For each key, your shares sum to 1 over the queries. Who has to divide its attention: a query or a key?",
)
def _(q, k, v):
    a = softmax((q @ k.T / np.sqrt(q.shape[1])).T).T
    return a @ v, a


@dot_product.misconception(
    "one-softmax-for-all",
    "All your shares together sum to 1. Each query needs shares of its own that sum to 1.",
)
def _(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = softmax(e.reshape(1, -1)).reshape(e.shape)
    return a @ v, a


@dot_product.misconception(
    "no-softmax",
    "You mix with the scores as they are. They can be negative, and they do not sum to 1. What turns them into shares?",
)
def _(q, k, v):
    a = q @ k.T / np.sqrt(q.shape[1])
    return a @ v, a


@dot_product.misconception(
    "scores-divided-by-their-sum",
    "You divide scores by their sum. A score may be negative, and so may their sum. What does the softmax do first?",
)
def _(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@dot_product.misconception(
    "not-normalised",
    "You take the exponential and stop there. What is missing until the weights of a query sum to 1?",
)
def _(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    with np.errstate(all="ignore"):
        a = np.exp(e)
        return a @ v, a


@dot_product.misconception(
    "softmax-overflows",
    "With large scores the exponential overflows and nan comes out. Subtracting the same number from all scores of a "
    "query changes no share: which number would help?",
)
def _(q, k, v):
    with np.errstate(all="ignore"):
        a = np.exp(q @ k.T / np.sqrt(q.shape[1]))
        a = a / a.sum(axis=1, keepdims=True)
        return a @ v, a


@dot_product.misconception(
    "divided-after-the-softmax",
    "You divide by the root of the width after the softmax. The shares no longer sum to 1, and a large score has "
    "saturated the softmax before.",
)
def _(q, k, v):
    a = softmax(q @ k.T) / np.sqrt(q.shape[1])
    return a @ v, a


@dot_product.misconception(
    "only-the-best",
    "Each query takes the value of its best key alone. The softmax gives every key a share, so that there is a slope "
    "to learn from.",
)
def _(q, k, v):
    a = np.eye(len(k))[(q @ k.T).argmax(axis=1)]
    return a @ v, a
