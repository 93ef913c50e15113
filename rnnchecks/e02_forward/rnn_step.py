"""One step of a recurrent net."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("forward.rnn_step", "02-forward", task=2, outputs={"h": "BH"})


@problem.reference
def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
    """The equation of h_t, as it is printed."""
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.D), normal(rng, s.B, s.H, scale=0.5), *weights(rng, s.D, s.H)


@problem.special("square arrays, B = D = H = 3")
def square_arrays_B_D_H_3(rng):
    return normal(rng, 3, 3), normal(rng, 3, 3, scale=0.5), *weights(rng, 3, 3)


def weights(rng, D, H):
    """Draw W_xh, W_hh and b_h."""
    return [normal(rng, *shape, scale=0.5) for shape in ((D, H), (H, H), (H,))]


@problem.misconception(
    "These are the sums before the squashing function. What keeps every number of the state between -1 and 1?"
)
def no_tanh(x_t, h_prev, W_xh, W_hh, b_h):
    return x_t @ W_xh + h_prev @ W_hh + b_h


@problem.misconception("W_hh is applied the other way round. States are rows: which side of W_hh do they stand on?")
def transposed_recurrence(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh.T + b_h)


@problem.misconception(
    "Your matrices stand to the left of x_t and h_prev, as they do where vectors are columns. Here each row is one "
    "sequence: which side of its matrix does a row stand on?"
)
def weights_on_the_left(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(W_xh @ x_t + W_hh @ h_prev + b_h)


@problem.misconception("One argument plays no part in your answer. What shifts the sum of every unit?")
def no_bias(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh)


@problem.misconception(
    "Your state depends on this step's input only. What does the layer hand to itself from the step before?"
)
def no_memory(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + b_h)


@problem.misconception("Your state depends on the state before only. Where does the layer read x_t?")
def no_input(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(h_prev @ W_hh + b_h)


@problem.misconception("You add h_prev as it is. Which matrix decides what each unit hears of the others?")
def state_without_weights(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev + b_h)


@problem.misconception(
    "The bias is added after the squashing, so a state can leave the range from -1 to 1. Where does the equation add"
    " it?"
)
def bias_outside(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh + h_prev @ W_hh) + b_h


@problem.misconception(
    "You squash the input's part and the memory's part one by one, then add them. How many tanh does the equation "
    "have, and what stands inside?"
)
def tanh_of_each_part(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(x_t @ W_xh) + np.tanh(h_prev @ W_hh + b_h)


@problem.misconception(
    "You add the new state to the old one. The old state has had its say inside the tanh: the new one takes its place."
)
def added_to_the_old_state(x_t, h_prev, W_xh, W_hh, b_h):
    return h_prev + np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@problem.misconception(
    "All your states are positive, between 0 and 1: that is the logistic function. Which function does this layer use?"
)
def sigmoid(x_t, h_prev, W_xh, W_hh, b_h):
    return 1 / (1 + np.exp(-(x_t @ W_xh + h_prev @ W_hh + b_h)))


@problem.misconception("You cut negative sums off at 0. Which function does this layer use?")
def relu(x_t, h_prev, W_xh, W_hh, b_h):
    return np.maximum(x_t @ W_xh + h_prev @ W_hh + b_h, 0)
