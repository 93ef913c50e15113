"""One step of the GRU of cuDNN and PyTorch: the reset gate acts after the product."""

import numpy as np

from rnnchecks.e06_gru._parts import arguments, exchanged, from_input, from_state, gates, mixed
from rnnchecks.e06_gru.gru_step import gru_step
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import every_order, restored
from rnnlib.activations import sigmoid

problem = Problem("gru.gru_step_after", "06-gru", task=2, outputs={"h": "BH"})


@problem.reference
def gru_step_after(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    """One product with the old state, then the reset gate on its third block."""
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    return (1 - z) * n + z * h_prev


@problem.arguments
def random_arguments(rng, s):
    return *arguments(rng, s), normal(rng, s.H)


def sums(x_t, h_prev, W_xh, W_hh, b_h):
    """Return the candidate's two sums, the input's and the old state's, without b_hn."""
    return from_input(x_t, W_xh, b_h)[2], from_state(h_prev, W_hh)[2]


@problem.misconception(
    "Your reset gate multiplies the old state before the product with W_hn: that is the cell of task 1. Here the gate "
    "waits until the product is done."
)
def reset_before_the_product(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + from_state(r * h_prev, W_hh)[2] + r * b_hn)
    return mixed(z, n, h_prev)


@problem.misconception(
    "This is the cell of task 1 with b_hn as one bias more. Both the place of the reset gate and the place of b_hn "
    "have changed: look at q."
)
def task_1_and_a_bias(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + from_state(r * h_prev, W_hh)[2] + b_hn)
    return mixed(z, n, h_prev)


@problem.misconception(
    "This is the cell of task 1; b_hn plays no part in it. Here the product has a bias of its own, and the reset gate "
    "comes after both."
)
def task_1_again(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step(x_t, h_prev, W_xh, W_hh, b_h)


@problem.misconception(
    "You add b_hn where b_n is added. Then one bias could do for both: what makes b_hn different from all the others?"
)
def bias_outside_the_reset(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + r * h_n + b_hn), h_prev)


@problem.misconception("b_hn plays no part in your step. It belongs to the product that the reset gate multiplies.")
def no_bias_in_the_product(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step_after(x_t, h_prev, W_xh, W_hh, b_h, 0 * b_hn)


@problem.misconception(
    "Your reset gate multiplies b_n as well. b_n comes with the input: what does the reset gate let through or hide?"
)
def both_biases_in_the_reset(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    b_n = np.split(b_h, 3)[2]
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n - b_n + r * (h_n + b_n + b_hn)), h_prev)


@problem.misconception(
    "Your reset gate multiplies the whole sum inside the tanh, the input's part included. It acts on q alone."
)
def reset_on_the_input_too(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(r * (x_n + h_n + b_hn)), h_prev)


@problem.misconception("Your candidate sees all of q. The reset gate is computed and changes nothing.")
def no_reset(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    _, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + h_n + b_hn), h_prev)


@problem.misconception("Where r is 1 your candidate sees nothing of q. What does an open reset gate let through?")
def reset_turned_round(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + (1 - r) * (h_n + b_hn)), h_prev)


@problem.misconception("Where z is 1 you take the candidate. In our convention, what does z = 1 do to the old state?")
def update_turned_round(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, h_prev, np.tanh(x_n + r * (h_n + b_hn)))


@problem.misconception("You read the blocks of the weights as z, r, n. Which order does this course use?")
def gates_exchanged(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step_after(x_t, h_prev, exchanged(W_xh), exchanged(W_hh), exchanged(b_h), b_hn)


@problem.misconception(
    "Your candidate is never negative. It is no gate but a new value of the state: between which numbers may it lie?"
)
def sigmoid_on_the_candidate(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, sigmoid(x_n + r * (h_n + b_hn)), h_prev)


@problem.misconception(
    "You carry the reset state into the mix, so a closed reset gate erases the memory. Which state does z keep?"
)
def reset_state_in_the_mix(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + r * (h_n + b_hn)), r * h_prev)


@every_order(
    problem,
    "rzn",
    "You take the blocks for {theirs}. The columns of W_xh, W_hh and b_h are in the order {right}.",
    written=("zrn",),
)
def blocks_taken_for(order, x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step_after(x_t, h_prev, *(restored(W, order) for W in (W_xh, W_hh, b_h)), b_hn)
