"""Padded sequences reversed, each within its own length."""

import numpy as np

from rnnchecks.e07_bidirectional._lengths import some_lengths
from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "bidirectional.reverse_padded",
    "07-bidirectional",
    task=1,
    outputs={"out": "TBD"},
    minds={"x": "The net that reads from the left still has to read it. Write into a copy."},
)


@problem.reference
def reverse_padded(x, lengths):
    """Turn round the first n steps of each row; the padding stays where it is."""
    out = x.copy()
    for b, n in enumerate(lengths):
        out[:n, b] = x[:n, b][::-1]
    return out


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.D), some_lengths(rng, s.T, s.B)


@problem.special("no row fills the array")
def no_row_fills_the_array(rng):
    return normal(rng, 7, 3, 4), np.array([5, 2, 4])


@problem.special("every row fills the array", hidden=True)
def every_row_fills_the_array(rng):
    return normal(rng, 4, 2, 3), np.array([4, 4])


def each_row(x, lengths, turned):
    """Put ``turned(row, n)`` in the place of each row (T, D)."""
    return np.stack([turned(x[:, b], n) for b, n in enumerate(lengths)], axis=1)


@problem.misconception(
    "You reverse whole rows, so a short row begins with its padding: that is what the second net would read first. How "
    "far back does each row have to be turned?"
)
def whole_rows(x, lengths):
    return x[::-1].copy()


@problem.misconception(
    "You turn every row round at the end of the longest one. In the shorter rows the padding moves to the front."
)
def longest_for_all(x, lengths):
    n = lengths.max()
    return np.concatenate((x[:n][::-1], x[n:]))


@problem.misconception("The last real step of each row has not moved. Which step should become the first?")
def last_step_left_behind(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[: n - 1][::-1], row[n - 1 :])))


@problem.misconception(
    "Each row is turned round together with one step of its padding, which then stands first. Look at the slice: what "
    "is the number of the last real step?"
)
def turned_one_step_too_far(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[: n + 1][::-1], row[n + 1 :])))


@problem.misconception(
    "The real steps are right, but the padding has been turned round as well. It should stay as it is: reversed twice, "
    "x must come back, and somebody may compare."
)
def padding_turned_too(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n][::-1], row[n:][::-1])))


@problem.misconception(
    "The real steps are right, but the padding is zero now. It should stay as it is: reversed twice, x must come back."
)
def padding_erased(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n][::-1], 0 * row[n:])))


@problem.misconception(
    "You reverse the numbers inside each input vector. Time is another axis: which one, in an array (T, B, D)?"
)
def wrong_axis(x, lengths):
    return x[..., ::-1].copy()


@problem.misconception(
    "You reverse the numbers inside each input vector. Time is another axis: which one is left in x[:n, b]?"
)
def wrong_axis_of_the_real_steps(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((row[:n, ::-1], row[n:])))


@problem.misconception(
    "Time is turned round, and so is each input vector. A function such as np.flip turns every axis that it is not "
    "told to leave alone."
)
def every_axis(x, lengths):
    return each_row(x, lengths, lambda row, n: np.concatenate((np.flip(row[:n]), row[n:])))


@problem.misconception(
    "The second half of each row mirrors its first half: by the time a number is wanted, something else has been "
    "written in its place. Where do you read from, and where do you write to?"
)
def overwritten_before_it_is_read(x, lengths):
    out = x.copy()
    for b, n in enumerate(lengths):
        for t in range(n):
            out[t, b] = out[n - 1 - t, b]
    return out


@problem.misconception(
    "You take the first axis of x for the batch and turn round its second. In this course time comes first: (T, B, D)."
)
def batch_first(x, lengths):
    out = x.copy()
    for b, n in zip(range(len(x)), lengths):
        out[b, :n] = x[b, :n][::-1]
    return out


@problem.misconception(
    "You reverse the order of the rows in the batch: row 0 holds another sequence now. Time is the first axis."
)
def reverses_the_batch(x, lengths):
    return x[:, ::-1].copy()


@problem.misconception(
    "Your result is x as it came. If you assign to a slice of a copy, look whether the right-hand side is turned round."
)
def not_reversed(x, lengths):
    return x.copy()
