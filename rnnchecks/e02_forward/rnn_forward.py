"""The loop over time."""

import numpy as np

from rnnchecks.e02_forward.rnn_step import weights
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import inherited

problem = Problem("forward.rnn_forward", "02-forward", task=3, outputs={"h": "TBH"})


@problem.reference
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    """One step after another, each from the state that the last one left."""
    h, h_t = [], h0
    for x_t in x:
        h_t = np.tanh(x_t @ W_xh + h_t @ W_hh + b_h)
        h.append(h_t)
    return np.stack(h)


@problem.arguments
def random_arguments(rng, s):
    return sentences(rng, s.T, s.B, s.D, s.H)


@problem.special("as many steps as rows of the batch, T = B = 3")
def as_many_steps_as_rows_of_the_batch_T_B_3(rng):
    return sentences(rng, 3, 3, 4, 2)


def sentences(rng, T, B, D, H):
    """Draw inputs, an initial state and weights."""
    return normal(rng, T, B, D), normal(rng, B, H, scale=0.5), *weights(rng, D, H)


def states(x, h0, W_xh, W_hh, b_h, after=np.tanh):
    """Run the layer with ``after`` in the place of its tanh, and return what it carries from step to step."""
    carried, z = [], h0
    for x_t in x:
        z = after(x_t @ W_xh + z @ W_hh + b_h)
        carried.append(z)
    return np.stack(carried)


@problem.misconception("You start from zeros. The state before the first step is handed in: under which name?")
def initial_state_forgotten(x, h0, W_xh, W_hh, b_h):
    return states(x, np.zeros_like(h0), W_xh, W_hh, b_h)


@problem.misconception(
    "Every step starts from h0 again. After a step, which state has to stand ready for the next one?"
)
def state_not_carried(x, h0, W_xh, W_hh, b_h):
    return np.tanh(x @ W_xh + h0 @ W_hh + b_h)


@problem.misconception(
    "No step knows of the one before: this is a feed-forward layer at every step. Where does the state come in?"
)
def no_memory(x, h0, W_xh, W_hh, b_h):
    return np.tanh(x @ W_xh + b_h)


@problem.misconception(
    "Only the state after the last step came back. The outputs will need every one: what has to be kept on the way?"
)
def last_state_only(x, h0, W_xh, W_hh, b_h):
    return states(x, h0, W_xh, W_hh, b_h)[-1]


@problem.misconception("There is one state too many: h0 stands in front. h[0] is the state after the first step.")
def initial_state_among_the_results(x, h0, W_xh, W_hh, b_h):
    return np.concatenate([h0[None], states(x, h0, W_xh, W_hh, b_h)])


@problem.misconception("h[0] is h0, and the last state is lost. Do you keep the state before or after you compute it?")
def kept_before_the_step(x, h0, W_xh, W_hh, b_h):
    return np.concatenate([h0[None], states(x, h0, W_xh, W_hh, b_h)[:-1]])


@problem.misconception(
    "Every step shows the last state. You keep the same array T times and change it in place: how does each step get"
    " an array of its own?"
)
def one_array_kept_many_times(x, h0, W_xh, W_hh, b_h):
    h = states(x, h0, W_xh, W_hh, b_h)
    return np.stack([h[-1]] * len(h))


@problem.misconception(
    "The first step is right. To the next one you hand the sum, not the state: on which side of the tanh is the "
    "memory taken?"
)
def sum_carried_instead_of_state(x, h0, W_xh, W_hh, b_h):
    return np.tanh(states(x, h0, W_xh, W_hh, b_h, after=lambda z: z))


@problem.misconception(
    "These are sums that were never squashed. What does a step do to its sum before it becomes the state?"
)
def no_tanh(x, h0, W_xh, W_hh, b_h):
    return states(x, h0, W_xh, W_hh, b_h, after=lambda z: z)


@problem.misconception("You read the sequence from its end to its beginning. Which input meets h0?")
def read_backwards(x, h0, W_xh, W_hh, b_h):
    return states(x[::-1], h0, W_xh, W_hh, b_h)[::-1]


@problem.misconception("The state moves on, but it reads x[0] at every step. Does the index of x change in your loop?")
def first_input_at_every_step(x, h0, W_xh, W_hh, b_h):
    return states(np.stack([x[0]] * len(x)), h0, W_xh, W_hh, b_h)


@problem.misconception(
    "The states are right, but the batch comes first. Which axis of every array is time in this course?"
)
def batch_first_result(x, h0, W_xh, W_hh, b_h):
    return states(x, h0, W_xh, W_hh, b_h).swapaxes(0, 1)


@problem.misconception(
    "Your loop goes over the batch and takes a whole sentence for one step. x is (T, B, D): what is x[t], and what "
    "is x[:, t]?"
)
def loop_over_the_batch(x, h0, W_xh, W_hh, b_h):
    h = np.empty((*x.shape[:2], len(b_h)))
    for t in range(x.shape[1]):
        h0 = h[:, t] = np.tanh(x[:, t] @ W_xh + h0 @ W_hh + b_h)
    return h


@inherited(problem, "forward.rnn_step")
def by_steps(step, x, h0, W_xh, W_hh, b_h):
    h, h_t = [], h0
    for x_t in x:
        h_t = step(x_t, h_t, W_xh, W_hh, b_h)
        h.append(h_t)
    return np.stack(h)
