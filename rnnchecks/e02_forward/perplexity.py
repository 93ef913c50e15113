"""One number for a text of many sentences."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("forward.perplexity", "02-forward", task=10, outputs={"PP": ""})


@problem.reference
def perplexity(losses, counts):
    """The loss of the whole text is a mean over its symbols, so a long sentence weighs more."""
    return np.exp((losses * counts).sum() / counts.sum())


@problem.special("six sentences of 3 to 8 symbols")
def six_sentences_of_3_to_8_symbols(rng):
    return rng.uniform(0.5, 3, 6), 3 + rng.permutation(6)


@problem.special("a long text: four chapters of a thousand symbols or more")
def a_long_text_four_chapters_of_a_thousand(rng):
    return rng.uniform(1, 3, 4), rng.permutation([1000, 2000, 3000, 5000])


@problem.special("other sentences, losses in 32 bits", hidden=True)
def other_sentences_losses_in_32_bits(rng):
    return rng.uniform(0.5, 3, 9).astype(np.float32), 2 + rng.permutation(9)


@problem.special("a single sentence", hidden=True)
def a_single_sentence(rng):
    return rng.uniform(0.5, 3, 1), np.array([7])


@problem.special("one short sentence among long ones", hidden=True)
def one_short_sentence_among_long_ones(rng):
    return np.array([1.5, 6.0, 1.2]), np.array([120, 1, 80])


@problem.misconception(
    "You take the mean over sentences, so a sentence of three symbols counts as much as one of thirty. What is "
    "perplexity a mean over?"
)
def unweighted_mean(losses, counts):
    return np.exp(losses.mean())


@problem.misconception(
    "You average the perplexities of the sentences. Take one exponential, of the loss of the whole text."
)
def mean_of_perplexities(losses, counts):
    return np.exp(losses).mean()


@problem.misconception(
    "The weights are right, but you average perplexities. Which comes first, the mean or the exponential?"
)
def weighted_mean_of_perplexities(losses, counts):
    return (np.exp(losses) * counts).sum() / counts.sum()


@problem.misconception(
    "This is the mean loss of the text, in nats. How do you turn nats into a number of equally likely symbols?"
)
def no_exponential(losses, counts):
    return (losses * counts).sum() / counts.sum()


@problem.misconception("You raise 2 to the loss. That fits a loss in bits: in which unit are these?")
def powers_of_two(losses, counts):
    return 2 ** ((losses * counts).sum() / counts.sum())


@problem.misconception(
    "You take the exponential of the sum of the losses. They are means over sentences of different lengths: what is "
    "the mean over all symbols?"
)
def sum_of_the_losses(losses, counts):
    return np.exp(losses.sum())


@problem.misconception(
    "You add up the losses of all symbols, then divide by the number of sentences. How many symbols went into that sum?"
)
def divided_by_the_number_of_sentences(losses, counts):
    return np.exp((losses * counts).mean())


@problem.misconception(
    "You take the exponential of the loss of all symbols together, and no mean. How many symbols share it?"
)
def total_loss(losses, counts):
    return np.exp((losses * counts).sum())


@problem.misconception(
    "This is the typical probability of a symbol, below 1. Perplexity is its inverse: a number of symbols."
)
def sign(losses, counts):
    return np.exp(-(losses * counts).sum() / counts.sum())


@problem.misconception(
    "You multiply over all sentences: over a long text a product of probabilities rounds to 0, and one of their "
    "inverses overflows. What do you get if you add logarithms instead?"
)
def probability_of_the_text(losses, counts):
    return np.prod(np.exp(-losses * counts)) ** (-1 / counts.sum())
