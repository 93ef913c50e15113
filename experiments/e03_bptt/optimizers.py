"""Does Adam end lower than SGD on the sonnets after two hundred steps, each at the best of five rates?

Varied: the optimiser, and for each the rate, over five rates that double. Held: 64 units, 16 streams of 25 characters,
clipping at norm 1, 200 steps, and for each seed the same net and the same batches. Control: each optimiser at all of
its rates, so that a rate that suits one of them decides nothing. Baseline: SGD at the best of as many rates. The rates
were set after a coarser grid had placed them; both are judged on the training loss, as the mean of the last 25 steps.
"""

import numpy as np

from experiments.claims import claim
from experiments.e03_bptt._texts import new_model, parts
from rnnlib.data import TextBatches
from rnnlib.metrics import bits
from rnnlib.optim import SGD, Adam
from rnnlib.training import train

SEEDS = 1
STEPS, LAST = 200, 25
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}
RATES = {"SGD": (0.25, 0.5, 1.0, 2.0, 4.0), "Adam": (0.005, 0.01, 0.02, 0.04, 0.08)}


def run(seeds):
    """Bits per character at the end, [optimiser][seed][rate]."""
    vocabulary, text, *_ = parts()
    V, ids = len(vocabulary), vocabulary.encode(text)

    def end(name, lr, seed):
        model = new_model(V, 64, seed)
        batches = TextBatches(ids, T=25, B=16)
        make = OPTIMIZERS[name]
        history = train(model, batches, make(model.params, lr), epochs=9, steps=STEPS, clip=1.0, progress=False)
        return float(bits(np.mean(history.loss[-LAST:])))

    return {name: [[end(name, lr, seed) for lr in rates] for seed in seeds] for name, rates in RATES.items()}


def best(result, name):
    """The lowest end of each seed."""
    return np.min(result[name], axis=1)


def best_rate(result, name):
    """The rate of the lowest end of each seed."""
    return np.array(RATES[name])[np.argmin(result[name], axis=1)]


def inside(result, name):
    """Whether no best rate lies at an edge of its grid."""
    found = best_rate(result, name)
    return bool(np.all((found > RATES[name][0]) & (found < RATES[name][-1])))


CLAIMS = [
    claim(
        "bptt.optimizers.adam",
        "After 200 steps Adam at the best of five rates ends lower than SGD at the best of five, and neither best rate "
        "lies at an edge of its grid.",
        holds=lambda r: bool(np.all(best(r, "Adam") < best(r, "SGD"))) and inside(r, "Adam") and inside(r, "SGD"),
        control="both at all of their rates, on the same nets and batches",
        effect=lambda r: (best(r, "SGD") - best(r, "Adam")).mean(),
        unit="bits per character, SGD minus Adam",
    ),
    claim(
        "bptt.optimizers.rates",
        "The best rates of the two lie more than a factor of twenty apart.",
        holds=lambda r: bool(np.all(best_rate(r, "SGD") > 20 * best_rate(r, "Adam"))),
        control="both at all of their rates, on the same nets and batches",
        effect=lambda r: (best_rate(r, "SGD") / best_rate(r, "Adam")).mean(),
        unit="best rate of SGD, in multiples of Adam's",
    ),
]
