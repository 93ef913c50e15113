"""The derivative of a state by the state before."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("gradients.step_jacobian", "04-gradients", task=1, outputs={"J": "HH"})


@problem.reference
def step_jacobian(h, W_hh):
    """Row i: the slope of unit i, times how each unit of the state before reaches it."""
    slope = 1 - h**2
    return slope[:, None] * W_hh.T


@problem.arguments
def random_arguments(rng, s):
    return np.tanh(normal(rng, s.H)), normal(rng, s.H, s.H)


@problem.misconception(
    "Each row of yours holds a row of W_hh. In h_prev @ W_hh the entry W_hh[j, i] leads from unit j to unit i: "
    "where in J does that belong, if row i is about unit i of the new state?",
    name="W_hh-not-transposed",
)
def W_hh_not_transposed(h, W_hh):
    return (1 - h**2)[:, None] * W_hh


@problem.misconception(
    "Your slopes multiply columns. The slope of unit i acts on all that comes into unit i: is that a row of J or a "
    "column?"
)
def slope_on_the_columns(h, W_hh):
    return W_hh.T * (1 - h**2)


@problem.misconception(
    "This is the transpose of J. Row i should say how the new state's unit i depends on the state before; yours says "
    "that in column i."
)
def J_transposed(h, W_hh):
    return W_hh * (1 - h**2)


@problem.misconception(
    "This is W_hh transposed and nothing else. What stands between the product with W_hh and the new state?"
)
def no_slope(h, W_hh):
    return W_hh.T.copy()


@problem.misconception(
    "You take the tanh of h. But h is already what came out of the tanh: how does its slope look, written with the "
    "output?"
)
def tanh_taken_again(h, W_hh):
    return (1 - np.tanh(h) ** 2)[:, None] * W_hh.T


@problem.misconception(
    "Your slope is 1 - h. At h = -0.9 that is 1.9, and no slope of tanh is above 1. What is missing?"
)
def h_not_squared(h, W_hh):
    return (1 - h)[:, None] * W_hh.T


@problem.misconception(
    "h (1 - h) is the slope of the sigmoid, written with its output. Which function made this state?"
)
def slope_of_the_sigmoid(h, W_hh):
    return (h * (1 - h))[:, None] * W_hh.T


@problem.misconception("You multiply by the state itself. What you need is how fast the state moves when z does.")
def h_for_the_slope(h, W_hh):
    return h[:, None] * W_hh.T


@problem.misconception(
    "Only the diagonal of yours is filled. A unit of the new state depends on every unit of the state before, so J is "
    "a full matrix: what multiplies diag(...)?"
)
def diagonal_only(h, W_hh):
    return np.diag((1 - h**2) * np.diag(W_hh))


@problem.misconception(
    "A row of slopes @ a matrix adds up over the units, and one row is left. Here nothing is added up: each slope "
    "multiplies the numbers of its own row of J."
)
def summed_to_a_row(h, W_hh):
    return (1 - h**2) @ W_hh.T
