"""A Hopfield network at work: one unit at a time, until nothing moves."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

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


def rounds(s, W, order, n=1, heard=np.sign, at_zero=lambda old: old):
    """Go `n` times through `order`; `heard` makes a state of a field, `at_zero` one where the field is zero."""
    s = s.copy()
    for _ in range(n):
        for i in order:
            f = s @ W[:, i]
            s[i] = heard(f) if f != 0 else at_zero(s[i])
    return s


def all_at_once(s, W, n=50):
    """Let every unit move at the same time, `n` times at most."""
    for _ in range(n):
        f = s @ W
        new = np.where(f == 0, s, np.sign(f))
        if np.array_equal(new, s):
            break
        s = new
    return s


def until_a_unit_stays(s, W, order):
    """Stop at the first unit that does not want to move."""
    s = s.copy()
    for i in order:
        f = s @ W[:, i]
        if f * s[i] >= 0:
            break
        s[i] = -s[i]
    return s


def field_margin(s, W, order):
    """Smallest field that recall meets: one near zero would make the answer a matter of rounding."""
    s, smallest, changed = s.copy(), np.inf, True
    while changed:
        changed = False
        for i in order:
            f = s @ W[:, i]
            smallest = min(smallest, abs(f))
            if f * s[i] < 0:
                s[i], changed = -s[i], True
    return smallest


def telling(rng, N, draw):
    """Draw weights and states until the usual mistakes show: more than one round, an order that matters."""
    while True:
        W, s, order = draw(rng, N)
        rest = hopfield_recall(s, W, order)
        others = (
            rounds(s, W, order),
            all_at_once(s, W),
            hopfield_recall(s, W, range(N)),
            until_a_unit_stays(s, W, order),
        )
        reverse = hopfield_recall(s, W, order[::-1])
        if field_margin(s, W, order) > 1e-3 and not any(np.array_equal(rest, other) for other in (*others, reverse)):
            return s, W, order


def disordered(rng, N):
    """Draw random symmetric weights, which have many states at rest."""
    W = normal(rng, N, N)
    W = (W + W.T) / 2
    np.fill_diagonal(W, 0)
    return W, rng.choice([-1.0, 1.0], N), rng.permutation(N)


def whole_numbers(rng, N):
    """Draw weights of -1, 0 and 1: their fields are exact, and some are exactly zero."""
    W = np.triu(rng.integers(-1, 2, (N, N)), 1).astype(float)
    return W + W.T, rng.choice([-1.0, 1.0], N), rng.permutation(N)


@memory.special("24 units")
def _(rng):
    return telling(rng, 24, disordered)


@memory.special("some units hear exactly nothing, f = 0")
def _(rng):
    while True:
        W, s, order = whole_numbers(rng, 15)
        rest = hopfield_recall(s, W, order)
        off = rounds(s, W, order, 9, at_zero=lambda old: 0.0)
        on, turned = (rounds(s, W, order, 9, at_zero=rule) for rule in (lambda old: 1.0, lambda old: -1.0))
        if not any(np.array_equal(rest, other) for other in (off, on, turned, rounds(s, W, order))):
            return s, W, order


@memory.special("a pattern that is stored, and stays", hidden=True)
def _(rng):
    s = rng.choice([-1.0, 1.0], 10)
    W = np.outer(s, s) / 10
    np.fill_diagonal(W, 0)
    return s, W, rng.permutation(10)


@memory.special("40 units, float32", hidden=True)
def _(rng):
    s, W, order = telling(rng, 40, disordered)
    return s.astype(np.float32), W.astype(np.float32), order


@memory.special("two units", hidden=True)
def _(rng):
    return np.array([1.0, -1.0]), np.array([[0.0, 0.5], [0.5, 0.0]]), rng.permutation(2)


@memory.special("no links at all", hidden=True)
def _(rng):
    return rng.choice([-1.0, 1.0], 6), np.zeros((6, 6)), rng.permutation(6)


@memory.misconception(
    "one-round-only",
    "You go through the units once. A unit that moved late may have unsettled an early one: go on until a whole round "
    "changes nothing.",
)
def _(s, W, order):
    return rounds(s, W, order)


@memory.misconception(
    "all-units-at-once",
    "All your units move together, each on the old state of the others. Here the second unit of a round must already "
    "see what the first one did.",
)
def _(s, W, order):
    return all_at_once(s, W)


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
    return rounds(s, W, order, 60, at_zero=lambda old: 0.0)


@memory.misconception(
    "one-at-zero",
    "A unit that hears exactly nothing becomes 1 in your version. It has no reason to move.",
)
def _(s, W, order):
    return rounds(s, W, order, 60, at_zero=lambda old: 1.0)


@memory.misconception(
    "minus-one-at-zero",
    "A unit that hears exactly nothing becomes -1 in your version. It has no reason to move.",
)
def _(s, W, order):
    return rounds(s, W, order, 60, at_zero=lambda old: -1.0)


@memory.misconception(
    "off-is-zero",
    "Your units are 1 or 0. Here a unit that is off is -1, and speaks as loudly as one that is on.",
)
def _(s, W, order):
    return rounds(s, W, order, 60, heard=lambda f: float(f > 0))


@memory.misconception(
    "uphill",
    "Your units take the opposite side of what they hear, so the energy rises. Which sign of f and s[i] means that the "
    "unit disagrees?",
)
def _(s, W, order):
    return rounds(s, W, order, 60, heard=lambda f: -np.sign(f))


@memory.misconception(
    "stops-when-a-unit-stays",
    "You stop at the first unit that does not move. That one agrees; the next may not. Stop after a whole round "
    "without a change.",
)
def _(s, W, order):
    return until_a_unit_stays(s, W, order)


@memory.misconception(
    "changes-the-start",
    "s[i] = ... writes into the caller's array, and the damaged picture is lost. Work on s.copy().",
)
def _(s, W, order):
    s[:] = hopfield_recall(s, W, order)
    return s
