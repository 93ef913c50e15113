"""Problems of exercise 02-forward."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

EXERCISE = "02-forward"

count = Problem("forward.count_parameters", EXERCISE, outputs={"count": ""})


@count.reference
def count_parameters(D, H, K):
    return D * H + H * H + H + H * K + K


@count.arguments
def _(rng, s):
    return s.D, s.H, s.V


@count.misconception("no-biases", "Count the numbers in b_h and b_y too: each unit adds its own constant.")
def _(D, H, K):
    return D * H + H * H + H * K


step = Problem("forward.rnn_step", EXERCISE, outputs={"h": "BH"})


@step.reference
def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@step.arguments
def _(rng, s):
    return (
        normal(rng, s.B, s.D),
        normal(rng, s.B, s.H, scale=0.5),
        normal(rng, s.D, s.H, scale=0.5),
        normal(rng, s.H, s.H, scale=0.5),
        normal(rng, s.H, scale=0.5),
    )


@step.misconception(
    "no-tanh",
    "These are the sums before the squashing function. What keeps every number of the state between -1 and 1?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return x_t @ W_xh + h_prev @ W_hh + b_h


@step.misconception(
    "transposed-recurrence",
    "W_hh is applied the other way round. States are rows: which side of W_hh do they stand on?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh.T + b_h)


PROBLEMS = (count, step)
