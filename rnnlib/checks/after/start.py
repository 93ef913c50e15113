"""The bias with which a minGRU's gates should start, for a time that it should remember."""

import numpy as np

from rnnlib.checks.problem import Problem

start = Problem("after.gate_bias", "14-after", outputs={"b_z": "H"})


@start.reference
def gate_bias(tau):
    """Solve tau = 1 + e^-b for b."""
    return -np.log(tau - 1)


@start.arguments
def _(rng, s):
    return (1.2 + np.exp(rng.uniform(-1, 5, s.H)),)


@start.special("from two steps to a thousand")
def _(rng):
    return (np.array([2.0, 5.0, 30.0, 1000.0]),)


@start.misconception(
    "gate-opened",
    "The sign is that of a forget gate. There the gate keeps; here z writes, and to remember it must be nearly shut.",
)
def _(tau):
    return np.log(tau - 1)


@start.misconception(
    "without-the-one",
    "That is minus the logarithm of tau. For long times it is nearly right; at tau = 2 the gate should stand at one "
    "half.",
)
def _(tau):
    return -np.log(tau)


@start.misconception(
    "gate-not-bias",
    "That is the gate itself, 1 / tau. Which bias makes a sigmoid give it?",
)
def _(tau):
    return 1 / tau


@start.misconception(
    "logarithm-of-the-other-side",
    "One has been added where it should be taken away. Write out 1 / z for z = sigmoid(b).",
)
def _(tau):
    return -np.log(tau + 1)


@start.misconception(
    "share-that-is-kept",
    "That is 1 - 1 / tau, the share that is kept at each step. Which bias gives a gate that writes the rest?",
)
def _(tau):
    return 1 - 1 / tau


@start.misconception(
    "no-logarithm",
    "That is e^b, or its inverse, without the logarithm. tau = 1 + e^-b: what is b?",
)
def _(tau):
    return 1 / (tau - 1)
