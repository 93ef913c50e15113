"""Texts of different lengths as one array of word numbers."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("classification.padded_batch", "09-classification", task=2, outputs={"ids": "TB", "lengths": "B"})

WORDS = "the film is not good bad and a story of my friend who never saw it end".split()


@problem.reference
def padded_batch(reviews, number, longest):
    """Cut, number, fill with zeros below."""
    cut = [[number.get(word, 1) for word in review[:longest]] for review in reviews]
    lengths = np.array([len(review) for review in cut])
    ids = np.zeros((lengths.max(), len(cut)), dtype=int)
    for b, review in enumerate(cut):
        ids[: len(review), b] = review
    return ids, lengths


def some(rng, lengths):
    """Draw reviews of given lengths, and numbers for most of the words."""
    reviews = [[WORDS[i] for i in rng.integers(len(WORDS), size=n)] for n in lengths]
    reviews[0][:2] = WORDS[0], WORDS[-1]  # a word that is known and one that is not, whatever is drawn
    known = [WORDS[0], *rng.permutation(WORDS[1:12])]
    return reviews, {str(word): n + 2 for n, word in enumerate(known)}


@problem.special("three reviews, none too long")
def three_reviews_none_too_long(rng):
    return *some(rng, (3, 6, 2)), 8


@problem.special("four reviews, two of them too long")
def four_reviews_two_of_them_too_long(rng):
    return *some(rng, (5, 9, 3, 12)), 7


@problem.special("one review", hidden=True)
def one_review(rng):
    return *some(rng, (5,)), 9


@problem.special("all too long", hidden=True)
def all_too_long(rng):
    return *some(rng, (9, 8, 7)), 4


@problem.special("a single word each", hidden=True)
def a_single_word_each(rng):
    reviews, number = some(rng, (2, 2))
    return [review[:1] for review in reviews], number, 3


@problem.misconception("Your array has a review in each row. Time comes first: a review is a column, (T, B).")
def batch_before_time(reviews, number, longest):
    ids, lengths = padded_batch(reviews, number, longest)
    return ids.T, lengths


@problem.misconception(
    "Your filling stands before the words. Then the last word is in the last row, but no review begins in the first."
)
def filled_above(reviews, number, longest):
    ids, lengths = padded_batch(reviews, number, longest)
    return np.array([np.roll(column, len(ids) - n) for column, n in zip(ids.T, lengths)]).T, lengths


@problem.misconception("A word that the vocabulary does not have becomes 0, which is the filling. Its number is 1.")
def unknown_as_filling(reviews, number, longest):
    return padded_batch(reviews, {word: 0 for review in reviews for word in review} | number, longest)


@problem.misconception(
    "Words that the vocabulary does not have are missing from your reviews. They count, and their number is 1."
)
def unknown_left_out(reviews, number, longest):
    return padded_batch([[word for word in review if word in number] or ["?"] for review in reviews], number, longest)


@problem.misconception("A review that is longer than longest has kept all its words.")
def nothing_cut(reviews, number, longest):
    return padded_batch(reviews, number, 10**6)


@problem.misconception("You keep the last words of a long review. The first ones are asked for.")
def beginning_cut_off(reviews, number, longest):
    return padded_batch([review[-longest:] for review in reviews], number, longest)


@problem.misconception("You cut long reviews one word too early: longest words may stay.")
def one_word_too_few(reviews, number, longest):
    return padded_batch(reviews, number, longest - 1)


@problem.misconception("Your lengths are those of the reviews before they were cut, and some are larger than T.")
def lengths_before_the_cut(reviews, number, longest):
    return padded_batch(reviews, number, longest)[0], np.array([len(review) for review in reviews])


@problem.misconception("All your lengths are T. How many words has each review?")
def lengths_with_the_filling(reviews, number, longest):
    ids, lengths = padded_batch(reviews, number, longest)
    return ids, np.full(len(lengths), len(ids))


@problem.misconception(
    "Your array has as many rows as longest, even where no review of the batch is so long. What is filled is computed, "
    "too, and teaches nothing."
)
def always_the_longest(reviews, number, longest):
    ids, lengths = padded_batch(reviews, number, longest)
    return np.pad(ids, ((0, longest - len(ids)), (0, 0))), lengths


@problem.misconception("Your reviews are filled with 1, the number of an unknown word. The filling is 0.")
def filled_with_unknown(reviews, number, longest):
    ids, lengths = padded_batch(reviews, number, longest)
    return np.where(np.arange(len(ids))[:, None] < lengths, ids, 1), lengths
