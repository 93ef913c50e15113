"""The number that no update of a Hopfield network can raise."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("history.hopfield_energy", "01-history", task=2, outputs={"E": "B"})


@problem.reference
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


@problem.special("3 states of 6 units")
def case_3_states_of_6_units(rng):
    return states(rng, 3, 6), links(rng, 6)


@problem.special("5 states of 4 units")
def case_5_states_of_4_units(rng):
    return states(rng, 5, 4), links(rng, 4)


@problem.special("a single state, B = 1", hidden=True)
def a_single_state_B_1(rng):
    S, W = states(rng, 1, 7), links(rng, 7)
    while abs(hopfield_energy(S, W)[0]) < 0.1:  # of an energy near 0, what rounding leaves in float32 is too much
        S, W = states(rng, 1, 7), links(rng, 7)
    return S, W


@problem.special("as many states as units", hidden=True)
def as_many_states_as_units(rng):
    return states(rng, 5, 5), links(rng, 5)


@problem.special("float32 arrays", hidden=True)
def float32_arrays(rng):
    return states(rng, 4, 9).astype(np.float32), links(rng, 9).astype(np.float32)


@problem.special("states between -1 and 1", hidden=True)
def states_between_1_and_1(rng):
    return rng.uniform(-1, 1, (4, 6)), links(rng, 6)


@problem.misconception(
    "Your energies are twice too large: the double sum meets each pair of units twice, as i, j and as j, i."
)
def no_half(S, W):
    return -((S @ W) * S).sum(axis=1)


@problem.misconception(
    "Your energies are half of what they should be. If you sum each pair once, you have halved already."
)
def half_of_half(S, W):
    return -0.25 * ((S @ W) * S).sum(axis=1)


@problem.misconception(
    "The sign is missing: with yours, a stored pattern is a peak, and recall climbs. Which way should it go?"
)
def uphill(S, W):
    return 0.5 * ((S @ W) * S).sum(axis=1)


@problem.misconception(
    "One number came back for all states together. Each row of S is a state with an energy of its own."
)
def all_states_together(S, W):
    return -0.5 * ((S @ W) * S).sum()


@problem.misconception(
    "You sum over the states, and a number for each unit is left. The energy of a state sums over its units: which "
    "axis of S are they?"
)
def summed_over_the_states(S, W):
    return -0.5 * ((S @ W) * S).sum(axis=0)


@problem.misconception(
    "S @ W @ S.T holds a number for each pair of states, (B, B). You want each state with itself only: multiply "
    "elementwise and sum over the units, or take the diagonal."
)
def every_state_with_every_state(S, W):
    return -0.5 * S @ W @ S.T


@problem.misconception("There is a number for every unit of every state. What is left to do with the units?")
def units_not_summed(S, W):
    return -0.5 * (S @ W) * S


@problem.misconception("You take the mean over the units, and the formula sums.")
def mean_over_units(S, W):
    return -0.5 * ((S @ W) * S).mean(axis=1)


@problem.misconception(
    "You add up what each unit hears, without asking which side the unit itself is on. In each term of the sum, the "
    "state occurs twice."
)
def state_used_once(S, W):
    return -0.5 * (S @ W).sum(axis=1)


@problem.misconception(
    "You add up the sizes of what the units hear. A unit that disagrees with the others should raise the energy."
)
def absolute_values(S, W):
    return -0.5 * np.abs(S @ W).sum(axis=1)
