"""A symbol drawn from a distribution with a uniform number."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("language.draw", "08-language", task=5, outputs={"ids": "B"})


@problem.reference
def draw(q, u):
    """Count the cumulative sums that u has passed; what rounding leaves open belongs to the last symbol."""
    passed = (u[:, None] >= q.cumsum(axis=1)).sum(axis=1)
    return np.minimum(passed, q.shape[1] - 1)


def some(rng, B, V):
    """Draw B distributions."""
    q = rng.random((B, V))
    return q / q.sum(axis=1, keepdims=True)


@problem.arguments
def random_arguments(rng, s):
    return some(rng, s.B, s.V), rng.random(s.B)


@problem.special("twenty rows")
def twenty_rows(rng):
    return some(rng, 20, 5), rng.random(20)


@problem.special("a first symbol that cannot come, and u = 0")
def a_first_symbol_that_cannot_come_and_u_0(rng):
    return np.array([[0.0, 0.25, 0.75], [0.5, 0.5, 0.0]]), np.array([0.0, 0.0])


@problem.special("probabilities that rounding leaves a little below 1")
def a_sum_a_little_below_one(rng):
    return np.array([[0.25, 0.25, 0.499], [0.5, 0.25, 0.25]]), np.array([0.9999, 0.9])


@problem.misconception(
    "You take the likeliest symbol whatever u is. Then nothing is drawn, and a generator runs in a loop."
)
def the_likeliest(q, u):
    return q.argmax(axis=1)


@problem.misconception(
    "Your symbol is the one after the right one. How many cumulative sums has u passed when it falls on symbol 0?"
)
def one_too_far(q, u):
    return draw(q, u) + 1


@problem.misconception("Your symbol is the one before the right one.")
def one_too_early(q, u):
    return np.maximum(draw(q, u) - 1, 0)


@problem.misconception(
    "With u = 0 you draw a symbol whose probability is 0. On which side of the border does u = 0 lie?"
)
def the_impossible_drawn(q, u):
    return np.minimum((u[:, None] > q.cumsum(axis=1)).sum(axis=1), q.shape[1] - 1)


@problem.misconception(
    "Probabilities in floating point may add up to a little less than 1, and u may lie above all of them. Then you "
    "return V, and there is no such symbol."
)
def past_the_end(q, u):
    return (u[:, None] >= q.cumsum(axis=1)).sum(axis=1)


@problem.misconception(
    "Probabilities in floating point may add up to a little less than 1, and u may lie above all of them. Then you "
    "return 0: np.argmax of a row in which nothing is true. The last symbol is meant."
)
def first_symbol_past_the_end(q, u):
    return (q.cumsum(axis=1) > u[:, None]).argmax(axis=1)


@problem.misconception(
    "You add up the probabilities down the batch. The cumulative sums of a row run over its symbols."
)
def summed_down_the_batch(q, u):
    return np.minimum((u[:, None] >= q.cumsum(axis=0)).sum(axis=1), q.shape[1] - 1)


@problem.misconception("Every row uses the first of the uniform numbers. There is one for each.")
def one_number_for_all(q, u):
    return draw(q, np.full_like(u, u[0]))


@problem.misconception(
    "You look for the probability that is nearest to u. Lay the probabilities end to end from 0 to 1, and look on "
    "which of them u falls."
)
def nearest_probability(q, u):
    return np.abs(q - u[:, None]).argmin(axis=1)


@problem.misconception("You compare u with the probabilities themselves. Which sums does it have to pass?")
def not_cumulative(q, u):
    return np.minimum((u[:, None] >= q).sum(axis=1), q.shape[1] - 1)
