"""One step of causal attention over cached keys and values."""

import numpy as np

from rnnlib.activations import softmax
from rnnlib.checks.problem import Problem, normal

cache = Problem("transformer.cached_step", "13-transformer", outputs={"c": "D", "K": "TH", "V": "TD"})


@cache.reference
def cached_step(x_t, K, V, W_q, W_k, W_v):
    """Append the new key and value, then let the new query look at all of them."""
    K = np.concatenate((K, (x_t @ W_k)[None]))
    V = np.concatenate((V, (x_t @ W_v)[None]))
    return softmax(K @ (x_t @ W_q) / np.sqrt(K.shape[1])) @ V, K, V


def arguments(rng, t, D, d, E):
    """Draw an input, a cache of t steps, and weights."""
    return (
        normal(rng, D),
        normal(rng, t, d),
        normal(rng, t, E),
        *(normal(rng, D, width, scale=D**-0.5) for width in (d, d, E)),
    )


@cache.arguments
def _(rng, s):
    return arguments(rng, s.T + 1, s.V, s.H, s.D)


@cache.special("the first step of all, with an empty cache")
def _(rng):
    return arguments(rng, 0, 5, 3, 4)


@cache.special("a long cache, and values as wide as keys", hidden=True)
def _(rng):
    return arguments(rng, 30, 5, 4, 4)


def looked(q, K, V):
    """Attend with one query."""
    return softmax(K @ q / np.sqrt(K.shape[1])) @ V


def grown(x_t, K, V, W_k, W_v):
    """Append the new key and value."""
    return np.concatenate((K, (x_t @ W_k)[None])), np.concatenate((V, (x_t @ W_v)[None]))


@cache.misconception(
    "looks-before-it-appends",
    "The step does not see itself: you look into the cache before the new key and value are in it. (At the first step "
    "there is nothing to look at.)",
)
def _(x_t, K, V, W_q, W_k, W_v):
    c = looked(x_t @ W_q, K, V) if len(K) else np.zeros(V.shape[1])
    return c, *grown(x_t, K, V, W_k, W_v)


@cache.misconception(
    "cache-not-returned",
    "You return the cache as it came. The next step needs this step's key and value in it.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    return looked(x_t @ W_q, *grown(x_t, K, V, W_k, W_v)), K, V


@cache.misconception(
    "newest-first",
    "The new key and value stand in front. The output does not notice, for attention sees a set; but row s of the "
    "cache is to be step s.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = np.concatenate(((x_t @ W_k)[None], K)), np.concatenate(((x_t @ W_v)[None], V))
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@cache.misconception(
    "values-in-front-keys-at-the-end",
    "The new value stands in front, the new key at the end, so every share meets the value of another step.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = np.concatenate((K, (x_t @ W_k)[None])), np.concatenate(((x_t @ W_v)[None], V))
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@cache.misconception(
    "query-in-the-cache",
    "What you append to the keys is the query. Later steps ask for what this step has to offer, not for what it was "
    "looking for.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_q, W_v)
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@cache.misconception(
    "asks-with-its-key",
    "The step asks with its key. The query has a matrix of its own, W_q.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return looked(x_t @ W_k, K_new, V_new), K_new, V_new


@cache.misconception(
    "not-divided",
    "The scores are not divided by the root of the width of the keys.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q)) @ V_new, K_new, V_new


@cache.misconception(
    "root-of-the-length",
    "You divide by the root of the number of steps in the cache. It is the width of a key that counts: then the same "
    "pair has the same score at every step.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q) / np.sqrt(len(K_new))) @ V_new, K_new, V_new


@cache.misconception(
    "root-of-the-input-width",
    "You divide by the root of the width of x_t. The score is a product of a query and a key: how wide are they?",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q) / np.sqrt(len(x_t))) @ V_new, K_new, V_new


@cache.misconception(
    "no-softmax",
    "You mix the values with the scores as they are. What turns scores into shares that sum to 1?",
)
def _(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return (K_new @ (x_t @ W_q) / np.sqrt(K_new.shape[1])) @ V_new, K_new, V_new


@cache.misconception(
    "sees-only-itself",
    "The output is the step's own value. The query is to look at all cached steps and itself.",
)
def _(x_t, K, V, W_q, W_k, W_v):
    return x_t @ W_v, *grown(x_t, K, V, W_k, W_v)
