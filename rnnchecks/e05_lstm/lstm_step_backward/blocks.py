"""More that goes wrong in one step backward: at the candidate, in the order of the blocks, and in the bias."""

import numpy as np

from rnnchecks.e05_lstm._parts import products, results, slopes, whole_dc
from rnnchecks.e05_lstm.lstm_step_backward.cell import lstm_step_backward, problem
from rnnchecks.engine.rules import bias_from_weights, bias_gradient, every_order


def with_candidate(factor, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    """Return the six results when the block of g is dc times `factor`."""
    (dz_i, dz_f, _, dz_o), all_dc = dz_blocks(dh, dc, c_prev, c, gates)
    return results((dz_i, dz_f, all_dc * factor, dz_o), all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


@problem.misconception("You take the tanh of g, but g came out of a tanh. Its slope can be read off g as it is given.")
def candidate_with_tanh_again(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    factor = gates[0] * (1 - np.tanh(gates[2]) ** 2)
    return with_candidate(factor, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "Your dg has g itself as a factor. In the product i * g the gradient of a factor is dc times the other one, and no "
    "more."
)
def candidate_with_a_factor_too_many(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    factor = gates[0] * gates[2] * (1 - gates[2] ** 2)
    return with_candidate(factor, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "Your dg has g itself as a factor, and then you take the tanh of g again. In the product i * g the gradient of g "
    "is dc times the other factor; and the slope of the tanh can be read off g as it is given."
)
def candidate_with_a_factor_too_many_and_tanh_again(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    factor = gates[0] * gates[2] * (1 - np.tanh(gates[2]) ** 2)
    return with_candidate(factor, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


def dz_blocks(dh, dc, c_prev, c, gates):
    """Return the four blocks of dz as they should be, and all that reaches the cell."""
    all_dc = whole_dc(dh, dc, c, gates)
    return [d * s for d, s in zip(products(dh, all_dc, c_prev, c, gates), slopes(gates), strict=True)], all_dc


@every_order(
    problem,
    "ifgo",
    "Each block of your dz is right, but they stand in the order {theirs}. The columns of W_xh, W_hh and b_h are in "
    "the order {right}.",
    written=("ifog", "figo"),
)
def blocks_joined_as(order, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    blocks, all_dc = dz_blocks(dh, dc, c_prev, c, gates)
    return results([blocks[k] for k in order], all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


@every_order(
    problem,
    "ifgo",
    "You take what is in gates for {theirs}. Along its first axis the order is {right}.",
    name="gates-taken-for",
)
def gates_taken_for(order, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates[np.argsort(order)], W_xh, W_hh)


@every_order(
    problem,
    "ifgo",
    "You work in the order {theirs}, from what is in gates to the columns of the weights. Here both are in the order "
    "{right}.",
    name="gates-and-blocks-in-the-order",
)
def gates_and_blocks_in_the_order(order, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    gates = gates[np.argsort(order)]
    blocks, all_dc = dz_blocks(dh, dc, c_prev, c, gates)
    return results([blocks[k] for k in order], all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


@bias_gradient(problem, "db_h")
def shares_of_db_h(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return np.concatenate(dz_blocks(dh, dc, c_prev, c, gates)[0], axis=1)


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
