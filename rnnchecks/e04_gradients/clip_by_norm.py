"""Clipping by the norm of all gradients together."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "gradients.clip_by_norm",
    "04-gradients",
    task=4,
    outputs={"dW_xh": "DH", "dW_hh": "HH", "db_h": "H", "norm": ""},
    minds=dict.fromkeys(
        ("dW_xh", "dW_hh", "db_h"),
        "Whoever wants to see how long the gradients were before has lost them. g = factor * g makes a new array, "
        "g *= factor does not.",
    ),
)


@problem.reference
def clip_by_norm(dW_xh, dW_hh, db_h, max_norm):
    """One norm for all three, in float64, and one factor."""
    norm = np.sqrt(sum(np.sum(g.astype(np.float64) ** 2) for g in (dW_xh, dW_hh, db_h)))
    factor = max_norm / norm if norm > max_norm else 1.0
    return dW_xh * factor, dW_hh * factor, db_h * factor, norm


def scaled(grads, factor, norm):
    """Multiply all gradients by a factor, and return them with a norm."""
    return *(g * factor for g in grads), norm


def joint(grads):
    """Norm of all gradients together."""
    return clip_by_norm(*grads, np.inf)[3]


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.D, s.H), normal(rng, s.H, s.H), normal(rng, s.H), 0.5


@problem.special("below the threshold")
def below_the_threshold(rng):
    return normal(rng, 3, 2), normal(rng, 2, 2), normal(rng, 2), 100.0


@problem.special("only the joint norm is above the threshold")
def only_the_joint_norm_is_above_the_threshold(rng):
    grads = [normal(rng, 3, 2), normal(rng, 2, 2), normal(rng, 2)]
    return *(g / np.linalg.norm(g) for g in grads), 1.5


@problem.special("all gradients are zero")
def all_gradients_are_zero(rng):
    return np.zeros((3, 2)), np.zeros((2, 2)), np.zeros(2), 1.0


@problem.special("numbers of 1e25, in float32")
def numbers_of_1e25_in_float32(rng):
    shapes = (3, 2), (2, 2), (2,)
    return *(normal(rng, *shape, scale=1e25).astype(np.float32) for shape in shapes), 2.0


@problem.special("one large number in the bias", hidden=True)
def one_large_number_in_the_bias(rng):
    db_h = normal(rng, 4, scale=0.01)
    db_h[2] = 50.0
    return normal(rng, 3, 4, scale=0.1), normal(rng, 4, 4, scale=0.1), db_h, 5.0


@problem.special("the norm just below the threshold", hidden=True)
def the_norm_just_below_the_threshold(rng):
    grads = [normal(rng, 4, 3), normal(rng, 3, 3), normal(rng, 3)]
    return *grads, 1.01 * joint(grads)


@problem.misconception(
    "Each of your arrays gets a factor of its own, so the direction of the whole step changes. How many factors "
    "keep the direction of all gradients together?"
)
def each_array_by_itself(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    lengths = [np.linalg.norm(g.astype(np.float64)) for g in grads]
    return *(g * (max_norm / n if n > max_norm else 1.0) for g, n in zip(grads, lengths, strict=True)), joint(grads)


@problem.misconception(
    "You cut every number by itself, which turns the direction of the step. Clipping by norm multiplies all numbers by "
    "one factor."
)
def by_value(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return *(np.clip(g, -max_norm, max_norm) for g in grads), joint(grads)


@problem.misconception(
    "You bring every gradient to the threshold, short ones too. Clipping is for those that are too long: what happens "
    "to the others, and to a gradient of zero?"
)
def always_rescaled(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm / joint(grads), joint(grads))


@problem.misconception(
    "You bring every gradient to the threshold, short ones too. Clipping is for those that are too long."
)
def always_rescaled_but_zero(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm / joint(grads) if joint(grads) > 0 else 1.0, joint(grads))


@problem.misconception("A gradient that is too long comes out with norm 1. To what length should it be brought?")
def cut_to_length_one(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, 1 / joint(grads) if joint(grads) > max_norm else 1.0, joint(grads))


@problem.misconception(
    "You multiply by norm / max_norm, and a long gradient grows longer. Which way round makes it as long as max_norm?"
)
def factor_upside_down(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, joint(grads) / max_norm if joint(grads) > max_norm else 1.0, joint(grads))


@problem.misconception(
    "You multiply by max_norm and do not divide by the norm. By what must a vector of length n be multiplied to have "
    "length max_norm?"
)
def multiplied_by_the_threshold(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm if joint(grads) > max_norm else 1.0, joint(grads))


@problem.misconception(
    "Your comparison is the wrong way round: long gradients stay as they are, and short ones are brought to the "
    "threshold."
)
def clips_the_short_ones(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint(grads)
    return scaled(grads, max_norm / n if n < max_norm else 1.0, n)


@problem.misconception("Your norm is a sum of squares. What is missing that makes it a length?")
def no_root(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint(grads) ** 2
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@problem.misconception(
    "You add the norms of the three arrays. Written as one long vector, their norm is the root of the sum of all "
    "squares: 3 and 4 make 5, not 7."
)
def sum_of_three_norms(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = sum(np.linalg.norm(g.astype(np.float64)) for g in grads)
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@problem.misconception(
    "You take the largest of the three norms. Written as one long vector, their norm is the root of the sum of all "
    "squares."
)
def largest_of_three_norms(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = max(np.linalg.norm(g.astype(np.float64)) for g in grads)
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@problem.misconception("The bias has no part in your norm. All gradients of the step belong to it.")
def bias_left_out(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint((dW_xh, dW_hh, 0 * db_h))
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@problem.misconception(
    "The norm you return is the one after clipping, which is hardly news. The caller wants to see how long the "
    "gradient was before."
)
def norm_after_clipping(dW_xh, dW_hh, db_h, max_norm):
    *grads, n = clip_by_norm(dW_xh, dW_hh, db_h, max_norm)
    return *grads, min(n, max_norm)


@problem.misconception(
    "In float32 the square of 1e25 is infinite, though the number is not. In which dtype can you add up the squares?"
)
def overflows_in_float32(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = np.sqrt(sum(np.sum(g**2) for g in grads))
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)
