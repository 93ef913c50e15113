"""The gradient of attention with respect to queries, keys and values."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem(
    "transformer.attention_backward", "13-transformer", task=4, outputs={"dq": "TH", "dk": "VH", "dv": "VD"}
)


@problem.reference
def attention_backward(dc, q, k, v):
    """Go back through the mixture, the softmax and the products."""
    root = np.sqrt(q.shape[1])
    a = softmax(q @ k.T / root)
    dv = a.T @ dc
    da = dc @ v.T
    de = a * (da - (a * da).sum(axis=1, keepdims=True))
    return de @ k / root, de.T @ q / root, dv


@problem.arguments
def random_arguments(rng, s):
    q, k, v = normal(rng, s.T, s.H), normal(rng, s.V, s.H), normal(rng, s.V, s.D)
    return normal(rng, s.T, s.D), q, k, v


@problem.special("as many queries as keys", hidden=True)
def as_many_queries_as_keys(rng):
    return normal(rng, 5, 2), normal(rng, 5, 3), normal(rng, 5, 3), normal(rng, 5, 2)


def parts(dc, q, k, v):
    """Return the shares and the gradients at shares and scores."""
    a = softmax(q @ k.T / np.sqrt(q.shape[1]))
    da = dc @ v.T
    return a, da, a * (da - (a * da).sum(axis=1, keepdims=True))


def from_scores(de, dv, q, k):
    """Return the three gradients from that at the scores."""
    root = np.sqrt(q.shape[1])
    return de @ k / root, de.T @ q / root, dv


@problem.misconception(
    "The gradient at the scores is a times da and no more. Raising one score lowers all other shares: what has to be "
    "taken off da?"
)
def average_not_taken_off(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(a * da, a.T @ dc, q, k)


@problem.misconception(
    "You use a(1 - a), the slope of a share in its own score. Every share depends on every score of its row: where are "
    "the others?"
)
def only_its_own_share(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(a * (1 - a) * da, a.T @ dc, q, k)


@problem.misconception("You go from the shares to the products as if there were no softmax between them.")
def no_softmax(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(da, a.T @ dc, q, k)


@problem.misconception(
    "What you take off da is summed over the queries. The softmax runs over the keys of one query: which axis is that?"
)
def average_over_the_queries(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(a * (da - (a * da).sum(axis=0, keepdims=True)), a.T @ dc, q, k)


@problem.misconception("You take the plain sum of da off. The keys do not count alike: how is each weighted?")
def plain_average(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(a * (da - da.sum(axis=1, keepdims=True)), a.T @ dc, q, k)


@problem.misconception("You take the plain mean of da off. The keys do not count alike: how is each weighted?")
def average_without_weights(dc, q, k, v):
    a, da, _ = parts(dc, q, k, v)
    return from_scores(a * (da - da.mean(axis=1, keepdims=True)), a.T @ dc, q, k)


@problem.misconception(
    "dv is right, and dq and dk are too large by one factor. What stands between the product and the score?"
)
def root_forgotten(dc, q, k, v):
    a, _, de = parts(dc, q, k, v)
    return de @ k, de.T @ q, a.T @ dc


@problem.misconception(
    "dk has the root of the width, dq has not. The score is divided whichever of the two you change."
)
def root_forgotten_in_dq(dc, q, k, v):
    a, _, de = parts(dc, q, k, v)
    return de @ k, de.T @ q / np.sqrt(q.shape[1]), a.T @ dc


@problem.misconception(
    "dq has the root of the width, dk has not. The score is divided whichever of the two you change."
)
def root_forgotten_in_dk(dc, q, k, v):
    a, _, de = parts(dc, q, k, v)
    return de @ k / np.sqrt(q.shape[1]), de.T @ q, a.T @ dc


@problem.misconception(
    "Your shares are computed from scores that are not divided by the root of the width, so all three gradients are "
    "those of another function."
)
def forward_not_divided(dc, q, k, v):
    a = softmax(q @ k.T)
    da = dc @ v.T
    return from_scores(a * (da - (a * da).sum(axis=1, keepdims=True)), a.T @ dc, q, k)


@problem.misconception(
    "dv is mixed with the scores. The forward pass mixes the values by the shares: the way back uses the same numbers."
)
def scores_in_place_of_shares(dc, q, k, v):
    _, _, de = parts(dc, q, k, v)
    return from_scores(de, (q @ k.T / np.sqrt(q.shape[1])).T @ dc, q, k)


@problem.misconception("You return the gradient of the keys first. The order is dq, dk, dv.")
def dq_and_dk_swapped(dc, q, k, v):
    dq, dk, dv = attention_backward(dc, q, k, v)
    return dk, dq, dv


@problem.misconception(
    "dq and dk have the wrong sign. A share grows with its own score: which of the two, da or its average, is taken "
    "from the other?"
)
def wrong_sign(dc, q, k, v):
    dq, dk, dv = attention_backward(dc, q, k, v)
    return -dq, -dk, dv
