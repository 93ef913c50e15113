"""A Hopfield network at work: one unit at a time, until nothing moves."""

import numpy as np

from rnnchecks.e01_history._walks import all_at_once, disordered, one_round, rounds, until_a_unit_stays, with_ties
from rnnchecks.engine.problem import Problem

problem = Problem(
    "history.hopfield_recall",
    "01-history",
    task=3,
    outputs={"s": "N"},
    minds={
        "s": "The damaged picture is lost, and nobody can draw it beside the one that was recalled. Work on s.copy()."
    },
)


@problem.reference
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


@problem.special("24 units")
def case_24_units(rng):
    return disordered(rng, 24)


@problem.special("some units hear exactly nothing, f = 0")
def some_units_hear_exactly_nothing_f_0(rng):
    return with_ties(rng, 12)


@problem.special("a pattern that is stored, and stays", hidden=True)
def a_pattern_that_is_stored_and_stays(rng):
    s = rng.choice([-1.0, 1.0], 10)
    W = np.outer(s, s) / 10
    np.fill_diagonal(W, 0)
    return s, W, rng.permutation(10)


@problem.special("30 units, float32", hidden=True)
def case_30_units_float32(rng):
    s, W, order = disordered(rng, 30)
    return s.astype(np.float32), W.astype(np.float32), order


@problem.special("16 units", like="24 units")
def case_16_units(rng):
    return disordered(rng, 16)


@problem.special("no links at all", hidden=True)
def no_links_at_all(rng):
    return rng.choice([-1.0, 1.0], 6), np.zeros((6, 6)), rng.permutation(6)


@problem.misconception(
    "Your net stops after one round. A unit that moved late may have unsettled an early one: go on until a whole round "
    "changes nothing. If you have a loop for that, what ends it? before = s is no copy, and a flag must speak for the "
    "whole round, not for its last unit."
)
def one_round_only(s, W, order):
    return one_round(s, W, order)


@problem.misconception(
    "All your units move together, each on the old state of the others. Here the second unit of a round must already "
    "see what the first one did."
)
def all_units_at_once(s, W, order):
    return all_at_once(s, W)


@problem.misconception(
    "Two things. You go through the units once, and should go on until a whole round changes nothing. And np.sign(0) "
    "is 0: a unit that hears nothing keeps its state."
)
def one_round_and_zero_at_zero(s, W, order):
    return one_round(s, W, order, at_zero=lambda old: 0.0)


@problem.misconception(
    "Two things. You go through the units once, and should go on until a whole round changes nothing. And a unit that "
    "hears exactly 0 becomes 1 in your version: it should keep its state."
)
def one_round_and_one_at_zero(s, W, order):
    return one_round(s, W, order, at_zero=lambda old: 1.0)


@problem.misconception(
    "Two things. All your units move together, where the second should already see what the first did. And np.sign(0) "
    "is 0: a unit that hears nothing keeps its state."
)
def all_at_once_and_zero_at_zero(s, W, order):
    return all_at_once(s, W, at_zero=lambda old: 0 * old)


@problem.misconception(
    "Two things. All your units move together, where the second should already see what the first did. And a unit that "
    "hears exactly 0 becomes 1 in your version: it should keep its state."
)
def all_at_once_and_one_at_zero(s, W, order):
    return all_at_once(s, W, at_zero=lambda old: 0 * old + 1)


@problem.misconception("You visit the units from 0 to N - 1. `order` says which unit comes first, second, ...")
def order_ignored(s, W, order):
    return hopfield_recall(s, W, range(len(s)))


@problem.misconception("You visit the units in the given order, but backward.")
def order_reversed(s, W, order):
    return hopfield_recall(s, W, order[::-1])


@problem.misconception("np.sign(0) is 0, and a unit is 1 or -1. What does a unit do that hears nothing?")
def zero_at_zero(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: 0.0)


@problem.misconception("A unit that hears exactly nothing becomes 1 in your version. It has no reason to move.")
def one_at_zero(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: 1.0)


@problem.misconception("A unit that hears exactly nothing becomes -1 in your version. It has no reason to move.")
def minus_one_at_zero(s, W, order):
    return rounds(s, W, order, at_zero=lambda old: -1.0)


@problem.misconception("Your units are 1 or 0. Here a unit that is off is -1, and speaks as loudly as one that is on.")
def off_is_zero(s, W, order):
    return rounds(s, W, order, heard=lambda f: float(f > 0))


@problem.misconception(
    "Your units take the opposite side of what they hear, so the energy rises. Which sign of f and s[i] means that the "
    "unit disagrees?"
)
def uphill(s, W, order):
    return rounds(s, W, order, heard=lambda f: -np.sign(f))


@problem.misconception(
    "You stop at the first unit that does not move. That one agrees; the next may not. Stop after a whole round "
    "without a change."
)
def stops_when_a_unit_stays(s, W, order):
    return until_a_unit_stays(s, W, order)
