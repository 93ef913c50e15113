"""Words hidden while training, rare ones more often."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem(
    "tagging.hide_words",
    "10-tagging",
    task=4,
    outputs={"hidden": "#"},
    minds={"ids": "At the next pass over the sentences the words that you hid are gone for good. Return a new array."},
)


@problem.reference
def hide_words(ids, counts, alpha, u):
    """Put id 1 where u is below alpha / (alpha + count), and leave padding alone."""
    share = alpha / (alpha + counts[ids])
    return np.where((u < share) & (ids != 0), 1, ids)


def drawn(rng, T, B, V, alpha):
    """Draw padded sentences, counts from rare to frequent, and as much chance as there are words."""
    counts = np.concatenate([[0, 0], rng.integers(1, 4, size=V // 2), rng.integers(5, 60, size=V - 2 - V // 2)])
    ids = rng.integers(2, V, size=(T, B))
    for b, n in enumerate(rng.integers(T // 2, T, size=B)):
        ids[n:, b] = 0
    ids[0, 0] = 1
    return ids, counts, alpha, rng.random((T, B))


@problem.special("five sentences with padding")
def five_sentences_with_padding(rng):
    return drawn(rng, 12, 5, 20, 3.0)


@problem.special("another alpha")
def another_alpha(rng):
    return drawn(rng, 14, 4, 16, 0.7)


@problem.special("one sentence", hidden=True)
def one_sentence(rng):
    return drawn(rng, 20, 1, 15, 2.0)


@problem.special("alpha of zero hides nothing", hidden=True)
def alpha_of_zero_hides_nothing(rng):
    ids = rng.integers(2, 9, size=(5, 3))
    return ids, np.arange(1, 10), 0.0, np.zeros((5, 3))


@problem.special("a large alpha hides nearly all", hidden=True)
def a_large_alpha_hides_nearly_all(rng):
    return drawn(rng, 10, 3, 12, 500.0)


def shared(ids, u, share):
    """Hide with another probability, never padding."""
    return np.where((u < share) & (ids != 0), 1, ids)


@problem.misconception("Padding has become an unknown word. It stands for no word at all, and must stay 0.")
def padding_hidden(ids, counts, alpha, u):
    return np.where(u < alpha / (alpha + counts[ids]), 1, ids)


@problem.misconception("The hidden words have become padding. Which id stands for an unknown word?")
def padding_for_unknown(ids, counts, alpha, u):
    return np.where(u < alpha / (alpha + counts[ids]), 0, ids)


@problem.misconception(
    "You hide the frequent words and keep the rare ones. The probability should fall when the count grows."
)
def frequent_ones_hidden(ids, counts, alpha, u):
    return shared(ids, u, counts[ids] / (alpha + counts[ids]))


@problem.misconception(
    "You hide where u is above the probability, so you keep what should be hidden. With u drawn evenly between 0 and "
    "1, how often is it below 0.2?"
)
def hidden_where_u_is_large(ids, counts, alpha, u):
    return np.where((u >= alpha / (alpha + counts[ids])) & (ids > 0), 1, ids)


@problem.variant("hidden-where-u-is-large")
def hidden_where_u_is_larger(ids, counts, alpha, u):
    return np.where((u > alpha / (alpha + counts[ids])) & (ids > 0), 1, ids)


@problem.misconception(
    "Your counts are not those of the words: you look them up by the place in the sentence. Whose count is counts[i]?"
)
def count_by_place(ids, counts, alpha, u):
    places = np.arange(len(ids))[:, None] % len(counts)
    return shared(ids, u, alpha / np.maximum(alpha + counts[places], 1e-9))


@problem.misconception("You count the words of this batch. In a batch nearly every word is rare; the counts are given.")
def counts_of_the_batch(ids, counts, alpha, u):
    here = np.bincount(ids.ravel(), minlength=len(counts))
    return shared(ids, u, alpha / (alpha + here[ids]))


@problem.misconception(
    "Your probability is 1 / (alpha + count). What must stand on top, so that a word that was never seen is always "
    "hidden?"
)
def one_over_alpha_plus_count(ids, counts, alpha, u):
    return shared(ids, u, 1 / np.maximum(alpha + counts[ids], 1e-9))


@problem.misconception(
    "Your probability is alpha / count. For words seen less than alpha times that is more than 1: what must be added "
    "below?"
)
def alpha_over_count(ids, counts, alpha, u):
    return shared(ids, u, alpha / np.maximum(counts[ids], 1e-9))


@problem.misconception("All words of a sentence share one number of u, the first of its column. Each word has its own.")
def one_chance_for_a_sentence(ids, counts, alpha, u):
    return shared(ids, u[:1], alpha / (alpha + counts[ids]))
