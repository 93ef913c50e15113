"""The share of the new in a minLSTM, for gates that may both be shut."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem("after.share_of_new", "14-after", task=5, outputs={"z": "BH"})


@problem.reference
def share_of_new(k_f, k_i):
    """Stay with logarithms: ln sigmoid(k) is minus the softplus of -k."""
    log_f, log_i = -np.logaddexp(0, -k_f), -np.logaddexp(0, -k_i)
    return np.exp(-np.logaddexp(0, log_f - log_i))


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.H, scale=3), normal(rng, s.B, s.H, scale=3)


@problem.special("both gates shut, sums near -800")
def both_gates_shut_sums_near_800(rng):
    return normal(rng, 3, 4) - 800, normal(rng, 3, 4) - 800


@problem.special("one gate shut, one open", hidden=True)
def one_gate_shut_one_open(rng):
    sign = np.array([[1, -1, 1, -1]])
    return 900 * sign + normal(rng, 3, 4), -900 * sign + normal(rng, 3, 4)


@problem.misconception(
    "Right as long as one of the gates is open. When both are rounded to 0 you divide 0 by 0, or take the logarithm of "
    "0. The chapter writes the share as a sigmoid of logarithms, and ln sigmoid(k) can be had without the sigmoid."
)
def quotient(k_f, k_i):
    with np.errstate(all="ignore"):
        f, i = sigmoid(k_f), sigmoid(k_i)
        return i / (f + i)


@problem.misconception(
    "A small number below the line keeps the division from failing, and makes the answer 0 where both gates are shut. "
    "The two shares no longer sum to 1."
)
def padded_quotient(k_f, k_i):
    f, i = sigmoid(k_f), sigmoid(k_i)
    return i / (f + i + 1e-8)


@problem.misconception(
    "You take the sigmoid of k_i - k_f. That is the share only when both gates are nearly shut. What goes into the "
    "sigmoid are logarithms of gates."
)
def difference_of_the_sums(k_f, k_i):
    return sigmoid(k_i - k_f)


@problem.misconception("That is the share of the old, f / (f + i). The other one is asked for.")
def share_of_the_old(k_f, k_i):
    return share_of_new(k_i, k_f)


@problem.misconception("That is the input gate, as in an LSTM. Here the two gates are scaled so that they sum to 1.")
def input_gate_alone(k_f, k_i):
    return sigmoid(k_i)


@problem.misconception(
    "The difference of the gates goes into your sigmoid. It should be the difference of their logarithms."
)
def difference_of_the_gates(k_f, k_i):
    return sigmoid(sigmoid(k_i) - sigmoid(k_f))


@problem.misconception("That is the logarithm of the ratio i / f. One sigmoid around it is missing.")
def no_sigmoid_around(k_f, k_i):
    return np.logaddexp(0, -k_f) - np.logaddexp(0, -k_i)
