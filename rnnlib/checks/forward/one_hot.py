"""Symbols to vectors."""

import numpy as np

from rnnlib.checks.problem import Problem

hot = Problem("forward.one_hot", "02-forward", outputs={"x": "TBV"})


@hot.reference
def one_hot(ids, V):
    """Row k of the identity matrix is the one-hot vector of symbol k."""
    return np.eye(V)[ids]


@hot.arguments
def _(rng, s):
    return rng.integers(s.V - 1, size=(s.T, s.B)), s.V  # the last symbol does not occur, as happens in a short text


@hot.special("every symbol occurs, T = 4, B = 2")
def _(rng):
    return rng.permutation(8).reshape(4, 2), 8


@hot.misconception(
    "width-from-the-text",
    "Your vectors are as wide as the largest symbol in ids asks for. Another text would give another width: which "
    "argument says how many symbols there are?",
)
def _(ids, V):
    return np.eye(ids.max() + 1)[ids]


@hot.misconception(
    "counted-from-one",
    "Each one stands one place too far to the left, and symbol 0 has gone round to the end. Which number does the "
    "first symbol have?",
)
def _(ids, V):
    return np.eye(V)[ids - 1]


@hot.misconception(
    "id-instead-of-one",
    "The numbers stand in the right places, but they are the ids themselves. What stands in a one-hot vector, "
    "whichever symbol it is?",
)
def _(ids, V):
    return np.eye(V)[ids] * ids[..., None]


@hot.misconception(
    "ones-for-the-whole-text",
    "Every position is marked for every symbol of ids. A position should know of its own symbol only: do your "
    "indices for t and b go along with the one for the symbol?",
)
def _(ids, V):
    x = np.zeros((*ids.shape, V))
    x[:, :, ids] = 1
    return x


@hot.misconception(
    "ones-for-the-whole-batch",
    "Each row of the batch is marked for the symbols of all rows at that step. Which row does each symbol of ids[t] "
    "belong to?",
)
def _(ids, V):
    x = np.zeros((*ids.shape, V))
    for t, row in enumerate(ids):
        x[t, :, row] = 1
    return x


@hot.misconception(
    "time-and-batch-flattened",
    "Each symbol has its vector, but all T B of them stand in one long list. Keep the two axes that ids has, and add"
    " a third.",
)
def _(ids, V):
    return np.eye(V)[ids.ravel()]


@hot.misconception(
    "batch-first",
    "The numbers are right, but the batch comes first. Which axis of every array is time in this course?",
)
def _(ids, V):
    return np.eye(V)[ids.T]


@hot.misconception(
    "symbols-first",
    "The numbers are right, but the axis of the symbols comes first. x[t, b] should be one vector: where does its "
    "own axis have to stand?",
)
def _(ids, V):
    return np.stack([1.0 * (ids == k) for k in range(V)])


@hot.misconception(
    "one-cold",
    "This is a 0 in a row of ones: the opposite. Which entry should stand out, and with which value?",
)
def _(ids, V):
    return 1 - np.eye(V)[ids]
