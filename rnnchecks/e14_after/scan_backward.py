"""The way back through a linear recurrence."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import two_names

problem = Problem("after.scan_backward", "14-after", task=3, outputs={"da": "TBH", "db": "TBH", "dh_0": "BH"})


@problem.reference
def scan_backward(dh_out, a, h, h_0):
    """Go back from the last step; what comes from the next one is multiplied by the next one's share."""
    db = np.array(dh_out)
    for t in reversed(range(len(a) - 1)):
        db[t] += a[t + 1] * db[t + 1]
    before = np.concatenate((h_0[None], h[:-1]))
    return db * before, db, a[0] * db[0]


@problem.arguments
def random_arguments(rng, s):
    a, b, h_0 = rng.uniform(0.3, 1.1, (s.T, s.B, s.H)), normal(rng, s.T, s.B, s.H), normal(rng, s.B, s.H)
    h, state = [], h_0
    for a_t, b_t in zip(a, b, strict=True):
        state = a_t * state + b_t
        h.append(state)
    return normal(rng, s.T, s.B, s.H), a, np.stack(h), h_0


def returned(db, a, h, h_0):
    """What follows from the gradient of the states, db."""
    return db * np.concatenate((h_0[None], h[:-1])), db, a[0] * db[0]


def recurred(dh_out, factor):
    """Run d_t = dh_out_t + factor_t d_{t+1} from the end."""
    d = np.array(dh_out)
    for t in reversed(range(len(d) - 1)):
        d[t] += factor[t] * d[t + 1]
    return d


@problem.misconception(
    "What comes from step t + 1 is multiplied by a of step t. In which of the two steps does h_t stand, and with which "
    "factor?"
)
def factor_of_this_step(dh_out, a, h, h_0):
    return returned(recurred(dh_out, a), a, h, h_0)


@problem.misconception(
    "Each step gets what arrives at it from outside, and nothing from the steps after it. On which states does h_t act?"
)
def nothing_from_later_steps(dh_out, a, h, h_0):
    return returned(np.array(dh_out), a, h, h_0)


@problem.misconception(
    "The later gradients are summed as they are. On its way from h_{t+1} to h_t a gradient passes one multiplication."
)
def sum_without_factors(dh_out, a, h, h_0):
    return returned(recurred(dh_out, np.ones_like(a)), a, h, h_0)


@problem.misconception(
    "Your recurrence runs from the first step on. A gradient comes from the later steps to the earlier ones: where "
    "does it begin?"
)
def from_the_front(dh_out, a, h, h_0):
    d = np.array(dh_out)
    for t in range(1, len(d)):
        d[t] += a[t] * d[t - 1]
    return returned(d, a, h, h_0)


@problem.misconception("da_t is multiplied by h_t. Which state does a_t multiply in the forward pass?")
def state_of_this_step(dh_out, a, h, h_0):
    _, db, dh_0 = scan_backward(dh_out, a, h, h_0)
    return db * h, db, dh_0


@problem.misconception("da is zero at the first step, as if h_0 were zero. It is given.")
def initial_state_taken_as_zero(dh_out, a, h, h_0):
    da, db, dh_0 = scan_backward(dh_out, a, h, h_0)
    return np.concatenate((0 * da[:1], da[1:])), db, dh_0


@problem.misconception("dh_0 is the gradient of h_1. Between h_0 and h_1 stands one more multiplication.")
def first_share_missing(dh_out, a, h, h_0):
    da, db, _ = scan_backward(dh_out, a, h, h_0)
    return da, db, db[0]


@problem.misconception(
    "dh_0 is taken at the last step. In the order of time, which step stands next to h_0? Has something been left "
    "turned round?",
    name="dh_0-from-the-last-step",
)
def dh_0_from_the_last_step(dh_out, a, h, h_0):
    da, db, _ = scan_backward(dh_out, a, h, h_0)
    return da, db, a[-1] * db[-1] + 0 * da[0]


@problem.misconception("da and db have changed places. Which of the two does not need a state?")
def da_and_db_exchanged(dh_out, a, h, h_0):
    da, db, dh_0 = scan_backward(dh_out, a, h, h_0)
    return db, da, dh_0


@problem.misconception(
    "At the first step da is multiplied by the last state: an array that is rolled brings its end to the front. Which "
    "state stands before the first step?"
)
def last_state_comes_round(dh_out, a, h, h_0):
    _, db, dh_0 = scan_backward(dh_out, a, h, h_0)
    return db * np.roll(h, 1, axis=0), db, dh_0


two_names(problem, "da", "db")
