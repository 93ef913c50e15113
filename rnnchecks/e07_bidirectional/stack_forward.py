"""Layers on top of each other."""

import numpy as np

from rnnchecks.e07_bidirectional.frozen_forward import weights
from rnnchecks.engine.problem import Problem, normal

problem = Problem("bidirectional.stack_forward", "07-bidirectional", task=6, outputs={"h": "LTBH"})


@problem.reference
def stack_forward(x, layers):
    """Run layer after layer over all steps; each reads the states of the one below."""
    states = []
    for W_xh, W_hh, b_h in layers:
        h, h_prev = [], np.zeros((x.shape[1], len(W_hh)))
        for x_t in x:
            h_prev = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
            h.append(h_prev)
        x = np.stack(h)
        states.append(x)
    return np.stack(states)


def some_layers(rng, L, D, H):
    """Draw the weights of L layers: the first reads D inputs, the others H."""
    return [weights(rng, H if i else D, H) for i in range(L)]


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.D), some_layers(rng, 3, s.D, s.H)


@problem.special("a single layer", hidden=True)
def a_single_layer(rng):
    return normal(rng, 4, 3, 2), some_layers(rng, 1, 2, 5)


def over_time(x, W_xh, W_hh, b_h, h_prev=None, activation=np.tanh):
    """Run one layer over x from a given state; default zeros."""
    h = [np.zeros((x.shape[1], len(W_hh))) if h_prev is None else h_prev]
    for x_t in x:
        h.append(activation(x_t @ W_xh + h[-1] @ W_hh + b_h))
    return np.stack(h[1:])


@problem.misconception(
    "You return the states of the top layer. All layers are asked for, the bottom one first: (L, T, B, H)."
)
def top_layer_only(x, layers):
    return stack_forward(x, layers)[-1]


@problem.misconception("You return each layer's state after the last step. All steps are asked for: (L, T, B, H).")
def last_states_only(x, layers):
    return stack_forward(x, layers)[:, -1]


@problem.misconception("The layers are in the wrong order: yours begins with the top one.")
def top_layer_first(x, layers):
    return stack_forward(x, layers)[::-1]


@problem.misconception("You have time on the first axis and the layers on the second. The layers come first: h[l, t].")
def time_first(x, layers):
    return np.swapaxes(stack_forward(x, layers), 0, 1)


@problem.misconception(
    "The second layer starts from the last state of the first: the state is carried up instead of being set to zero. "
    "Each layer has a memory of its own, and before the first step nothing is in it."
)
def state_not_reset(x, layers):
    states, last = [], None
    for one in layers:
        x = over_time(x, *one, h_prev=last)
        states.append(x)
        last = x[-1]
    return np.stack(states)


@problem.misconception("Your third layer reads the states of the first. What lies directly below it?")
def all_read_the_first_layer(x, layers):
    states = [over_time(x, *layers[0])]
    return np.stack(states + [over_time(states[0], *one) for one in layers[1:]])


@problem.misconception(
    "All your layers use the W_hh of the first one. Weights are shared over time, not over depth.",
    name="one-W_hh-for-all",
)
def one_W_hh_for_all(x, layers):
    states = []
    for W_xh, _, b_h in layers:
        x = over_time(x, W_xh, layers[0][1], b_h)
        states.append(x)
    return np.stack(states)


@problem.misconception(
    "Your upper layers have no recurrence: each reads the state below at its own step and nothing of its own past."
)
def no_memory_above(x, layers):
    states = [over_time(x, *layers[0])]
    for W_xh, _, b_h in layers[1:]:
        states.append(np.tanh(states[-1] @ W_xh + b_h))
    return np.stack(states)


@problem.misconception(
    "Your upper layers read the state below of one step earlier. At step t a layer reads the layer below at step t, "
    "which is already there."
)
def one_step_late(x, layers):
    states = [over_time(x, *layers[0])]
    for one in layers[1:]:
        states.append(over_time(np.concatenate((0 * states[-1][:1], states[-1][:-1])), *one))
    return np.stack(states)


@problem.misconception("Your states are sums without the tanh. Without it a stack of layers is one linear map.")
def no_tanh(x, layers):
    states = []
    for one in layers:
        x = over_time(x, *one, activation=lambda z: z)
        states.append(x)
    return np.stack(states)


@problem.misconception("The biases are missing.")
def no_bias(x, layers):
    states = []
    for W_xh, W_hh, b_h in layers:
        x = over_time(x, W_xh, W_hh, 0 * b_h)
        states.append(x)
    return np.stack(states)


@problem.misconception(
    "One variable holds the state of every layer: each layer gets as its past what the layer below (or, at the bottom, "
    "the top one a step ago) has left in it. How many states does a stack remember from step to step?"
)
def one_state_for_all_layers(x, layers):
    h = np.zeros((len(layers), *x.shape[:2], len(layers[0][1])))
    state = h[0, 0]
    for t, below in enumerate(x):
        for i, (W_xh, W_hh, b_h) in enumerate(layers):
            h[i, t] = below = state = np.tanh(below @ W_xh + state @ W_hh + b_h)
    return h
