"""From logits to probabilities."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("forward.softmax", "02-forward", task=8, outputs={"p": "TBV"})


@problem.reference
def softmax(logits):
    """No exponent is above zero once the largest logit of each position is taken off."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@problem.arguments
def random_arguments(rng, s):
    return (normal(rng, s.T, s.B, s.V, scale=2),)


@problem.special("huge logits: all near 1000 at some positions, near -1000 at others")
def huge_logits_of_both_signs(rng):
    level = np.array([[1000.0, -1000.0], [0.0, 1000.0], [-1000.0, 0.0]])
    return (level[..., None] + normal(rng, 3, 2, 4),)


@problem.special("logits from -2000 to 2000 at one position")
def logits_from_2000_to_2000_at_one_position(rng):
    return (rng.permuted(np.tile([-2000.0, -1.0, 0.0, 1999.0, 2000.0], (3, 2, 1)), axis=-1),)


@problem.special("as many steps and rows as symbols, T = B = V = 4")
def as_many_steps_and_rows_as_symbols_T_B_V_4(rng):
    return (normal(rng, 4, 4, 4, scale=2),)


@problem.special(
    "huge logits, other numbers", like="huge logits: all near 1000 at some positions, near -1000 at others"
)
def huge_logits_other_numbers(rng):
    return (normal(rng, 4, 3, 5, scale=1500),)


@problem.misconception(
    "The formula is right, and the largest logits overflow: e^1000 is more than a float can hold. What may you "
    "subtract from all logits of a position without changing the fraction?"
)
def overflow(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


@problem.misconception(
    "You subtract the largest logit of the whole array. A position whose logits are all far below it is left with "
    "nothing but zeros: whose maximum does it need?"
)
def one_maximum_for_all(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


@problem.misconception(
    "Your numbers sum to 1 over the steps. Between what does a position choose: which axis should sum to 1?"
)
def over_the_steps(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@problem.misconception(
    "Your numbers sum to 1 over the batch. Between what does a position choose: which axis should sum to 1?"
)
def over_the_batch(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@problem.misconception(
    "All your numbers together sum to 1. Each position needs probabilities of its own: over which axis should they "
    "sum to 1?"
)
def over_everything(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@problem.misconception(
    "You subtract at each position, but divide by one sum for the whole array. Over which axis should the numbers "
    "sum to 1?"
)
def shifted_then_over_everything(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


@problem.misconception(
    "Your sum is (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can a sum keep the axis it runs "
    "over, with length 1?"
)
def lost_axis_of_the_sum(z):
    e = np.exp(z)
    return e / e.sum(axis=-1)


@problem.variant("lost-axis-of-the-sum")
def lost_axis_of_the_sum_after_a_shift(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@problem.misconception(
    "Your maximum is (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can a maximum keep the axis it "
    "runs over, with length 1?"
)
def lost_axis_of_the_maximum(z):
    e = np.exp(z - z.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


@problem.misconception(
    "Your maximum and your sum are (T, B), and against (T, B, V) NumPy lines up the wrong axes. How can they keep the "
    "axis they run over, with length 1?"
)
def lost_axis_of_both(z):
    e = np.exp(z - z.max(axis=-1))
    return e / e.sum(axis=-1)


@problem.misconception("These are the exponentials. What do you divide by so that they sum to 1?")
def not_divided(z):
    return np.exp(z)


@problem.misconception(
    "Each position has a 1 at its largest logit: these are exponentials that nothing was divided by. What should "
    "they sum to?"
)
def shifted_not_divided(z):
    return np.exp(z - z.max(axis=-1, keepdims=True))


@problem.misconception(
    "You divide the logits by their sum. Some come out negative or above 1: what makes every number positive first?"
)
def no_exponential(z):
    return z / z.sum(axis=-1, keepdims=True)


@problem.misconception(
    "These are the logarithms of the probabilities, all at or below 0. Useful for a loss, but what was asked for?"
)
def logarithm(z):
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@problem.misconception(
    "You squash every logit by itself, so the numbers of a position need not sum to 1. Where do the other logits "
    "come in?"
)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
