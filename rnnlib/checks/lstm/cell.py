"""One step of the LSTM, forward."""

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.checks.lstm.net import squashed, sums, weights
from rnnlib.checks.problem import Problem, normal

step = Problem("lstm.lstm_step", "05-lstm", outputs={"h": "BH", "c": "BH"})


@step.reference
def lstm_step(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    """Keep some of the cell, write some of the candidate, show some of the result."""
    z_i, z_f, z_g, z_o = np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)
    c = sigmoid(z_f) * c_prev + sigmoid(z_i) * np.tanh(z_g)
    return sigmoid(z_o) * np.tanh(c), c


def joined(i, f, g, o, c_prev):
    """Make h and c from gates and candidate, as they should be made."""
    c = f * c_prev + i * g
    return o * np.tanh(c), c


@step.arguments
def _(rng, s):
    return normal(rng, s.B, s.D), normal(rng, s.B, s.H, scale=0.5), normal(rng, s.B, s.H), *weights(rng, s.D, s.H)


@step.special("a cell that has counted far, c_prev near 6", hidden=True)
def _(rng):
    return normal(rng, 3, 4), normal(rng, 3, 2, scale=0.5), 6 + normal(rng, 3, 2), *weights(rng, 4, 2)


@step.special("sums of several hundred", hidden=True)
def _(rng):
    W_xh, W_hh, b_h = weights(rng, 4, 2)
    return normal(rng, 3, 4), normal(rng, 3, 2, scale=0.5), normal(rng, 3, 2), 500 * W_xh, W_hh, b_h


@step.misconception(
    "input-and-forget-exchanged",
    "Input and forget gate have changed places, in the blocks of z or in the line for c. The order of the blocks is "
    "i, f, g, o. Which of the two gates multiplies the old cell?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(f, i, g, o, c_prev)


@step.misconception(
    "candidate-and-output-exchanged",
    "Your third block is the output gate and your fourth the candidate, an order that some libraries use. Here the "
    "order is i, f, g, o.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z_i, z_f, z_g, z_o = sums(x_t, h_prev, W_xh, W_hh, b_h)
    return joined(*squashed(z_i, z_f, z_o, z_g), c_prev)


@step.misconception(
    "gates-interleaved",
    "Your reshape takes four neighbouring columns for the four gates of one unit. The first H columns of z all belong "
    "to i, the next H to f, and so on.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z = x_t @ W_xh + h_prev @ W_hh + b_h
    return joined(*squashed(*np.moveaxis(z.reshape(*h_prev.shape, 4), -1, 0)), c_prev)


@step.misconception(
    "sigmoid-on-the-candidate",
    "Your candidate is never negative, so writing can only raise a cell. Which function lets it go both ways?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, _, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, sigmoid(sums(x_t, h_prev, W_xh, W_hh, b_h)[2]), o, c_prev)


@step.misconception(
    "candidate-without-tanh",
    "Your candidate is a bare sum of any size. What keeps it between -1 and 1?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, _, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, sums(x_t, h_prev, W_xh, W_hh, b_h)[2], o, c_prev)


@step.misconception(
    "tanh-on-the-output-gate",
    "Your output gate may be negative, and then it shows the cell upside down. A gate lies between 0 and 1.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, _ = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, f, g, np.tanh(sums(x_t, h_prev, W_xh, W_hh, b_h)[3]), c_prev)


@step.misconception(
    "no-tanh-on-the-way-out",
    "Your c is right. Your h is as large as the cell, which may hold 7. What does the cell pass before the output "
    "gate?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    c = f * c_prev + i * g
    return o * c, c


@step.misconception(
    "tanh-in-the-cell",
    "You squash the cell that you hand on. Then nothing larger than 1 is ever kept. The tanh belongs to what is shown.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    h, c = step.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)
    return h, np.tanh(c)


@step.misconception(
    "old-cell-shown",
    "Your c is right, but h shows the cell as it was before the step. The output gate acts last.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    o = sigmoid(sums(x_t, h_prev, W_xh, W_hh, b_h)[3])
    return o * np.tanh(c_prev), step.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)[1]


@step.misconception(
    "old-cell-dropped",
    "Your cell holds what was just written and nothing else. What became of c_prev?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return step.solve(x_t, h_prev, 0 * c_prev, W_xh, W_hh, b_h)


@step.misconception(
    "nothing-forgotten",
    "You hand the whole old cell on: the cell of 1997. Which gate decides how much of it is kept?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, 1, g, o, c_prev)


@step.misconception(
    "writes-what-it-forgets",
    "You write 1 - f of the candidate, as a cell with coupled gates does. This one has an input gate of its own.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(1 - f, f, g, o, c_prev)


@step.misconception(
    "batch-cut-for-the-blocks",
    "reshape has put whole rows of the batch, in pieces, into your blocks. The four blocks lie side by side in the "
    "columns of z: which axis is to be cut?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    z = x_t @ W_xh + h_prev @ W_hh + b_h
    return joined(*squashed(*z.reshape(4, *h_prev.shape)), c_prev)


@step.misconception(
    "forget-gate-on-the-new-part",
    "Your forget gate multiplies the sum of old cell and new part. What is written has a gate of its own and passes no "
    "other.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(f * i, f, g, o, c_prev)


@step.misconception(
    "forget-gate-means-forget",
    "You keep 1 - f of the old cell. In spite of its name, the forget gate says how much is kept: 1 keeps all.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    i, f, g, o = squashed(*sums(x_t, h_prev, W_xh, W_hh, b_h))
    return joined(i, 1 - f, g, o, c_prev)


@step.misconception(
    "bias-left-out",
    "b_h does not enter your sums. Without it, what does a gate do while input and state are zero?",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return step.solve(x_t, h_prev, c_prev, W_xh, W_hh, 0 * b_h)


@step.misconception(
    "state-left-out",
    "Your gates look at the input only. They also look at the state before the step.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return step.solve(x_t, 0 * h_prev, c_prev, W_xh, W_hh, b_h)


@step.misconception(
    "gates-look-at-the-cell",
    "W_hh is multiplied by c_prev in your sums. Gates see the hidden state; the cell keeps to itself.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return step.solve(x_t, c_prev, c_prev, W_xh, W_hh, b_h)


@step.misconception(
    "c-and-h-exchanged",
    "Both tensors are right, in the wrong order. Return h first, then c.",
)
def _(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    return step.solve(x_t, h_prev, c_prev, W_xh, W_hh, b_h)[::-1]
