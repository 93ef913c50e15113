"""One step of causal attention over cached keys and values."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("transformer.cached_step", "13-transformer", task=6, outputs={"c": "D", "K": "TH", "V": "TD"})


@problem.reference
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


@problem.arguments
def random_arguments(rng, s):
    return arguments(rng, s.T + 1, s.V, s.H, s.D)


@problem.special("the first step of all, with an empty cache")
def the_first_step_of_all_with_an_empty_cache(rng):
    return arguments(rng, 0, 5, 3, 4)


@problem.special("a long cache, and values as wide as keys", hidden=True)
def a_long_cache_and_values_as_wide_as_keys(rng):
    return arguments(rng, 30, 5, 4, 4)


def looked(q, K, V):
    """Attend with one query."""
    return softmax(K @ q / np.sqrt(K.shape[1])) @ V


def grown(x_t, K, V, W_k, W_v):
    """Append the new key and value."""
    return np.concatenate((K, (x_t @ W_k)[None])), np.concatenate((V, (x_t @ W_v)[None]))


@problem.misconception(
    "The step does not see itself: you look into the cache before the new key and value are in it. (At the first step "
    "there is nothing to look at.)"
)
def looks_before_it_appends(x_t, K, V, W_q, W_k, W_v):
    c = looked(x_t @ W_q, K, V) if len(K) else np.zeros(V.shape[1])
    return c, *grown(x_t, K, V, W_k, W_v)


@problem.misconception("You return the cache as it came. The next step needs this step's key and value in it.")
def cache_not_returned(x_t, K, V, W_q, W_k, W_v):
    return looked(x_t @ W_q, *grown(x_t, K, V, W_k, W_v)), K, V


@problem.misconception(
    "The new key and value stand in front. The output does not notice, for attention sees a set; but row s of the "
    "cache is to be step s."
)
def newest_first(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = np.concatenate(((x_t @ W_k)[None], K)), np.concatenate(((x_t @ W_v)[None], V))
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@problem.misconception(
    "The new value stands in front, the new key at the end, so every share meets the value of another step."
)
def values_in_front_keys_at_the_end(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = np.concatenate((K, (x_t @ W_k)[None])), np.concatenate(((x_t @ W_v)[None], V))
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@problem.misconception(
    "What you append to the keys is the query. Later steps ask for what this step has to offer, not for what it was "
    "looking for."
)
def query_in_the_cache(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_q, W_v)
    return looked(x_t @ W_q, K_new, V_new), K_new, V_new


@problem.misconception("The step asks with its key. The query has a matrix of its own, W_q.")
def asks_with_its_key(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return looked(x_t @ W_k, K_new, V_new), K_new, V_new


@problem.misconception("The scores are not divided by the root of the width of the keys.")
def not_divided(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q)) @ V_new, K_new, V_new


@problem.misconception(
    "You divide by the root of the number of steps in the cache. It is the width of a key that counts: then the same "
    "pair has the same score at every step."
)
def root_of_the_length(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q) / np.sqrt(len(K_new))) @ V_new, K_new, V_new


@problem.misconception(
    "You divide by the root of the width of x_t. The score is a product of a query and a key: how wide are they?"
)
def root_of_the_input_width(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return softmax(K_new @ (x_t @ W_q) / np.sqrt(len(x_t))) @ V_new, K_new, V_new


@problem.misconception("You mix the values with the scores as they are. What turns scores into shares that sum to 1?")
def no_softmax(x_t, K, V, W_q, W_k, W_v):
    K_new, V_new = grown(x_t, K, V, W_k, W_v)
    return (K_new @ (x_t @ W_q) / np.sqrt(K_new.shape[1])) @ V_new, K_new, V_new


@problem.misconception("The output is the step's own value. The query is to look at all cached steps and itself.")
def sees_only_itself(x_t, K, V, W_q, W_k, W_v):
    return x_t @ W_v, *grown(x_t, K, V, W_k, W_v)
