"""What does a softmax over the stored patterns change in a Hopfield network?

Varied: the update. Hebb's weights, one unit at a time; or the softmax of the scaled products of the state with all
patterns, which are then averaged with these weights, and the signs taken: attention with the patterns for keys and
values. Held: the patterns, and the damage of a quarter of the units. Baseline: Hebb's rule. Control: few random
patterns, on which both must succeed. Nothing is tuned: the scale is that of the Transformer, one over the root of N.
"""

import numpy as np

from experiments.claims import claim
from experiments.e01_history._drawings import ALIKE
from experiments.e01_history._hopfield import damage, overlap, random_patterns, settle, weights
from rnnlib.activations import softmax

SEEDS = 20
DAMAGE, FEW, MANY, UNITS = 0.25, 5, 500, 100


def attend(S, patterns, rounds=10):
    """States (K, N) after some rounds of attention to the patterns, with the sign taken after each."""
    for _ in range(rounds):
        S = np.where(softmax(S @ patterns.T / np.sqrt(patterns.shape[1])) @ patterns >= 0, 1.0, -1.0)
    return S


def both(patterns, rng, tries=20):
    """Share of damaged patterns that come back whole, by Hebb's rule and by attention."""
    start = patterns[:tries]
    state = damage(rng, start, DAMAGE)
    ends = settle(state, weights(patterns), rng), attend(state, patterns)
    return [(overlap(end, start) == 1).mean() for end in ends]


def run(seeds):
    """Shares that come back whole, [seed][Hebb, attention], by what is stored."""
    found = {"alike": [], "few": [], "many": []}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        found["alike"].append(both(ALIKE, rng))
        found["few"].append(both(random_patterns(rng, FEW, UNITS), rng))
        found["many"].append(both(random_patterns(rng, MANY, UNITS), rng))
    return found


def mean(result, what):
    """Mean shares by Hebb's rule and by attention."""
    return np.mean(result[what], axis=0)


CLAIMS = [
    claim(
        "history.softmax.alike",
        "From damage of a quarter of the units, attention brings more than 90 % of the four drawings that are alike "
        "back whole, and Hebb's rule none.",
        holds=lambda r: mean(r, "alike")[1] > 0.9 and mean(r, "alike")[0] == 0,
        control="five random patterns in 100 units, on which Hebb's rule succeeds as well",
        effect=lambda r: 100 * mean(r, "alike")[1],
        unit="% of the drawings that are alike come back whole by attention",
    ),
    claim(
        "history.softmax.many",
        "Of 500 random patterns in 100 units, attention brings more than half back whole from damage of a quarter, "
        "and Hebb's rule none; of five, both bring back more than 80 %.",
        holds=lambda r: mean(r, "many")[1] > 0.5 and mean(r, "many")[0] == 0 and mean(r, "few").min() > 0.8,
        control="five random patterns in 100 units, for both updates",
        effect=lambda r: 100 * mean(r, "many")[1],
        unit="% of 500 patterns in 100 units come back whole by attention",
    ),
]
