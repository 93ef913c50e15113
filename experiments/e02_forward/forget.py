"""How long does a change of one input last in the states of a random net, and is what lasts a memory?

Varied: the gain g of an orthogonal matrix, on the same nets and inputs, and the size of the change. Held: 64 units, 8
random inputs at each step, no training. Baseline: the bound, which is what would be left without the tanh. Controls
for what lasts at gain 1.5: a change of 1e-10, no change at all but for the rounding of 32-bit numbers, and what a
linear read-out can recover of earlier inputs, fitted by least squares to 2,000 steps and tried on the 2,000 after them.
"""

import numpy as np

from experiments.claims import claim
from rnnlib import RNN
from rnnlib.init import orthogonal

SEEDS = 10
GAINS = (0.5, 0.9, 1.5)
T, LONG, D, H = 40, 200, 8, 64
TINY = 1e-10
READ, READ_LAGS = 2000, (5, 10, 20)  # steps to fit a read-out to, and as many to try it on


def net_and_input(g, seed, steps):
    """A layer with W_hh orthogonal times g, and one sequence (T, 1, D)."""
    rng = np.random.default_rng(seed)
    net = RNN(D, H, rng=rng, dtype=np.float64)
    net.params["W_hh"] = orthogonal(rng, (H, H), gain=g, dtype=np.float64)
    return net, rng.standard_normal((steps, 1, D)), rng.standard_normal(D)


def difference(g, seed, steps=T, change=1.0):
    """Distance of the states of two runs that differ in the first input, over that after the first step; (T,)."""
    net, x, other = net_and_input(g, seed, steps)
    x = x.repeat(2, axis=1)
    x[0, 1] += change * other
    h, _ = net.forward(x)
    d = np.linalg.norm(h[:, 0] - h[:, 1], axis=-1)
    return d / d[0]


def rounded(g, seed):
    """Distance of two runs with the same weights and inputs, in 64 bits and in 32, over the length of the state."""
    net, x, _ = net_and_input(g, seed, LONG)
    low = RNN(D, H, dtype=np.float32)
    for name, value in net.params.items():
        low.params[name] = value.astype(np.float32)
        net.params[name] = low.params[name].astype(np.float64)  # rounded alike, so that the way is all that differs
    x = x.astype(np.float32)
    h, _ = net.forward(x.astype(np.float64))
    h_low, _ = low.forward(x)
    return np.linalg.norm(h[-1] - h_low[-1]) / np.linalg.norm(h[-1])


def readable(g, seed):
    """The share of the variance of the inputs some steps before that a linear read-out finds in new states, by lag."""
    net, x, _ = net_and_input(g, seed, LONG + 2 * READ)
    h, _ = net.forward(x)
    found, rows = [], np.c_[h[:, 0], np.ones(len(h))]
    for lag in READ_LAGS:
        states, wanted = rows[LONG:], x[LONG - lag : -lag, 0]
        weights = np.linalg.lstsq(states[:READ], wanted[:READ], rcond=None)[0]
        missed = wanted[READ:] - states[READ:] @ weights
        found.append(1 - (missed**2).mean() / wanted[READ:].var())
    return found


def run(seeds):
    """Distances by gain and net, growth of a tiny change, what rounding alone does, and what can be read."""
    return {
        "apart": {str(g): [difference(g, seed) for seed in seeds] for g in GAINS},
        "tiny": [difference(1.5, seed, LONG, TINY)[-1] for seed in seeds],
        "rounding": {str(g): [rounded(g, seed) for seed in seeds] for g in GAINS},
        "read": {str(g): [readable(g, seed) for seed in seeds] for g in GAINS},
    }


def apart(result, g, lag):
    """What is left of the difference so many steps later, of each net."""
    return np.array(result["apart"][str(g)])[:, lag]


def read(result, g, lag):
    """The share of the variance of the inputs so many steps before that can be read, of each net."""
    return np.array(result["read"][str(g)])[:, READ_LAGS.index(lag)]


CLAIMS = [
    claim(
        "forward.forget.tanh",
        "At gain 0.9 less is left in every net after 20 steps than the bound of 0.122, which is what would be left "
        "without the tanh; in the mean of the nets it is less than half of that.",
        holds=lambda r: apart(r, 0.9, 20).max() < 0.9**20 and apart(r, 0.9, 20).mean() < 0.9**20 / 2,
        control="the same difference without the tanh, which is the bound itself",
        effect=lambda r: apart(r, 0.9, 20).mean(),
        unit="of the difference is left after 20 steps; the bound is 0.122",
    ),
    claim(
        "forward.forget.lasts",
        "At gain 1.5 the two runs of every net are further apart after 39 steps than after the first; at 0.5 and 0.9 "
        "the same nets have lost more than 99 % of the difference by then.",
        holds=lambda r: apart(r, 1.5, -1).min() > 1 and max(apart(r, 0.5, -1).max(), apart(r, 0.9, -1).max()) < 0.01,
        control="the same nets and inputs with gains of 0.5 and 0.9",
        effect=lambda r: apart(r, 1.5, -1).mean(),
        unit="times the first distance, after 39 steps at gain 1.5",
    ),
    claim(
        "forward.forget.tiny",
        "At gain 1.5 even a change of about one ten-billionth has grown in every net after 200 steps, in the median "
        "net more than a hundredfold; and rounding alone, to 32 bits, leads the median net more than a thousand times "
        "as far astray as at gain 0.9.",
        holds=lambda r: (
            min(r["tiny"]) > 1
            and np.median(r["tiny"]) > 100
            and np.median(r["rounding"]["1.5"]) > 1000 * np.median(r["rounding"]["0.9"])
        ),
        control="the same nets in 32 and in 64 bits, at the three gains",
        effect=lambda r: np.log10(np.median(r["rounding"]["1.5"]) / np.median(r["rounding"]["0.9"])),
        unit="powers of ten, distance of the two runs at gain 1.5 over that at 0.9",
    ),
    claim(
        "forward.forget.read",
        "Of the inputs of five steps before a linear read-out finds more than twice as much of the variance at gain "
        "0.9 as at gain 1.5, in every net; of those of twenty steps before it finds less than a twentieth at either.",
        holds=lambda r: (
            bool(np.all(read(r, 0.9, 5) > 2 * read(r, 1.5, 5)))
            and max(read(r, 0.9, 20).max(), read(r, 1.5, 20).max()) < 0.05
        ),
        control="the same nets and inputs with the other gain",
        effect=lambda r: (read(r, 0.9, 5) - read(r, 1.5, 5)).mean(),
        unit="share of the variance five steps before, gain 0.9 minus gain 1.5",
    ),
]
