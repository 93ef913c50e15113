"""What does a net of 128 units learn from the sonnets, and where does its gradient come from before and after?

Varied: the training, by measuring the same net before and after it, on the same text. Held: 128 units, Adam at 0.005,
clipping at norm 1, 1,600 steps of 32 streams of 32 characters, the weights of the best validation loss kept. Control:
the same net untrained, for all that is said of the gradient. Baseline: tables of counts with Witten and Bell's
interpolation, their length chosen on the validation poems, on which the net is stopped as well. Rate and size of the
net were chosen on held-out poems in earlier trials, some of which looked at the test poems too; that can favour only
the net.
"""

import numpy as np

from experiments.claims import claim
from experiments.e03_bptt._pairs import by_lag, contributions, rank_correlation, surprise_of, truncation
from experiments.e03_bptt._texts import count_model, loss_on, new_model, parts
from rnnlib.data import TextBatches
from rnnlib.layers import one_hot
from rnnlib.metrics import bits
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
STEPS, EVERY, H, LR = 1600, 50, 128, 0.005
LAGS, TAUS, ORDERS = 32, (1, 2, 4, 8, 16, 32, 64), (1, 2, 3, 4, 5)
LINE = "Two loves I have of comfort"  # of a test poem
LATE = 600  # the last steps, in which the training loss still falls
CIRCLE = 3**-0.5


def measure(model, V, held, line):
    """Lags, truncation and spectral radius of one net; and its triangle over one line after a hundred characters."""
    x, y = next(iter(TextBatches(held, T=64, B=64)))
    long_x, long_y = next(iter(TextBatches(held[: 32 * 128 + 1], T=128, B=32)))
    norms, shares = by_lag(model, x, y, LAGS)
    errors, cosines = truncation(model, long_x, long_y, TAUS)
    _, state = model.rnn.forward(one_hot(line[:100], V)[:, None])
    ids = line[100:, None]
    size, _, _ = contributions(model, ids[:-1], ids[1:], state.astype(np.float64))
    surprise = surprise_of(model, ids[:-1], ids[1:], state)
    return {
        "norms": norms / norms[0],
        "shares": shares,
        "errors": errors,
        "cosines": cosines,
        "radius": np.abs(np.linalg.eigvals(model.params["rnn.W_hh"].astype(float))).max(),
        "triangle": np.nan_to_num(size),
        "surprise": surprise,
        "ranks": rank_correlation(surprise, np.nansum(size, axis=1)),
    }


def run(seeds):
    """Counts, curves and scores, and for each seed what `measure` finds before and after training."""
    vocabulary, *texts = parts()
    V, (training, held, test) = len(vocabulary), (vocabulary.encode(text) for text in texts)
    at = texts[2].index(LINE)
    line = test[at - 100 : at + len(LINE) + 1]
    found = {
        "counts": {n: [count_model(n, V, texts[0], text) for text in texts[1:]] for n in ORDERS},
        **{name: [] for name in ("curve", "held", "best", "test", "norm", "clipped", "fresh", "trained")},
    }
    for seed in seeds:
        model = new_model(V, H, seed)
        found["fresh"].append(measure(model, V, held, line))
        history = train(
            model, TextBatches(training, T=32, B=32), Adam(model.params, LR), epochs=100, steps=STEPS, clip=1.0,
            progress=False, validate=lambda model=model: loss_on(model, held), every=EVERY,
        )  # fmt: skip
        found["curve"].append(bits(np.reshape(history.loss, (-1, EVERY)).mean(axis=1)))
        found["held"].append([bits(loss) for _, loss in history.validation])
        found["best"].append(history.best[0])
        found["test"].append(bits(loss_on(model, test)))
        found["norm"].append(max(history.grad_norm) / np.median(history.grad_norm))
        found["clipped"].append(np.mean(np.array(history.grad_norm) > 1))
        found["trained"].append(measure(model, V, held, line))
    return found


def of(result, name, nets="trained"):
    """One of the measurements, of all nets."""
    return np.array([kept[name] for kept in result[nets]])


def counts(result, chosen=None):
    """Bits of counts on the test poems: of groups of `chosen`, or of the length that is best on validation poems."""
    n = chosen or min(result["counts"], key=lambda n: result["counts"][n][0])
    return result["counts"][str(n)][1]


def late_fall(result, curve):
    """Bits by which a curve falls over the last steps: the mean of the last 200 against that of the 200 before them."""
    runs, back = np.array(result[curve]), LATE // EVERY
    return runs[:, -back - 4 : -back].mean(axis=1) - runs[:, -4:].mean(axis=1)


def decay(result, nets):
    """What is left of a contribution per step, over lags 0 to 8."""
    return of(result, "norms", nets)[:, 8] ** (1 / 8)


