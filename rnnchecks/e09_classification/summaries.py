"""One vector for a sequence: its last output, or the mean of its outputs."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("classification.summaries", "09-classification", task=3, outputs={"last": "BH", "mean": "BH"})


@problem.reference
def summaries(h, lengths):
    """Pick the output after the last word; add up those that count and divide by how many they are."""
    T, B, _ = h.shape
    last = h[lengths - 1, np.arange(B)]
    counts = np.arange(T)[:, None] < lengths
    return last, np.where(counts[..., None], h, 0).sum(axis=0) / lengths[:, None]


@problem.arguments
def random_arguments(rng, s):
    lengths = rng.integers(1, s.T + 1, size=s.B)
    lengths[0] = s.T
    if s.B > 1:
        lengths[1] = (s.T + 1) // 2  # where T allows it, one that is filled
    return normal(rng, s.T, s.B, s.H), lengths


@problem.special("lengths 1, 3 and 2 in four steps: nobody fills the batch")
def lengths_1_3_and_2_in_four_steps_nobody_fills(rng):
    return normal(rng, 4, 3, 5), np.array([1, 3, 2])


def replaced(h, lengths, **others):
    """Return the right answers with some of them replaced."""
    return tuple((dict(zip(("last", "mean"), summaries(h, lengths))) | others).values())


@problem.misconception(
    "Your last output is that of the batch's last step. For a shorter review that is a state after filling."
)
def last_row_of_the_batch(h, lengths):
    return replaced(h, lengths, last=h[-1])


@problem.misconception(
    "Your last output lies one step after the end of the review. At which index does a review of n words end?"
)
def one_step_late(h, lengths):
    return replaced(h, lengths, last=h[np.minimum(lengths, len(h) - 1), np.arange(h.shape[1])])


@problem.misconception("Your last output is that after the last word but one.")
def one_step_early(h, lengths):
    return replaced(h, lengths, last=h[np.maximum(lengths - 2, 0), np.arange(h.shape[1])])


@problem.misconception("You return the output after the first word as the last one.")
def first_output(h, lengths):
    return replaced(h, lengths, last=h[0])


@problem.misconception("Your mean is over all steps of the batch, so the filling counts as words.")
def filling_in_the_mean(h, lengths):
    return replaced(h, lengths, mean=h.mean(axis=0))


@problem.misconception(
    "The sum is right: only words count. But you divide it by the number of steps of the batch. A short review would "
    "have small numbers because its neighbour is long."
)
def divided_by_T(h, lengths):
    return replaced(h, lengths, mean=summaries(h, lengths)[1] * lengths[:, None] / len(h))


@problem.misconception("You divide by the lengths, but your sum has the filling in it.")
def filling_in_the_sum(h, lengths):
    return replaced(h, lengths, mean=h.sum(axis=0) / lengths[:, None])


@problem.misconception("Your mean is a sum: it grows with the length of the review.")
def sum_not_mean(h, lengths):
    return replaced(h, lengths, mean=summaries(h, lengths)[1] * lengths[:, None])


@problem.misconception(
    "The last word is missing from your mean. Which steps t = 0, 1, ... belong to a review of n words?"
)
def last_word_left_out(h, lengths):
    counts = np.arange(len(h))[:, None] < lengths - 1
    return replaced(h, lengths, mean=np.where(counts[..., None], h, 0).sum(axis=0) / lengths[:, None])


@problem.misconception(
    "For each unit you take the largest output over the words. That is a summary in use, too; asked is the mean."
)
def largest_not_mean(h, lengths):
    counts = np.arange(len(h))[:, None] < lengths
    return replaced(h, lengths, mean=np.where(counts[..., None], h, -np.inf).max(axis=0))
