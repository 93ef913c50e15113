"""One loss in three other units."""

import numpy as np

from rnnlib.checks.problem import Problem

units = Problem("language.in_units", "08-language", outputs={"bits": "", "perplexity": "", "word_perplexity": ""})


@units.reference
def in_units(nats, characters, words):
    """Bits have another logarithm; perplexities are exponentials; a word is made of characters / words characters."""
    return nats / np.log(2), np.exp(nats), np.exp(nats * characters / words)


@units.special("1.6 nats, 5.5 characters to a word")
def _(rng):
    return 1.6, 5500, 1000


@units.special("the file of another language")
def _(rng):
    return 1.1 + rng.random(), 7300, 1000


@units.special("a net that knows nothing", hidden=True)
def _(rng):
    return np.log(30 + rng.integers(40)), 4200, 1000


@units.special("a very good net", hidden=True)
def _(rng):
    return 0.4 + 0.2 * rng.random(), 5100, 1000


def replaced(nats, characters, words, **others):
    """Give the right answers with some of them replaced."""
    bits, perplexity, word_perplexity = in_units(nats, characters, words)
    right = {"bits": bits, "perplexity": perplexity, "word_perplexity": word_perplexity}
    return tuple((right | others).values())


@units.misconception(
    "bits-multiplied",
    "A bit is less than a nat, so there must be more bits than nats. You multiply by ln 2.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, bits=nats * np.log(2))


@units.misconception(
    "log2-of-the-loss",
    "You take the logarithm to base 2 of the loss. The loss is a logarithm already; it only changes its base.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, bits=np.log2(nats))


@units.misconception(
    "nats-are-not-bits",
    "Your bits are the nats. One nat is 1 / ln 2 bits.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, bits=nats)


@units.misconception(
    "two-to-the-nats",
    "Your perplexity raises 2 to the power of nats. The base of the power must be the base of the logarithm.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, perplexity=2**nats)


@units.misconception(
    "two-to-the-nats-everywhere",
    "Both of your perplexities raise 2 to the power of nats. The base of the power must be the base of the logarithm.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, perplexity=2**nats, word_perplexity=2 ** (nats * characters / words))


@units.misconception(
    "e-to-the-bits",
    "Your perplexity raises e to the power of bits. The base of the power must be the base of the logarithm.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, perplexity=np.exp(nats / np.log(2)))


@units.misconception(
    "word-perplexity-in-proportion",
    "You multiply the perplexity by the number of characters in a word. It is the nats that add up over a word; then "
    "take the exponential.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(nats) * characters / words)


@units.misconception(
    "words-per-character",
    "You divide where you should multiply: your word costs less than a character.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(nats * words / characters))


@units.misconception(
    "nats-per-word",
    "Your third result is the loss per word in nats. Its exponential is the perplexity.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=nats * characters / words)


@units.misconception(
    "of-the-whole-text",
    "You take the exponential of the loss of the whole text. A perplexity belongs to one symbol, here to one word.",
)
def _(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(min(nats * characters, 700.0)))
