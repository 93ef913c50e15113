"""Does a far too long first gradient come from the states, which grew on the way forward, or from the way back?

Varied: the seed of the net and of its data. Held: ReLU, 32 units, gain 1.6, the adding problem over 20 steps, plain
SGD in float32 at a rate of 0.0001, no clipping. Control and baseline: the same net with gain 0.8, far below the
square root of 2.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import norms_by_lag
from rnnlib import RNN, Linear
from rnnlib.data import adding
from rnnlib.models import Forecaster
from rnnlib.optim import SGD, clip_by_norm

SEEDS = 40
STEPS = 10


def net(seed, gain):
    """A net with normal recurrent weights, and the generator to draw its batches from."""
    rng = np.random.default_rng(seed)
    layer = RNN(2, 32, activation="relu", rng=rng)
    layer.params["W_hh"][...] = gain / 32**0.5 * rng.standard_normal((32, 32))
    return Forecaster(layer, Linear(32, 1, rng=rng)), rng


def first_step(seed, gain):
    """At the first batch: growth of the states, growth of a gradient on its way back, its norm; and how it ended."""
    model, rng = net(seed, gain)
    batches = [adding(20, 32, rng) for _ in range(STEPS)]
    h, _ = model.rnn.forward(batches[0][0])
    d = np.tile(model.params["out.W"].T.astype(float), (32, 1))
    back = norms_by_lag(d, (h > 0)[1:], model.params["rnn.W_hh"].astype(float))
    sgd, norms = SGD(model.params, lr=1e-4), []
    with np.errstate(all="ignore"):
        for x, y in batches:
            loss, grads = model.loss_and_grads(x, y)
            norm = clip_by_norm(grads, np.inf)
            norms.append(norm if np.isfinite(loss + norm) else np.inf)
            if not np.isfinite(loss + norm):
                break
            sgd.step(grads)
    forward = np.linalg.norm(h[-1]) / np.linalg.norm(h[0])
    return {"forward": forward, "back": back[-1] / back[0], "norm": norms[0], "ended": not np.isfinite(norms[-1])}


def run(seeds):
    """What was found for each net, with both gains."""
    return {"1.6": [first_step(seed, 1.6) for seed in seeds], "0.8": [first_step(seed, 0.8) for seed in seeds]}


def of(result, name, gain="1.6"):
    """One measurement, of all nets."""
    return np.array([found[name] for found in result[gain]], float)


CLAIMS = [
    claim(
        "gradients.explosion.both",
        "In the median net of gain 1.6 the states grow more than threefold over twenty steps on the way forward, "
        "and a gradient grows more than threefold on the way back; at gain 0.8 a gradient shrinks in every net.",
        holds=lambda r: (
            min(np.median(of(r, "forward")), np.median(of(r, "back"))) > 3 and of(r, "back", "0.8").max() < 1
        ),
        control="the same nets with gain 0.8",
        effect=lambda r: np.log10(np.median(of(r, "forward"))),
        unit="power of ten, growth of the states in the median net",
    ),
    claim(
        "gradients.explosion.scatter",
        "From net to net the growth differs by more than a factor of a hundred, so one net shows no more than itself.",
        holds=lambda r: of(r, "back").max() > 100 * of(r, "back").min(),
        control="forty nets, drawn alike",
        effect=lambda r: np.log10(of(r, "back").max() / of(r, "back").min()),
        unit="powers of ten between the largest and the smallest growth of a gradient",
    ),
]
