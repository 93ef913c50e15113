"""Elman's stream of bits: two thrown, the third their exclusive-or."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("history.temporal_xor", "01-history", task=4, outputs={"x": "T"})


@problem.reference
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


@problem.special("8 pairs")
def case_8_pairs(rng):
    return (pairs(rng, 8),)


@problem.special("5 pairs")
def case_5_pairs(rng):
    return (pairs(rng, 5),)


@problem.special("a single pair, 1 1", hidden=True)
def a_single_pair_1_1(rng):
    return (np.array([[1, 1]]),)


@problem.special("40 pairs", like="8 pairs")
def case_40_pairs(rng):
    return (pairs(rng, 40),)


@problem.special("bits of dtype uint8", hidden=True)
def bits_of_dtype_uint8(rng):
    return (pairs(rng, 11).astype(np.uint8),)


@problem.misconception("Your third bit is 1 whenever one of the two is. The exclusive-or of 1 and 1 is 0.")
def or_(bits):
    return triples(bits, bits[:, 0] | bits[:, 1])


@problem.misconception("Your third bit is 1 only where both are. When are two bits different?")
def and_(bits):
    return triples(bits, bits[:, 0] & bits[:, 1])


@problem.misconception("Your third bit is 1 where the two are equal. Exclusive-or asks whether they differ.")
def one_when_equal(bits):
    return triples(bits, 1 - (bits[:, 0] ^ bits[:, 1]))


@problem.misconception("You add the two bits, and 1 + 1 gives 2. A bit is 0 or 1.")
def sum_(bits):
    return triples(bits, bits[:, 0] + bits[:, 1])


@problem.misconception(
    "The exclusive-or stands in front of its two bits. Nobody could predict it there: it comes third."
)
def xor_first(bits):
    return np.column_stack([bits[:, 0] ^ bits[:, 1], bits]).ravel()


@problem.misconception(
    "You have read the table column by column: all first bits, then all second bits, then all thirds. The stream goes "
    "triple by triple."
)
def all_first_bits_first(bits):
    return np.column_stack([bits, bits[:, 0] ^ bits[:, 1]]).ravel(order="F")


@problem.misconception(
    "All the exclusive-ors stand at the end, after the pairs. Each belongs right behind its own pair."
)
def xors_at_the_end(bits):
    return np.concatenate([bits.ravel(), bits[:, 0] ^ bits[:, 1]])


@problem.misconception(
    "The triples stand in a table, one in each row. The net will read one bit after another: make it a single axis."
)
def not_flattened(bits):
    return np.column_stack([bits, bits[:, 0] ^ bits[:, 1]])


@problem.misconception(
    "Your third bit compares the second bit of a pair with the first bit of the next pair. Stay within the pair."
)
def xor_of_neighbouring_pairs(bits):
    return triples(bits, bits[:, 1] ^ np.roll(bits[:, 0], -1))


@problem.misconception("Your third bit is the second one again. What do the first and the second say together?")
def repeats_the_second_bit(bits):
    return triples(bits, bits[:, 1])
