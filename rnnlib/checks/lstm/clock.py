"""The start of the biases: a forget gate that remembers for as long as you say."""

import numpy as np

from rnnlib.checks.problem import Problem

clock = Problem("lstm.forget_bias_init", "05-lstm", outputs={"b_h": "K"})


@clock.reference
def forget_bias_init(H, tau):
    """Zero, but for the block of the forget gate."""
    b_h = np.zeros(4 * H)
    b_h[H : 2 * H] = np.log(np.asarray(tau) - 1)
    return b_h


def blocks(H, **filled):
    """Zeros, with the named blocks filled."""
    b_h = {name: np.zeros(H) for name in "ifgo"}
    b_h.update({name: value + np.zeros(H) for name, value in filled.items()})
    return np.concatenate(list(b_h.values()))


def bias(tau):
    """Give the right bias."""
    return np.log(np.asarray(tau) - 1)


@clock.arguments
def _(rng, s):
    return s.H, rng.uniform(3, 90, s.H)


@clock.special("one tau for all units")
def _(rng):
    return 3, float(rng.uniform(5, 50))


@clock.special("tau = 2 steps for one unit, 1.2 for another")
def _(rng):
    return 3, np.array([rng.uniform(10, 20), 2.0, 1.2])


@clock.special("a whole number of steps, as an int", hidden=True)
def _(rng):
    return 4, int(rng.integers(5, 50))


@clock.misconception(
    "in-the-block-of-i",
    "Your numbers are right and stand in the first block, which is the input gate's. The order is i, f, g, o.",
)
def _(H, tau):
    return blocks(H, i=bias(tau))


@clock.misconception(
    "in-the-block-of-g",
    "Your numbers are right and stand in the third block, which is the candidate's. The order is i, f, g, o.",
)
def _(H, tau):
    return blocks(H, g=bias(tau))


@clock.misconception(
    "in-the-block-of-o",
    "Your numbers are right and stand in the last block, which is the output gate's. The order is i, f, g, o.",
)
def _(H, tau):
    return blocks(H, o=bias(tau))


@clock.misconception(
    "in-every-block",
    "You gave every block the forget gate's bias. The others start at zero: only one gate is meant to be a clock.",
)
def _(H, tau):
    return np.tile(bias(tau) + np.zeros(H), 4)


@clock.misconception(
    "tau-as-the-bias",
    "You take tau itself for the bias. The bias goes through a sigmoid first, and 1 / (1 - f) comes after: solve for "
    "b.",
)
def _(H, tau):
    return blocks(H, f=np.asarray(tau))


@clock.misconception(
    "the-gate-for-its-bias",
    "You store f = 1 - 1/tau, the value that the gate should have. The bias is what the sigmoid turns into that value.",
)
def _(H, tau):
    return blocks(H, f=1 - 1 / np.asarray(tau))


@clock.misconception(
    "log-tau",
    "For a long memory you are nearly right; for tau = 2 you are not. There the gate should stand at 1/2: at which "
    "bias does a sigmoid give that?",
)
def _(H, tau):
    return blocks(H, f=np.log(tau))


@clock.misconception(
    "sign-flipped",
    "Your gates forget where they should keep: the sign is flipped. A long memory needs a bias above zero.",
)
def _(H, tau):
    return blocks(H, f=-bias(tau))


@clock.misconception(
    "e-to-the-minus-one-over-tau",
    "You chose f so that exactly 1/e is left after tau steps. Here tau is the sum 1 + f + f^2 + ..., that is "
    "1 / (1 - f). For long memories the two are close, for short ones not.",
)
def _(H, tau):
    f = np.exp(-1 / np.asarray(tau))
    return blocks(H, f=np.log(f / (1 - f)))


@clock.misconception(
    "half-life",
    "You chose f so that half is left after tau steps. That is another clock: here tau = 1 / (1 - f).",
)
def _(H, tau):
    f = 0.5 ** (1 / np.asarray(tau))
    return blocks(H, f=np.log(f / (1 - f)))


@clock.misconception(
    "input-gate-opposed",
    "Your forget block is right. You also gave the input gate the opposite bias, as chrono initialisation does; here "
    "all other biases are zero.",
)
def _(H, tau):
    return blocks(H, i=-bias(tau), f=bias(tau))


@clock.misconception(
    "ones-elsewhere",
    "Your forget block is right. The other blocks start at zero, not at one.",
)
def _(H, tau):
    return blocks(H, i=1, f=bias(tau), g=1, o=1)


@clock.misconception(
    "log-to-another-base",
    "Your logarithm has base 10. The sigmoid is made with e.",
)
def _(H, tau):
    return blocks(H, f=np.log10(np.asarray(tau) - 1))


@clock.misconception(
    "one-in-four",
    "Your numbers are right and stand at every fourth place. The blocks are not interleaved: the first H numbers "
    "belong to i, the next H to f, and so on.",
)
def _(H, tau):
    b_h = np.zeros(4 * H)
    b_h[1::4] = bias(tau)
    return b_h


@clock.misconception(
    "log-of-the-gate",
    "You take the logarithm of f = 1 - 1/tau, which is never above zero. f came out of a sigmoid, not out of an "
    "exponential: undo the sigmoid.",
)
def _(H, tau):
    return blocks(H, f=np.log(1 - 1 / np.asarray(tau)))


@clock.misconception(
    "sigmoid-once-more",
    "You send f = 1 - 1/tau through a sigmoid. The LSTM will do that with your bias: here it has to be undone.",
)
def _(H, tau):
    return blocks(H, f=1 / (1 + np.exp(1 / np.asarray(tau) - 1)))
