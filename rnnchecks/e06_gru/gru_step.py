"""One step of the GRU as it was published: the reset gate acts before the product."""

import numpy as np

from rnnchecks.e06_gru._parts import arguments, exchanged, from_input, from_state, gates, mixed
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.rules import every_order, restored
from rnnlib.activations import sigmoid

problem = Problem("gru.gru_step", "06-gru", task=1, outputs={"h": "BH"})
problem.arguments(arguments)


@problem.reference
def gru_step(x_t, h_prev, W_xh, W_hh, b_h):
    """Two gates, a candidate from the reset state, a mix."""
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_h, 3, axis=1)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
    r = sigmoid(x_r + h_prev @ W_hr)
    z = sigmoid(x_z + h_prev @ W_hz)
    n = np.tanh(x_n + (r * h_prev) @ W_hn)
    return (1 - z) * n + z * h_prev


def candidate(x_t, h_prev, r, W_xh, W_hh, b_h, squash=np.tanh):
    """Return n as it should be, but for what it is squashed with."""
    return squash(from_input(x_t, W_xh, b_h)[2] + from_state(r * h_prev, W_hh)[2])


@problem.misconception(
    "Your reset gate multiplies the product of the old state with W_hn. That is a GRU too, the next task's. Here the "
    "gate acts earlier: on what?"
)
def reset_after_the_product(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + r * from_state(h_prev, W_hh)[2])
    return mixed(z, n, h_prev)


@problem.misconception(
    "Where z is 1 you take the candidate. That is the other of the two conventions: in ours, what does z = 1 do to the "
    "old state?"
)
def update_turned_round(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, h_prev, candidate(x_t, h_prev, r, W_xh, W_hh, b_h))


@problem.misconception("You read the blocks of the weights as z, r, n. Which order does this course use?")
def gates_exchanged(x_t, h_prev, W_xh, W_hh, b_h):
    return gru_step(x_t, h_prev, exchanged(W_xh), exchanged(W_hh), exchanged(b_h))


@problem.misconception(
    "Your candidate sees all of the old state. The reset gate is computed and changes nothing: where does it belong?"
)
def no_reset(x_t, h_prev, W_xh, W_hh, b_h):
    _, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, 1, W_xh, W_hh, b_h), h_prev)


@problem.misconception(
    "Where r is 1 your candidate sees nothing of the old state. What does an open reset gate let through?"
)
def reset_turned_round(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, 1 - r, W_xh, W_hh, b_h), h_prev)


@problem.misconception(
    "Your candidate is made from the input alone. The part of the old state that the reset gate lets through belongs "
    "into it too."
)
def state_left_out_of_the_candidate(x_t, h_prev, W_xh, W_hh, b_h):
    _, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, 0, W_xh, W_hh, b_h), h_prev)


@problem.misconception(
    "You carry the reset state into the mix, so a closed reset gate erases the memory. It should only hide the past "
    "from the candidate: which state does z keep?"
)
def reset_state_in_the_mix(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, r, W_xh, W_hh, b_h), r * h_prev)


@problem.misconception(
    "Your reset gate multiplies the whole sum inside the tanh, the input's part included. What is it there to hide?"
)
def reset_on_the_input_too(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    n = np.tanh(r * (from_input(x_t, W_xh, b_h)[2] + from_state(h_prev, W_hh)[2]))
    return mixed(z, n, h_prev)


@problem.misconception(
    "Your candidate is never negative. It is no gate but a new value of the state: between which numbers may it lie?"
)
def sigmoid_on_the_candidate(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, r, W_xh, W_hh, b_h, sigmoid), h_prev)


@problem.misconception("Your candidate is the bare sum and can be any number. What keeps a state between -1 and 1?")
def candidate_not_squashed(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return mixed(z, candidate(x_t, h_prev, r, W_xh, W_hh, b_h, lambda a: a), h_prev)


@problem.misconception(
    "Your gates can be negative, so they do not say how much. Which function gives numbers between 0 and 1?"
)
def tanh_on_the_gates(x_t, h_prev, W_xh, W_hh, b_h):
    (x_r, x_z, _), (h_r, h_z, _) = from_input(x_t, W_xh, b_h), from_state(h_prev, W_hh)
    r, z = np.tanh(x_r + h_r), np.tanh(x_z + h_z)
    return mixed(z, candidate(x_t, h_prev, r, W_xh, W_hh, b_h), h_prev)


@problem.misconception(
    "You keep z of the old state and add all of the candidate. Two shares that make a mean must add up to 1."
)
def candidate_added_whole(x_t, h_prev, W_xh, W_hh, b_h):
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return candidate(x_t, h_prev, r, W_xh, W_hh, b_h) + z * h_prev


@problem.misconception("You return the candidate. What does the update gate do with it and with the old state?")
def candidate_returned(x_t, h_prev, W_xh, W_hh, b_h):
    r, _ = gates(x_t, h_prev, W_xh, W_hh, b_h)
    return candidate(x_t, h_prev, r, W_xh, W_hh, b_h)


@problem.misconception("b_h plays no part in your step. It holds one bias for each of the three sums.")
def no_bias(x_t, h_prev, W_xh, W_hh, b_h):
    return gru_step(x_t, h_prev, W_xh, W_hh, 0 * b_h)


@problem.misconception("Your gates see the input and not the old state. Each of the three sums has a part from W_hh.")
def gates_from_the_input_alone(x_t, h_prev, W_xh, W_hh, b_h):
    x_r, x_z, _ = from_input(x_t, W_xh, b_h)
    r, z = sigmoid(x_r), sigmoid(x_z)
    return mixed(z, candidate(x_t, h_prev, r, W_xh, W_hh, b_h), h_prev)


@every_order(
    problem,
    "rzn",
    "You take the blocks for {theirs}. The columns of W_xh, W_hh and b_h are in the order {right}.",
    written=("zrn",),
)
def blocks_taken_for(order, x_t, h_prev, W_xh, W_hh, b_h):
    return gru_step(x_t, h_prev, *(restored(W, order) for W in (W_xh, W_hh, b_h)))
