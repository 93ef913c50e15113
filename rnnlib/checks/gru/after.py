"""One step of the GRU of cuDNN and PyTorch: the reset gate acts after the product."""

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.checks.gru.before import gru_step
from rnnlib.checks.gru.parts import arguments, exchanged, from_input, from_state, gates, mixed
from rnnlib.checks.problem import Problem, normal

after = Problem("gru.gru_step_after", "06-gru", outputs={"h": "BH"})


@after.reference
def gru_step_after(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    """One product with the old state, then the reset gate on its third block."""
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W_hh, 3, axis=1)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    return (1 - z) * n + z * h_prev


@after.arguments
def _(rng, s):
    return *arguments(rng, s), normal(rng, s.H)


def sums(x_t, h_prev, W_xh, W_hh, b_h):
    """Give the candidate's two sums, the input's and the old state's, without b_hn."""
    return from_input(x_t, W_xh, b_h)[2], from_state(h_prev, W_hh)[2]


@after.misconception(
    "reset-before-the-product",
    "Your reset gate multiplies the old state before the product with W_hn: that is the cell of task 1. Here the gate "
    "waits until the product is done.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + from_state(r * h_prev, W_hh)[2] + r * b_hn)
    return mixed(z, n, h_prev)


@after.misconception(
    "task-1-and-a-bias",
    "This is the cell of task 1 with b_hn as one bias more. Both the place of the reset gate and the place of b_hn "
    "have changed: look at q.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + from_state(r * h_prev, W_hh)[2] + b_hn)
    return mixed(z, n, h_prev)


@after.misconception(
    "task-1-again",
    "This is the cell of task 1; b_hn plays no part in it. Here the product has a bias of its own, and the reset gate "
    "comes after both.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step(x_t, h_prev, W_xh, W_hh, b_h)


@after.misconception(
    "bias-outside-the-reset",
    "You add b_hn where b_n is added. Then one bias could do for both: what makes b_hn different from all the others?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + r * h_n + b_hn), h_prev)


@after.misconception(
    "no-bias-in-the-product",
    "b_hn plays no part in your step. It belongs to the product that the reset gate multiplies.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step_after(x_t, h_prev, W_xh, W_hh, b_h, 0 * b_hn)


@after.misconception(
    "both-biases-in-the-reset",
    "Your reset gate multiplies b_n as well. b_n comes with the input: what does the reset gate let through or hide?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    b_n = np.split(b_h, 3)[2]
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n - b_n + r * (h_n + b_n + b_hn)), h_prev)


@after.misconception(
    "reset-on-the-input-too",
    "Your reset gate multiplies the whole sum inside the tanh, the input's part included. It acts on q alone.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(r * (x_n + h_n + b_hn)), h_prev)


@after.misconception(
    "no-reset",
    "Your candidate sees all of q. The reset gate is computed and changes nothing.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    _, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + h_n + b_hn), h_prev)


@after.misconception(
    "reset-turned-round",
    "Where r is 1 your candidate sees nothing of q. What does an open reset gate let through?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + (1 - r) * (h_n + b_hn)), h_prev)


@after.misconception(
    "update-turned-round",
    "Where z is 1 you take the candidate. In our convention, what does z = 1 do to the old state?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, h_prev, np.tanh(x_n + r * (h_n + b_hn)))


@after.misconception(
    "gates-exchanged",
    "You read the blocks of the weights as z, r, n. Which order does this course use?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    return gru_step_after(x_t, h_prev, exchanged(W_xh), exchanged(W_hh), exchanged(b_h), b_hn)


@after.misconception(
    "sigmoid-on-the-candidate",
    "Your candidate is never negative. It is no gate but a new value of the state: between which numbers may it lie?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, sigmoid(x_n + r * (h_n + b_hn)), h_prev)


@after.misconception(
    "reset-state-in-the-mix",
    "You carry the reset state into the mix, so a closed reset gate erases the memory. Which state does z keep?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    x_n, h_n = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, np.tanh(x_n + r * (h_n + b_hn)), r * h_prev)
