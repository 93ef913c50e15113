"""A Hopfield network at work: one unit at a time, until nothing moves."""

import numpy as np

from rnnlib.checks.history.walks import all_at_once, disordered, one_round, rounds, until_a_unit_stays, with_ties
from rnnlib.checks.problem import Problem

memory = Problem("history.hopfield_recall", "01-history", outputs={"s": "N"})


@memory.reference
def hopfield_recall(s, W, order):
    """Round after round in the given order; a unit takes the sign of what it hears, and keeps its own at zero."""
    s = s.copy()
    while True:
        before = s.copy()
        for i in order:
            f = s @ W[:, i]
            if f != 0:
                s[i] = np.sign(f)
        if np.array_equal(s, before):
            return s


@memory.special("24 units")
def _(rng):
    return disordered(rng, 24)


@memory.special("some units hear exactly nothing, f = 0")
def _(rng):
    return with_ties(rng, 12)


@memory.special("a pattern that is stored, and stays", hidden=True)
def _(rng):
    s = rng.choice([-1.0, 1.0], 10)
    W = np.outer(s, s) / 10
    np.fill_diagonal(W, 0)
    return s, W, rng.permutation(10)


@memory.special("30 units, float32", hidden=True)
def _(rng):
    s, W, order = disordered(rng, 30)
    return s.astype(np.float32), W.astype(np.float32), order


@memory.special("16 units", hidden=True)
def _(rng):
    return disordered(rng, 16)


@memory.special("no links at all", hidden=True)
def _(rng):
    return rng.choice([-1.0, 1.0], 6), np.zeros((6, 6)), rng.permutation(6)


@memory.misconception(
    "one-round-only",
    "Your net stops after one round. A unit that moved late may have unsettled an early one: go on until a whole round "
    "changes nothing. If you have a loop for that, what ends it? before = s is no copy, and a flag must speak for the "
    "whole round, not for its last unit.",
)
def _(s, W, order):
    return one_round(s, W, order)


@memory.misconception(
    "all-units-at-once",
    "All your units move together, each on the old state of the others. Here the second unit of a round must already "
    "see what the first one did.",
)
def _(s, W, order):
    return all_at_once(s, W)


@memory.misconception(
    "one-round-and-zero-at-zero",
    "Two things. You go through the units once, and should go on until a whole round changes nothing. And np.sign(0) "
    "is 0: a unit that hears nothing keeps its state.",
)
def _(s, W, order):
    return one_round(s, W, order, at_zero=lambda old: 0.0)


@memory.misconception(
    "one-round-and-one-at-zero",
    "Two things. You go through the units once, and should go on until a whole round changes nothing. And a unit that "
    "hears exactly 0 becomes 1 in your version: it should keep its state.",
)
def _(s, W, order):
    return one_round(s, W, order, at_zero=lambda old: 1.0)


@memory.misconception(
    "all-at-once-and-zero-at-zero",
    "Two things. All your units move together, where the second should already see what the first did. And np.sign(0) "
    "is 0: a unit that hears nothing keeps its state.",
)
def _(s, W, order):
    return all_at_once(s, W, at_zero=lambda old: 0 * old)


@memory.misconception(
    "all-at-once-and-one-at-zero",
    "Two things. All your units move together, where the second should already see what the first did. And a unit that "
    "hears exactly 0 becomes 1 in your version: it should keep its state.",
)
def _(s, W, order):
    return all_at_once(s, W, at_zero=lambda old: 0 * old + 1)


@memory.misconception(
    "order-ignored",
    "You visit the units from 0 to N - 1. `order` says which unit comes first, second, ...",
)
def _(s, W, order):
    return hopfield_recall(s, W, range(len(s)))


@memory.misconception(
    "order-reversed",
    "You visit the units in the given order, but backward.",
)
def _(s, W, order):
    return hopfield_recall(s, W, order[::-1])


@memory.misconception(
    "zero-at-zero",
    "np.sign(0) is 0, and a unit is 1 or -1. What does a unit do that hears nothing?",
)
def _(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: 0.0)


@memory.misconception(
    "one-at-zero",
    "A unit that hears exactly nothing becomes 1 in your version. It has no reason to move.",
)
def _(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: 1.0)


@memory.misconception(
    "minus-one-at-zero",
    "A unit that hears exactly nothing becomes -1 in your version. It has no reason to move.",
)
def _(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: -1.0)


@memory.misconception(
    "off-is-zero",
    "Your units are 1 or 0. Here a unit that is off is -1, and speaks as loudly as one that is on.",
)
def _(s, W, order):
    return rounds(s, W, order, heard=lambda f: float(f > 0))


@memory.misconception(
    "uphill",
    "Your units take the opposite side of what they hear, so the energy rises. Which sign of f and s[i] means that the "
    "unit disagrees?",
)
def _(s, W, order):
    return rounds(s, W, order, heard=lambda f: -np.sign(f))


@memory.misconception(
    "stops-when-a-unit-stays",
    "You stop at the first unit that does not move. That one agrees; the next may not. Stop after a whole round "
    "without a change.",
)
def _(s, W, order):
    return until_a_unit_stays(s, W, order)


@memory.misconception(
    "energies-too",
    "Two things come back, as from the chapter's recall, which keeps the energies too. Here the state alone is asked "
    "for.",
)
def _(s, W, order):
    rest = hopfield_recall(s, W, order)
    return rest, -0.5 * rest @ W @ rest


@memory.misconception(
    "changes-the-start",
    "s[i] = ... writes into the caller's array, and the damaged picture is lost. Work on s.copy().",
)
def _(s, W, order):
    s[:] = hopfield_recall(s, W, order)
    return s
