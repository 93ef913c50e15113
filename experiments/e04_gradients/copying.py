"""Which plain nets learn to copy ten symbols over a silence?

Varied: the activation with its matrix, and the rate. Held: 64 units, ten symbols of eight kinds and a silence of ten
steps, 1,000 batches of 32 fresh sequences, Adam, clipping at norm 1. Each net has two rates, and the better end
counts. Baseline: the loss without memory, 10 ln 8 / 30. Control, to show that the task can be learned at all in this
time: an LSTM of as many units.
"""

import numpy as np

from experiments.claims import claim  # noqa: F401
from experiments.e04_gradients._nets import Fresh, layer
from rnnlib import LSTM, Linear
from rnnlib.data import copying
from rnnlib.layers import OneHot
from rnnlib.models import Tagger
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
T, H, STEPS, WINDOW = 10, 64, 1000, 50
RATES = (0.001, 0.003)
BLIND = 10 * np.log(8) / (T + 20)
NETS = {
    "tanh, default": ("tanh", "default"),
    "tanh, orthogonal": ("tanh", "orthogonal"),
    "ReLU, identity": ("relu", "identity"),
    "LSTM": None,
}


def learn(kind, rate, seed):
    """The loss, the mean of every 50 steps."""
    rng = np.random.default_rng(seed)
    rnn = LSTM(10, H, rng=rng) if NETS[kind] is None else layer(*NETS[kind], 10, H, rng)
    net = Tagger(rnn, Linear(H, 9, rng=rng), embedding=OneHot(10))
    batches = Fresh(copying, STEPS, seed, T=T, B=32)
    history = train(net, batches, Adam(net.params, rate), clip=1.0, progress=False)
    return np.reshape(history.loss, (-1, WINDOW)).mean(axis=1)


def run(seeds):
    """Curves of the loss, [net][rate][seed]."""
    return {kind: [[learn(kind, rate, seed) for seed in seeds] for rate in RATES] for kind in NETS}


def best(result, kind):
    """The end of each seed at the better rate, in multiples of the loss without memory."""
    ends = np.array(result[kind])[:, :, -4:].mean(axis=2)
    return ends[ends.mean(axis=1).argmin()] / BLIND


CLAIMS = []
