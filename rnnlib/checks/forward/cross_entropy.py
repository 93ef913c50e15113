"""How good a prediction is."""

import numpy as np

from rnnlib.activations import softmax
from rnnlib.checks.problem import Problem, normal

entropy = Problem("forward.cross_entropy", "02-forward", outputs={"loss": ""})


@entropy.reference
def cross_entropy(logits, targets):
    """Logarithm of the sum of exponentials, minus the logit of the target; the mean of that."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    of_targets = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
    return (np.log(np.exp(shifted).sum(axis=-1)) - of_targets).mean()


@entropy.arguments
def _(rng, s):
    return normal(rng, s.T, s.B, s.V, scale=2), rng.integers(s.V, size=(s.T, s.B))


@entropy.special("huge logits: all near 1000 at some positions, near -1000 at others")
def _(rng):
    level = np.array([[1000.0, -1000.0], [0.0, 1000.0], [-1000.0, 0.0]])
    return level[..., None] + normal(rng, 3, 2, 4), rng.integers(4, size=(3, 2))


@entropy.special("certain and wrong: logits from -2000 to 2000, a target with probability 0.0 in floats")
def _(rng):
    logits = rng.permuted(np.tile([-2000.0, -1.0, 0.0, 2000.0], (3, 2, 1)), axis=-1)
    return logits, logits.argmin(axis=-1)


@entropy.special("as many steps and rows as symbols, T = B = V = 4")
def _(rng):
    return normal(rng, 4, 4, 4, scale=2), rng.integers(4, size=(4, 4))


@entropy.special("huge logits, other numbers", hidden=True)
def _(rng):
    return normal(rng, 4, 3, 5, scale=1500), rng.integers(5, size=(4, 3))


def surprise(logits, targets):
    """The loss at each position."""
    return -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


def log_softmax(logits):
    """Logarithms of the probabilities."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@entropy.misconception(
    "overflow",
    "The formula is right, and the largest logits overflow: e^1000 is more than a float can hold. Which shift leaves"
    " the probabilities as they are?",
)
def _(logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(p, targets[..., None], axis=-1)).mean()


@entropy.misconception(
    "logarithm-of-zero",
    "Your softmax is stable, but a tiny probability rounds to 0 and its logarithm is minus infinity. Simplify the "
    "logarithm of the fraction on paper: does it need p at all?",
)
def _(logits, targets):
    return -np.log(np.take_along_axis(softmax(logits), targets[..., None], axis=-1)).mean()


@entropy.misconception(
    "sum-not-mean",
    "You add up the losses of all positions. A longer text would then look worse: what makes the number comparable?",
)
def _(logits, targets):
    return surprise(logits, targets).sum()


@entropy.misconception(
    "divided-by-the-batch-only",
    "You divide the sum of all losses by B. A sequence has T positions, and each of them has a loss: how many are "
    "there in all?",
)
def _(logits, targets):
    return surprise(logits, targets).sum() / targets.shape[1]


@entropy.misconception(
    "divided-by-the-steps-only",
    "You divide the sum of all losses by T. Each step has B positions, and each of them has a loss: how many are "
    "there in all?",
)
def _(logits, targets):
    return surprise(logits, targets).sum() / len(targets)


@entropy.misconception(
    "mean-over-symbols-too",
    "Your loss is too small by the factor V: the mean runs over the symbols as well. How many numbers does one "
    "position add to the mean?",
)
def _(logits, targets):
    return surprise(logits, targets).mean() / logits.shape[-1]


EVERY_POSITION = (
    "You return the loss of every position. One number is asked for, and it should not grow with the text: which one?"
)


@entropy.misconception("one-loss-per-position", EVERY_POSITION)
def _(logits, targets):
    return surprise(logits, targets)


# The same, with the axis that np.take_along_axis leaves.
@entropy.misconception("one-loss-per-position-in-a-column", EVERY_POSITION)
def _(logits, targets):
    return surprise(logits, targets)[..., None]


@entropy.misconception("bits", "This is the loss in bits. With which logarithm does it come out in nats?")
def _(logits, targets):
    return surprise(logits, targets).mean() / np.log(2)


@entropy.misconception(
    "sign",
    "Your loss is negative. The logarithm of a probability is at most 0: what turns it into a loss that is 0 at best?",
)
def _(logits, targets):
    return -surprise(logits, targets).mean()


@entropy.misconception(
    "likeliest-instead-of-target",
    "You take the probability of the symbol that the net likes best. A loss asks what the net gave to the one that "
    "came.",
)
def _(logits, targets):
    return surprise(logits, logits.argmax(axis=-1)).mean()


@entropy.misconception(
    "every-target-at-every-position",
    "Your index takes every target at every position, not its own. What is the shape of what you pick: one number "
    "for each position?",
)
def _(logits, targets):
    return -log_softmax(logits)[..., targets].mean()


@entropy.misconception(
    "index-for-a-flat-list",
    "arange(T) and targets pick along the axes T and B, not V. The trick is made for a flat list of positions, (N, V) "
    "and (N): what has to become of your arrays first?",
)
def _(logits, targets):
    return -log_softmax(logits)[np.arange(len(targets)), targets].mean()


@entropy.misconception(
    "logit-instead-of-probability",
    "You average the logits of the targets. A logit means nothing without its rivals: how much does the net give to "
    "the target out of all it has to give?",
)
def _(logits, targets):
    return -np.take_along_axis(logits, targets[..., None], axis=-1).mean()


@entropy.misconception(
    "no-logarithm",
    "This is the mean probability that is missing at the targets, without a logarithm. What should a loss do as the "
    "probability of the target goes to 0?",
)
def _(logits, targets):
    return 1 - np.exp(-surprise(logits, targets)).mean()


@entropy.misconception(
    "perplexity-returned",
    "This is the exponential of the loss: the perplexity. You are one step too far.",
)
def _(logits, targets):
    return np.exp(surprise(logits, targets).mean())
