"""Self-attention that does not look ahead."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("transformer.causal_attention", "13-transformer", task=3, outputs={"c": "TD", "a": "TT"})


@problem.reference
def causal_attention(q, k, v):
    """Return later steps a score of minus infinity before the softmax."""
    T, d = q.shape
    e = np.where(np.tri(T, dtype=bool), q @ k.T / np.sqrt(d), -np.inf)
    e = np.exp(e - e.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, a


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.H), normal(rng, s.T, s.H), normal(rng, s.T, s.D)


@problem.special("the future has by far the largest scores")
def the_future_has_by_far_the_largest_scores(rng):
    k = normal(rng, 5, 3) + 40 * np.arange(5)[:, None]
    return 1 + np.abs(normal(rng, 5, 3)), k, normal(rng, 5, 2)


@problem.special("all scores are far below zero", hidden=True)
def all_scores_are_far_below_zero(rng):
    return 30 + normal(rng, 5, 3), -30 + normal(rng, 5, 3), normal(rng, 5, 2)


def scores(q, k):
    """Score every key for every query."""
    return q @ k.T / np.sqrt(q.shape[1])


def mixed(e, v):
    """Return the softmax over the keys and the mixture."""
    a = softmax(e)
    return a @ v, a


@problem.misconception("Step 0 looks at all the others. Which steps come after it, and what is their share to be?")
def no_mask(q, k, v):
    return mixed(scores(q, k), v)


@problem.misconception(
    "The mask is the wrong way round: each step sees itself and what comes later. Rows are the steps that look."
)
def looks_only_ahead(q, k, v):
    return mixed(np.where(np.tri(len(q), dtype=bool).T, scores(q, k), -np.inf), v)


@problem.misconception(
    "Each step sees the one after it as well. In a language model that is the letter it has to guess. Where does the "
    "triangle end: on the diagonal, or beside it?"
)
def one_step_ahead(q, k, v):
    return mixed(np.where(np.tri(len(q), k=1, dtype=bool), scores(q, k), -np.inf), v)


@problem.misconception(
    "A step does not see itself. Its own input is no secret to it: the triangle includes the diagonal. (And step 0 "
    "would have nobody left to look at.)"
)
def not_itself(q, k, v):
    e = np.where(np.tri(len(q), k=-1, dtype=bool), scores(q, k), -np.inf)
    a = np.zeros_like(e)
    a[1:] = softmax(e[1:])
    return a @ v, a


@problem.misconception(
    "You set the shares of later steps to zero after the softmax. The rest no longer sums to 1, and how much is "
    "missing still depends on the future. Mask the scores."
)
def masked_after_the_softmax(q, k, v):
    a = np.tri(len(q)) * softmax(scores(q, k))
    return a @ v, a


@problem.misconception(
    "You set the scores of later steps to 0. Zero is a score like any other, and e to the 0 is 1. Which score has the "
    "share 0?"
)
def zero_is_a_score(q, k, v):
    return mixed(np.tri(len(q)) * scores(q, k), v)


@problem.misconception(
    "You subtract a fixed number from the scores of later steps. It holds until scores are large: then the future "
    "comes through. Which number is below every score?"
)
def not_low_enough(q, k, v):
    return mixed(scores(q, k) - 10.0 * (1 - np.tri(len(q))), v)


@problem.misconception(
    "The shares still see all steps: you have masked somewhere else. Shares of later steps must be 0, and those of a "
    "row sum to 1."
)
def masked_values(q, k, v):
    a = softmax(scores(q, k))
    return (np.tri(len(q)) * a) @ v, a


@problem.misconception("The mask is right, but the scores are not divided by the root of the width.")
def not_divided(q, k, v):
    return mixed(np.where(np.tri(len(q), dtype=bool), q @ k.T, -np.inf), v)


@problem.misconception(
    "For each key, your shares sum to 1 over the queries. Each query divides its attention, so its row sums to 1."
)
def shares_over_the_queries(q, k, v):
    a = softmax(np.where(np.tri(len(q), dtype=bool), scores(q, k), -np.inf).T).T
    return a @ v, a
