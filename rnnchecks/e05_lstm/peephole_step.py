"""One step of an LSTM whose gates see the cell."""

import numpy as np

from rnnchecks.e05_lstm._net import sums, weights
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import every_order, restored, two_names
from rnnlib.activations import sigmoid

problem = Problem("lstm.peephole_step", "05-lstm", task=5, outputs={"h": "BH", "c": "BH"})


@problem.reference
def peephole_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    """Input and forget gate see the old cell; the output gate sees the new one."""
    z_i, z_f, z_g, z_o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    p_i, p_f, p_o = p
    c = sigmoid(z_f + p_f * c_prev) * c_prev + sigmoid(z_i + p_i * c_prev) * np.tanh(z_g)
    return sigmoid(z_o + p_o * c) * np.tanh(c), c


def stepped(z, seen_by_i, seen_by_f, seen_by_o, c_prev):
    """Step with what each gate sees of the cell; `seen_by_o` is a function of the new cell."""
    z_i, z_f, z_g, z_o = z
    c = sigmoid(z_f + seen_by_f) * c_prev + sigmoid(z_i + seen_by_i) * np.tanh(z_g)
    return sigmoid(z_o + seen_by_o(c)) * np.tanh(c), c


@problem.arguments
def random_arguments(rng, s):
    states = normal(rng, s.B, s.H, scale=0.5), normal(rng, s.B, s.H)
    return normal(rng, s.B, s.D), *states, *weights(rng, s.D, s.H), normal(rng, 3, s.H)


@problem.special("a cell that has counted far, c_prev near 6", hidden=True)
def a_cell_that_has_counted_far_c_prev_near_6(rng):
    states = normal(rng, 3, 2, scale=0.5), 6 + normal(rng, 3, 2)
    return normal(rng, 3, 4), *states, *weights(rng, 4, 2), normal(rng, 3, 2, scale=0.3)


@problem.misconception("p does not enter your gates: this is the step without peepholes.")
def no_peepholes(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    return peephole_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h, 0 * p)


@problem.misconception(
    "Your c is right; h is not. When the output gate acts, the cell has been renewed. Which cell does it see?"
)
def output_gate_sees_the_old_cell(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    z, (p_i, p_f, p_o) = sums(x_t, h_prev, W_xh, W_hh, b_h), p
    return stepped(z, p_i * c_prev, p_f * c_prev, lambda c: p_o * c_prev, c_prev)


@problem.misconception(
    "Your c is right; h is not. The output gate's peephole looks at the cell itself, not at its tanh."
)
def output_gate_sees_the_tanh(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    z, (p_i, p_f, p_o) = sums(x_t, h_prev, W_xh, W_hh, b_h), p
    return stepped(z, p_i * c_prev, p_f * c_prev, lambda c: p_o * np.tanh(c), c_prev)


@problem.misconception("Your c is right; h is not. The output gate has a peephole too.")
def output_gate_sees_nothing(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    z, (p_i, p_f, _) = sums(x_t, h_prev, W_xh, W_hh, b_h), p
    return stepped(z, p_i * c_prev, p_f * c_prev, lambda c: 0, c_prev)


@problem.misconception(
    "Your input and forget gates look at h_prev through the peephole. They see it anyway, through W_hh. What is it "
    "that a peephole is for?"
)
def state_for_cell(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    z, (p_i, p_f, p_o) = sums(x_t, h_prev, W_xh, W_hh, b_h), p
    return stepped(z, p_i * h_prev, p_f * h_prev, lambda c: p_o * c, c_prev)


@problem.misconception(
    "You add p * c behind the sigmoid, so that a gate can leave 0 to 1. The peephole is one more term of the sum "
    "inside."
)
def outside_the_sigmoid(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    z_i, z_f, z_g, z_o = sums(x_t, h_prev, W_xh, W_hh, b_h)
    p_i, p_f, p_o = p
    c = (sigmoid(z_f) + p_f * c_prev) * c_prev + (sigmoid(z_i) + p_i * c_prev) * np.tanh(z_g)
    return (sigmoid(z_o) + p_o * c) * np.tanh(c), c


@problem.misconception(
    "You give the input gate the row of the forget gate, and the other way round. The rows of p are in the order i, "
    "f, o."
)
def rows_of_p_exchanged(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    return peephole_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p[[1, 0, 2]])


@problem.misconception(
    "You give the forget gate the row of the output gate, and the other way round. The rows of p are in the order i, "
    "f, o."
)
def last_rows_of_p_exchanged(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    return peephole_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p[[0, 2, 1]])


@problem.misconception("Your candidate sees the cell as well. Only the three gates have peepholes.")
def peephole_for_the_candidate(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    (z_i, z_f, z_g, z_o), (p_i, p_f, p_o) = sums(x_t, h_prev, W_xh, W_hh, b_h), p
    z = z_i, z_f, z_g + p_o * c_prev, z_o
    return stepped(z, p_i * c_prev, p_f * c_prev, lambda c: p_o * c, c_prev)


@every_order(
    problem, "ifgo", "You take the blocks for {theirs}. The columns of W_xh, W_hh and b_h are in the order {right}."
)
def blocks_taken_for(order, x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    return peephole_step(x_t, h_prev, c_prev, *(restored(W, order) for W in (W_xh, W_hh, b_h)), p)


@every_order(
    problem,
    "ifo",
    "You take the rows of p for {theirs}. They are in the order {right}.",
    name="rows-of-p-in-the-order",
    written=("fio", "iof"),
)
def rows_taken_for(order, x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    return peephole_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h, restored(p.T, order).T)


two_names(problem, "h", "c")
