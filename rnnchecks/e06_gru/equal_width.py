"""How wide a GRU may be that is to have no more parameters than an LSTM."""

from math import isqrt, sqrt

from rnnchecks.engine.problem import Problem

problem = Problem("gru.equal_width", "06-gru", task=5, outputs={"width": ""}, tolerance=1e-6)


def lstm(D, H):
    """Number of parameters of an LSTM."""
    return 4 * (D * H + H * H + H)


def widest(fits):
    """Return the largest number for which `fits` is true."""
    number = 0
    while fits(number + 1):
        number += 1
    return number


@problem.reference
def equal_width(D, H):
    """The positive root of 3 w^2 + (3 D + 4) w = P, rounded down."""
    P = 4 * (D * H + H * H + H)
    p = 3 * D + 4
    return (isqrt(p * p + 12 * P) - p) // 6


@problem.special("D = 64, H = 128")
def D_64_H_128(rng):
    return 64, 128


@problem.special("narrow input, D = 5, H = 256")
def narrow_input_D_5_H_256(rng):
    return 5, 256


@problem.special("wide input, D = 300, H = 20")
def wide_input_D_300_H_20(rng):
    return 300, 20


@problem.special("D = 128, H = 90")
def D_128_H_90(rng):
    return 128, 90


@problem.special("D = 32, H = 90")
def D_32_H_90(rng):
    return 32, 90


@problem.special("D = 1, H = 1", hidden=True)
def D_1_H_1(rng):
    return 1, 1


@problem.special("D = 1, H = 128", like="narrow input, D = 5, H = 256")
def D_1_H_128(rng):
    return 1, 128


@problem.special("D = 300, H = 10", like="wide input, D = 300, H = 20")
def D_300_H_10(rng):
    return 300, 10


@problem.special("D = 20, H = 100", like="D = 128, H = 90")
def D_20_H_100(rng):
    return 20, 100


@problem.special("D = 10, H = 150", like="D = 32, H = 90")
def D_10_H_150(rng):
    return 10, 150


@problem.special("D = 64, H = 255", like="D = 64, H = 128")
def D_64_H_255(rng):
    return 64, 255


@problem.special("D = 2, H = 13", hidden=True)
def D_2_H_13(rng):
    return 2, 13


@problem.misconception(
    "You multiply the width by 4/3. Most of the parameters grow with the square of the width: by how much may it grow?"
)
def four_thirds(D, H):
    return 4 * H // 3


@problem.misconception(
    "Your width does not depend on D. The root of 4/3 is right when H is large against D, but each block has a matrix "
    "for the input as well, and that one does not grow with the square of the width."
)
def input_forgotten(D, H):
    return int(sqrt(4 / 3) * H)


@problem.variant("input-forgotten")
def input_forgotten_rounded(D, H):
    return round(sqrt(4 / 3) * H)


@problem.misconception(
    "You count three blocks. The GRU with the reset after the product has one vector of parameters more."
)
def inner_bias_forgotten(D, H):
    return widest(lambda w: 3 * (D * w + w * w + w) <= lstm(D, H))


@problem.misconception("You count the matrices alone. Every block has a bias, too, and the GRU one more.")
def no_biases(D, H):
    return widest(lambda w: 3 * (D * w + w * w) <= 4 * (D * H + H * H))


@problem.misconception(
    "You leave out the matrices that multiply the old state. They are the ones that grow with the square."
)
def recurrence_forgotten(D, H):
    return widest(lambda w: 3 * (D * w + w) + w <= 4 * (D * H + H))


@problem.misconception(
    "Your GRU has more parameters than the LSTM. Of the widths that are allowed, the largest is asked for."
)
def one_too_wide(D, H):
    return equal_width(D, H) + 1


@problem.misconception("One unit more would still fit. Of the widths that are allowed, the largest is asked for.")
def stopped_early(D, H):
    return equal_width(D, H) - 1


@problem.misconception(
    "Your width has a fraction. A layer has a whole number of units: in which direction must you round so that the GRU "
    "has no more parameters than the LSTM?"
)
def fraction(D, H):
    p = 3 * D + 4
    return (sqrt(p * p + 12 * lstm(D, H)) - p) / 6


@problem.misconception(
    "You round to the nearest whole number, so that the GRU sometimes has more parameters than the LSTM. In which "
    "direction must you round?"
)
def rounded_to_nearest(D, H):
    p = 3 * D + 4
    return round((sqrt(p * p + 12 * lstm(D, H)) - p) / 6)


@problem.misconception(
    "You count two biases for every block, as PyTorch keeps them. In this course the pairs are one, and b_hn alone "
    "stands apart."
)
def two_biases_everywhere(D, H):
    return widest(lambda w: 3 * (D * w + w * w + 2 * w) <= 4 * (D * H + H * H + 2 * H))


@problem.misconception("You look for the LSTM that is as large as a GRU of width H. Which of the two is given?")
def gru_and_lstm_exchanged(D, H):
    return widest(lambda w: lstm(D, w) <= 3 * (D * H + H * H + H) + H)
