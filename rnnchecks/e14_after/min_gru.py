"""A minGRU over a sequence."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem("after.min_gru", "14-after", task=4, outputs={"h": "TBH"})


@problem.reference
def min_gru(x, h_0, W_z, b_z, W_n, b_n):
    """Gate and candidate of all steps at once; then the recurrence."""
    z, v = sigmoid(x @ W_z + b_z), x @ W_n + b_n
    return recurrence(1 - z, z * np.where(v >= 0, v + 0.5, sigmoid(v)), h_0)


def recurrence(a, b, h_0):
    """Solve h_t = a_t h_{t-1} + b_t."""
    h, state = [], h_0
    for a_t, b_t in zip(a, b, strict=True):
        state = a_t * state + b_t
        h.append(state)
    return np.stack(h)


@problem.arguments
def random_arguments(rng, s):
    weights = [normal(rng, *shape) for shape in ((s.D, s.H), (s.H,), (s.D, s.H), (s.H,))]
    return normal(rng, s.T, s.B, s.D), rng.uniform(0.5, 2, (s.B, s.H)), *weights


@problem.special("inputs of size 300")
def inputs_of_size_300(rng):
    weights = [normal(rng, *shape) for shape in ((4, 2), (2,), (4, 2), (2,))]
    return 300 * normal(rng, 5, 3, 4), rng.uniform(0.5, 2, (3, 2)), *weights


def parts(x, W_z, b_z, W_n, b_n):
    """Return the gate z, the sum v and the candidate n of all steps."""
    z, v = sigmoid(x @ W_z + b_z), x @ W_n + b_n
    return z, v, np.where(v >= 0, v + 0.5, sigmoid(v))


@problem.misconception("Your gate keeps the old where it should write the new. On whose side is z in this chapter?")
def gate_on_the_other_side(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    return recurrence(z, (1 - z) * n, h_0)


@problem.misconception("Your candidate is a tanh, as in a GRU. Here it goes through g, which is never negative.")
def tanh_candidate(x, h_0, *weights):
    z, v, _ = parts(x, *weights)
    return recurrence(1 - z, z * np.tanh(v), h_0)


@problem.misconception("Your candidate is a sigmoid everywhere. g is one only where its argument is negative.")
def sigmoid_candidate(x, h_0, *weights):
    z, v, _ = parts(x, *weights)
    return recurrence(1 - z, z * sigmoid(v), h_0)


@problem.misconception("Your candidate is v + 1/2 everywhere. Below zero g is another function.")
def linear_candidate(x, h_0, *weights):
    z, v, _ = parts(x, *weights)
    return recurrence(1 - z, z * (v + 0.5), h_0)


@problem.misconception("The candidate is the plain sum. What makes it positive?")
def no_g(x, h_0, *weights):
    z, v, _ = parts(x, *weights)
    return recurrence(1 - z, z * v, h_0)


@problem.misconception("The upper branch of your g lacks its 1/2, so g jumps at zero. The sigmoid ends at 1/2 there.")
def half_missing(x, h_0, *weights):
    z, v, _ = parts(x, *weights)
    return recurrence(1 - z, z * np.where(v >= 0, v, sigmoid(v)), h_0)


@problem.misconception("Your recurrence starts from zero. Where does h_0 come in?")
def starts_from_zero(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    return recurrence(1 - z, z * n, 0 * h_0)


@problem.misconception("h_0 is added to the first step as it is. How much of it does the first step keep?")
def initial_state_kept_whole(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    a, b = 1 - z, z * n
    return recurrence(a, np.concatenate((b[:1] + h_0, b[1:])), 0 * h_0)


@problem.misconception("All of the candidate is written at every step. What share of the new does the gate let in?")
def candidate_not_gated(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    return recurrence(1 - z, n, h_0)


@problem.misconception("The old state is kept whole. How much of it is left when a share z of the new is written?")
def old_not_faded(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    return recurrence(np.ones_like(z), z * n, h_0)


@problem.misconception("Every step starts again from h_0. From which state does step t start?")
def initial_state_at_every_step(x, h_0, *weights):
    z, _, n = parts(x, *weights)
    return (1 - z) * h_0 + z * n
