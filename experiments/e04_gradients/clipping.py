"""Which thresholds of clipping let a net learn, and does the turn matter that clipping by value gives a gradient?

Varied: the threshold, on the norm and on each number. Held: tanh, orthogonal matrix, 32 units, temporal order over 20
steps, SGD at 0.3, 500 batches of 32. Baseline: no clipping at the same rate. Control, since a lower rate is the other
cure: no clipping at a third and at a tenth of it. Of what a single long step does: the same run, of which that one
step alone is clipped. Thresholds are judged on the training loss, which is that of fresh sequences; the best limit on
each number is chosen with hindsight.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import Fresh, order_net
from rnnlib.data import temporal_order
from rnnlib.optim import SGD, clip_by_norm, clip_by_value

SEEDS = 1
STEPS, LR, LAST = 500, 0.3, 50
NORMS = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
VALUES = (0.01, 0.03, 0.1)
RATES = (0.1, 0.03)
GUESS = np.log(4)
LONG = 3.0  # a gradient beyond this norm counts as long


def train(seed, threshold, by_value=False, lr=LR, steps=STEPS, only=None):
    """The losses, the norms before clipping, and the cosines between clipped and unclipped where a value was cut.

    With `only` the threshold on the norm acts at this one step, counted from 0, and at no other.
    """
    model = order_net("tanh", "orthogonal", seed)
    sgd, losses, norms, cosines = SGD(model.params, lr), [], [], []
    with np.errstate(all="ignore"):
        for step, batch in enumerate(Fresh(temporal_order, steps, seed, T=20, B=32)):
            loss, grads = model.loss_and_grads(*batch)
            if by_value:
                raw = np.concatenate([g.ravel() for g in grads.values()])
                if clip_by_value(grads, threshold):
                    cut = np.concatenate([g.ravel() for g in grads.values()])
                    cosines.append(raw @ cut / np.linalg.norm(raw) / np.linalg.norm(cut))
                norms.append(np.linalg.norm(raw))
            else:
                norms.append(clip_by_norm(grads, threshold if only in (None, step) else np.inf))
            sgd.step(grads)
            losses.append(loss)
    return np.array(losses), np.array(norms), np.array(cosines)


def end(losses):
    """The mean of the last losses; a loss that is no number counts as very large."""
    return float(np.nan_to_num(np.mean(losses[-LAST:]), nan=99.0, posinf=99.0))


def usual(seed):
    """Norms of ten gradients at a rate near zero: what is usual while nothing is wrong."""
    return train(seed, np.inf, lr=1e-6, steps=10)[1]


def run(seeds):
    """Losses at the end by threshold, [threshold][seed], and what was seen on the way."""
    free = [train(seed, np.inf) for seed in seeds]
    one = [train(seed, 1.0) for seed in seeds]
    values = {limit: [train(seed, limit, by_value=True) for seed in seeds] for limit in VALUES}
    best = min(VALUES, key=lambda limit: np.mean([end(found[0]) for found in values[limit]]))
    peaks = [int(np.argmax(norms)) for _, norms, _ in free]
    firsts = [int(np.argmax(norms > LONG)) for _, norms, _ in free]
    return {
        "usual": np.concatenate([usual(seed) for seed in seeds[:3]]),
        "free": [end(losses) for losses, _, _ in free],
        "peak": [norms.max() for _, norms, _ in free],
        "without_peak": [end(train(s, 1.0, only=at)[0]) for s, at in zip(seeds, peaks)],
        "without_first": [end(train(s, 1.0, only=at)[0]) for s, at in zip(seeds, firsts)],
        "long_steps": [int((norms > LONG).sum()) for _, norms, _ in free],
        "norm": [[end(found[0]) for found in (one if t == 1.0 else [train(s, t) for s in seeds])] for t in NORMS],
        "share_clipped": [(norms > 1).mean() for _, norms, _ in one],
        "value": [[end(found[0]) for found in values[limit]] for limit in VALUES],
        "value_best": best,
        "turned": [len(found[2]) / STEPS for found in values[best]],
        "angles": np.degrees(np.arccos(np.clip(np.concatenate([found[2] for found in values[best]]), -1, 1))),
        "rate": [[end(train(seed, np.inf, lr=lr)[0]) for seed in seeds] for lr in RATES],
    }


def at(result, threshold):
    """Losses at the end with a threshold on the norm."""
    return np.array(result["norm"][NORMS.index(threshold)])


CLAIMS = [
    claim(
        "gradients.clipping.threshold",
        "With a threshold of 0.3 and with one of 1 on the norm a net usually solves the task; without one it ends with "
        "more than nine tenths of the loss of a guess.",
        holds=lambda r: max(at(r, 0.3).max(), at(r, 1.0).max()) < 0.1 and min(r["free"]) > 0.9 * GUESS,
        control="the same nets at the same rate without clipping",
        effect=lambda r: np.mean(r["free"]) - at(r, 1.0).mean(),
        unit="nats at the end, without clipping minus threshold 1",
    ),
    claim(
        "gradients.clipping.valley",
        "Thresholds of 0.01 and of 10 both leave a net short of the task, with more than 0.4 nats at the end.",
        holds=lambda r: at(r, 0.01).min() > 0.4 and at(r, 10.0).min() > 0.4,
        control="the thresholds between them, on the same nets",
        effect=lambda r: np.mean([at(r, 0.01).mean(), at(r, 10.0).mean()]),
        unit="nats at the end",
    ),
    claim(
        "gradients.clipping.value",
        "Clipped by value, at the best of three limits, a net solves the task as well.",
        holds=lambda r: min(max(ends) for ends in r["value"]) < 0.1,
        control="clipping by norm on the same net; the limit is chosen with hindsight",
        effect=lambda r: float(np.median(r["angles"])),
        unit="degrees, median turn where a number was cut",
    ),
    claim(
        "gradients.clipping.before",
        "The longest gradient alone is not what keeps a net without clipping from learning, nor is the first that is "
        "longer than 3: with this one step clipped to norm 1, and no other, the net still ends with more than nine "
        "tenths of the loss of a guess.",
        holds=lambda r: min(*r["without_peak"], *r["without_first"]) > 0.9 * GUESS,
        control="the same run, with and without clipping at that one step",
        effect=lambda r: np.mean(r["without_peak"]),
        unit="nats at the end with the longest gradient clipped",
    ),
    claim(
        "gradients.clipping.rate",
        "A lower rate can do as well here: usually, at the better of a third and a tenth of the rate, chosen with "
        "hindsight, a net solves the task without clipping.",
        holds=lambda r: np.min(r["rate"], axis=0).max() < 0.1,
        control="the full rate without clipping, and with it",
    ),
]
