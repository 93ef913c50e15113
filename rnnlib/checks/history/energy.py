"""The number that no update of a Hopfield network can raise."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

height = Problem("history.hopfield_energy", "01-history", outputs={"E": "B"})


@height.reference
def hopfield_energy(S, W):
    """Minus half of what the agreeing pairs weigh, for each state."""
    return -0.5 * ((S @ W) * S).sum(axis=1)


def links(rng, N):
    """Draw symmetric weights with nothing on the diagonal."""
    W = normal(rng, N, N)
    W = W + W.T
    np.fill_diagonal(W, 0)
    return W


def states(rng, B, N):
    """Draw states of plus and minus ones."""
    return rng.choice([-1.0, 1.0], (B, N))


@height.special("3 states of 6 units")
def _(rng):
    return states(rng, 3, 6), links(rng, 6)


@height.special("5 states of 4 units")
def _(rng):
    return states(rng, 5, 4), links(rng, 4)


@height.special("a single state, B = 1", hidden=True)
def _(rng):
    return states(rng, 1, 7), links(rng, 7)


@height.special("as many states as units", hidden=True)
def _(rng):
    return states(rng, 5, 5), links(rng, 5)


@height.special("float32 arrays", hidden=True)
def _(rng):
    return states(rng, 4, 9).astype(np.float32), links(rng, 9).astype(np.float32)


@height.special("states between -1 and 1", hidden=True)
def _(rng):
    return rng.uniform(-1, 1, (4, 6)), links(rng, 6)


@height.misconception(
    "no-half",
    "Your energies are twice too large: the double sum meets each pair of units twice, as i, j and as j, i.",
)
def _(S, W):
    return -((S @ W) * S).sum(axis=1)


@height.misconception(
    "half-of-half",
    "Your energies are half of what they should be. If you sum each pair once, you have halved already.",
)
def _(S, W):
    return -0.25 * ((S @ W) * S).sum(axis=1)


@height.misconception(
    "uphill",
    "The sign is missing: with yours, a stored pattern is a peak, and recall climbs. Which way should it go?",
)
def _(S, W):
    return 0.5 * ((S @ W) * S).sum(axis=1)


@height.misconception(
    "all-states-together",
    "One number came back for all states together. Each row of S is a state with an energy of its own.",
)
def _(S, W):
    return -0.5 * ((S @ W) * S).sum()


@height.misconception(
    "summed-over-the-states",
    "You sum over the states, and a number for each unit is left. The energy of a state sums over its units: which "
    "axis of S are they?",
)
def _(S, W):
    return -0.5 * ((S @ W) * S).sum(axis=0)


@height.misconception(
    "every-state-with-every-state",
    "S @ W @ S.T holds a number for each pair of states, (B, B). You want each state with itself only: multiply "
    "elementwise and sum over the units, or take the diagonal.",
)
def _(S, W):
    return -0.5 * S @ W @ S.T


@height.misconception(
    "units-not-summed",
    "There is a number for every unit of every state. What is left to do with the units?",
)
def _(S, W):
    return -0.5 * (S @ W) * S


@height.misconception(
    "mean-over-units",
    "You take the mean over the units, and the formula sums.",
)
def _(S, W):
    return -0.5 * ((S @ W) * S).mean(axis=1)


@height.misconception(
    "state-used-once",
    "You add up what each unit hears, without asking which side the unit itself is on. In each term of the sum, the "
    "state occurs twice.",
)
def _(S, W):
    return -0.5 * (S @ W).sum(axis=1)


@height.misconception(
    "absolute-values",
    "You add up the sizes of what the units hear. A unit that disagrees with the others should raise the energy.",
)
def _(S, W):
    return -0.5 * np.abs(S @ W).sum(axis=1)
