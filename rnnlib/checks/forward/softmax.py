"""From logits to probabilities."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

probabilities = Problem("forward.softmax", "02-forward", outputs={"p": "TBV"})


@probabilities.reference
def softmax(logits):
    """No exponent is above zero once the largest logit of each position is taken off."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@probabilities.arguments
def _(rng, s):
    return (normal(rng, s.T, s.B, s.V, scale=2),)


@probabilities.special("huge logits: all near 1000 at some positions, near -1000 at others")
def _(rng):
    level = np.array([[1000.0, -1000.0], [0.0, 1000.0], [-1000.0, 0.0]])
    return (level[..., None] + normal(rng, 3, 2, 4),)


@probabilities.special("logits from -2000 to 2000 at one position")
def _(rng):
    return (rng.permuted(np.tile([-2000.0, -1.0, 0.0, 1999.0, 2000.0], (3, 2, 1)), axis=-1),)


@probabilities.special("as many steps and rows as symbols, T = B = V = 4")
def _(rng):
    return (normal(rng, 4, 4, 4, scale=2),)


@probabilities.special("huge logits, other numbers", hidden=True)
def _(rng):
    return (normal(rng, 4, 3, 5, scale=1500),)


@probabilities.misconception(
    "overflow",
    "The formula is right, and the largest logits overflow: e^1000 is more than a float can hold. What may you "
    "subtract from all logits of a position without changing the fraction?",
)
def _(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


@probabilities.misconception(
    "one-maximum-for-all",
    "You subtract the largest logit of the whole array. A position whose logits are all far below it is left with "
    "nothing but zeros: whose maximum does it need?",
)
def _(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


@probabilities.misconception(
    "over-the-steps",
    "Your numbers sum to 1 over the steps. Between what does a position choose: which axis should sum to 1?",
)
def _(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@probabilities.misconception(
    "over-the-batch",
    "Your numbers sum to 1 over the batch. Between what does a position choose: which axis should sum to 1?",
)
def _(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@probabilities.misconception(
    "over-everything",
    "All your numbers together sum to 1. Each position needs probabilities of its own: over which axis should they "
    "sum to 1?",
)
def _(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@probabilities.misconception(
    "shifted-then-over-everything",
    "You subtract at each position, but divide by one sum for the whole array. Over which axis should the numbers "
    "sum to 1?",
)
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


LOST_SUM = (
    "Your sum is (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can a sum keep the axis it runs "
    "over, with length 1?"
)


@probabilities.misconception("lost-axis-of-the-sum", LOST_SUM)
def _(z):
    e = np.exp(z)
    return e / e.sum(axis=-1)


@probabilities.misconception("lost-axis-of-the-sum-after-a-shift", LOST_SUM)
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@probabilities.misconception(
    "lost-axis-of-the-maximum",
    "Your maximum is (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can a maximum keep the axis it "
    "runs over, with length 1?",
)
def _(z):
    e = np.exp(z - z.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


@probabilities.misconception(
    "lost-axis-of-both",
    "Your maximum and your sum are (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can they keep the "
    "axis they run over, with length 1?",
)
def _(z):
    e = np.exp(z - z.max(axis=-1))
    return e / e.sum(axis=-1)


@probabilities.misconception("not-divided", "These are the exponentials. What do you divide by so that they sum to 1?")
def _(z):
    return np.exp(z)


@probabilities.misconception(
    "shifted-not-divided",
    "Each position has a 1 at its largest logit: these are exponentials that nothing was divided by. What should "
    "they sum to?",
)
def _(z):
    return np.exp(z - z.max(axis=-1, keepdims=True))


@probabilities.misconception(
    "no-exponential",
    "You divide the logits by their sum. Some come out negative or above 1: what makes every number positive first?",
)
def _(z):
    return z / z.sum(axis=-1, keepdims=True)


@probabilities.misconception(
    "logarithm",
    "These are the logarithms of the probabilities, all at or below 0. Useful for a loss, but what was asked for?",
)
def _(z):
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@probabilities.misconception(
    "sigmoid",
    "You squash every logit by itself, so the numbers of a position need not sum to 1. Where do the other logits "
    "come in?",
)
def _(z):
    return 1 / (1 + np.exp(-z))
