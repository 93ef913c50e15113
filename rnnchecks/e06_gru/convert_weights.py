"""Another library's weights in this course's order and convention."""

import numpy as np

from rnnchecks.e06_gru._parts import exchanged
from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "gru.convert_weights", "06-gru", task=4, outputs={"W_xh": "DK", "W_hh": "HK", "b_h": "K", "b_hn": "H"}
)


@problem.reference
def convert_weights(kernel, recurrent, bias, z_keeps):
    """Blocks z, r, n become r, z, n; z is turned round where it is what is written; two rows of biases become two."""
    theirs = [np.split(array, 3, axis=1) for array in (kernel, recurrent, bias)]
    sign = 1 if z_keeps else -1
    W_xh, W_hh, b = (np.concatenate([r, sign * z, n], axis=1) for z, r, n in theirs)
    H = len(recurrent)
    b_h = b[0].copy()
    b_h[: 2 * H] += b[1, : 2 * H]
    return W_xh, W_hh, b_h, b[1, 2 * H :]


@problem.arguments
def random_arguments(rng, s):
    z_keeps = s.H % 2 == 1
    return normal(rng, s.D, 3 * s.H), normal(rng, s.H, 3 * s.H), normal(rng, 2, 3 * s.H), z_keeps


@problem.special("z is what is kept, two units")
def z_is_what_is_kept_two_units(rng):
    return normal(rng, 4, 6), normal(rng, 2, 6), normal(rng, 2, 6), True


@problem.special("z is what is written, three units", hidden=True)
def z_is_what_is_written_three_units(rng):
    return normal(rng, 2, 9), normal(rng, 3, 9), normal(rng, 2, 9), False


def negated_first(array):
    """Negate the first of the three blocks of columns."""
    first, second, third = np.split(array, 3, axis=-1)
    return np.concatenate([-first, second, third], axis=-1)


def map_blocks(change, W_xh, W_hh, b_h, b_hn):
    """Change all that has three blocks."""
    return change(W_xh), change(W_hh), change(b_h), b_hn


@problem.misconception("Your blocks stand in the order in which they came. Theirs is z, r, n: which is ours?")
def blocks_not_reordered(kernel, recurrent, bias, z_keeps):
    return map_blocks(exchanged, *convert_weights(kernel, recurrent, bias, z_keeps))


