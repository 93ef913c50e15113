"""Clipping by the norm of all gradients together."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

clip = Problem(
    "gradients.clip_by_norm", "04-gradients", outputs={"dW_xh": "DH", "dW_hh": "HH", "db_h": "H", "norm": ""}
)


@clip.reference
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


@clip.arguments
def _(rng, s):
    return normal(rng, s.D, s.H), normal(rng, s.H, s.H), normal(rng, s.H), 0.5


@clip.special("below the threshold")
def _(rng):
    return normal(rng, 3, 2), normal(rng, 2, 2), normal(rng, 2), 100.0


@clip.special("only the joint norm is above the threshold")
def _(rng):
    grads = [normal(rng, 3, 2), normal(rng, 2, 2), normal(rng, 2)]
    return *(g / np.linalg.norm(g) for g in grads), 1.5


@clip.special("all gradients are zero")
def _(rng):
    return np.zeros((3, 2)), np.zeros((2, 2)), np.zeros(2), 1.0


@clip.special("numbers of 1e25, in float32")
def _(rng):
    shapes = (3, 2), (2, 2), (2,)
    return *(normal(rng, *shape, scale=1e25).astype(np.float32) for shape in shapes), 2.0


@clip.special("one large number in the bias", hidden=True)
def _(rng):
    db_h = normal(rng, 4, scale=0.01)
    db_h[2] = 50.0
    return normal(rng, 3, 4, scale=0.1), normal(rng, 4, 4, scale=0.1), db_h, 5.0


@clip.special("the norm just below the threshold", hidden=True)
def _(rng):
    grads = [normal(rng, 4, 3), normal(rng, 3, 3), normal(rng, 3)]
    return *grads, 1.01 * joint(grads)


@clip.misconception(
    "each-array-by-itself",
    "Each of your arrays gets a factor of its own, so the direction of the whole step changes. How many factors "
    "keep the direction of all gradients together?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    lengths = [np.linalg.norm(g.astype(np.float64)) for g in grads]
    return *(g * (max_norm / n if n > max_norm else 1.0) for g, n in zip(grads, lengths, strict=True)), joint(grads)


@clip.misconception(
    "by-value",
    "You cut every number by itself, which turns the direction of the step. Clipping by norm multiplies all numbers by "
    "one factor.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return *(np.clip(g, -max_norm, max_norm) for g in grads), joint(grads)


@clip.misconception(
    "always-rescaled",
    "You bring every gradient to the threshold, short ones too. Clipping is for those that are too long: what happens "
    "to the others, and to a gradient of zero?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm / joint(grads), joint(grads))


@clip.misconception(
    "always-rescaled-but-zero",
    "You bring every gradient to the threshold, short ones too. Clipping is for those that are too long.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm / joint(grads) if joint(grads) > 0 else 1.0, joint(grads))


@clip.misconception(
    "cut-to-length-one",
    "A gradient that is too long comes out with norm 1. To what length should it be brought?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, 1 / joint(grads) if joint(grads) > max_norm else 1.0, joint(grads))


@clip.misconception(
    "factor-upside-down",
    "You multiply by norm / max_norm, and a long gradient grows longer. Which way round makes it as long as max_norm?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, joint(grads) / max_norm if joint(grads) > max_norm else 1.0, joint(grads))


@clip.misconception(
    "multiplied-by-the-threshold",
    "You multiply by max_norm and do not divide by the norm. By what must a vector of length n be multiplied to have "
    "length max_norm?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    return scaled(grads, max_norm if joint(grads) > max_norm else 1.0, joint(grads))


@clip.misconception(
    "clips-the-short-ones",
    "Your comparison is the wrong way round: long gradients stay as they are, and short ones are brought to the "
    "threshold.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint(grads)
    return scaled(grads, max_norm / n if n < max_norm else 1.0, n)


@clip.misconception(
    "no-root",
    "Your norm is a sum of squares. What is missing that makes it a length?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint(grads) ** 2
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@clip.misconception(
    "sum-of-three-norms",
    "You add the norms of the three arrays. Written as one long vector, their norm is the root of the sum of all "
    "squares: 3 and 4 make 5, not 7.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = sum(np.linalg.norm(g.astype(np.float64)) for g in grads)
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@clip.misconception(
    "largest-of-three-norms",
    "You take the largest of the three norms. Written as one long vector, their norm is the root of the sum of all "
    "squares.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = max(np.linalg.norm(g.astype(np.float64)) for g in grads)
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@clip.misconception(
    "bias-left-out",
    "The bias has no part in your norm. All gradients of the step belong to it.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = joint((dW_xh, dW_hh, 0 * db_h))
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@clip.misconception(
    "norm-after-clipping",
    "The norm you return is the one after clipping, which is hardly news. The caller wants to see how long the "
    "gradient was before.",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    *grads, n = clip_by_norm(dW_xh, dW_hh, db_h, max_norm)
    return *grads, min(n, max_norm)


@clip.misconception(
    "overflows-in-float32",
    "In float32 the square of 1e25 is infinite, though the number is not. In which dtype can you add up the squares?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    grads = dW_xh, dW_hh, db_h
    n = np.sqrt(sum(np.sum(g**2) for g in grads))
    return scaled(grads, max_norm / n if n > max_norm else 1.0, n)


@clip.misconception(
    "clips-in-place",
    "*= writes into the caller's arrays, though this function returns new ones. Which operator makes a new array?",
)
def _(dW_xh, dW_hh, db_h, max_norm):
    *clipped, n = clip_by_norm(dW_xh, dW_hh, db_h, max_norm)
    for ours, theirs in zip((dW_xh, dW_hh, db_h), clipped, strict=True):
        ours[...] = theirs
    return dW_xh, dW_hh, db_h, n
