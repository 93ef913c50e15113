"""More that goes wrong in one step backward: at the reset gate, and in what reaches the weights."""

import numpy as np

from rnnchecks.e06_gru._parts import exchanged
from rnnchecks.e06_gru.gru_step_backward.state import gru_step_backward, problem, results, right
from rnnchecks.engine.rules import bias_from_weights, bias_gradient, every_order, reordered, restored
from rnnlib.activations import sigmoid


def with_da_r(da_r, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """Return the six results with another gradient at the reset gate's sum."""
    _, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, da_n, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You give dr to the weights. Between r and its sum stands a sigmoid: by what does it multiply on the way back?"
)
def no_slope_of_the_reset_gate(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = right(dh, h_prev, r, z, n, q)[2]
    return with_da_r(da_n * q, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


SQUASHED_AGAIN = (
    "You squash once more what was squashed already: r and z come to you after the sigmoid and n after the tanh. Read "
    "each slope off the value that you have."
)


def slopes_of_the_squashed(gates, candidate, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """Take the slope at sigmoid(r), sigmoid(z), tanh(n) in place of r, z, n, for the gates, the candidate or both."""
    s_r, s_z = (sigmoid(r), sigmoid(z)) if gates else (r, z)
    s_n = np.tanh(n) if candidate else n
    da_n = dh * (1 - z) * (1 - s_n**2)
    sums = da_n * q * s_r * (1 - s_r), dh * (h_prev - n) * s_z * (1 - s_z), da_n, da_n * r
    return results(sums, dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(SQUASHED_AGAIN)
def gates_squashed_again(*arguments):
    return slopes_of_the_squashed(True, False, *arguments)


@problem.misconception(SQUASHED_AGAIN)
def candidate_squashed_again(*arguments):
    return slopes_of_the_squashed(False, True, *arguments)


@problem.misconception(SQUASHED_AGAIN)
def all_squashed_again(*arguments):
    return slopes_of_the_squashed(True, True, *arguments)


@problem.misconception(
    "Your dr is made with h_prev. In this cell the reset gate multiplies something else: which name does it have?"
)
def reset_gate_times_the_state(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = right(dh, h_prev, r, z, n, q)[2]
    return with_da_r(da_n * h_prev * r * (1 - r), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@problem.misconception(
    "You go back through the cell that resets before the product. Here the reset gate came after it: which of the two "
    "is undone first?"
)
def reset_before_the_product(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    _, da_z, da_n, _ = right(dh, h_prev, r, z, n, q)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
    ds = da_n @ W_hn.T
    da_r = ds * h_prev * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    dW_hh = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n], axis=1)
    dh_prev = dh * z + ds * r + da_r @ W_hr.T + da_z @ W_hz.T
    return da @ W_xh.T, dh_prev, x_t.T @ da, dW_hh, da.sum(axis=0), da_n.sum(axis=0)


@problem.misconception(
    "What reaches q, and from there W_hh, the old state and b_hn, is the whole of da_n in your version. On the way "
    "forward q was multiplied by something."
)
def reset_gate_left_out_of_dq(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, _ = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, da_n, da_n), dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You use the same three gradients for W_xh and for W_hh. They differ in the candidate's block: what stands between "
    "the product with W_hn and the sum inside the tanh?"
)
def one_gradient_for_both_matrices(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    *others, _ = results((da_r, da_z, da_n, da_n), dh * z, x_t, h_prev, W_xh, W_hh)
    return *others, dq.sum(axis=0)


@problem.misconception(
    "Your W_xh, b_h and x_t get dq in the candidate's block. The reset gate did not touch the input's part of that sum."
)
def reset_on_the_input_too(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, _, dq = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, dq, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "Your db_hn is the candidate's part of db_h. If they were equal, one bias would do: what multiplies b_hn?",
    name="db_hn-like-b_n",
)
def db_hn_like_b_n(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    *others, _ = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return *others, right(dh, h_prev, r, z, n, q)[2].sum(axis=0)


@problem.misconception("Your blocks stand in the order z, r, n. The columns of W_xh and W_hh have another order.")
def blocks_exchanged(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return results((da_z, da_r, da_n, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "dx_t and dh_prev are right and the blocks of dW_xh, dW_hh and db_h stand in the order z, r, n. Which order do the "
    "weights have?"
)
def weights_in_another_order(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, dh_prev, *weights, db_hn = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return dx_t, dh_prev, *map(exchanged, weights), db_hn


@problem.misconception(
    "You divide the weights' gradients by B. Each row of the batch adds its share; if the loss is a mean, dh already "
    "carries the division."
)
def mean_over_batch(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, dh_prev, *weights = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return dx_t, dh_prev, *(dW / len(dh) for dW in weights)


@problem.misconception(
    "Your db_h and db_hn have one row for each row of the batch, but each bias exists once. What happens to the shares "
    "of something that is used B times?"
)
def biases_not_summed(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    *others, _, _ = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return *others, np.concatenate([da_r, da_z, da_n], axis=1), dq


@every_order(
    problem,
    "rzn",
    "Each of your blocks is right, but they stand in the order {theirs}. The columns of W_xh and W_hh are in the order "
    "{right}.",
    written=("zrn",),
)
def blocks_joined_as(order, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    weights = restored(W_xh, order), restored(W_hh, order)
    return in_order(order, gru_step_backward(dh, x_t, h_prev, r, z, n, q, *weights))


@every_order(
    problem,
    "rzn",
    "dx_t and dh_prev are right, and the blocks of dW_xh, dW_hh and db_h stand in the order {theirs}. The weights have "
    "the order {right}.",
    name="weights-in-the-order",
    written=("zrn",),
)
def weights_joined_as(order, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return in_order(order, gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh))


def in_order(order, found):
    """Put the blocks of the weights' gradients into another order."""
    dx_t, dh_prev, *weights, db_hn = found
    return dx_t, dh_prev, *(reordered(dW, order) for dW in weights), db_hn


@bias_gradient(problem, "db_h")
def shares_of_db_h(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return np.concatenate(right(dh, h_prev, r, z, n, q)[:3], axis=1)


@bias_gradient(problem, "db_hn")
def shares_of_db_hn(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return right(dh, h_prev, r, z, n, q)[3]


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
