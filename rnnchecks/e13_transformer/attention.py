"""Scaled dot-product attention of queries to keys and values."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("transformer.attention", "13-transformer", task=2, outputs={"c": "TD", "a": "TV"})


@problem.reference
def attention(q, k, v):
    """Score every key for every query, make shares of the scores, and mix the values by them."""
    e = q @ k.T / np.sqrt(q.shape[1])
    e = np.exp(e - e.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.H), normal(rng, s.V, s.H), normal(rng, s.V, s.D)


@problem.special("huge scores, up to several thousand")
def huge_scores_up_to_several_thousand(rng):
    return normal(rng, 4, 3, scale=60), normal(rng, 6, 3, scale=60), normal(rng, 6, 5)


@problem.special("as many queries as keys", hidden=True)
def as_many_queries_as_keys(rng):
    return normal(rng, 5, 3), normal(rng, 5, 3), normal(rng, 5, 2)


@problem.special("a single key", hidden=True)
def a_single_key(rng):
    return normal(rng, 4, 3), normal(rng, 1, 3), normal(rng, 1, 2)


def mixed(scores, v):
    """Return the softmax over the keys and the mixture."""
    a = softmax(scores)
    return a @ v, a


@problem.misconception(
    "The scores are not divided. By what does the chapter divide them, and how wide are your queries?"
)
def not_divided(q, k, v):
    return mixed(q @ k.T, v)


@problem.misconception("You divide by the width d. The spread of a sum of d products grows more slowly than that.")
def divided_by_the_width(q, k, v):
    return mixed(q @ k.T / q.shape[1], v)


@problem.misconception("You multiply by the root of the width where the equation divides.")
def multiplied_by_the_root(q, k, v):
    return mixed(q @ k.T * np.sqrt(q.shape[1]), v)


@problem.misconception(
    "You divide by the root of the number of keys. The product of a query and a key is a sum over their width: which "
    "axis is that?"
)
def root_of_the_number_of_keys(q, k, v):
    return mixed(q @ k.T / np.sqrt(len(k)), v)


@problem.misconception(
    "You divide by the root of the width of the values. The scores come from queries and keys alone."
)
def root_of_the_width_of_the_values(q, k, v):
    return mixed(q @ k.T / np.sqrt(v.shape[1]), v)


@problem.misconception(
    "For each key, your shares sum to 1 over the queries. Who has to divide its attention: a query or a key?"
)
def shares_over_the_queries(q, k, v):
    a = softmax((q @ k.T / np.sqrt(q.shape[1])).T).T
    return a @ v, a


@problem.misconception("All your shares together sum to 1. Each query needs shares of its own that sum to 1.")
def one_softmax_for_all(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = softmax(e.reshape(1, -1)).reshape(e.shape)
    return a @ v, a


@problem.misconception(
    "You mix with the scores as they are. They can be negative, and they do not sum to 1. What turns them into shares?"
)
def no_softmax(q, k, v):
    a = q @ k.T / np.sqrt(q.shape[1])
    return a @ v, a


@problem.misconception(
    "You divide scores by their sum. A score may be negative, and so may their sum. What does the softmax do first?"
)
def scores_divided_by_their_sum(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@problem.misconception(
    "You take the exponential and stop there. What is missing until the weights of a query sum to 1?"
)
def not_normalised(q, k, v):
    e = q @ k.T / np.sqrt(q.shape[1])
    with np.errstate(all="ignore"):
        a = np.exp(e)
        return a @ v, a


@problem.misconception(
    "With large scores the exponential overflows and nan comes out. Subtracting the same number from all scores of a "
    "query changes no share: which number would help?"
)
def softmax_overflows(q, k, v):
    with np.errstate(all="ignore"):
        a = np.exp(q @ k.T / np.sqrt(q.shape[1]))
        a = a / a.sum(axis=1, keepdims=True)
        return a @ v, a


@problem.misconception(
    "You divide by the root of the width after the softmax. The shares no longer sum to 1, and a large score has "
    "saturated the softmax before."
)
def divided_after_the_softmax(q, k, v):
    a = softmax(q @ k.T) / np.sqrt(q.shape[1])
    return a @ v, a


@problem.misconception(
    "Each query takes the value of its best key alone. The softmax gives every key a share, so that there is a slope "
    "to learn from."
)
def only_the_best(q, k, v):
    a = np.eye(len(k))[(q @ k.T).argmax(axis=1)]
    return a @ v, a
