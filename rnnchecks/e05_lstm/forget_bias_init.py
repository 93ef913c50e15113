"""The start of the biases: a forget gate that remembers for as long as you say."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("lstm.forget_bias_init", "05-lstm", task=2, outputs={"b_h": "K"})


@problem.reference
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
    """Return the right bias."""
    return np.log(np.asarray(tau) - 1)


@problem.arguments
def random_arguments(rng, s):
    return s.H, rng.uniform(3, 90, s.H)


@problem.special("one tau for all units")
def one_tau_for_all_units(rng):
    return 3, float(rng.uniform(5, 50))


@problem.special("tau = 2 steps for one unit, 1.2 for another")
def tau_2_steps_for_one_unit_1_2_for_another(rng):
    return 3, np.array([rng.uniform(10, 20), 2.0, 1.2])


@problem.special("a whole number of steps, as an int", hidden=True)
def a_whole_number_of_steps_as_an_int(rng):
    return 4, int(rng.integers(5, 50))


@problem.misconception(
    "Your numbers are right and stand in the first block, which is the input gate's. The order is i, f, g, o."
)
def in_the_block_of_i(H, tau):
    return blocks(H, i=bias(tau))


@problem.misconception(
    "Your numbers are right and stand in the third block, which is the candidate's. The order is i, f, g, o."
)
def in_the_block_of_g(H, tau):
    return blocks(H, g=bias(tau))


@problem.misconception(
    "Your numbers are right and stand in the last block, which is the output gate's. The order is i, f, g, o."
)
def in_the_block_of_o(H, tau):
    return blocks(H, o=bias(tau))


@problem.misconception(
    "You gave every block the forget gate's bias. The others start at zero: only one gate is meant to be a clock."
)
def in_every_block(H, tau):
    return np.tile(bias(tau) + np.zeros(H), 4)


@problem.misconception(
    "You take tau itself for the bias. The bias goes through a sigmoid first, and 1 / (1 - f) comes after: solve for b."
)
def tau_as_the_bias(H, tau):
    return blocks(H, f=np.asarray(tau))


@problem.misconception(
    "You store f = 1 - 1/tau, the value that the gate should have. The bias is what the sigmoid turns into that value."
)
def the_gate_for_its_bias(H, tau):
    return blocks(H, f=1 - 1 / np.asarray(tau))


@problem.misconception(
    "For a long memory you are nearly right; for tau = 2 you are not. There the gate should stand at 1/2: at which "
    "bias does a sigmoid give that?"
)
def log_tau(H, tau):
    return blocks(H, f=np.log(tau))


@problem.misconception(
    "Your gates forget where they should keep: the sign is flipped. A long memory needs a bias above zero."
)
def sign_flipped(H, tau):
    return blocks(H, f=-bias(tau))


@problem.misconception(
    "You chose f so that exactly 1/e is left after tau steps. Here tau is the sum 1 + f + f^2 + ..., that is "
    "1 / (1 - f). For long memories the two are close, for short ones not."
)
def e_to_the_minus_one_over_tau(H, tau):
    f = np.exp(-1 / np.asarray(tau))
    return blocks(H, f=np.log(f / (1 - f)))


@problem.misconception(
    "You chose f so that half is left after tau steps. That is another clock: here tau = 1 / (1 - f)."
)
def half_life(H, tau):
    f = 0.5 ** (1 / np.asarray(tau))
    return blocks(H, f=np.log(f / (1 - f)))


@problem.misconception(
    "Your forget block is right. You also gave the input gate the opposite bias, as chrono initialisation does; here "
    "all other biases are zero."
)
def input_gate_opposed(H, tau):
    return blocks(H, i=-bias(tau), f=bias(tau))


@problem.misconception("Your forget block is right. The other blocks start at zero, not at one.")
def ones_elsewhere(H, tau):
    return blocks(H, i=1, f=bias(tau), g=1, o=1)


@problem.misconception("Your logarithm has base 10. The sigmoid is made with e.")
def log_to_another_base(H, tau):
    return blocks(H, f=np.log10(np.asarray(tau) - 1))


@problem.misconception(
    "Your numbers are right and stand at every fourth place. The blocks are not interleaved: the first H numbers "
    "belong to i, the next H to f, and so on."
)
def one_in_four(H, tau):
    b_h = np.zeros(4 * H)
    b_h[1::4] = bias(tau)
    return b_h


@problem.misconception(
    "You take the logarithm of f = 1 - 1/tau, which is never above zero. f came out of a sigmoid, not out of an "
    "exponential: undo the sigmoid."
)
def log_of_the_gate(H, tau):
    return blocks(H, f=np.log(1 - 1 / np.asarray(tau)))


@problem.misconception(
    "You send f = 1 - 1/tau through a sigmoid. The LSTM will do that with your bias: here it has to be undone."
)
def sigmoid_once_more(H, tau):
    return blocks(H, f=1 / (1 + np.exp(1 / np.asarray(tau) - 1)))
