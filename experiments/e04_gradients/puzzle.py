"""Why does the gradient shrink in trained nets like those of chapter 3, whose largest eigenvalues lie well beyond 1?

Varied, on one and the same trained net and the same rows: the derivatives of the tanh that a row is multiplied with
on its way back. They are the true ones; all set to 1; and the true ones dealt out anew among the units of each step.
Held: weights, texts, rows, which are random. Controls: the same rows with every derivative at 1, and with the
derivatives at other units; and in place of random rows the gradients that the loss of the last step sends back.
Baselines: the net before training, and the formula for random nets with the gain that the trained matrix has. The nets
are like those of chapter 3 (128 units, sonnets, Adam at 0.005, clipping at 1, batches of 32 x 32 characters), trained
for 1,200 steps and without its early stopping.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import step_back
from rnnlib import RNN, Linear
from rnnlib.data import TextBatches, Vocabulary, sonnets
from rnnlib.layers import one_hot
from rnnlib.losses import softmax_cross_entropy
from rnnlib.models import LanguageModel
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
STEPS, LAG, H = 1200, 8, 128


def texts():
    """The vocabulary, and the characters to train on and to measure with."""
    text = sonnets()
    vocabulary, poems = Vocabulary(text), text.split("\n\n")
    return vocabulary, *(vocabulary.encode("\n\n".join(part)) for part in (poems[:130], poems[130:142]))


def sent_back(d, slopes, W):
    """Send rows back through all steps; give the norm of each before, and after every step, (1 + steps, ...)."""
    norms = [np.linalg.norm(d, axis=-1)]
    for slope in slopes[::-1]:
        d = step_back(d, slope, W)
        norms.append(np.linalg.norm(d, axis=-1))
    return np.array(norms)


def per_step(norms):
    """The factor per step of all rows together."""
    size = np.linalg.norm(norms.reshape(len(norms), -1), axis=1)
    return (size[-1] / size[0]) ** (1 / LAG)


def factors(model, ids, V, rng):
    """What a random row keeps per step, over eight steps, in four ways; that of the loss; and the spectral radius."""
    rows, columns = 200, np.arange(64)
    pieces = np.stack([ids[start : start + 41] for start in columns * ((len(ids) - 41) // 64)], axis=1)
    h, _ = model.rnn.forward(one_hot(pieces[:-1], V, np.float32))
    slopes, W = 1 - h[-LAG:].astype(float) ** 2, model.params["rnn.W_hh"].astype(float)
    d = rng.standard_normal((rows, 64, H))
    ways = {"true": slopes, "one": np.ones_like(slopes), "dealt": rng.permuted(slopes, axis=2)}
    kept = {name: per_step(sent_back(d, slope, W)) for name, slope in ways.items()}
    norms = sent_back(d, slopes, W)
    size = np.linalg.norm(norms.reshape(len(norms), -1), axis=1)
    kept["worst_step"] = (size[1:] / size[:-1]).max()
    kept["longer"] = (norms[-1] >= norms[0]).mean()
    sent = softmax_cross_entropy(model.out.forward(h[-1:]), pieces[-1:])[1][0] @ model.params["out.W"].T
    for name in ("true", "one"):
        kept[f"loss_{name}"] = per_step(sent_back(sent.astype(float), ways[name], W))
    kept["formula"] = np.linalg.norm(W) / H**0.5 * np.sqrt((slopes**2).mean())
    kept["radius"] = np.abs(np.linalg.eigvals(W)).max()
    kept["slope"] = slopes.mean()
    return kept


def run(seeds):
    """For each seed the factors before and after training."""
    vocabulary, training, measuring = texts()
    V, found = len(vocabulary), {"fresh": [], "trained": []}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        model = LanguageModel(RNN(V, H, rng=rng), Linear(H, V, rng=rng))
        found["fresh"].append(factors(model, measuring, V, np.random.default_rng([seed, 1])))
        batches = TextBatches(training, T=32, B=32)
        train(model, batches, Adam(model.params, lr=0.005), epochs=100, steps=STEPS, clip=1.0, progress=False)
        found["trained"].append(factors(model, measuring, V, np.random.default_rng([seed, 1])))
    return found


def of(result, name, nets="trained"):
    """One of the factors, of all nets."""
    return np.array([kept[name] for kept in result[nets]])


CLAIMS = [
    claim(
        "gradients.puzzle.slopes",
        "The derivatives of the tanh hold the gradient down in the trained nets. With the true ones random rows shrink "
        "together at each of eight steps, and none is longer at the end; with all of them set to 1 and nothing else "
        "changed the same rows grow by more than half per step. The rows that the loss sends back do the same: they "
        "shrink, and with derivatives of 1 they grow by more than half.",
        holds=lambda r: (
            of(r, "radius").min() > 1.5
            and max(of(r, "worst_step").max(), of(r, "loss_true").max()) < 1
            and of(r, "longer").max() == 0
            and min(of(r, "one").min(), of(r, "loss_one").min()) > 1.5
        ),
        control="the same nets and rows with every derivative set to 1",
        effect=lambda r: (of(r, "one") / of(r, "true")).mean(),
        unit="factor per step with derivatives of 1, in multiples of the true one",
    ),
    claim(
        "gradients.puzzle.formula",
        "The formula for random nets, given the gain and the derivatives of a trained net, is too high by at most a "
        "third.",
        holds=lambda r: bool(np.all((of(r, "formula") > of(r, "true")) & (of(r, "formula") < 4 / 3 * of(r, "true")))),
        control="the true product on the same rows",
        effect=lambda r: (of(r, "formula") / of(r, "true")).mean(),
        unit="formula divided by the measured factor",
    ),
    claim(
        "gradients.puzzle.dealt",
        "Dealing the derivatives out anew among the units of each step raises the factor, but leaves it below 1: "
        "which unit has which derivative matters less than that most of them are small.",
        holds=lambda r: bool(
            np.all((of(r, "dealt") > of(r, "true")) & (of(r, "dealt") < 1))
            and np.all(of(r, "dealt") - of(r, "true") < of(r, "one") - of(r, "dealt"))
        ),
        control="the same derivatives at other units",
        effect=lambda r: (of(r, "dealt") / of(r, "true")).mean(),
        unit="factor with derivatives dealt anew, in multiples of the true one",
    ),
]
