"""One to many: one input, many outputs."""

import numpy as np

from rnnchecks.e02_forward._net import net, next_state, read_off, states
from rnnchecks.engine.problem import Problem, normal

problem = Problem("forward.one_to_many", "02-forward", task=6, outputs={"y": "TBK"})


@problem.reference
def one_to_many(x, steps, cell):
    """The input at the first step, zeros at the others."""
    inputs = np.zeros((steps, *x.shape))
    inputs[0] = x
    return read_off(states(inputs, cell), cell)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.D), s.T, net(rng, s.D, s.H, s.V)


@problem.special("outputs as wide as the input, K = D = 4, and T = 6")
def outputs_as_wide_as_the_input_K_D_4_and_T_6(rng):
    return normal(rng, 3, 4), 6, net(rng, 4, 5, 4)


@problem.special(
    "outputs as wide as the input, K = D = 3, and T = 5", like="outputs as wide as the input, K = D = 4, and T = 6"
)
def outputs_as_wide_as_the_input_K_D_3_and_T_5(rng):
    return normal(rng, 2, 3), 5, net(rng, 3, 4, 3)


@problem.misconception(
    "The input is read again at every step. It is there at the first step only: what do the others read?"
)
def input_at_every_step(x, steps, cell):
    return read_off(states(np.stack([x] * steps), cell), cell)


@problem.misconception(
    "You read each output back as the next input. That is how the chapter writes words, but here the later steps "
    "read zeros."
)
def output_read_back(x, steps, cell):
    h, y = np.zeros((len(x), len(cell["b_h"]))), []
    for _ in range(steps):
        h = next_state(x @ cell["W_xh"], h, cell)
        x = read_off(h, cell)
        y.append(x)
    return np.stack(y)


@problem.misconception(
    "From the second step on you leave the bias of the state out. A zero input silences W_xh: does it silence b_h?"
)
def no_bias_after_the_first_step(x, steps, cell):
    h = states(x[None], cell)[0]
    y = [read_off(h, cell)]
    for _ in range(steps - 1):
        h = np.tanh(h @ cell["W_hh"])
        y.append(read_off(h, cell))
    return np.stack(y)


@problem.misconception(
    "From the second step on your state starts from zeros again. Nothing is read there, so what can the step go by?"
)
def state_not_carried(x, steps, cell):
    h = next_state(0, np.zeros((steps, len(x), len(cell["b_h"]))), cell)
    h[0] = states(x[None], cell)[0]
    return read_off(h, cell)


@problem.misconception(
    "All your outputs are the first one. Zeros are read at the later steps, but a step still changes the state."
)
def state_stands_still(x, steps, cell):
    return read_off(np.stack([states(x[None], cell)[0]] * steps), cell)


@problem.misconception(
    "There is one output too many. The step that reads x is one of the steps, and it writes the first output."
)
def one_output_too_many(x, steps, cell):
    return one_to_many(x, steps + 1, cell)


@problem.misconception(
    "Your first output comes from a state that has read nothing. Within a step, which comes first: the state or the "
    "output?"
)
def writes_before_it_reads(x, steps, cell):
    h = states(np.concatenate([x[None], np.zeros((steps - 1, *x.shape))]), cell)
    return read_off(np.concatenate([0 * h[:1], h[:-1]]), cell)


@problem.misconception("Only the last output came back. One is asked for at each step: what has to be kept on the way?")
def last_output_only(x, steps, cell):
    return one_to_many(x, steps, cell)[-1]
