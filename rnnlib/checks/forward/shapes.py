"""Many to one, and one to many."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

to_one = Problem("forward.many_to_one", "02-forward", outputs={"y": "BK"})


@to_one.reference
def many_to_one(x, cell):
    """One output, read off the last state."""
    return read_off(states(x, cell)[-1], cell)


def states(x, cell):
    """Read a sequence, starting from a state of zeros; return every state."""
    h, h_t = [], np.zeros((x.shape[1], len(cell["b_h"])))
    for x_t in x:
        h_t = next_state(x_t @ cell["W_xh"], h_t, cell)
        h.append(h_t)
    return np.stack(h)


def next_state(read, h_prev, cell):
    """One step; ``read`` is what the input brings, x_t W_xh."""
    return np.tanh(read + h_prev @ cell["W_hh"] + cell["b_h"])


def read_off(h, cell):
    """Turn states into outputs."""
    return h @ cell["W_hy"] + cell["b_y"]


@to_one.arguments
def _(rng, s):
    return normal(rng, s.T, s.B, s.D), net(rng, s.D, s.H, s.V)


def net(rng, D, H, K):
    """Draw the arrays of a recurrent layer and of its output."""
    shapes = {"W_xh": (D, H), "W_hh": (H, H), "b_h": (H,), "W_hy": (H, K), "b_y": (K,)}
    return {name: normal(rng, *shape, scale=0.5) for name, shape in shapes.items()}


@to_one.misconception(
    "an-output-at-every-step",
    "There is an output for every step. The question is about the whole sequence: after which step has it all been "
    "read?",
)
def _(x, cell):
    return read_off(states(x, cell), cell)


@to_one.misconception(
    "first-state",
    "You look at the state after the first step, which has read x[0] only. Which state has read everything?",
)
def _(x, cell):
    return read_off(states(x, cell)[0], cell)


@to_one.misconception(
    "mean-of-the-states",
    "You average the states of all steps. People do that, but here one state is asked for: which one has read "
    "everything?",
)
def _(x, cell):
    return read_off(states(x, cell).mean(axis=0), cell)


@to_one.misconception(
    "sum-of-the-outputs",
    "You add up the outputs of all steps. Only one state is asked for an output: which one?",
)
def _(x, cell):
    return read_off(states(x, cell), cell).sum(axis=0)


@to_one.misconception(
    "last-input-only",
    "Your net reads the last input and nothing before it. How does what was read earlier reach the last step?",
)
def _(x, cell):
    return read_off(states(x[-1:], cell), cell)[0]


@to_one.misconception(
    "state-returned",
    "This is the last state itself, H numbers for each row. What turns a state into the K numbers of an output?",
)
def _(x, cell):
    return states(x, cell)[-1]


@to_one.misconception("no-output-bias", "One array of the cell plays no part. What shifts each output?")
def _(x, cell):
    return states(x, cell)[-1] @ cell["W_hy"]


@to_one.misconception(
    "tanh-on-the-output",
    "You squash the output as well. The state has its tanh; what does the equation of y_t say?",
)
def _(x, cell):
    return np.tanh(read_off(states(x, cell)[-1], cell))


@to_one.misconception(
    "last-row-instead-of-last-step",
    "You took the last row of the batch at every step. In an array (T, B, H), which index picks a step?",
)
def _(x, cell):
    return read_off(states(x, cell)[:, -1], cell)


from_one = Problem("forward.one_to_many", "02-forward", outputs={"y": "TBK"})


@from_one.reference
def one_to_many(x, steps, cell):
    """The input at the first step, zeros at the others."""
    inputs = np.zeros((steps, *x.shape))
    inputs[0] = x
    return read_off(states(inputs, cell), cell)


@from_one.arguments
def _(rng, s):
    return normal(rng, s.B, s.D), s.T, net(rng, s.D, s.H, s.V)


@from_one.special("outputs as wide as the input, K = D = 4, and T = 6")
def _(rng):
    return normal(rng, 3, 4), 6, net(rng, 4, 5, 4)


@from_one.special("outputs as wide as the input, K = D = 3, and T = 5", hidden=True)
def _(rng):
    return normal(rng, 2, 3), 5, net(rng, 3, 4, 3)


@from_one.misconception(
    "input-at-every-step",
    "The input is read again at every step. It is there at the first step only: what do the others read?",
)
def _(x, steps, cell):
    return read_off(states(np.stack([x] * steps), cell), cell)


@from_one.misconception(
    "output-read-back",
    "You read each output back as the next input. That is how the chapter writes words, but here the later steps "
    "read zeros.",
)
def _(x, steps, cell):
    h, y = np.zeros((len(x), len(cell["b_h"]))), []
    for _ in range(steps):
        h = next_state(x @ cell["W_xh"], h, cell)
        x = read_off(h, cell)
        y.append(x)
    return np.stack(y)


@from_one.misconception(
    "no-bias-after-the-first-step",
    "From the second step on you leave the bias of the state out. A zero input silences W_xh: does it silence b_h?",
)
def _(x, steps, cell):
    h = states(x[None], cell)[0]
    y = [read_off(h, cell)]
    for _ in range(steps - 1):
        h = np.tanh(h @ cell["W_hh"])
        y.append(read_off(h, cell))
    return np.stack(y)


@from_one.misconception(
    "state-not-carried",
    "From the second step on your state starts from zeros again. Nothing is read there, so what can the step go by?",
)
def _(x, steps, cell):
    h = next_state(0, np.zeros((steps, len(x), len(cell["b_h"]))), cell)
    h[0] = states(x[None], cell)[0]
    return read_off(h, cell)


@from_one.misconception(
    "state-stands-still",
    "All your outputs are the first one. Zeros are read at the later steps, but a step still changes the state.",
)
def _(x, steps, cell):
    return read_off(np.stack([states(x[None], cell)[0]] * steps), cell)


@from_one.misconception(
    "one-output-too-many",
    "There is one output too many. The step that reads x is one of the steps, and it writes the first output.",
)
def _(x, steps, cell):
    return one_to_many(x, steps + 1, cell)


@from_one.misconception(
    "writes-before-it-reads",
    "Your first output comes from a state that has read nothing. Within a step, which comes first: the state or the "
    "output?",
)
def _(x, steps, cell):
    h = states(np.concatenate([x[None], np.zeros((steps - 1, *x.shape))]), cell)
    return read_off(np.concatenate([0 * h[:1], h[:-1]]), cell)


@from_one.misconception(
    "last-output-only",
    "Only the last output came back. One is asked for at each step: what has to be kept on the way?",
)
def _(x, steps, cell):
    return one_to_many(x, steps, cell)[-1]
