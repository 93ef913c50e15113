"""More that goes wrong in one step backward: at the reset gate, and in what reaches the weights."""

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.checks.gru.backward import backward, gru_step_backward, results, right
from rnnlib.checks.gru.parts import exchanged


def with_da_r(da_r, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """Give the six results with another gradient at the reset gate's sum."""
    _, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, da_n, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@backward.misconception(
    "no-slope-of-the-reset-gate",
    "You give dr to the weights. Between r and its sum stands a sigmoid: by what does it multiply on the way back?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
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


@backward.misconception("gates-squashed-again", SQUASHED_AGAIN)
def _(*arguments):
    return slopes_of_the_squashed(True, False, *arguments)


@backward.misconception("candidate-squashed-again", SQUASHED_AGAIN)
def _(*arguments):
    return slopes_of_the_squashed(False, True, *arguments)


@backward.misconception("all-squashed-again", SQUASHED_AGAIN)
def _(*arguments):
    return slopes_of_the_squashed(True, True, *arguments)


@backward.misconception(
    "reset-gate-times-the-state",
    "Your dr is made with h_prev. In this cell the reset gate multiplies something else: which name does it have?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = right(dh, h_prev, r, z, n, q)[2]
    return with_da_r(da_n * h_prev * r * (1 - r), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@backward.misconception(
    "reset-before-the-product",
    "You go back through the cell that resets before the product. Here the reset gate came after it: which of the two "
    "is undone first?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    _, da_z, da_n, _ = right(dh, h_prev, r, z, n, q)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
    ds = da_n @ W_hn.T
    da_r = ds * h_prev * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    dW_hh = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n], axis=1)
    dh_prev = dh * z + ds * r + da_r @ W_hr.T + da_z @ W_hz.T
    return da @ W_xh.T, dh_prev, x_t.T @ da, dW_hh, da.sum(axis=0), da_n.sum(axis=0)


@backward.misconception(
    "reset-gate-left-out-of-dq",
    "What reaches q, and from there W_hh, the old state and b_hn, is the whole of da_n in your version. On the way "
    "forward q was multiplied by something.",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, _ = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, da_n, da_n), dh * z, x_t, h_prev, W_xh, W_hh)


@backward.misconception(
    "one-gradient-for-both-matrices",
    "You use the same three gradients for W_xh and for W_hh. They differ in the candidate's block: what stands between "
    "the product with W_hn and the sum inside the tanh?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    *others, _ = results((da_r, da_z, da_n, da_n), dh * z, x_t, h_prev, W_xh, W_hh)
    return *others, dq.sum(axis=0)


@backward.misconception(
    "reset-on-the-input-too",
    "Your W_xh, b_h and x_t get dq in the candidate's block. The reset gate did not touch the input's part of that "
    "sum.",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, _, dq = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, dq, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@backward.misconception(
    "db_hn-like-b_n",
    "Your db_hn is the candidate's part of db_h. If they were equal, one bias would do: what multiplies b_hn?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    *others, _ = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return *others, right(dh, h_prev, r, z, n, q)[2].sum(axis=0)


@backward.misconception(
    "blocks-exchanged",
    "Your blocks stand in the order z, r, n. The columns of W_xh and W_hh have another order.",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return results((da_z, da_r, da_n, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@backward.misconception(
    "weights-in-another-order",
    "dx_t and dh_prev are right and the blocks of dW_xh, dW_hh and db_h stand in the order z, r, n. Which order do the "
    "weights have?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, dh_prev, *weights, db_hn = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return dx_t, dh_prev, *map(exchanged, weights), db_hn


@backward.misconception(
    "mean-over-batch",
    "You divide the weights' gradients by B. Each row of the batch adds its share; if the loss is a mean, dh already "
    "carries the division.",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, dh_prev, *weights = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return dx_t, dh_prev, *(dW / len(dh) for dW in weights)


@backward.misconception(
    "biases-not-summed",
    "Your db_h and db_hn have one row for each row of the batch, but each bias exists once. What happens to the shares "
    "of something that is used B times?",
)
def _(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    *others, _, _ = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    da_r, da_z, da_n, dq = right(dh, h_prev, r, z, n, q)
    return *others, np.concatenate([da_r, da_z, da_n], axis=1), dq
