"""What does a net of threshold units need, to go from one stored pattern to the next?

Varied: whether the weights that hold the patterns are there beside those that lead from each pattern to the next, the
strength of the latter, whether units move one at a time or all at once, and whether the weights to the next pattern see
the present state or that of three rounds ago. Held: five random patterns in 100 units, 40 rounds, the same patterns for
all. Baseline: Hopfield's attempt of 1982, with the best of five strengths. Controls: all the other corners.
"""

import numpy as np

from experiments.claims import claim
from experiments.e01_history._hopfield import random_patterns, weights

SEEDS = 10
P, N, ROUNDS, DELAY = 5, 100, 40, 3
STRENGTHS = (0.8, 1.0, 1.2, 1.6, 2.5)
ENOUGH = 0.8


def stored(seed):
    """Patterns, the weights that hold them, and those from each to the next."""
    X = random_patterns(np.random.default_rng(seed), P, N)
    K = X[:-1].T @ X[1:] / N
    np.fill_diagonal(K, 0)
    return X, weights(X), K


def one_at_a_time(seed, strength, hold=True, delay=0, every=10):
    """Overlaps with the five patterns, every tenth look, (looks, P); each look is at a random unit.

    Args:
        seed: of patterns and order.
        strength: of the weights to the next pattern.
        hold: whether the weights that hold the patterns are there.
        delay: rounds after which the weights to the next pattern see a state.
        every: looks between two entries.
    """
    X, J, K = stored(seed)
    rng, J = np.random.default_rng([seed, 1]), J * hold
    s, seen = X[0].copy(), [X @ X[0] / N]
    past = [s.copy()] * (delay * N + 1)  # what the state was, look by look; before the start it was the first pattern
    for look in range(1, ROUNDS * N + 1):
        i = rng.integers(N)
        if (s @ J[:, i] + strength * past[look % len(past)] @ K[:, i]) * s[i] < 0:
            s[i] = -s[i]
        past[look % len(past)] = s.copy() if delay else s
        if look % every == 0:
            seen.append(X @ s / N)
    return np.array(seen)


def all_at_once(seed, strength, hold=True, ticks=ROUNDS):
    """Overlaps at every tick of a clock, (ticks + 1, P)."""
    X, J, K = stored(seed)
    s, seen = X[0].copy(), [X @ X[0] / N]
    for _ in range(ticks):
        f = s @ (J * hold + strength * K)
        s = np.where(f == 0, s, np.sign(f))
        seen.append(X @ s / N)
    return np.array(seen)


def visited(overlaps):
    """Count the patterns that were reached in order, the first one included."""
    n = 1
    for now in overlaps:
        if n < P and now[n] > ENOUGH:
            n += 1
    return n


def run(seeds):
    """Patterns reached, by corner, strength and seed."""
    corners = {
        "one at a time": lambda seed, A: one_at_a_time(seed, A),
        "with a delay": lambda seed, A: one_at_a_time(seed, A, delay=DELAY),
        "with a clock": lambda seed, A: all_at_once(seed, A),
    }
    found = {
        corner: {str(A): [visited(go(seed, A)) for seed in seeds] for A in STRENGTHS} for corner, go in corners.items()
    }
    for corner, go in (("one at a time", one_at_a_time), ("with a clock", all_at_once)):
        # With weights of one kind the strength changes no sign.
        found.setdefault("next only", {})[corner] = [visited(go(seed, 1.0, hold=False)) for seed in seeds]
    return found


def best(result, corner):
    """The strength at which a corner gets furthest in the mean, and the counts there."""
    A = max(STRENGTHS, key=lambda A: np.mean(result[corner][str(A)]))
    return A, result[corner][str(A)]


def through(counts):
    """How many nets reached all patterns."""
    return counts.count(P)


def most(result, corner, up_to=np.inf):
    """The most patterns that any net reached, at any strength up to one."""
    return max(max(result[corner][str(A)]) for A in STRENGTHS if up_to >= A)


CLAIMS = [
    claim(
        "history.sequence.delay",
        "One unit at a time, and with weights to the next pattern of strength 2.5, at least nine of ten nets walk "
        "through all five patterns if these weights act on the state of three rounds ago; if they act on the present "
        "state, none does, with none of five strengths from 0.8 to 2.5.",
        holds=lambda r: through(r["with a delay"]["2.5"]) >= 9 and most(r, "one at a time") < P,
        control="the same weights and order of looks without the delay, at five strengths",
        effect=lambda r: np.mean(best(r, "one at a time")[1]),
        unit="patterns reached on average without the delay, at the best of five strengths",
    ),
    claim(
        "history.sequence.clock",
        "A clock as well leads at least seven of the ten nets through all five patterns, with the same weights of "
        "strength 2.5; at a strength of 1.0 or less it leads none through.",
        holds=lambda r: through(r["with a clock"]["2.5"]) >= 7 and most(r, "with a clock", 1.0) < P,
        control="the same weights one unit at a time, which lead none through, and a lower strength",
        effect=lambda r: np.mean(r["with a clock"]["1.0"]),
        unit="patterns reached on average with a clock at a strength of 1.0",
    ),
    claim(
        "history.sequence.alone",
        "With the weights to the next pattern alone, a clock leads all ten nets through all five patterns; one unit at "
        "a time none gets through.",
        holds=lambda r: min(r["next only"]["with a clock"]) == P and max(r["next only"]["one at a time"]) < P,
        control="the same weights, one unit at a time",
        effect=lambda r: np.mean(r["next only"]["one at a time"]),
        unit="patterns reached on average one unit at a time",
    ),
]
