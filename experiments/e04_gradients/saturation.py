"""What do recurrent weights from a unit normal do to a tanh net, before any training?

Varied: the number of units, and which tenth of them is silenced on the way back. Held: unit-normal recurrent weights,
inputs of strength 0.5. Baseline: the same net with weights scaled by 1/sqrt(H). Control of the account that a few
units with steep derivatives carry the gradient: that tenth is silenced, and beside it a tenth drawn at random.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import step_back
from experiments.e04_gradients.prediction import predicted_factor, predicted_std, survival

SEEDS = 3
SIZES = (16, 100, 400)
FLAT = 0.99  # |tanh| beyond which a unit counts as saturated


def states_of(g, H, seed, steps=20, s=0.5):
    """The states of 100 sequences after some random inputs."""
    rng = np.random.default_rng(seed)
    W, h = g / H**0.5 * rng.standard_normal((H, H)), np.zeros((100, H))
    for _ in range(steps):
        h = np.tanh(s * rng.standard_normal(h.shape) + h @ W)
    return h


def silenced(seed, which, H=100, lags=64, before=20, share=0.1):
    """The factor per step when at each step a tenth of the units passes nothing back: the steepest, or any."""
    rng, pick = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    W, h, slopes = rng.standard_normal((H, H)), np.zeros(H), []
    for _ in range(before + lags):
        h = np.tanh(0.5 * rng.standard_normal(H) + h @ W)
        slope, count = 1 - h**2, int(share * H)
        out = np.argsort(slope)[-count:] if which == "steepest" else pick.choice(H, count, replace=False)
        slope[out] = 0
        slopes.append(slope)
    d, log = np.eye(H), 0.0
    for slope in slopes[:before:-1]:
        d = step_back(d, slope, W)
        size = np.linalg.norm(d)
        log, d = log + np.log(size / H**0.5), d / size * H**0.5  # kept at one size, or it underflows
    return float(np.exp(log / (lags - 1)))


def carried(seed, H=100, share=0.1):
    """Part of the squared gradient that leaves a step through the tenth of its units with the steepest derivatives."""
    slope = 1 - states_of(H**0.5, H, seed) ** 2
    squares = np.sort(slope**2, axis=1)[:, ::-1]
    return (squares[:, : int(share * H)].sum(axis=1) / squares.sum(axis=1)).mean()


def run(seeds):
    """Shares of saturated units, predicted and measured, and factors per step; lists have an entry for each seed."""
    flat = lambda h: float((np.abs(h) > FLAT).mean())  # noqa: E731
    edge = np.random.default_rng(0).standard_normal(100_000)
    return {
        "share": {str(H): [flat(states_of(H**0.5, H, seed)) for seed in seeds] for H in SIZES},
        "second": {str(H): [flat(states_of(H**0.5, H, seed, steps=2)) for seed in seeds] for H in SIZES},
        "predicted": {str(H): flat(np.tanh(predicted_std(H**0.5, 0.5) * edge)) for H in SIZES},
        "scaled": [flat(states_of(1.0, 100, seed)) for seed in seeds],
        "factor": [survival("tanh", 10.0, seed, H=100)[-1] ** (1 / 64) for seed in seeds],
        "theory": predicted_factor(10.0, 0.5),
        "carried": [carried(seed) for seed in seeds],
        "without_steepest": [silenced(seed, "steepest") for seed in seeds],
        "without_any": [silenced(seed, "any") for seed in seeds],
    }


def missed(result, H):
    """By how much the predicted share of saturated units misses the mean of the nets."""
    return abs(np.mean(result["share"][H]) - result["predicted"][H])


CLAIMS = [
    claim(
        "gradients.saturation.share",
        "The share of saturated units is predicted within two percentage points for 100 and 400 units, and within "
        "twelve for 16, in the mean of three nets.",
        holds=lambda r: max(missed(r, "100"), missed(r, "400")) < 0.02 and missed(r, "16") < 0.12,
        control="weights scaled by 1/sqrt(H), with which hardly any unit is saturated",
        effect=lambda r: 100 * np.mean(r["share"]["100"]),
        unit="per cent saturated of 100 units",
    ),
    claim(
        "gradients.saturation.explodes",
        "With 100 units most are saturated and the gradient explodes all the same, by more than 1.3 at every step.",
        holds=lambda r: min(r["share"]["100"]) > 0.5 and min(r["factor"]) > 1.3,
        control="the factor is measured, and not concluded from the share",
        effect=lambda r: np.mean(r["factor"]),
        unit="factor per step",
    ),
    claim(
        "gradients.saturation.theory",
        "For gain 10 theory predicts a factor of 2.35 per step, and the mean factor of three nets of 100 units lies "
        "below that, by at most a fifth.",
        holds=lambda r: 0.8 * r["theory"] < np.mean(r["factor"]) < r["theory"] and abs(r["theory"] - 2.35) < 0.005,
        control="the measured factor of the same nets",
        effect=lambda r: np.mean(r["factor"]) / r["theory"],
        unit="measured factor divided by the predicted one",
    ),
    claim(
        "gradients.saturation.few",
        "The gradient goes through the few units with steep derivatives: silence the steepest tenth at each step "
        "and it vanishes; silence any tenth and it still explodes.",
        holds=lambda r: max(r["without_steepest"]) < 0.9 and min(r["without_any"]) > 1.05,
        control="as many units drawn at random",
        effect=lambda r: np.mean(r["without_any"]) - np.mean(r["without_steepest"]),
        unit="factor per step, any tenth minus the steepest",
    ),
]
