"""What a Hopfield network stores: the weights, set by Hebb's rule."""

import numpy as np

from rnnlib.checks.problem import Problem

storage = Problem("history.hopfield_weights", "01-history", outputs={"W": "NN"})


@storage.reference
def hopfield_weights(patterns):
    """Sum of the outer products, divided by the number of units; no unit is linked to itself."""
    P, N = patterns.shape
    W = patterns.T @ patterns / N
    np.fill_diagonal(W, 0)
    return W


def signs(rng, *shape):
    """Draw units that are 1 or -1."""
    return rng.choice([-1.0, 1.0], shape)


@storage.special("3 patterns of 7 units")
def _(rng):
    while True:
        patterns = signs(rng, 3, 7)
        if abs(patterns[0] @ patterns[-1]) < 7:  # a pattern and its negative set the same weights
            return (patterns,)


@storage.special("a single pattern of 5 units")
def _(rng):
    return (signs(rng, 1, 5),)


@storage.special("more patterns than units", hidden=True)
def _(rng):
    return (signs(rng, 9, 6),)


@storage.special("4 patterns of 12 units, float32", hidden=True)
def _(rng):
    return (signs(rng, 4, 12).astype(np.float32),)


@storage.special("patterns of whole numbers", hidden=True)
def _(rng):
    return (signs(rng, 4, 9).astype(int),)


@storage.special("the same pattern twice", hidden=True)
def _(rng):
    return (np.repeat(signs(rng, 1, 8), 2, axis=0),)


@storage.misconception(
    "linked-to-itself",
    "Each unit is linked to itself, with a weight of P/N. What does the formula say about i = j?",
)
def _(patterns):
    return patterns.T @ patterns / patterns.shape[1]


@storage.misconception(
    "not-divided",
    "Every weight is N times too large. By what is the sum over the patterns divided?",
)
def _(patterns):
    return storage.solve(patterns) * patterns.shape[1]


@storage.misconception(
    "divided-by-patterns",
    "You divide by the number of patterns. Count the units instead: a second pattern should not make the first one "
    "fainter.",
)
def _(patterns):
    P, N = patterns.shape
    return storage.solve(patterns) * N / P


@storage.misconception(
    "patterns-by-patterns",
    "Your matrix compares pattern with pattern, (P, P). A weight belongs to a pair of units: which axis of `patterns` "
    "counts the units, and which one should the product sum over?",
)
def _(patterns):
    W = patterns @ patterns.T / patterns.shape[1]
    np.fill_diagonal(W, 0)
    return W


@storage.misconception(
    "first-pattern-only",
    "These are the weights for the first pattern alone. Where do the others add their share?",
)
def _(patterns):
    return storage.solve(patterns[:1])


@storage.misconception(
    "last-pattern-only",
    "These are the weights for the last pattern alone. Does each turn of your loop add to the weights, or does it "
    "replace them?",
)
def _(patterns):
    return storage.solve(patterns[-1:])


@storage.misconception(
    "sign-flipped",
    "Two units that agree get a negative weight, so each pattern drives itself away. What sign has the product of two "
    "equal units?",
)
def _(patterns):
    return -storage.solve(patterns)


@storage.misconception(
    "only-when-both-are-on",
    "You add a share only where both units are 1. Two units that are both -1 agree as well, and two that differ "
    "subtract.",
)
def _(patterns):
    return storage.solve((patterns > 0).astype(float))


ONE_WAY = "Your links go one way only. The matrix is symmetric: unit j hears unit i as loudly as i hears j."


@storage.misconception("one-triangle", ONE_WAY)
def _(patterns):
    return np.triu(storage.solve(patterns))


@storage.misconception("other-triangle", ONE_WAY)
def _(patterns):
    return np.tril(storage.solve(patterns))


@storage.misconception(
    "one-off-the-diagonal",
    "You take 1 off the diagonal, but what stands there is P/N, a share from each pattern. Set it to 0 whatever it is.",
)
def _(patterns):
    N = patterns.shape[1]
    return patterns.T @ patterns / N - np.eye(N)


@storage.misconception(
    "mean-taken-off",
    "You subtract each unit's mean over the patterns first, as for a covariance. Hebb's rule multiplies the units as "
    "they are.",
)
def _(patterns):
    return storage.solve(patterns - patterns.mean(axis=0))
