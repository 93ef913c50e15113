"""Which thresholds of clipping let a net learn, and does the turn matter that clipping by value gives a gradient?

Varied: the threshold, on the norm and on each number. Held: tanh, orthogonal matrix, 32 units, temporal order over 20
steps, SGD at 0.3, 500 batches of 32. Baseline: no clipping at the same rate. Control, since a lower rate is the other
cure: no clipping at a third and at a tenth of it. Thresholds are judged on the training loss, which is that
of fresh sequences.
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


def train(seed, threshold, by_value=False, lr=LR, steps=STEPS):
    """The losses, the norms before clipping, and the cosines between clipped and unclipped where a value was cut."""
    model = order_net("tanh", "orthogonal", seed)
    sgd, losses, norms, cosines = SGD(model.params, lr), [], [], []
    with np.errstate(all="ignore"):
        for batch in Fresh(temporal_order, steps, seed, T=20, B=32):
            loss, grads = model.loss_and_grads(*batch)
            if by_value:
                raw = np.concatenate([g.ravel() for g in grads.values()])
                if clip_by_value(grads, threshold):
                    cut = np.concatenate([g.ravel() for g in grads.values()])
                    cosines.append(raw @ cut / np.linalg.norm(raw) / np.linalg.norm(cut))
                norms.append(np.linalg.norm(raw))
            else:
                norms.append(clip_by_norm(grads, threshold))
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
    return {
        "usual": np.concatenate([usual(seed) for seed in seeds[:3]]),
        "free": [end(losses) for losses, _, _ in free],
        "peak": [norms.max() for _, norms, _ in free],
        "before_peak": [
            losses[max(0, at - 10) : at].mean() if at else GUESS for (losses, _, _), at in zip(free, peaks)
        ],
        "long_steps": [int((norms > 3).sum()) for _, norms, _ in free],
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
        "With a threshold of 0.3 or 1 on the norm usually every net solves the task; without one no net ends better "
        "than it would by guessing.",
        holds=lambda r: max(at(r, 0.3).max(), at(r, 1.0).max()) < 0.1 and min(r["free"]) > 0.9 * GUESS,
        control="the same nets at the same rate without clipping",
        effect=lambda r: np.mean(r["free"]) - at(r, 1.0).mean(),
        unit="nats at the end, without clipping minus threshold 1",
    ),
    claim(
        "gradients.clipping.valley",
        "Thresholds of 0.01 and of 10 both leave every net short of the task.",
        holds=lambda r: at(r, 0.01).min() > 0.4 and at(r, 10.0).min() > 0.4,
        control="the thresholds between them, on the same nets",
        effect=lambda r: np.mean([at(r, 0.01).mean(), at(r, 10.0).mean()]),
        unit="nats at the end",
    ),
    claim(
        "gradients.clipping.value",
        "Clipped by value, at the best of three limits, every net solves the task as well.",
        holds=lambda r: min(max(ends) for ends in r["value"]) < 0.1,
        control="clipping by norm on the same nets",
        effect=lambda r: float(np.median(r["angles"])),
        unit="degrees, median turn where a number was cut",
    ),
    claim(
        "gradients.clipping.before",
        "The longest gradient is usually not what breaks a run without clipping: in the ten steps before it the "
        "loss is already no better than nine tenths of guessing.",
        holds=lambda r: min(r["before_peak"]) > 0.9 * GUESS,
        control="the same runs, looked at before their longest gradient",
        effect=lambda r: np.mean(r["before_peak"]),
        unit="nats in the ten steps before",
    ),
    claim(
        "gradients.clipping.rate",
        "A lower rate can do as well here: in this run, at the better of a third and a tenth of the rate, chosen "
        "for each net, every net solves the task without clipping.",
        holds=lambda r: np.min(r["rate"], axis=0).max() < 0.1,
        control="the full rate without clipping, and with it",
        effect=lambda r: np.min(r["rate"], axis=0).mean() - at(r, 1.0).mean(),
        unit="nats at the end, the better lower rate minus threshold 1",
    ),
]
