"""How wide a GRU may be that is to have no more parameters than an LSTM."""

from math import isqrt, sqrt

from rnnlib.checks.problem import Problem

width = Problem("gru.equal_width", "06-gru", outputs={"width": ""}, tolerance=1e-6)


def lstm(D, H):
    """Number of parameters of an LSTM."""
    return 4 * (D * H + H * H + H)


def widest(fits):
    """Give the largest number for which `fits` is true."""
    number = 0
    while fits(number + 1):
        number += 1
    return number


@width.reference
def equal_width(D, H):
    """The positive root of 3 w^2 + (3 D + 4) w = P, rounded down."""
    P = 4 * (D * H + H * H + H)
    p = 3 * D + 4
    return (isqrt(p * p + 12 * P) - p) // 6


@width.special("D = 64, H = 128")
def _(rng):
    return 64, 128


@width.special("narrow input, D = 5, H = 256")
def _(rng):
    return 5, 256


@width.special("wide input, D = 300, H = 20")
def _(rng):
    return 300, 20


@width.special("D = 128, H = 90")
def _(rng):
    return 128, 90


@width.special("D = 32, H = 90")
def _(rng):
    return 32, 90


@width.special("D = 1, H = 1", hidden=True)
def _(rng):
    return 1, 1


@width.special("D = 1, H = 128", hidden=True)
def _(rng):
    return 1, 128


@width.special("D = 300, H = 10", hidden=True)
def _(rng):
    return 300, 10


@width.special("D = 20, H = 100", hidden=True)
def _(rng):
    return 20, 100


@width.special("D = 10, H = 150", hidden=True)
def _(rng):
    return 10, 150


@width.special("D = 64, H = 255", hidden=True)
def _(rng):
    return 64, 255


@width.special("D = 2, H = 13", hidden=True)
def _(rng):
    return 2, 13


@width.misconception(
    "four-thirds",
    "You multiply the width by 4/3. Most of the parameters grow with the square of the width: by how much may it grow?",
)
def _(D, H):
    return 4 * H // 3


INPUT_FORGOTTEN = (
    "Your width does not depend on D. The root of 4/3 is right when H is large against D, but each block has a matrix "
    "for the input as well, and that one does not grow with the square of the width."
)


@width.misconception("input-forgotten", INPUT_FORGOTTEN)
def _(D, H):
    return int(sqrt(4 / 3) * H)


@width.misconception("input-forgotten-rounded", INPUT_FORGOTTEN)
def _(D, H):
    return round(sqrt(4 / 3) * H)


@width.misconception(
    "inner-bias-forgotten",
    "You count three blocks. The GRU with the reset after the product has one vector of parameters more.",
)
def _(D, H):
    return widest(lambda w: 3 * (D * w + w * w + w) <= lstm(D, H))


@width.misconception(
    "no-biases",
    "You count the matrices alone. Every block has a bias, too, and the GRU one more.",
)
def _(D, H):
    return widest(lambda w: 3 * (D * w + w * w) <= 4 * (D * H + H * H))


@width.misconception(
    "recurrence-forgotten",
    "You leave out the matrices that multiply the old state. They are the ones that grow with the square.",
)
def _(D, H):
    return widest(lambda w: 3 * (D * w + w) + w <= 4 * (D * H + H))


@width.misconception(
    "one-too-wide",
    "Your GRU has more parameters than the LSTM. Of the widths that are allowed, the largest is asked for.",
)
def _(D, H):
    return equal_width(D, H) + 1


@width.misconception(
    "stopped-early",
    "One unit more would still fit. Of the widths that are allowed, the largest is asked for.",
)
def _(D, H):
    return equal_width(D, H) - 1


@width.misconception(
    "fraction",
    "Your width has a fraction. A layer has a whole number of units: in which direction must you round so that the GRU "
    "has no more parameters than the LSTM?",
)
def _(D, H):
    p = 3 * D + 4
    return (sqrt(p * p + 12 * lstm(D, H)) - p) / 6


@width.misconception(
    "rounded-to-nearest",
    "You round to the nearest whole number, so that the GRU sometimes has more parameters than the LSTM. In which "
    "direction must you round?",
)
def _(D, H):
    p = 3 * D + 4
    return round((sqrt(p * p + 12 * lstm(D, H)) - p) / 6)


@width.misconception(
    "two-biases-everywhere",
    "You count two biases for every block, as PyTorch keeps them. In this course the pairs are one, and b_hn alone "
    "stands apart.",
)
def _(D, H):
    return widest(lambda w: 3 * (D * w + w * w + 2 * w) <= 4 * (D * H + H * H + 2 * H))


@width.misconception(
    "gru-and-lstm-exchanged",
    "You look for the LSTM that is as large as a GRU of width H. Which of the two is given?",
)
def _(D, H):
    return widest(lambda w: lstm(D, w) <= 3 * (D * H + H * H + H) + H)
