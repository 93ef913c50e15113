"""One step of the recurrent net, backward."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import bias_from_weights, bias_gradient

problem = Problem(
    "bptt.rnn_step_backward",
    "03-bptt",
    task=2,
    outputs={"dx_t": "BD", "dh_prev": "BH", "dW_xh": "DH", "dW_hh": "HH", "db_h": "H"},
)


@problem.reference
def rnn_step_backward(dh, x_t, h_prev, h, W_xh, W_hh):
    """Through the tanh to dz, then to everything that was added up in z."""
    dz = dh * (1 - h**2)
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


def from_dz(dz, x_t, h_prev, W_xh, W_hh):
    """Turn the gradient at the sum z into the five results."""
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


@problem.arguments
def random_arguments(rng, s):
    x_t, h_prev = normal(rng, s.B, s.D), normal(rng, s.B, s.H, scale=0.5)
    W_xh, W_hh, b_h = (normal(rng, *shape, scale=0.5) for shape in ((s.D, s.H), (s.H, s.H), (s.H,)))
    h = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    return normal(rng, s.B, s.H), x_t, h_prev, h, W_xh, W_hh


@problem.misconception(
    "dh is the gradient at h, after the tanh. By what does the tanh multiply it on the way back to the sum inside?"
)
def no_slope(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You use 1 - h as the slope of tanh. At h = -0.9, where tanh is almost flat, that would be 1.9: check the formula."
)
def slope_not_squared(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh * (1 - h), x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You take the tanh of h, but h is already the tanh of the sum. Write the slope with the tanh that you have."
)
def tanh_twice(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh * (1 - np.tanh(h) ** 2), x_t, h_prev, W_xh, W_hh)


@problem.misconception("You take the slope of the tanh at h_prev. Which state came out of this step's tanh?")
def slope_of_the_step_before(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh * (1 - h_prev**2), x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "Your weights see dz, but dx_t and dh_prev are made from dh. The input and the old state lie behind the tanh too."
)
def slope_only_for_the_weights(dh, x_t, h_prev, h, W_xh, W_hh):
    _, _, dW_xh, dW_hh, db_h = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return dh @ W_xh.T, dh @ W_hh.T, dW_xh, dW_hh, db_h


@problem.misconception(
    "Your dx_t and dh_prev see the slope of the tanh, but the weights and the bias are given dh. They too act inside "
    "the tanh."
)
def slope_only_for_the_state(dh, x_t, h_prev, h, W_xh, W_hh):
    dx_t, dh_prev, *_ = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return dx_t, dh_prev, x_t.T @ dh, h_prev.T @ dh, dh.sum(axis=0)


@problem.misconception(
    "dh_prev goes through W_hh the same way round as the forward pass. W_hh is square, so NumPy does not complain: "
    "check which axis of W_hh belongs to the old state."
)
def no_transpose(dh, x_t, h_prev, h, W_xh, W_hh):
    dx_t, _, *weights = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return dx_t, dh * (1 - h**2) @ W_hh, *weights


@problem.misconception(
    "In dW_hh rows and columns have changed places. Row i of W_hh is what unit i of the old state is multiplied by: "
    "which factor must supply the rows?",
    name="dW_hh-transposed",
)
def dW_hh_transposed(dh, x_t, h_prev, h, W_xh, W_hh):
    dx_t, dh_prev, dW_xh, dW_hh, db_h = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return dx_t, dh_prev, dW_xh, dW_hh.T, db_h


@problem.misconception(
    "Your dW_hh is made with h, the state after the step. What was W_hh multiplied by in the forward pass?",
    name="new-state-in-dW_hh",
)
def new_state_in_dW_hh(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh * (1 - h**2), x_t, h, W_xh, W_hh)


@problem.misconception(
    "You divide the weights' gradients by B. Each row of the batch adds its share; if the loss is a mean, dh already "
    "carries the division."
)
def mean_over_batch(dh, x_t, h_prev, h, W_xh, W_hh):
    dx_t, dh_prev, *weights = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return dx_t, dh_prev, *(dW / len(dh) for dW in weights)


@problem.misconception(
    "db_h is an average over the batch while the other weights get a sum. Every row of the batch uses the same bias."
)
def bias_mean_over_batch(dh, x_t, h_prev, h, W_xh, W_hh):
    *others, db_h = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return *others, db_h / len(dh)


@problem.misconception(
    "db_h has one row for each row of the batch, but there is only one b_h. What happens to the shares of something "
    "that is used B times?"
)
def bias_not_summed(dh, x_t, h_prev, h, W_xh, W_hh):
    *others, _ = problem.solve(dh, x_t, h_prev, h, W_xh, W_hh)
    return *others, dh * (1 - h**2)


@problem.misconception(
    "You take the slope of the tanh at dh. dh is a gradient and may be any number: of what is the slope of a tanh made?"
)
def slope_of_the_gradient(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(dh * (1 - dh**2), x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "dh plays no part in your answer: you start from ones, as if the loss were the sum of the states. What does dh say "
    "about the loss?"
)
def dh_ignored(dh, x_t, h_prev, h, W_xh, W_hh):
    return from_dz(1 - h**2, x_t, h_prev, W_xh, W_hh)


@bias_gradient(problem, "db_h", written=("not-summed-over-the-batch", "averaged-over-the-batch"))
def shares_of_db_h(dh, x_t, h_prev, h, W_xh, W_hh):
    return dh * (1 - h**2)


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
