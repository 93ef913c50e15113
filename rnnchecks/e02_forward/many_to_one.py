"""Many to one: an answer when all is read."""

import numpy as np

from rnnchecks.e02_forward._net import net, read_off, states
from rnnchecks.engine.problem import Problem, normal

problem = Problem("forward.many_to_one", "02-forward", task=5, outputs={"y": "BK"})


@problem.reference
def many_to_one(x, cell):
    """One output, read off the last state."""
    return read_off(states(x, cell)[-1], cell)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.D), net(rng, s.D, s.H, s.V)


@problem.misconception(
    "There is an output for every step. The question is about the whole sequence: after which step has it all been "
    "read?"
)
def an_output_at_every_step(x, cell):
    return read_off(states(x, cell), cell)


@problem.misconception(
    "You look at the state after the first step, which has read x[0] only. Which state has read everything?"
)
def first_state(x, cell):
    return read_off(states(x, cell)[0], cell)


@problem.misconception(
    "You average the states of all steps. People do that, but here one state is asked for: which one has read "
    "everything?"
)
def mean_of_the_states(x, cell):
    return read_off(states(x, cell).mean(axis=0), cell)


@problem.misconception("You add up the outputs of all steps. Only one state is asked for an output: which one?")
def sum_of_the_outputs(x, cell):
    return read_off(states(x, cell), cell).sum(axis=0)


@problem.misconception(
    "Your net reads the last input and nothing before it. How does what was read earlier reach the last step?"
)
def last_input_only(x, cell):
    return read_off(states(x[-1:], cell), cell)[0]


@problem.misconception(
    "This is the last state itself, H numbers for each row. What turns a state into the K numbers of an output?"
)
def state_returned(x, cell):
    return states(x, cell)[-1]


@problem.misconception("One array of the cell plays no part. What shifts each output?")
def no_output_bias(x, cell):
    return states(x, cell)[-1] @ cell["W_hy"]


@problem.misconception("You squash the output as well. The state has its tanh; what does the equation of y_t say?")
def tanh_on_the_output(x, cell):
    return np.tanh(read_off(states(x, cell)[-1], cell))


@problem.misconception(
    "You took the last row of the batch at every step. In an array (T, B, H), which index picks a step?"
)
def last_row_instead_of_last_step(x, cell):
    return read_off(states(x, cell)[:, -1], cell)