@problem.misconception("Your blocks stand in reversed order, n first. Only two of the three change places.")
def blocks_reversed(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return *(np.concatenate([n, r, z], axis=-1) for r, z, n in (np.split(a, 3, -1) for a in (W_xh, W_hh, b_h))), b_hn


@problem.misconception(
    "You treat both conventions alike. Where z_keeps is False, their z says how much is written: how do you make 1 - z "
    "out of a sigmoid?"
)
def convention_ignored(kernel, recurrent, bias, z_keeps):
    return convert_weights(kernel, recurrent, bias, True)


@problem.misconception(
    "You negate the update gate's weights in both conventions. Where z_keeps is True, their z means what ours does."
)
def always_turned_round(kernel, recurrent, bias, z_keeps):
    return convert_weights(kernel, recurrent, bias, False)


@problem.misconception(
    "You negate when z_keeps is True and leave the weights alone when it is False. In which of the two does their z "
    "mean what ours does?"
)
def flag_read_the_wrong_way(kernel, recurrent, bias, z_keeps):
    return convert_weights(kernel, recurrent, bias, not z_keeps)


@problem.misconception(
    "You negate the reset gate's block. Which gate do the two conventions disagree about, and where does it stand in "
    "their order?"
)
def reset_gate_negated(kernel, recurrent, bias, z_keeps):
    converted = convert_weights(kernel, recurrent, bias, True)
    return converted if z_keeps else map_blocks(negated_first, *converted)


@problem.misconception(
    "You negate all three blocks. The reset gate and the candidate mean the same in both conventions."
)
def everything_negated(kernel, recurrent, bias, z_keeps):
    converted = convert_weights(kernel, recurrent, bias, True)
    return converted if z_keeps else map_blocks(np.negative, *converted)


@problem.variant("everything-negated")
def everything_negated_and_the_inner_bias(kernel, recurrent, bias, z_keeps):
    converted = convert_weights(kernel, recurrent, bias, True)
    return converted if z_keeps else tuple(map(np.negative, converted))


@problem.misconception(
    "You take 1 minus the weights. It is the gate that becomes 1 - z; what must happen to the sum inside its sigmoid?"
)
def one_minus_the_weights(kernel, recurrent, bias, z_keeps):
    def turned(array):
        r, z, n = np.split(array, 3, axis=-1)
        return np.concatenate([r, 1 - z, n], axis=-1)

    converted = convert_weights(kernel, recurrent, bias, True)
    return converted if z_keeps else map_blocks(turned, *converted)


@problem.variant("one-minus-the-weights")
def one_minus_each_bias(kernel, recurrent, bias, z_keeps):
    if z_keeps:
        return convert_weights(kernel, recurrent, bias, True)
    z, r, n = np.split(bias, 3, axis=1)
    W_xh, W_hh, _, _ = one_minus_the_weights(kernel, recurrent, bias, False)
    return W_xh, W_hh, np.concatenate([r[0] + r[1], 2 - z[0] - z[1], n[0]]), n[1]


@problem.misconception(
    "You negate the update gate's weights and not its biases. The whole sum inside the sigmoid has to change its sign."
)
def bias_not_negated(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, _, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, W_hh, convert_weights(kernel, recurrent, bias, True)[2], b_hn


@problem.misconception(
    "You negate the update gate's block in the kernel and not in the recurrent matrix. The whole sum inside the "
    "sigmoid has to change its sign."
)
def recurrent_not_negated(kernel, recurrent, bias, z_keeps):
    W_xh, _, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, convert_weights(kernel, recurrent, bias, True)[1], b_h, b_hn


@problem.misconception(
    "You add the two rows of biases in all three blocks. In the candidate's block one of them stands inside the reset, "
    "and no sum can stand for both."
)
def biases_all_added(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, W_hh, np.concatenate([b_h[: -len(b_hn)], b_h[-len(b_hn) :] + b_hn]), 0 * b_hn


@problem.misconception(
    "The candidate's recurrent bias is in your b_hn, where it belongs, and in your b_h as well. It would be added "
    "twice."
)
def inner_bias_twice(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, W_hh, np.concatenate([b_h[: -len(b_hn)], b_h[-len(b_hn) :] + b_hn]), b_hn


@problem.misconception("Your b_h holds the first row of biases alone. Both gates have a bias in the second row too.")
def recurrent_biases_of_the_gates_dropped(kernel, recurrent, bias, z_keeps):
    only_first = np.stack([bias[0], 0 * bias[1]])
    W_xh, W_hh, b_h, _ = convert_weights(kernel, recurrent, only_first, z_keeps)
    return W_xh, W_hh, b_h, convert_weights(kernel, recurrent, bias, z_keeps)[3]


@problem.misconception(
    "Your b_hn is the row that comes with the input. Which row comes with the old state, where the reset gate acts?"
)
def inner_bias_from_the_first_row(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, W_hh, b_h, b_h[-len(b_hn) :]


@problem.misconception(
    "In the candidate's block you have exchanged the two biases. The first row comes with the input, the second with "
    "the old state: which of them does the reset gate multiply?"
)
def candidate_biases_exchanged(kernel, recurrent, bias, z_keeps):
    W_xh, W_hh, b_h, b_hn = convert_weights(kernel, recurrent, bias, z_keeps)
    return W_xh, W_hh, np.concatenate([b_h[: -len(b_hn)], b_hn]), b_h[-len(b_hn) :]
