"""Ways through the units of a Hopfield network, right and wrong, and states from which they end in different places."""

import numpy as np

from rnnlib.checks.problem import normal


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


def disordered(rng, N):
    """Draw a start in a net of random weights: the usual mistakes lead elsewhere from it, and none loops for ever."""
    while True:
        W = normal(rng, N, N)
        W = (W + W.T) / 2
        np.fill_diagonal(W, 0)
        s, order = rng.choice([-1.0, 1.0], N), rng.permutation(N)
        together = all_at_once(s, W)
        rest = rounds(s, W, order)
        if not np.array_equal(together, all_at_once(together, W, n=1)) or np.array_equal(together, rest):
            continue
        others = (
            one_round(s, W, order),
            until_a_unit_stays(s, W, order),
            rounds(s, W, range(N)),
            rounds(s, W, order[::-1]),
        )
        if smallest_field(s, W, order) > 1e-3 and not any(np.array_equal(rest, other) for other in others):
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
    """Draw a start in a net with weights of -1, 0 and 1, whose fields are exact: what a unit does at 0 shows."""
    rules = (lambda old: 0 * old, lambda old: 0 * old + 1, lambda old: 0 * old - 1)
    while True:
        W = np.triu(rng.integers(-1, 2, (N, N)), 1).astype(float)
        W, s, order = W + W.T, rng.choice([-1.0, 1.0], N), rng.permutation(N)
        together = [all_at_once(s, W, at_zero=rule) for rule in (lambda old: old, *rules[:2])]
        if not all(np.array_equal(t, all_at_once(t, W, r, n=1)) for t, r in zip(together[1:], rules, strict=False)):
            continue
        ends = [rounds(s, W, order, at_zero=rule) for rule in rules]
        once = [one_round(s, W, order, at_zero=rule) for rule in (lambda old: old, *rules)]
        all_ends = [rounds(s, W, order), *together, *ends, *once]
        if len({tuple(end) for end in all_ends}) == len(all_ends):
            return s, W, order
