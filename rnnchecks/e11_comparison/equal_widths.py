"""How wide a plain net, an LSTM and a GRU may be, so that none has more weights than are allowed."""

from functools import partial
from math import isqrt, sqrt

from rnnchecks.engine.problem import Problem

problem = Problem(
    "comparison.equal_widths", "11-comparison", task=1, outputs={"H_rnn": "", "H_lstm": "", "H_gru": ""}, tolerance=1e-6
)


@problem.reference
def equal_widths(D, K, budget):
    """The positive root of b H^2 + p H + K = budget for b blocks, rounded down."""
    found = []
    for b, inner in ((1, 0), (4, 0), (3, 1)):
        p = b * (D + 1) + inner + K
        found.append((isqrt(p * p + 4 * b * (budget - K)) - p) // (2 * b))
    return tuple(found)


def widest(count, budget):
    """Return the largest number of units whose count of weights is within the budget."""
    H = 1
    while count(H + 1) <= budget:
        H += 1
    return H


def by_count(count, budget):
    """Return the three widths, for a way to count: count(b, inner, H), with b blocks and `inner` biases more a unit."""
    return tuple(widest(partial(count, b, inner), budget) for b, inner in ((1, 0), (4, 0), (3, 1)))


@problem.special("digits by row, D = 8, K = 10, 3,000 weights")
def digits_by_row_D_8_K_10_3_000_weights(rng):
    return 8, 10, 3000


@problem.special("D = 4, K = 5, 2,000 weights")
def D_4_K_5_2_000_weights(rng):
    return 4, 5, 2000


@problem.special("characters, D = K = 61, 10,000 weights")
def characters_D_K_61_10_000_weights(rng):
    return 61, 61, 10_000


@problem.special("a wide input, D = 120, K = 2, 9,000 weights")
def a_wide_input_D_120_K_2_9_000_weights(rng):
    return 120, 2, 9000


@problem.special("a budget that an LSTM of 20 units meets exactly, D = 7, K = 3")
def a_budget_that_an_LSTM_of_20_units_meets(rng):
    return 7, 3, 4 * (7 * 20 + 20 * 20 + 20) + 20 * 3 + 3


@problem.special("a budget that a GRU of 24 units meets exactly, D = 6, K = 4")
def a_budget_that_a_GRU_of_24_units_meets(rng):
    return 6, 4, 3 * (6 * 24 + 24 * 24 + 24) + 24 + 24 * 4 + 4


@problem.special(
    "a budget that a GRU of 31 units meets exactly, D = 9, K = 12",
    like="a budget that a GRU of 24 units meets exactly, D = 6, K = 4",
)
def a_budget_that_a_GRU_of_31_units_meets(rng):
    return 9, 12, 3 * (9 * 31 + 31 * 31 + 31) + 31 + 31 * 12 + 12


@problem.special("one number in, one out, 500 weights", hidden=True)
def one_number_in_one_out_500_weights(rng):
    return 1, 1, 500


@problem.special("many answers, D = 3, K = 300, 20,000 weights", hidden=True)
def many_answers_D_3_K_300_20_000_weights(rng):
    return 3, 300, 20_000


@problem.special("other sizes", like="D = 4, K = 5, 2,000 weights")
def other_sizes(rng):
    return int(rng.integers(5, 40)), int(rng.integers(2, 40)), int(rng.integers(5000, 9000))


@problem.misconception(
    "Your three nets have the same number of units. An LSTM then has about four times the weights of a plain net: it "
    "is the weights that are to be equal."
)
def equal_units(D, K, budget):
    H = equal_widths(D, K, budget)[0]
    return H, H, H


@problem.misconception(
    "You divide the plain net's units by the number of blocks. But most weights grow with the square of the width: "
    "half the units make a quarter of them."
)
def units_divided_by_blocks(D, K, budget):
    H = equal_widths(D, K, budget)[0]
    return H, H // 4, H // 3


@problem.misconception(
    "You count the recurrent layer alone. The budget is for the whole net, with the linear layer to the K answers."
)
def output_layer_forgotten(D, K, budget):
    return by_count(lambda b, inner, H: b * (D * H + H * H + H) + inner * H, budget)


@problem.misconception("You count matrices only. Each block has a bias, and the linear layer one too.")
def no_biases(D, K, budget):
    return by_count(lambda b, inner, H: b * (D * H + H * H) + H * K, budget)


@problem.misconception(
    "Plain net and LSTM are right. The GRU's candidate has a second bias, b_hn, inside the reset: H weights more."
)
def inner_bias_forgotten(D, K, budget):
    return by_count(lambda b, inner, H: b * (D * H + H * H + H) + H * K + K, budget)


@problem.misconception(
    "You count two biases for every block, as PyTorch keeps them. In this course the pairs are one, and b_hn alone "
    "stands apart."
)
def two_biases_everywhere(D, K, budget):
    return by_count(lambda b, inner, H: b * (D * H + H * H + 2 * H) + H * K + K, budget)


@problem.misconception(
    "You leave out the matrices that multiply the old state. They are the ones that grow with the square of the width."
)
def recurrence_forgotten(D, K, budget):
    return by_count(lambda b, inner, H: b * (D * H + H) + inner * H + H * K + K, budget)


@problem.misconception("Your widths do not depend on D. Each block has a matrix for the input as well.")
def input_forgotten(D, K, budget):
    return by_count(lambda b, inner, H: b * (H * H + H) + inner * H + H * K + K, budget)


@problem.misconception("Your LSTM has three blocks: its gates. What about the candidate that the input gate lets in?")
def three_blocks_in_an_lstm(D, K, budget):
    rnn, _, gru = equal_widths(D, K, budget)
    return rnn, widest(lambda H: 3 * (D * H + H * H + H) + H * K + K, budget), gru


@problem.misconception("Your GRU has two blocks: its gates. What about the candidate that is mixed in?")
def two_blocks_in_a_gru(D, K, budget):
    rnn, lstm, _ = equal_widths(D, K, budget)
    return rnn, lstm, widest(lambda H: 2 * (D * H + H * H + H) + H + H * K + K, budget)


@problem.misconception(
    "The widths of LSTM and GRU have changed places. Which of the two has more blocks, and so fewer units?"
)
def lstm_and_gru_exchanged(D, K, budget):
    rnn, lstm, gru = equal_widths(D, K, budget)
    return rnn, gru, lstm


@problem.misconception(
    "Your nets have more weights than the budget. Of the widths that are allowed, the largest is asked for."
)
def one_too_wide(D, K, budget):
    return tuple(H + 1 for H in equal_widths(D, K, budget))


@problem.misconception("Where a net meets the budget exactly, you take one unit less. A budget may be used up.")
def exact_fit_refused(D, K, budget):
    return equal_widths(D, K, budget - 1)


@problem.misconception(
    "Your widths have fractions. A layer has a whole number of units: in which direction must you round?"
)
def widths_not_whole(D, K, budget):
    return roots(D, K, budget)


@problem.misconception(
    "You round to the nearest whole number, so that some nets have more weights than the budget. In which direction "
    "must you round?"
)
def rounded_to_nearest(D, K, budget):
    return tuple(round(H) for H in roots(D, K, budget))


def roots(D, K, budget):
    """Return the widths at which the count of weights would be the budget, as fractions."""
    found = []
    for b, inner in ((1, 0), (4, 0), (3, 1)):
        p = b * (D + 1) + inner + K
        found.append((sqrt(p * p + 4 * b * (budget - K)) - p) / (2 * b))
    return tuple(found)
