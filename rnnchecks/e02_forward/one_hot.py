"""Symbols to vectors."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("forward.one_hot", "02-forward", task=1, outputs={"x": "TBV"})


@problem.reference
def one_hot(ids, V):
    """Row k of the identity matrix is the one-hot vector of symbol k."""
    return np.eye(V)[ids]


@problem.arguments
def random_arguments(rng, s):
    return rng.integers(s.V - 1, size=(s.T, s.B)), s.V  # the last symbol does not occur, as happens in a short text


@problem.special("every symbol occurs, T = 4, B = 2")
def every_symbol_occurs_T_4_B_2(rng):
    return rng.permutation(8).reshape(4, 2), 8


@problem.misconception(
    "Your vectors are as wide as the largest symbol in ids asks for. Another text would give another width: which "
    "argument says how many symbols there are?"
)
def width_from_the_text(ids, V):
    return np.eye(ids.max() + 1)[ids]


@problem.misconception(
    "Each one stands one place too far to the left, and symbol 0 has gone round to the end. Which number does the "
    "first symbol have?"
)
def counted_from_one(ids, V):
    return np.eye(V)[ids - 1]


@problem.misconception(
    "The numbers stand in the right places, but they are the ids themselves. What stands in a one-hot vector, "
    "whichever symbol it is?"
)
def id_instead_of_one(ids, V):
    return np.eye(V)[ids] * ids[..., None]


@problem.misconception(
    "Every position is marked for every symbol of ids. A position should know of its own symbol only: do your "
    "indices for t and b go along with the one for the symbol?"
)
def ones_for_the_whole_text(ids, V):
    x = np.zeros((*ids.shape, V))
    x[:, :, ids] = 1
    return x


@problem.misconception(
    "Each row of the batch is marked for the symbols of all rows at that step. Which row does each symbol of ids[t] "
    "belong to?"
)
def ones_for_the_whole_batch(ids, V):
    x = np.zeros((*ids.shape, V))
    for t, row in enumerate(ids):
        x[t, :, row] = 1
    return x


@problem.misconception(
    "Each symbol has its vector, but all T B of them stand in one long list. Keep the two axes that ids has, and add"
    " a third."
)
def time_and_batch_flattened(ids, V):
    return np.eye(V)[ids.ravel()]


@problem.misconception(
    "The numbers are right, but the batch comes first. Which axis of every array is time in this course?"
)
def batch_first(ids, V):
    return np.eye(V)[ids.T]


@problem.misconception(
    "The numbers are right, but the axis of the symbols comes first. x[t, b] should be one vector: where does its "
    "own axis have to stand?"
)
def symbols_first(ids, V):
    return np.stack([1.0 * (ids == k) for k in range(V)])


@problem.misconception(
    "This is a 0 in a row of ones: the opposite. Which entry should stand out, and with which value?"
)
def one_cold(ids, V):
    return 1 - np.eye(V)[ids]
