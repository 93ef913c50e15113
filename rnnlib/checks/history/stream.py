"""Elman's stream of bits: two thrown, the third their exclusive-or."""

import numpy as np

from rnnlib.checks.problem import Problem

stream = Problem("history.temporal_xor", "01-history", outputs={"x": "T"})


@stream.reference
def temporal_xor(bits):
    """Append to each pair its exclusive-or, and lay the triples end to end."""
    third = bits[:, 0] ^ bits[:, 1]
    return np.column_stack([bits, third]).ravel()


def triples(bits, third):
    """Lay triples with another third bit end to end."""
    return np.column_stack([bits, third]).ravel()


def pairs(rng, n):
    """Draw n pairs of bits, with each of the four kinds among them and no symmetry that hides a mistake."""
    while True:
        bits = rng.integers(2, size=(n, 2))
        kinds, counts = np.unique(bits @ [2, 1], return_counts=True)
        first_differs = (bits[:-1, 1] ^ bits[1:, 0]).any() and (bits[0] != bits[1]).any()
        if len(kinds) == 4 and len(set(counts)) > 1 and first_differs:
            return bits


@stream.special("8 pairs")
def _(rng):
    return (pairs(rng, 8),)


@stream.special("5 pairs")
def _(rng):
    return (pairs(rng, 5),)


@stream.special("a single pair, 1 1", hidden=True)
def _(rng):
    return (np.array([[1, 1]]),)


@stream.special("40 pairs", hidden=True)
def _(rng):
    return (pairs(rng, 40),)


@stream.special("bits of dtype uint8", hidden=True)
def _(rng):
    return (pairs(rng, 11).astype(np.uint8),)


@stream.misconception(
    "or",
    "Your third bit is 1 whenever one of the two is. The exclusive-or of 1 and 1 is 0.",
)
def _(bits):
    return triples(bits, bits[:, 0] | bits[:, 1])


@stream.misconception(
    "and",
    "Your third bit is 1 only where both are. When are two bits different?",
)
def _(bits):
    return triples(bits, bits[:, 0] & bits[:, 1])


@stream.misconception(
    "one-when-equal",
    "Your third bit is 1 where the two are equal. Exclusive-or asks whether they differ.",
)
def _(bits):
    return triples(bits, 1 - (bits[:, 0] ^ bits[:, 1]))


@stream.misconception(
    "sum",
    "You add the two bits, and 1 + 1 gives 2. A bit is 0 or 1.",
)
def _(bits):
    return triples(bits, bits[:, 0] + bits[:, 1])


@stream.misconception(
    "xor-first",
    "The exclusive-or stands in front of its two bits. Nobody could predict it there: it comes third.",
)
def _(bits):
    return np.column_stack([bits[:, 0] ^ bits[:, 1], bits]).ravel()


@stream.misconception(
    "all-first-bits-first",
    "You have read the table column by column: all first bits, then all second bits, then all thirds. The stream goes "
    "triple by triple.",
)
def _(bits):
    return np.column_stack([bits, bits[:, 0] ^ bits[:, 1]]).ravel(order="F")


@stream.misconception(
    "xors-at-the-end",
    "All the exclusive-ors stand at the end, after the pairs. Each belongs right behind its own pair.",
)
def _(bits):
    return np.concatenate([bits.ravel(), bits[:, 0] ^ bits[:, 1]])


@stream.misconception(
    "not-flattened",
    "The triples stand in a table, one in each row. The net will read one bit after another: make it a single axis.",
)
def _(bits):
    return np.column_stack([bits, bits[:, 0] ^ bits[:, 1]])


@stream.misconception(
    "xor-of-neighbouring-pairs",
    "Your third bit compares the second bit of a pair with the first bit of the next pair. Stay within the pair.",
)
def _(bits):
    return triples(bits, bits[:, 1] ^ np.roll(bits[:, 0], -1))


@stream.misconception(
    "repeats-the-second-bit",
    "Your third bit is the second one again. What do the first and the second say together?",
)
def _(bits):
    return triples(bits, bits[:, 1])
