"""The bias with which a minGRU's gates should start, for a time that it should remember."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("after.gate_bias", "14-after", task=6, outputs={"b_z": "H"})


@problem.reference
def gate_bias(tau):
    """Solve tau = 1 + e^-b for b."""
    return -np.log(tau - 1)


@problem.arguments
def random_arguments(rng, s):
    return (1.2 + np.exp(rng.uniform(-1, 5, s.H)),)


@problem.special("from two steps to a thousand")
def from_two_steps_to_a_thousand(rng):
    return (np.array([2.0, 5.0, 30.0, 1000.0]),)


@problem.misconception(
    "The sign is that of a forget gate. There the gate keeps; here z writes, and to remember it must be nearly shut."
)
def gate_opened(tau):
    return np.log(tau - 1)


@problem.misconception(
    "That is minus the logarithm of tau. For long times it is nearly right; at tau = 2 the gate should stand at one "
    "half."
)
def without_the_one(tau):
    return -np.log(tau)


@problem.misconception("That is the gate itself, 1 / tau. Which bias makes a sigmoid give it?")
def gate_not_bias(tau):
    return 1 / tau


@problem.misconception("One has been added where it should be taken away. Write out 1 / z for z = sigmoid(b).")
def logarithm_of_the_other_side(tau):
    return -np.log(tau + 1)


@problem.misconception(
    "That is 1 - 1 / tau, the share that is kept at each step. Which bias gives a gate that writes the rest?"
)
def share_that_is_kept(tau):
    return 1 - 1 / tau


@problem.misconception("That is e^b, or its inverse, without the logarithm. tau = 1 + e^-b: what is b?")
def no_logarithm(tau):
    return 1 / (tau - 1)
