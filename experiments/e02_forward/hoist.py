"""How much time does one product for all inputs save, compared with one product for each step?

Varied: one product of all the inputs with the weights, or one for each step. Held: 100 steps of a single sequence, 64
inputs, 128 units, 64-bit numbers, one thread. Baseline: the products one by one. Control: the two give the same
numbers. The seed draws the numbers. Time is the shortest of nine measurements.
"""

import timeit

import numpy as np

from experiments.claims import claim

SEEDS = 1
ALONE = True  # it measures time
T, B, D, H = 100, 1, 64, 128


def shortest(work):
    """The shortest of nine times, of 20 runs each."""
    return min(timeit.repeat(work, number=20, repeat=9))


def ratio(seed):
    """The time of the products one by one over that of the one large product, and their largest difference."""
    rng = np.random.default_rng(seed)
    x, W_xh = rng.standard_normal((T, B, D)), rng.standard_normal((D, H))

    def one_by_one():
        return np.stack([x_t @ W_xh for x_t in x])

    def at_once():
        return (x.reshape(T * B, D) @ W_xh).reshape(T, B, H)

    return {
        "ratio": shortest(one_by_one) / shortest(at_once),
        "apart": np.abs(one_by_one() - at_once()).max(),
    }


def run(seeds):
    """Ratio of times and difference of results, of each seed."""
    return [ratio(seed) for seed in seeds]


CLAIMS = [
    claim(
        "forward.hoist.time",
        "For one sequence of 100 steps the hundred small products take more than twice the time of the one large "
        "product, and give the same numbers.",
        holds=lambda r: all(each["ratio"] > 2 and each["apart"] < 1e-10 for each in r),
        control="the same numbers, multiplied both ways on one machine",
        effect=lambda r: np.mean([each["ratio"] for each in r]),
        unit="times the time of the one large product",
    ),
]
