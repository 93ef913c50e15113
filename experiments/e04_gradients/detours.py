"""Do leaky units and connections that skip steps let a tanh net learn what it cannot learn without them?

Varied: the leak, and the skip. Held: tanh, the default matrix, 32 units, 40 steps, Adam and clipping as in `starts`.
Baseline and controls: the plain net, and a net whose second recurrent matrix skips nothing (it reads the step before
a second time), so that it has the weights of the net with the skip and not its shortcut. Nothing was tuned: one leak
and one skip, chosen before the first run, at rates that the plain net has in `starts`.
"""

import numpy as np

from experiments.claims import claim  # noqa: F401
from experiments.e04_gradients._detours import Detour
from experiments.e04_gradients._nets import Fresh
from rnnlib import Linear
from rnnlib.data import adding, temporal_order
from rnnlib.layers import OneHot
from rnnlib.metrics import accuracy
from rnnlib.models import Forecaster, SequenceClassifier
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 2
T, B, H = 40, 32, 32
ADDING_STEPS, ORDER_STEPS = 1500, 800
NETS = {
    "plain": {"leak": 1.0, "skip": 0},
    "leaky": {"leak": 0.05, "skip": 0},
    "skip": {"leak": 1.0, "skip": 10},
    "twice": {"leak": 1.0, "skip": 1},
}


def reach(kind, seed):
    """Before training: how much of a gradient at the last state reaches each state, by lag."""
    rng = np.random.default_rng(seed)
    layer = Detour(2, H, **NETS[kind], rng=rng)
    x, _ = adding(T, B, np.random.default_rng([seed, 2]))
    h, _ = layer.forward(x)
    dh = np.zeros_like(h)
    dh[-1] = np.random.default_rng([seed, 4]).standard_normal((B, H))
    layer.backward(dh)
    norms = np.linalg.norm(layer.reach[1:].reshape(T, -1), axis=1)[::-1]
    return norms / norms[0]


def learn_adding(kind, seed):
    """Squared error over the last 200 steps."""
    rng = np.random.default_rng(seed)
    net = Forecaster(Detour(2, H, **NETS[kind], rng=rng), Linear(H, 1, rng=rng))
    batches = Fresh(adding, ADDING_STEPS, seed, T=T, B=B)
    history = train(net, batches, Adam(net.params, 0.003), clip=1.0, progress=False)
    return 2 * np.mean(history.loss[-200:])


def learn_order(kind, seed):
    """Share of 2,000 fresh sequences that are right."""
    rng = np.random.default_rng(seed)
    net = SequenceClassifier(Detour(6, H, **NETS[kind], rng=rng), Linear(H, 4, rng=rng), embedding=OneHot(6))
    batches = Fresh(temporal_order, ORDER_STEPS, seed, T=T, B=B)
    train(net, batches, Adam(net.params, 0.001), clip=1.0, progress=False)
    ids, classes = temporal_order(T, 2000, np.random.default_rng([seed, 3]))
    return accuracy(net.logits(ids).argmax(axis=1), classes)


def run(seeds):
    """Squared errors, shares right and reach, each as [net][seed]."""
    return {
        "adding": {kind: [learn_adding(kind, seed) for seed in seeds] for kind in NETS},
        "order": {kind: [learn_order(kind, seed) for seed in seeds] for kind in NETS},
        "reach": {kind: [reach(kind, seed) for seed in seeds] for kind in NETS},
    }


CLAIMS = []
