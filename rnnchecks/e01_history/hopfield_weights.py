"""What a Hopfield network stores: the weights, set by Hebb's rule."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("history.hopfield_weights", "01-history", task=1, outputs={"W": "NN"})


@problem.reference
def hopfield_weights(patterns):
    """Sum of the outer products, divided by the number of units; no unit is linked to itself."""
    P, N = patterns.shape
    W = patterns.T @ patterns / N
    np.fill_diagonal(W, 0)
    return W


def signs(rng, *shape):
    """Draw units that are 1 or -1."""
    return rng.choice([-1.0, 1.0], shape)


@problem.special("3 patterns of 7 units")
def case_3_patterns_of_7_units(rng):
    while True:
        patterns = signs(rng, 3, 7)
        if abs(patterns[0] @ patterns[-1]) < 7:  # a pattern and its negative set the same weights
            return (patterns,)


@problem.special("a single pattern of 5 units")
def a_single_pattern_of_5_units(rng):
    return (signs(rng, 1, 5),)


@problem.special("more patterns than units", hidden=True)
def more_patterns_than_units(rng):
    return (signs(rng, 9, 6),)


@problem.special("4 patterns of 12 units, float32", hidden=True)
def case_4_patterns_of_12_units_float32(rng):
    return (signs(rng, 4, 12).astype(np.float32),)


@problem.special("patterns of whole numbers", hidden=True)
def patterns_of_whole_numbers(rng):
    return (signs(rng, 4, 9).astype(int),)


@problem.special("the same pattern twice", hidden=True)
def the_same_pattern_twice(rng):
    return (np.repeat(signs(rng, 1, 8), 2, axis=0),)


@problem.misconception("Each unit is linked to itself, with a weight of P/N. What does the formula say about i = j?")
def linked_to_itself(patterns):
    return patterns.T @ patterns / patterns.shape[1]


@problem.misconception("Every weight is N times too large. By what is the sum over the patterns divided?")
def not_divided(patterns):
    return problem.solve(patterns) * patterns.shape[1]


@problem.misconception(
    "You divide by the number of patterns. Count the units instead: a second pattern should not make the first one "
    "fainter."
)
def divided_by_patterns(patterns):
    P, N = patterns.shape
    return problem.solve(patterns) * N / P


@problem.misconception(
    "Your matrix compares pattern with pattern, (P, P). A weight belongs to a pair of units: which axis of `patterns` "
    "counts the units, and which one should the product sum over?"
)
def patterns_by_patterns(patterns):
    W = patterns @ patterns.T / patterns.shape[1]
    np.fill_diagonal(W, 0)
    return W


@problem.misconception("These are the weights for the first pattern alone. Where do the others add their share?")
def first_pattern_only(patterns):
    return problem.solve(patterns[:1])


@problem.misconception(
    "These are the weights for the last pattern alone. Does each turn of your loop add to the weights, or does it "
    "replace them?"
)
def last_pattern_only(patterns):
    return problem.solve(patterns[-1:])


@problem.misconception(
    "Two units that agree get a negative weight, so each pattern drives itself away. What sign has the product of two "
    "equal units?"
)
def sign_flipped(patterns):
    return -problem.solve(patterns)


@problem.misconception(
    "You add a share only where both units are 1. Two units that are both -1 agree as well, and two that differ "
    "subtract."
)
def only_when_both_are_on(patterns):
    return problem.solve((patterns > 0).astype(float))


ONE_WAY = "Your links go one way only. The matrix is symmetric: unit j hears unit i as loudly as i hears j."


@problem.misconception(ONE_WAY)
def one_triangle(patterns):
    return np.triu(problem.solve(patterns))


@problem.misconception(ONE_WAY)
def other_triangle(patterns):
    return np.tril(problem.solve(patterns))


@problem.misconception(
    "You take 1 off the diagonal, but what stands there is P/N, a share from each pattern. Set it to 0 whatever it is."
)
def one_off_the_diagonal(patterns):
    N = patterns.shape[1]
    return patterns.T @ patterns / N - np.eye(N)


@problem.misconception(
    "You subtract each unit's mean over the patterns first, as for a covariance. Hebb's rule multiplies the units as "
    "they are."
)
def mean_taken_off(patterns):
    return problem.solve(patterns - patterns.mean(axis=0))
