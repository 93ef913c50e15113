"""How many random patterns does a Hopfield network hold, and how sharp is the edge?

Varied: the load P/N from 0.04 to 0.22, and the number of units, 100, 300 and 1,000. Held: random patterns, Hebb's rule,
the start in a stored pattern, undamaged. Baseline: the prediction for the first look at each unit, and the capacity of
0.138 for an endless net. Control for the edge: the same loads in smaller nets.
"""

import math

import numpy as np

from experiments.claims import claim
from experiments.e01_history._hopfield import overlap, random_patterns, settle, weights

SEEDS = 4
SIZES = (100, 300, 1000)
LOADS = (0.04, 0.08, 0.11, 0.13, 0.15, 0.18, 0.22)
LOOKS = (0.1, 0.15, 0.2, 0.4)


def kept(N, load, seed):
    """Mean overlap after starting in a pattern, and the share of patterns that stay without a wrong unit."""
    rng = np.random.default_rng(seed)
    patterns = random_patterns(rng, round(load * N), N)
    start = patterns[: 12 if N == 1000 else 60]
    found = overlap(settle(start, weights(patterns), rng), start)
    return found.mean(), (found == 1).mean()


def disagree(load, seed, N=1000):
    """Share of units that disagree with their own pattern at the first look."""
    patterns = random_patterns(np.random.default_rng(seed), round(load * N), N)
    return np.mean(patterns * (patterns @ weights(patterns)) < 0)


def predicted(load):
    """What that share should be: the noise is nearly Gaussian, with variance P/N."""
    return 0.5 * math.erfc(math.sqrt(1 / (2 * load)))


def run(seeds):
    """Overlaps and shares of perfect patterns, [seed][load] by size; shares that disagree, [seed][load]."""
    both = {N: np.array([[kept(N, load, seed) for load in LOADS] for seed in seeds]) for N in SIZES}
    return {
        "overlap": {str(N): both[N][..., 0] for N in SIZES},
        "perfect": {str(N): both[N][..., 1] for N in SIZES},
        "disagree": [[disagree(load, seed) for load in LOOKS] for seed in seeds],
    }


def at(result, what, N, load):
    """Values of each seed at a size and load."""
    return np.array(result[what][str(N)])[:, LOADS.index(load)]


CLAIMS = [
    claim(
        "history.capacity.edge",
        "Started in a stored pattern, nets of 1,000 units usually keep an overlap of more than 0.9 with it at a load "
        "of 0.13, and of less than 0.6 at 0.22, all four of them; nets of 100 units lose less between these two loads.",
        holds=lambda r: (
            at(r, "overlap", 1000, 0.13).min() > 0.9
            and at(r, "overlap", 1000, 0.22).max() < 0.6
            and drop(r, 100).mean() < drop(r, 1000).mean()
        ),
        control="the same loads in nets of 100 units",
        effect=lambda r: drop(r, 1000).mean(),
        unit="overlap lost between loads of 0.13 and 0.22, 1,000 units",
    ),
    claim(
        "history.capacity.perfect",
        "At a load of 0.13 fewer than half of the patterns stay without a single wrong unit in nets of 1,000 units; "
        "at 0.04 every one does.",
        holds=lambda r: at(r, "perfect", 1000, 0.13).mean() < 0.5 and at(r, "perfect", 1000, 0.04).min() == 1,
        control="the same nets at a load of 0.04",
        effect=lambda r: 100 * at(r, "perfect", 1000, 0.13).mean(),
        unit="% of the patterns stay perfect at a load of 0.13, 1,000 units",
    ),
    claim(
        "history.capacity.look",
        "At the first look the share of units that disagree with their own pattern is within 25 % of the prediction, "
        "at loads of 0.15, 0.2 and 0.4, in every one of the four nets.",
        holds=lambda r: (off(r) < 0.25).all(),
        control="the prediction, made before the count, at three loads",
        effect=lambda r: 100 * off(r).max(),
        unit="% off, the worst net and load",
    ),
]


def drop(result, N):
    """Overlap lost from a load of 0.13 to 0.22, of each seed."""
    return at(result, "overlap", N, 0.13) - at(result, "overlap", N, 0.22)


def off(result):
    """How far the shares that disagree are from the prediction, relative to it; without the smallest load."""
    return np.abs(np.array(result["disagree"])[:, 1:] / [predicted(load) for load in LOOKS[1:]] - 1)
