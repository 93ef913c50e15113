"""Elman's step: input and context side by side, one hidden layer, one output layer."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem("history.elman_step", "01-history", task=5, outputs={"h": "BH", "y": "BK"})


@problem.reference
def elman_step(x_t, h_prev, W, b_h, W_hy, b_y):
    """Join input and context, then two logistic layers."""
    u = np.concatenate([x_t, h_prev], axis=1)
    h = sigmoid(u @ W + b_h)
    return h, sigmoid(h @ W_hy + b_y)


def joined(x_t, h_prev, W, b_h):
    """Sum inside the hidden layer."""
    return np.concatenate([x_t, h_prev], axis=1) @ W + b_h


@problem.arguments
def random_arguments(rng, s):
    x_t, h_prev = normal(rng, s.B, s.D), rng.random((s.B, s.H))
    W, b_h = normal(rng, s.D + s.H, s.H), normal(rng, s.H)
    return x_t, h_prev, W, b_h, normal(rng, s.H, s.V), normal(rng, s.V)


@problem.special("one bit, two units, as in the paper", hidden=True)
def one_bit_two_units_as_in_the_paper(rng):
    return (
        rng.permutation([0.0, 1.0, 1.0])[:, None],
        rng.random((3, 2)),
        normal(rng, 3, 2),
        normal(rng, 2),
        normal(rng, 2, 1),
        normal(rng, 1),
    )


@problem.misconception(
    "You put the context in front of the input. The first D rows of W belong to the input: which of the two must come "
    "first?"
)
def context_first(x_t, h_prev, W, b_h, W_hy, b_y):
    h = sigmoid(np.concatenate([h_prev, x_t], axis=1) @ W + b_h)
    return h, sigmoid(h @ W_hy + b_y)


@problem.misconception(
    "Your hidden units lie between -1 and 1. Elman's lie between 0 and 1: which function does the equation name?"
)
def tanh_hidden(x_t, h_prev, W, b_h, W_hy, b_y):
    h = np.tanh(joined(x_t, h_prev, W, b_h))
    return h, sigmoid(h @ W_hy + b_y)


@problem.misconception("You use tanh in both layers, as chapter 2 does in its one. Elman's units are logistic.")
def tanh_everywhere(x_t, h_prev, W, b_h, W_hy, b_y):
    h = np.tanh(joined(x_t, h_prev, W, b_h))
    return h, np.tanh(h @ W_hy + b_y)


@problem.misconception(
    "h is right, and y is the sum before the sigmoid. Elman's output is a unit like the others, between 0 and 1."
)
def output_left_linear(x_t, h_prev, W, b_h, W_hy, b_y):
    h, _ = problem.solve(x_t, h_prev, W, b_h, W_hy, b_y)
    return h, h @ W_hy + b_y


@problem.misconception("Your hidden layer is the bare sum. What keeps its units between 0 and 1?")
def hidden_left_linear(x_t, h_prev, W, b_h, W_hy, b_y):
    h = joined(x_t, h_prev, W, b_h)
    return h, sigmoid(h @ W_hy + b_y)


@problem.misconception("h is right, but the output is made from the old state. It should know what has just been read.")
def output_from_the_context(x_t, h_prev, W, b_h, W_hy, b_y):
    h, _ = problem.solve(x_t, h_prev, W, b_h, W_hy, b_y)
    return h, sigmoid(h_prev @ W_hy + b_y)


@problem.misconception("h is right, but the output reads the hidden layer before its sigmoid. It should read h itself.")
def output_from_the_sum(x_t, h_prev, W, b_h, W_hy, b_y):
    z = joined(x_t, h_prev, W, b_h)
    return sigmoid(z), sigmoid(z @ W_hy + b_y)


@problem.misconception("The context plays no part: your net is a feed-forward net. Whose rows are the last H of W?")
def context_forgotten(x_t, h_prev, W, b_h, W_hy, b_y):
    h = sigmoid(x_t @ W[: x_t.shape[1]] + b_h)
    return h, sigmoid(h @ W_hy + b_y)


@problem.misconception("b_h is not used. It belongs inside the sigmoid, added to every row.")
def hidden_bias_forgotten(x_t, h_prev, W, b_h, W_hy, b_y):
    h = sigmoid(joined(x_t, h_prev, W, 0))
    return h, sigmoid(h @ W_hy + b_y)


@problem.misconception("h is right, and y lacks its bias b_y.")
def output_bias_forgotten(x_t, h_prev, W, b_h, W_hy, b_y):
    h, _ = problem.solve(x_t, h_prev, W, b_h, W_hy, b_y)
    return h, sigmoid(h @ W_hy)


@problem.misconception("The two results come in the other order: first the state h, then the output y.")
def output_and_state_swapped(x_t, h_prev, W, b_h, W_hy, b_y):
    return problem.solve(x_t, h_prev, W, b_h, W_hy, b_y)[::-1]
