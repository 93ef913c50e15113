"""One number for a text of many sentences."""

import numpy as np

from rnnlib.checks.problem import Problem

hesitation = Problem("forward.perplexity", "02-forward", outputs={"PP": ""})


@hesitation.reference
def perplexity(losses, counts):
    """The loss of the whole text is a mean over its symbols, so a long sentence weighs more."""
    return np.exp((losses * counts).sum() / counts.sum())


@hesitation.special("six sentences of 3 to 8 symbols")
def _(rng):
    return rng.uniform(0.5, 3, 6), 3 + rng.permutation(6)


@hesitation.special("a long text: four chapters of a thousand symbols or more")
def _(rng):
    return rng.uniform(1, 3, 4), rng.permutation([1000, 2000, 3000, 5000])


@hesitation.special("other sentences, losses in 32 bits", hidden=True)
def _(rng):
    return rng.uniform(0.5, 3, 9).astype(np.float32), 2 + rng.permutation(9)


@hesitation.special("a single sentence", hidden=True)
def _(rng):
    return rng.uniform(0.5, 3, 1), np.array([7])


@hesitation.special("one short sentence among long ones", hidden=True)
def _(rng):
    return np.array([1.5, 6.0, 1.2]), np.array([120, 1, 80])


@hesitation.misconception(
    "unweighted-mean",
    "You take the mean over sentences, so a sentence of three symbols counts as much as one of thirty. What is "
    "perplexity a mean over?",
)
def _(losses, counts):
    return np.exp(losses.mean())


@hesitation.misconception(
    "mean-of-perplexities",
    "You average the perplexities of the sentences. Take one exponential, of the loss of the whole text.",
)
def _(losses, counts):
    return np.exp(losses).mean()


@hesitation.misconception(
    "weighted-mean-of-perplexities",
    "The weights are right, but you average perplexities. Which comes first, the mean or the exponential?",
)
def _(losses, counts):
    return (np.exp(losses) * counts).sum() / counts.sum()


@hesitation.misconception(
    "no-exponential",
    "This is the mean loss of the text, in nats. How do you turn nats into a number of equally likely symbols?",
)
def _(losses, counts):
    return (losses * counts).sum() / counts.sum()


@hesitation.misconception(
    "powers-of-two",
    "You raise 2 to the loss. That fits a loss in bits: in which unit are these?",
)
def _(losses, counts):
    return 2 ** ((losses * counts).sum() / counts.sum())


@hesitation.misconception(
    "sum-of-the-losses",
    "You take the exponential of the sum of the losses. They are means over sentences of different lengths: what is "
    "the mean over all symbols?",
)
def _(losses, counts):
    return np.exp(losses.sum())


@hesitation.misconception(
    "divided-by-the-number-of-sentences",
    "You add up the losses of all symbols, then divide by the number of sentences. How many symbols went into that "
    "sum?",
)
def _(losses, counts):
    return np.exp((losses * counts).mean())


@hesitation.misconception(
    "total-loss",
    "You take the exponential of the loss of all symbols together, and no mean. How many symbols share it?",
)
def _(losses, counts):
    return np.exp((losses * counts).sum())


@hesitation.misconception(
    "sign",
    "This is the typical probability of a symbol, below 1. Perplexity is its inverse: a number of symbols.",
)
def _(losses, counts):
    return np.exp(-(losses * counts).sum() / counts.sum())


@hesitation.misconception(
    "probability-of-the-text",
    "You multiply over all sentences: over a long text a product of probabilities rounds to 0, and one of their "
    "inverses overflows. What do you get if you add logarithms instead?",
)
def _(losses, counts):
    return np.prod(np.exp(-losses * counts)) ** (-1 / counts.sum())
