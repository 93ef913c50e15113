"""From how far away does a Hopfield network find back, and how does that depend on how full it is?

Varied: the load, from 0.02 to 0.2, and the share of units turned over, from 0 to a half. Held: 200 units, random
patterns, 40 starts for each pair, in two nets. Baseline: no damage at all. Control: the same damage at the
lowest load.
"""

import numpy as np

from experiments.claims import claim
from experiments.e01_history._hopfield import damage, overlap, random_patterns, settle, weights

SEEDS = 1
N, STARTS, NEAR = 200, 40, 0.9
FILLS = tuple(round(0.02 * k, 2) for k in range(1, 11))
DAMAGES = tuple(round(0.05 * k, 2) for k in range(11))


def share_recalled(fill, share, seed):
    """Share of starts that come to rest within 5 % of their pattern, from as many nets as it takes."""
    rng, found = np.random.default_rng([seed, round(100 * fill), round(100 * share)]), []
    while len(found) < STARTS:
        patterns = random_patterns(rng, round(fill * N), N)
        start = np.resize(patterns, (20, N))  # the same ones again, with other damage, where there are fewer
        found.extend(overlap(settle(damage(rng, start, share), weights(patterns), rng), start) > NEAR)
    return np.mean(found[:STARTS])


def run(seeds):
    """Shares recalled, [seed][damage][load]."""
    return [[[share_recalled(fill, share, seed) for fill in FILLS] for share in DAMAGES] for seed in seeds]


def edge(result, fill):
    """The damage from which half of the starts find back."""
    column = np.mean(result, axis=0)[:, FILLS.index(fill)]
    return np.interp(-0.5, -column, DAMAGES)


CLAIMS = [
    claim(
        "history.basin.shrinks",
        "Half of the starts still find back with more than 35 % of the units turned over at a load of 0.04; at 0.12 "
        "it takes less damage by at least 5 percentage points, and at 0.2 fewer than half find back from a tenth.",
        holds=lambda r: (
            edge(r, 0.04) > 0.35
            and edge(r, 0.12) < edge(r, 0.04) - 0.05
            and np.mean(r, axis=0)[DAMAGES.index(0.1), FILLS.index(0.2)] < 0.5
        ),
        control="the same damage at the lowest loads",
        effect=lambda r: 100 * (edge(r, 0.04) - edge(r, 0.12)),
        unit="percentage points of damage lost from a load of 0.04 to one of 0.12",
    ),
]
