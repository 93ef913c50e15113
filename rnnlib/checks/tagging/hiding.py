"""Words hidden while training, rare ones more often."""

import numpy as np

from rnnlib.checks.problem import Problem

hiding = Problem("tagging.hide_words", "10-tagging", outputs={"hidden": "#"})


@hiding.reference
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


@hiding.special("five sentences with padding")
def _(rng):
    return drawn(rng, 12, 5, 20, 3.0)


@hiding.special("another alpha")
def _(rng):
    return drawn(rng, 14, 4, 16, 0.7)


@hiding.special("one sentence", hidden=True)
def _(rng):
    return drawn(rng, 20, 1, 15, 2.0)


@hiding.special("alpha of zero hides nothing", hidden=True)
def _(rng):
    ids = rng.integers(2, 9, size=(5, 3))
    return ids, np.arange(1, 10), 0.0, np.zeros((5, 3))


@hiding.special("a large alpha hides nearly all", hidden=True)
def _(rng):
    return drawn(rng, 10, 3, 12, 500.0)


def shared(ids, u, share):
    """Hide with another probability, never padding."""
    return np.where((u < share) & (ids != 0), 1, ids)


@hiding.misconception(
    "padding-hidden",
    "Padding has become an unknown word. It stands for no word at all, and must stay 0.",
)
def _(ids, counts, alpha, u):
    return np.where(u < alpha / (alpha + counts[ids]), 1, ids)


@hiding.misconception(
    "padding-for-unknown",
    "The hidden words have become padding. Which id stands for an unknown word?",
)
def _(ids, counts, alpha, u):
    return np.where(u < alpha / (alpha + counts[ids]), 0, ids)


@hiding.misconception(
    "frequent-ones-hidden",
    "You hide the frequent words and keep the rare ones. The probability should fall when the count grows.",
)
def _(ids, counts, alpha, u):
    return shared(ids, u, counts[ids] / (alpha + counts[ids]))


@hiding.misconception(
    "hidden-where-u-is-large",
    "You hide where u is above the probability, so you keep what should be hidden. With u drawn evenly between 0 and "
    "1, how often is it below 0.2?",
)
def _(ids, counts, alpha, u):
    return np.where((u >= alpha / (alpha + counts[ids])) & (ids > 0), 1, ids)


@hiding.misconception(
    "count-by-place",
    "Your counts are not those of the words: you look them up by the place in the sentence. Whose count is counts[i]?",
)
def _(ids, counts, alpha, u):
    places = np.arange(len(ids))[:, None] % len(counts)
    return shared(ids, u, alpha / np.maximum(alpha + counts[places], 1e-9))


@hiding.misconception(
    "counts-of-the-batch",
    "You count the words of this batch. In a batch nearly every word is rare; the counts are given.",
)
def _(ids, counts, alpha, u):
    here = np.bincount(ids.ravel(), minlength=len(counts))
    return shared(ids, u, alpha / (alpha + here[ids]))


@hiding.misconception(
    "one-over-alpha-plus-count",
    "Your probability is 1 / (alpha + count). What must stand on top, so that a word that was never seen is always "
    "hidden?",
)
def _(ids, counts, alpha, u):
    return shared(ids, u, 1 / np.maximum(alpha + counts[ids], 1e-9))


@hiding.misconception(
    "alpha-over-count",
    "Your probability is alpha / count. For words seen less than alpha times that is more than 1: what must be added "
    "below?",
)
def _(ids, counts, alpha, u):
    return shared(ids, u, alpha / np.maximum(counts[ids], 1e-9))


@hiding.misconception(
    "one-chance-for-a-sentence",
    "All words of a sentence share one number of u, the first of its column. Each word has its own.",
)
def _(ids, counts, alpha, u):
    return shared(ids, u[:1], alpha / (alpha + counts[ids]))


@hiding.misconception(
    "changed-in-place",
    "The words are right, but you have written into ids itself: at the next pass over the sentences the hidden words "
    "would be gone for good. Return a new array.",
)
def _(ids, counts, alpha, u):
    ids[:] = hide_words(ids, counts, alpha, u)
    return ids
