"""Which plain nets begin to learn to copy ten symbols over a silence?

Varied: the activation, crossed with the matrix. Control: all four corners are run. Held: 64 units, ten symbols of eight
kinds and a silence of ten steps, 2,000 batches of 32 fresh sequences, Adam at 0.003, clipping at norm 1. The rate was
not tuned. A budget is part of a result, so the nets are looked at after 400 batches and at the end. Baseline: the loss
without memory, 10 ln 8 / 30.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import ACTIVATIONS, Fresh, layer
from rnnlib import Linear
from rnnlib.data import copying
from rnnlib.layers import OneHot
from rnnlib.models import Tagger
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
T, H, STEPS, EARLY, WINDOW = 10, 64, 2000, 400, 50
BLIND = 10 * np.log(8) / (T + 20)
MATRICES = ("default", "identity")
BEST = ("relu", "identity")


def learn(activation, matrix, seed):
    """The loss, the mean of every 50 steps."""
    rng = np.random.default_rng(seed)
    net = Tagger(layer(activation, matrix, 10, H, rng), Linear(H, 9, rng=rng), embedding=OneHot(10))
    batches = Fresh(copying, STEPS, seed, T=T, B=32)
    history = train(net, batches, Adam(net.params, 0.003), clip=1.0, progress=False)
    return np.reshape(history.loss, (-1, WINDOW)).mean(axis=1)


def run(seeds):
    """Curves of the loss, [activation][matrix][seed]."""
    return {a: {m: [learn(a, m, seed) for seed in seeds] for m in MATRICES} for a in ACTIVATIONS}


def ends(result, activation, matrix, steps=EARLY):
    """The mean of the last 100 of so many batches, of each seed, in multiples of the loss without memory."""
    at = steps // WINDOW
    return np.array(result[activation][matrix])[:, at - 2 : at].mean(axis=1) / BLIND


def others(result):
    """The ends after 400 batches of all nets but those with ReLU and the identity."""
    return np.concatenate([ends(result, a, m) for a in ACTIVATIONS for m in MATRICES if (a, m) != BEST])


def tanh_late(result):
    """The ends of the tanh nets after all batches."""
    return np.concatenate([ends(result, "tanh", m, STEPS) for m in MATRICES])


CONTROL = "all four corners of activation and matrix"
CLAIMS = [
    claim(
        "gradients.copying.both",
        "On copying, within 400 batches, of the four nets only that with ReLU and the identity gets more than 2 % "
        "below the loss without memory, and it is far from solving the task: more than seven tenths of that loss are "
        "left.",
        holds=lambda r: 0.7 < ends(r, *BEST).min() and ends(r, *BEST).max() < 0.98 < others(r).min(),
        control=CONTROL,
        effect=lambda r: ends(r, *BEST).mean(),
        unit="loss with ReLU and the identity after 400 batches, in multiples of the loss without memory",
    ),
    claim(
        "gradients.copying.tanh",
        "After 2,000 batches neither of the two tanh nets is more than 2 % below the loss without memory.",
        holds=lambda r: tanh_late(r).min() > 0.98,
        control=CONTROL,
        effect=lambda r: tanh_late(r).min(),
        unit="lowest loss of the tanh nets after 2,000 batches, in multiples of the loss without memory",
    ),
    claim(
        "gradients.copying.late",
        "After 2,000 batches the net with ReLU and the default matrix usually is more than 2 % below it too.",
        holds=lambda r: ends(r, "relu", "default", STEPS).max() < 0.98,
        control=CONTROL,
        effect=lambda r: ends(r, "relu", "default", STEPS).mean(),
        unit="loss with ReLU and the default matrix after 2,000 batches, in multiples of the loss without memory",
    ),
]
