"""Sinusoidal position codes."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("transformer.position_codes", "13-transformer", task=1, outputs={"p": "TD"})


@problem.reference
def position_codes(T, D):
    """Turn the hands of D / 2 clocks: sine and cosine side by side, each pair slower than the one before."""
    t = np.arange(T)[:, None]
    angle = t * 10000.0 ** (-np.arange(0, D, 2) / D)
    return woven(np.sin(angle), np.cos(angle))


@problem.arguments
def random_arguments(rng, s):
    return s.T, 2 * s.H + 2


@problem.special("a single pair of columns, D = 2", hidden=True)
def a_single_pair_of_columns_D_2(rng):
    return 6, 2


@problem.special("a long sequence of wide codes", hidden=True)
def a_long_sequence_of_wide_codes(rng):
    return 60, 16


def woven(even, odd):
    """Put two arrays (T, D / 2) into the even and the odd columns of one."""
    return np.stack((even, odd), axis=2).reshape(len(even), -1)


def angles(T, D):
    """Return the angle of every hand at every step, (T, D / 2)."""
    return np.arange(T)[:, None] * 10000.0 ** (-np.arange(0, D, 2) / D)


@problem.misconception(
    "All sines stand in the left half and all cosines in the right. In the equation the columns 2i and 2i + 1 are a "
    "pair."
)
def sines_then_cosines(T, D):
    return np.concatenate((np.sin(angles(T, D)), np.cos(angles(T, D))), axis=1)


@problem.misconception(
    "The cosines stand in the even columns. What is the code of step 0 to be: sin 0 or cos 0 in its first column?"
)
def sine_and_cosine_swapped(T, D):
    return woven(np.cos(angles(T, D)), np.sin(angles(T, D)))


@problem.misconception(
    "Both columns of a pair hold the sine. One hand of a clock needs two numbers: with the sine alone, a quarter past "
    "and a quarter to look different, but ten past and twenty past do not."
)
def only_sines(T, D):
    return woven(np.sin(angles(T, D)), np.sin(angles(T, D)))


@problem.misconception("Your first row is the code of step 1. The steps are counted from 0 here.")
def starts_at_one(T, D):
    return position_codes(T + 1, D)[1:]


@problem.misconception(
    "The two columns of a pair turn at different speeds. Sine and cosine of one pair share one angle: which number do "
    "the columns 2i and 2i + 1 have in common?"
)
def every_column_its_own_speed(T, D):
    angle = np.arange(T)[:, None] * 10000.0 ** (-np.arange(D) / D)
    return woven(np.sin(angle[:, ::2]), np.cos(angle[:, 1::2]))


@problem.misconception(
    "Your speeds fall from pair to pair, but only as the number of the pair, i, says. The exponent holds the number of "
    "the column, 2i."
)
def clocks_slow_down_too_little(T, D):
    angle = np.arange(T)[:, None] * 10000.0 ** (-np.arange(D // 2) / D)
    return woven(np.sin(angle), np.cos(angle))


@problem.misconception("Each pair turns faster than the one before it. What is the sign of the exponent?")
def clocks_speed_up(T, D):
    angle = np.arange(T)[:, None] * 10000.0 ** (np.arange(0, D, 2) / D)
    return woven(np.sin(angle), np.cos(angle))


@problem.misconception(
    "All pairs turn at the same speed, so after one turn of the clock the codes come back. Where does i enter?"
)
def same_speed_everywhere(T, D):
    angle = np.arange(T)[:, None] * np.ones(D // 2)
    return woven(np.sin(angle), np.cos(angle))


@problem.misconception(
    "You divide the step by the length. Then the code of step 3 depends on how long the sequence is, and the same "
    "distance is a different angle in each."
)
def share_of_the_length(T, D):
    angle = angles(T, D) / T
    return woven(np.sin(angle), np.cos(angle))
