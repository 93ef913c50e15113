"""How do leaky units and connections that skip steps carry a gradient past the product of Jacobians?

Varied: the leak, and a second recurrent matrix that reads the state of ten steps ago. Held: tanh, default matrices,
32 units, temporal order over 40 steps, Adam and clipping as in `starts`. Baseline: the plain net. Control of the
skip: a net whose second matrix skips nothing, and reads the step before once more. Nothing was tuned: one leak and
one skip, at the rate that the plain net has in `starts`. Only the plain and the leaky net are trained.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._detours import Detour
from experiments.e04_gradients._nets import Fresh
from rnnlib import Linear
from rnnlib.data import adding, temporal_order
from rnnlib.layers import OneHot
from rnnlib.metrics import accuracy
from rnnlib.models import SequenceClassifier
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
T, B, H = 40, 32, 32
ORDER_STEPS = 800
FRESH = 25  # nets whose gradient is measured before training, for each seed
NETS = {
    "plain": {"leak": 1.0, "skip": 0},
    "leaky": {"leak": 0.05, "skip": 0},
    "skip": {"leak": 1.0, "skip": 10},
    "twice": {"leak": 1.0, "skip": 1},
}


def reach(kind, seed, number):
    """Before training: how much of a gradient at the last state reaches each state, by lag; for one of many nets."""
    rng = np.random.default_rng([seed, 5, number])
    layer = Detour(2, H, **NETS[kind], rng=rng)
    x, _ = adding(T, B, np.random.default_rng([seed, 2, number]))
    h, _ = layer.forward(x)
    dh = np.zeros_like(h)
    dh[-1] = np.random.default_rng([seed, 4, number]).standard_normal((B, H))
    layer.backward(dh)
    norms = np.linalg.norm(layer.reach[1:].reshape(T, -1), axis=1)[::-1]
    return norms / norms[0]


def learn_order(kind, seed):
    """Share of 2,000 fresh sequences that are right."""
    rng = np.random.default_rng(seed)
    net = SequenceClassifier(Detour(6, H, **NETS[kind], rng=rng), Linear(H, 4, rng=rng), embedding=OneHot(6))
    batches = Fresh(temporal_order, ORDER_STEPS, seed, T=T, B=B)
    train(net, batches, Adam(net.params, 0.001), clip=1.0, progress=False)
    ids, classes = temporal_order(T, 2000, np.random.default_rng([seed, 3]))
    return accuracy(net.logits(ids).argmax(axis=1), classes)


def run(seeds):
    """Shares right and reach, each as [net][seed]."""
    return {
        "order": {kind: [learn_order(kind, seed) for seed in seeds] for kind in ("plain", "leaky")},
        "reach": {kind: [reach(kind, seed, i) for seed in seeds for i in range(FRESH)] for kind in NETS},
    }


def right(result, kind):
    """Shares right, of all nets of a kind."""
    return np.array(result["order"][kind])


def arrives(result, kind):
    """What is left of a gradient over the full length, before training."""
    return np.array([curve[-1] for curve in result["reach"][kind]])


CLAIMS = [
    claim(
        "gradients.detours.leak",
        "With a leak a tanh net with default weights usually gets more than six sequences in ten of temporal order "
        "right, and at least one in five more than the same net without it.",
        holds=lambda r: right(r, "leaky").min() > 0.6 and np.min(right(r, "leaky") - right(r, "plain")) >= 0.2,
        control="the plain net on the same batches",
        effect=lambda r: np.mean(right(r, "leaky") - right(r, "plain")),
        unit="share right, leaky minus plain",
    ),
    claim(
        "gradients.detours.reach",
        "Before training, in the median of 25 nets a connection that skips ten steps lets more than five times as "
        "much of a gradient arrive over 39 steps as a second matrix that skips nothing; with a leak more than a "
        "tenth arrives in every net.",
        holds=lambda r: np.median(arrives(r, "skip") / arrives(r, "twice")) > 5 and arrives(r, "leaky").min() > 0.1,
        control="a second matrix of the same size without a skip",
        effect=lambda r: np.log10(np.median(arrives(r, "skip") / arrives(r, "twice"))),
        unit="powers of ten, skip against a second matrix without one, median of 25 nets",
    ),
]
