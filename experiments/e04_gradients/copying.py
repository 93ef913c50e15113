"""Which plain nets begin to learn to copy ten symbols over a silence?

Varied: the activation, crossed with the matrix. Control: all four corners are run. Held: 64 units, ten symbols of eight
kinds and a silence of ten steps, 400 batches of 32 fresh sequences, Adam at 0.003, clipping at norm 1. The rate was not
tuned. Baseline: the loss without memory, 10 ln 8 / 30.
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
T, H, STEPS, WINDOW = 10, 64, 400, 50
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


def ends(result, activation, matrix):
    """The end of each seed, in multiples of the loss without memory."""
    return np.array(result[activation][matrix])[:, -2:].mean(axis=1) / BLIND


def others(result):
    """The ends of all nets but those with ReLU and the identity."""
    return np.concatenate([ends(result, a, m) for a in ACTIVATIONS for m in MATRICES if (a, m) != BEST])


CLAIMS = [
    claim(
        "gradients.copying.both",
        "On copying only the net with ReLU and the identity gets more than 3 % below the loss without memory, and it "
        "is far from solving the task: more than seven tenths of that loss are left.",
        holds=lambda r: 0.7 < ends(r, *BEST).min() and ends(r, *BEST).max() < 0.97 < others(r).min(),
        control="all four corners of activation and matrix",
        effect=lambda r: ends(r, *BEST).mean(),
        unit="loss with ReLU and the identity, in multiples of the loss without memory",
    ),
]
