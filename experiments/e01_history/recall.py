"""What brings a damaged picture back, and what does it need?

Varied: whether the four stored drawings are unlike or alike, and, for those that are alike, whether each is multiplied
by random signs of its own before it is stored, which takes the overlaps away and leaves all else. Held: 144 units, four
patterns, Hebb's rule. Control for the weights: the same weights, dealt to other pairs of units at random. Control for
states that nobody stored: the same nets, started in a damaged memory and not in a random state. Baseline: none but
these; nothing is tuned. The seed draws damage, order, signs, random patterns and starts.
"""

import numpy as np

from experiments.claims import claim
from experiments.e01_history._drawings import ALIKE, UNLIKE
from experiments.e01_history._hopfield import damage, overlap, random_patterns, settle, weights

SEEDS = 50
DAMAGE, TRIES = 0.25, 100


def dealt(W, rng):
    """The same weights between other units: symmetric, zeros on the diagonal."""
    above = np.triu_indices(len(W), 1)
    new = np.zeros_like(W)
    new[above] = rng.permutation(W[above])
    return new + new.T


def whole(patterns, W, rng, share):
    """How many of the patterns come back without a wrong unit."""
    return int((overlap(settle(damage(rng, patterns, share), W, rng), patterns) == 1).sum())


def majorities(patterns):
    """All states that take in each unit the majority of three of four patterns or their negatives, (16, N)."""
    signs = [(1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)]
    rows = [[k for k in range(4) if k != left_out] for left_out in range(4)]
    return np.array([np.sign(np.array(sign) @ patterns[three]) for three in rows for sign in signs])


def ends(rng):
    """Of four random patterns: shares of random starts that end in a memory or its negative, and in a majority of
    three; and the share of damaged memories that end in a memory."""
    patterns = random_patterns(rng, 4, 144)
    W = weights(patterns)
    rest = settle(random_patterns(rng, TRIES, 144), W, rng)
    like = lambda these: np.abs(rest @ these.T / 144).max(axis=1)  # noqa: E731
    memory = like(patterns) > 0.99
    mixed = ~memory & (like(majorities(patterns)) > 0.9)
    again = settle(damage(rng, np.repeat(patterns, TRIES // 4, axis=0), DAMAGE), W, rng)
    return memory.mean(), mixed.mean(), (np.abs(again @ patterns.T / 144).max(axis=1) > 0.99).mean()


def run(seeds):
    """Counts of pictures out of four, by seed, and where random starts end."""
    found = {name: [] for name in ("unlike", "dealt", "alike", "signed", "memory", "mixed", "again")}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        W = weights(UNLIKE)
        found["unlike"].append(whole(UNLIKE, W, rng, DAMAGE))
        found["dealt"].append(whole(UNLIKE, dealt(W, rng), rng, DAMAGE))
        found["alike"].append(whole(ALIKE, weights(ALIKE), rng, 0))
        signed = ALIKE * random_patterns(rng, 4, 144)
        found["signed"].append(whole(signed, weights(signed), rng, 0))
        for name, value in zip(("memory", "mixed", "again"), ends(rng), strict=True):
            found[name].append(value)
    return found


def share(result, name):
    """Share of all pictures of all seeds."""
    return np.mean(result[name]) / 4


CLAIMS = [
    claim(
        "history.recall.back",
        "With a quarter of their units turned over, more than 95 % of the drawings come back without a wrong unit; "
        "with the same weights dealt to other pairs of units, none does.",
        holds=lambda r: share(r, "unlike") > 0.95 and share(r, "dealt") == 0,
        control="the same weights, dealt at random to other pairs of units",
        effect=lambda r: 100 * share(r, "unlike"),
        unit="% of the drawings come back whole",
    ),
    claim(
        "history.recall.alike",
        "Of four drawings that are alike none stays, even undamaged; multiplied by random signs of their own, which "
        "takes the likeness away and leaves everything else, more than 95 % of them stay.",
        holds=lambda r: max(r["alike"]) == 0 and share(r, "signed") > 0.95,
        control="the same four drawings, each multiplied by random signs of its own",
        effect=lambda r: 100 * share(r, "signed"),
        unit="% of the drawings stay when each has signs of its own",
    ),
    claim(
        "history.recall.spurious",
        "From random states, between a tenth and a half of the nets' runs end in a state that nobody stored; from "
        "memories with a quarter of the units turned over, fewer than one run in a hundred does.",
        holds=lambda r: 0.1 < 1 - np.mean(r["memory"]) < 0.5 and np.mean(r["again"]) > 0.99,
        control="the same nets, started in damaged memories",
        effect=lambda r: 100 * (1 - np.mean(r["memory"])),
        unit="% of the runs from random states end in no memory",
    ),
    claim(
        "history.recall.mixed",
        "More than half of the states that nobody stored take in nearly every unit the majority of three memories or "
        "their negatives.",
        holds=lambda r: np.mean(r["mixed"]) > (1 - np.mean(r["memory"])) / 2,
        control="an overlap of 0.9 with one of the sixteen majorities, where random states have 0.3 at most",
        effect=lambda r: 100 * np.mean(r["mixed"]) / (1 - np.mean(r["memory"])),
        unit="% of the states that nobody stored are near such a majority",
    ),
]