def at_tau(result, name, tau, nets="trained"):
    """Error or cosine of the gradient cut into pieces of tau."""
    return of(result, name, nets)[:, TAUS.index(tau)]


CLAIMS = [
    claim(
        "bptt.sonnets.pairs",
        "On poems that it has not read, the net needs fewer bits per character than counts of pairs.",
        holds=lambda r: max(r["test"]) < counts(r, 2),
        control="counts of pairs on the same split",
        effect=lambda r: counts(r, 2) - np.mean(r["test"]),
        unit="bits per character, counts of pairs minus net",
    ),
    claim(
        "bptt.sonnets.counts",
        "Counts of longer groups of characters, their length chosen on the validation poems, need fewer bits per "
        "character than the net.",
        holds=lambda r: min(r["test"]) > counts(r),
        control="the same split and vocabulary for both",
        effect=lambda r: np.mean(r["test"]) - counts(r),
        unit="bits per character, net minus counts",
    ),
    claim(
        "bptt.sonnets.curves",
        "Over the last six hundred steps the training loss falls by more than 0.1 bits, and the validation loss by "
        "less than a third of that fall, if at all.",
        holds=lambda r: bool(
            np.all(late_fall(r, "curve") > 0.1) and np.all(late_fall(r, "held") < late_fall(r, "curve") / 3)
        ),
        control="the validation loss of the same nets at the same steps",
        effect=lambda r: late_fall(r, "held").mean(),
        unit="bits by which the validation loss falls",
    ),
    claim(
        "bptt.sonnets.norms",
        "The longest gradient of a training run is more than twice as long as the median one.",
        holds=lambda r: min(r["norm"]) > 2,
        control="the median of the same run",
        effect=lambda r: np.mean(r["norm"]),
        unit="longest gradient, in multiples of the median",
    ),
    claim(
        "bptt.sonnets.surprise",
        "In this line of a test poem the rows with a higher surprise tend to have larger contributions, in trained "
        "nets: the rank correlation is above 0.3.",
        holds=lambda r: of(r, "ranks").min() > 0.3,
        control="the same line, read by the same net before training",
        effect=lambda r: of(r, "ranks").mean(),
        unit="rank correlation over 27 rows",
    ),
    claim(
        "bptt.sonnets.fresh",
        "Before training a contribution keeps a factor of 0.577 per step, to within 0.05.",
        holds=lambda r: np.abs(decay(r, "fresh") - CIRCLE).max() < 0.05,
        control="none is needed: a prediction, compared with the measurement",
        effect=lambda r: decay(r, "fresh").mean(),
        unit="factor per step",
    ),
    claim(
        "bptt.sonnets.reach",
        "After training a contribution shrinks less from step to step than before, although it still shrinks.",
        holds=lambda r: decay(r, "fresh").max() < decay(r, "trained").min() and decay(r, "trained").max() < 1,
        control="the same net before training, on the same text",
        effect=lambda r: (decay(r, "trained") - decay(r, "fresh")).mean(),
        unit="factor per step, trained minus untrained",
    ),
    claim(
        "bptt.sonnets.radius",
        "The largest eigenvalue of the recurrent matrix is below 0.8 in absolute value before training and above 1.5 "
        "after it.",
        holds=lambda r: of(r, "radius", "fresh").max() < 0.8 and of(r, "radius").min() > 1.5,
        control="the same net before training",
        effect=lambda r: of(r, "radius").mean(),
        unit="largest absolute value of an eigenvalue, trained",
    ),
    claim(
        "bptt.sonnets.local",
        "Pairs without a lag make up a smaller share of the gradient after training than before.",
        holds=lambda r: bool(np.all(of(r, "shares")[:, 0] < of(r, "shares", "fresh")[:, 0])),
        control="the same net before training, on the same text",
        effect=lambda r: (of(r, "shares", "fresh")[:, 0] - of(r, "shares")[:, 0]).mean(),
        unit="share of the gradient, untrained minus trained",
    ),
    claim(
        "bptt.sonnets.bias",
        "At every length of a piece from 4 to 64 the truncated gradient is further from the full one after training "
        "than before.",
        holds=lambda r: bool(np.all(of(r, "errors")[:, 2:] > of(r, "errors", "fresh")[:, 2:])),
        control="the same net before training, on the same text",
        effect=lambda r: (at_tau(r, "errors", 8) - at_tau(r, "errors", 8, "fresh")).mean(),
        unit="relative error at 8 steps, trained minus untrained",
    ),
    claim(
        "bptt.sonnets.cosine",
        "With pieces of eight steps the truncated gradient of a trained net has a cosine of more than 0.9 with the "
        "full one.",
        holds=lambda r: at_tau(r, "cosines", 8).min() > 0.9,
        control="the full gradient of the same net on the same text",
        effect=lambda r: at_tau(r, "cosines", 8).mean(),
        unit="cosine",
    ),
]
