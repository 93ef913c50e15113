"""Padded sequences reversed, each within its own length."""

import numpy as np

from rnnlib.checks.bidirectional.lengths import some_lengths
from rnnlib.checks.problem import Problem, normal

reversal = Problem("bidirectional.reverse_padded", "07-bidirectional", outputs={"out": "TBD"})


@reversal.reference
def reverse_padded(x, lengths):
    """Turn round the first n steps of each row; the padding stays where it is."""
    out = x.copy()
    for b, n in enumerate(lengths):
        out[:n, b] = x[:n, b][::-1]
    return out


@reversal.arguments
def _(rng, s):
    return normal(rng, s.T, s.B, s.D), some_lengths(rng, s.T, s.B)


@reversal.special("no row fills the array")
def _(rng):
    return normal(rng, 7, 3, 4), np.array([5, 2, 4])


@reversal.special("every row fills the array", hidden=True)
def _(rng):
    return normal(rng, 4, 2, 3), np.array([4, 4])


def each_row(x, lengths, turned):
    """Put ``turned(row, n)`` in the place of each row (T, D)."""
    return np.stack([turned(x[:, b], n) for b, n in enumerate(lengths)], axis=1)


@reversal.misconception(
    "whole-rows",
    "You reverse whole rows, so a short row begins with its padding: that is what the second net would read first. How "
    "far back does each row have to be turned?",
)
def _(x, lengths):
    return x[::-1].copy()


@reversal.misconception(
    "longest-for-all",
    "You turn every row round at the end of the longest one. In the shorter rows the padding moves to the front.",
)
def _(x, lengths):
    n = lengths.max()
    return np.concatenate((x[:n][::-1], x[n:]))


@reversal.misconception(
    "last-step-left-behind",
    "The last real step of each row has not moved. Which step should become the first?",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[: n - 1][::-1], row[n - 1 :])))


@reversal.misconception(
    "turned-one-step-too-far",
    "Each row is turned round together with one step of its padding, which then stands first. Look at the slice: what "
    "is the number of the last real step?",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[: n + 1][::-1], row[n + 1 :])))


@reversal.misconception(
    "padding-turned-too",
    "The real steps are right, but the padding has been turned round as well. It should stay as it is: reversed twice, "
    "x must come back, and somebody may compare.",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n][::-1], row[n:][::-1])))


@reversal.misconception(
    "padding-erased",
    "The real steps are right, but the padding is zero now. It should stay as it is: reversed twice, x must come back.",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n][::-1], 0 * row[n:])))


@reversal.misconception(
    "wrong-axis",
    "You reverse the numbers inside each input vector. Time is another axis: which one, in an array (T, B, D)?",
)
def _(x, lengths):
    return x[..., ::-1].copy()


@reversal.misconception(
    "wrong-axis-of-the-real-steps",
    "You reverse the numbers inside each input vector. Time is another axis: which one is left in x[:n, b]?",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n, ::-1], row[n:])))


@reversal.misconception(
    "every-axis",
    "Time is turned round, and so is each input vector. A function such as np.flip turns every axis that it is not "
    "told to leave alone.",
)
def _(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((np.flip(row[:n]), row[n:])))


@reversal.misconception(
    "overwritten-before-it-is-read",
    "The second half of each row mirrors its first half: by the time a number is wanted, something else has been "
    "written in its place. Where do you read from, and where do you write to?",
)
def _(x, lengths):
    out = x.copy()
    for b, n in enumerate(lengths):
        for t in range(n):
            out[t, b] = out[n - 1 - t, b]
    return out


@reversal.misconception(
    "batch-first",
    "You take the first axis of x for the batch and turn round its second. In this course time comes first: (T, B, D).",
)
def _(x, lengths):
    out = x.copy()
    for b, n in zip(range(len(x)), lengths):
        out[b, :n] = x[b, :n][::-1]
    return out


@reversal.misconception(
    "reverses-the-batch",
    "You reverse the order of the rows in the batch: row 0 holds another sequence now. Time is the first axis.",
)
def _(x, lengths):
    return x[:, ::-1].copy()


@reversal.misconception(
    "not-reversed",
    "Your result is x as it came. If you assign to a slice of a copy, look whether the right-hand side is turned "
    "round.",
)
def _(x, lengths):
    return x.copy()


@reversal.misconception(
    "in-place",
    "The numbers are right, but they were written into x itself, which the other net still has to read. Write into a "
    "copy.",
)
def _(x, lengths):
    for b, n in enumerate(lengths):
        x[:n, b] = x[:n, b][::-1].copy()
    return x
