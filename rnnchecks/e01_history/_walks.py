"""Ways through the units of a Hopfield network, right and wrong, and states from which they end in different places."""

import numpy as np

from rnnchecks.engine.problem import normal


def one_round(s, W, order, heard=np.sign, at_zero=lambda old: old):
    """Go once through `order`; `heard` makes a state of a field, `at_zero` one of the old state where it is 0."""
    s = s.copy()
    for i in order:
        f = s @ W[:, i]
        s[i] = heard(f) if f != 0 else at_zero(s[i])
    return s


def rounds(s, W, order, heard=np.sign, at_zero=lambda old: old):
    """Go through `order` until a round changes nothing, 40 times at most."""
    for _ in range(40):
        before, s = s, one_round(s, W, order, heard, at_zero)
        if np.array_equal(before, s):
            break
    return s


def all_at_once(s, W, at_zero=lambda old: old, n=40):
    """Let every unit move at the same time until none does, `n` times at most."""
    for _ in range(n):
        f = s @ W
        before, s = s, np.where(f == 0, at_zero(s), np.sign(f))
        if np.array_equal(before, s):
            break
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


def together_to_rest(s, W, at_zero=lambda old: old):
    """Let every unit move at the same time; give the state that stays, or None where two take turns for ever."""
    before = s
    for _ in range(40):
        f = s @ W
        after = np.where(f == 0, at_zero(s), np.sign(f))
        if (after == s).all():
            return s
        if (after == before).all():
            break
        before, s = s, after
    return None


def disordered(rng, N):
    """Draw a start in a net of random weights: the usual mistakes lead elsewhere from it, and none loops for ever.

    In a net of some size each leads to a place of its own, so that none is taken for another.
    """
    while True:
        W = normal(rng, N, N)
        W = (W + W.T) / 2
        np.fill_diagonal(W, 0)
        s, order = rng.choice([-1.0, 1.0], N), rng.permutation(N)
        together = together_to_rest(s, W)
        if together is None:  # most nets end here
            continue
        orders = (order, order[::-1], np.arange(N))
        ends = [together, one_round(s, W, order), until_a_unit_stays(s, W, order), *(rounds(s, W, o) for o in orders)]
        if _differ(ends) and smallest_field(s, W, order) > 1e-3:
            return s, W, order


def smallest_field(s, W, order):
    """Smallest field on the way: one near zero would make the answer a matter of rounding."""
    fields, s, before = [], s.copy(), None
    while before is None or not np.array_equal(before, s):
        before = s.copy()
        for i in order:
            f = s @ W[:, i]
            fields.append(abs(f))
            s[i] = np.sign(f) if f else s[i]
    return min(fields)


def with_ties(rng, N):
    """Draw a start in a net with weights of -1, 0 and 1, whose fields are exact: what a unit does at 0 shows.

    It shows in each way through the units, also in a wrong one; and none loops for ever.
    """
    rules = (lambda old: old, lambda old: 0 * old, lambda old: 0 * old + 1, lambda old: 0 * old - 1)
    while True:
        W = np.triu(rng.choice([-1.0, 0.0, 1.0], (N, N), p=[0.15, 0.7, 0.15]), 1)  # few links, many ties
        W, s, order = W + W.T, rng.choice([-1.0, 1.0], N), rng.permutation(N)
        if not _differ(one_round(s, W, order, at_zero=rule) for rule in rules):
            continue
        if not _differ(rounds(s, W, order, at_zero=rule) for rule in rules):
            continue
        ends = [together_to_rest(s, W, rule) for rule in rules[:3]]
        if all(end is not None for end in ends) and _differ(ends):
            return s, W, order


def _differ(states):
    """Return whether no two states are the same."""
    seen = [tuple(state) for state in states]
    return len(set(seen)) == len(seen)
