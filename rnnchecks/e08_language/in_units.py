"""One loss in three other units."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem(
    "language.in_units", "08-language", task=3, outputs={"bits": "", "perplexity": "", "word_perplexity": ""}
)


@problem.reference
def in_units(nats, characters, words):
    """Bits have another logarithm; perplexities are exponentials; a word is made of characters / words characters."""
    return nats / np.log(2), np.exp(nats), np.exp(nats * characters / words)


@problem.special("1.6 nats, 5.5 characters to a word")
def case_1_6_nats_5_5_characters_to_a_word(rng):
    return 1.6, 5500, 1000


@problem.special("the file of another language")
def the_file_of_another_language(rng):
    return 1.1 + rng.random(), 7300, 1000


@problem.special("a net that knows nothing", hidden=True)
def a_net_that_knows_nothing(rng):
    return np.log(30 + rng.integers(40)), 4200, 1000


@problem.special("a very good net", hidden=True)
def a_very_good_net(rng):
    return 0.4 + 0.2 * rng.random(), 5100, 1000


def replaced(nats, characters, words, **others):
    """Return the right answers with some of them replaced."""
    bits, perplexity, word_perplexity = in_units(nats, characters, words)
    right = {"bits": bits, "perplexity": perplexity, "word_perplexity": word_perplexity}
    return tuple((right | others).values())


@problem.misconception("A bit is less than a nat, so there must be more bits than nats. You multiply by ln 2.")
def bits_multiplied(nats, characters, words):
    return replaced(nats, characters, words, bits=nats * np.log(2))


@problem.misconception(
    "You take the logarithm to base 2 of the loss. The loss is a logarithm already; it only changes its base."
)
def log2_of_the_loss(nats, characters, words):
    return replaced(nats, characters, words, bits=np.log2(nats))


@problem.misconception("Your bits are the nats. One nat is 1 / ln 2 bits.")
def nats_are_not_bits(nats, characters, words):
    return replaced(nats, characters, words, bits=nats)


@problem.misconception(
    "Your perplexity raises 2 to the power of nats. The base of the power must be the base of the logarithm."
)
def two_to_the_nats(nats, characters, words):
    return replaced(nats, characters, words, perplexity=2**nats)


@problem.misconception(
    "Both of your perplexities raise 2 to the power of nats. The base of the power must be the base of the logarithm."
)
def two_to_the_nats_everywhere(nats, characters, words):
    return replaced(nats, characters, words, perplexity=2**nats, word_perplexity=2 ** (nats * characters / words))


@problem.misconception(
    "Your perplexity raises e to the power of bits. The base of the power must be the base of the logarithm."
)
def e_to_the_bits(nats, characters, words):
    return replaced(nats, characters, words, perplexity=np.exp(nats / np.log(2)))


@problem.misconception(
    "You multiply the perplexity by the number of characters in a word. It is the nats that add up over a word; then "
    "take the exponential."
)
def word_perplexity_in_proportion(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(nats) * characters / words)


@problem.misconception("You divide where you should multiply: your word costs less than a character.")
def words_per_character(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(nats * words / characters))


@problem.misconception("Your third result is the loss per word in nats. Its exponential is the perplexity.")
def nats_per_word(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=nats * characters / words)


@problem.misconception(
    "You take the exponential of the loss of the whole text. A perplexity belongs to one symbol, here to one word."
)
def of_the_whole_text(nats, characters, words):
    return replaced(nats, characters, words, word_perplexity=np.exp(min(nats * characters, 700.0)))
