"""One step of a recurrent net."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

step = Problem("forward.rnn_step", "02-forward", outputs={"h": "BH"})


@step.reference
def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
    """The equation of h_t, as it is printed."""
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@step.arguments
def _(rng, s):
    return normal(rng, s.B, s.D), normal(rng, s.B, s.H, scale=0.5), *weights(rng, s.D, s.H)


@step.special("square arrays, B = D = H = 3")
def _(rng):
    return normal(rng, 3, 3), normal(rng, 3, 3, scale=0.5), *weights(rng, 3, 3)


def weights(rng, D, H):
    """Draw W_xh, W_hh and b_h."""
    return [normal(rng, *shape, scale=0.5) for shape in ((D, H), (H, H), (H,))]


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


@step.misconception(
    "weights-on-the-left",
    "Your matrices stand to the left of x_t and h_prev, as they do where vectors are columns. Here each row is one "
    "sequence: which side of its matrix does a row stand on?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(W_xh @ x_t + W_hh @ h_prev + b_h)


@step.misconception("no-bias", "One argument plays no part in your answer. What shifts the sum of every unit?")
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh)


@step.misconception(
    "no-memory",
    "Your state depends on this step's input only. What does the layer hand to itself from the step before?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + b_h)


@step.misconception(
    "no-input",
    "Your state depends on the state before only. Where does the layer read x_t?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(h_prev @ W_hh + b_h)


@step.misconception(
    "state-without-weights",
    "You add h_prev as it is. Which matrix decides what each unit hears of the others?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev + b_h)


@step.misconception(
    "bias-outside",
    "The bias is added after the squashing, so a state can leave the range from -1 to 1. Where does the equation add"
    " it?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh) + b_h


@step.misconception(
    "tanh-of-each-part",
    "You squash the input's part and the memory's part one by one, then add them. How many tanh does the equation "
    "have, and what stands inside?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh) + np.tanh(h_prev @ W_hh + b_h)


@step.misconception(
    "added-to-the-old-state",
    "You add the new state to the old one. The old state has had its say inside the tanh: the new one takes its place.",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return h_prev + np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@step.misconception(
    "sigmoid",
    "All your states are positive, between 0 and 1: that is the logistic function. Which function does this layer use?",
)
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return 1 / (1 + np.exp(-(x_t @ W_xh + h_prev @ W_hh + b_h)))


@step.misconception("relu", "You cut negative sums off at 0. Which function does this layer use?")
def _(x_t, h_prev, W_xh, W_hh, b_h):
    return np.maximum(x_t @ W_xh + h_prev @ W_hh + b_h, 0)
