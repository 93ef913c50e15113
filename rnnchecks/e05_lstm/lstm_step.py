"""One step of the LSTM, forward."""

import numpy as np

from rnnchecks.e05_lstm._net import squashed, sums, weights
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import every_order, restored, two_names
from rnnlib.activations import sigmoid

problem = Problem("lstm.lstm_step", "05-lstm", task=1, outputs={"h": "BH", "c": "BH"})


@problem.reference
def lstm_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    """Keep some of the cell, write some of the candidate, show some of the result."""
    z_i, z_f, z_g, z_o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(z_f) * c_prev + sigmoid(z_i) * np.tanh(z_g)
    return sigmoid(z_o) * np.tanh(c), c


def joined(i, f, g, o, c_prev):
    """Make h and c from gates and candidate, as they should be made."""
    c = f * c_prev + i * g
    return o * np.tanh(c), c


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.D), normal(rng, s.B, s.H, scale=0.5), normal(rng, s.B, s.H), *weights(rng, s.D, s.H)


@problem.special("a cell that has counted far, c_prev near 6", hidden=True)
def a_cell_that_has_counted_far_c_prev_near_6(rng):
    return normal(rng, 3, 4), normal(rng, 3, 2, scale=0.5), 6 + normal(rng, 3, 2), *weights(rng, 4, 2)


@problem.special("sums of several hundred", hidden=True)
def sums_of_several_hundred(rng):
    W_xh, W_hh, b_h = weights(rng, 4, 2)
    return normal(rng, 3, 4), normal(rng, 3, 2, scale=0.5), normal(rng, 3, 2), 500 * W_xh, W_hh, b_h


@problem.misconception(
    "Input and forget gate have changed places, in the blocks of z or in the line for c. The order of the blocks is "
    "i, f, g, o. Which of the two gates multiplies the old cell?"
)
def input_and_forget_exchanged(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(f, i, g, o, c_prev)


@problem.misconception(
    "Your third block is the output gate and your fourth the candidate, an order that some libraries use. Here the "
    "order is i, f, g, o."
)
def candidate_and_output_exchanged(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z_i, z_f, z_g, z_o = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return joined(*squashed(z_i, z_f, z_o, z_g), c_prev)


@problem.misconception(
    "Your reshape takes four neighbouring columns for the four gates of one unit. The first H columns of z all belong "
    "to i, the next H to f, and so on."
)
def gates_interleaved(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z = x_t @ W_xh + h_prev @ W_hh + b_h
    return joined(*squashed(*np.moveaxis(z.reshape(*h_prev.shape, 4), -1, 0)), c_prev)


@problem.misconception(
    "Your candidate is never negative, so writing can only raise a cell. Which function lets it go both ways?"
)
def sigmoid_on_the_candidate(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, _, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, sigmoid(sums(x_t, h_prev, W_xh, W_hh, b_h)[2]), o, c_prev)


@problem.misconception("Your candidate is a bare sum of any size. What keeps it between -1 and 1?")
def candidate_without_tanh(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, _, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, sums(x_t, h_prev, W_xh, W_hh, b_h)[2], o, c_prev)


@problem.misconception(
    "Your output gate may be negative, and then it shows the cell upside down. A gate lies between 0 and 1."
)
def tanh_on_the_output_gate(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, _ = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, g, np.tanh(sums(x_t, h_prev, W_xh, W_hh, b_h)[3]), c_prev)


@problem.misconception(
    "Your c is right. Your h is as large as the cell, which may hold 7. What does the cell pass before the output gate?"
)
def no_tanh_on_the_way_out(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    c = f * c_prev + i * g
    return o * c, c


@problem.misconception(
    "You squash the cell that you hand on. Then nothing larger than 1 is ever kept. The tanh belongs to what is shown."
)
def tanh_in_the_cell(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    h, c = problem.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)
    return h, np.tanh(c)


@problem.misconception("Your c is right, but h shows the cell as it was before the step. The output gate acts last.")
def old_cell_shown(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    o = sigmoid(sums(x_t, h_prev, W_xh, W_hh, b_h)[3])
    return o * np.tanh(c_prev), problem.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)[1]


@problem.misconception("Your cell holds what was just written and nothing else. What became of c_prev?")
def old_cell_dropped(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return problem.solve(x_t, h_prev, 0 * c_prev, W_xh, W_hh, b_h)


@problem.misconception("You hand the whole old cell on: the cell of 1997. Which gate decides how much of it is kept?")
def nothing_forgotten(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, 1, g, o, c_prev)


@problem.misconception(
    "You write 1 - f of the candidate, as a cell with coupled gates does. This one has an input gate of its own."
)
def writes_what_it_forgets(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(1 - f, f, g, o, c_prev)


@problem.misconception(
    "reshape has put whole rows of the batch, in pieces, into your blocks. The four blocks lie side by side in the "
    "columns of z: which axis is to be cut?"
)
def batch_cut_for_the_blocks(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z = x_t @ W_xh + h_prev @ W_hh + b_h
    return joined(*squashed(*z.reshape(4, *h_prev.shape)), c_prev)


@problem.misconception(
    "Your forget gate multiplies the sum of old cell and new part. What is written has a gate of its own and passes no "
    "other."
)
def forget_gate_on_the_new_part(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(f * i, f, g, o, c_prev)


@problem.misconception(
    "You keep 1 - f of the old cell. In spite of its name, the forget gate says how much is kept: 1 keeps all."
)
def forget_gate_means_forget(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, 1 - f, g, o, c_prev)


@problem.misconception("b_h does not enter your sums. Without it, what does a gate do while input and state are zero?")
def bias_left_out(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return problem.solve(x_t, h_prev, c_prev, W_xh, W_hh, 0 * b_h)


@problem.misconception("Your gates look at the input only. They also look at the state before the step.")
def state_left_out(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return problem.solve(x_t, 0 * h_prev, c_prev, W_xh, W_hh, b_h)


@problem.misconception(
    "W_hh is multiplied by c_prev in your sums. Gates see the hidden state; the cell keeps to itself."
)
def gates_look_at_the_cell(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return problem.solve(x_t, c_prev, c_prev, W_xh, W_hh, b_h)


@problem.misconception("Both tensors are right, in the wrong order. Return h first, then c.")
def c_and_h_exchanged(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return problem.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)[::-1]


@every_order(
    problem,
    "ifgo",
    "You take the blocks for {theirs}. The columns of W_xh, W_hh and b_h are in the order {right}.",
    written=("figo", "ifog"),
)
def blocks_taken_for(order, x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z = restored(x_t @ W_xh + h_prev @ W_hh + b_h, order)
    return joined(*squashed(*np.split(z, 4, axis=-1)), c_prev)


two_names(problem, "h", "c")
