"""Can the factor per step of a random net be predicted, and what does sharing the weights over time change?

Varied: the gain, the activation, the strength of the input; and in the control, whether the weights are drawn anew at
every step, as the prediction assumes, or are the same at all steps. Held: 64 units, 64 steps back after 20 steps of
running in, all directions of a row at once. Baseline: the prediction, which has nothing to fit. For the identity, whose
gradient is that of gain 1 times a power of the gain, the twelve gains are one measurement.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import norms_by_lag

SEEDS = 10
H, LAGS, BEFORE = 64, 64, 20
GAINS = (0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.41, 1.7, 2.0, 2.5, 3.0, 4.0)
FINE = tuple(np.round(np.arange(0.4, 2.61, 0.05), 2).tolist())
SETTINGS = {"identity": ("identity", 0.5), "relu": ("relu", 0.5), "weak": ("tanh", 0.1), "strong": ("tanh", 1.5)}
FUNCTIONS = {
    "identity": (lambda z: z, np.ones_like),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
}
# E[F(z)] for a normal z is WEIGHTS @ F(std * NODES). The derivative of tanh is a bump of width one in z, so the nodes
# must lie closer than that when a large standard deviation has spread them: the 101 of Gauss and Hermite do not.
NODES = np.linspace(-8, 8, 801)
WEIGHTS = np.exp(-(NODES**2) / 2)
WEIGHTS /= WEIGHTS.sum()


def predicted_std(g, s):
    """The standard deviation of z that reproduces itself, for tanh with gain g and input of strength s."""
    var = 1.0
    for _ in range(1000):
        var = s**2 + g**2 * WEIGHTS @ np.tanh(var**0.5 * NODES) ** 2
    return var**0.5


def predicted_factor(g, s, activation="tanh"):
    """The factor per step: the gain times the root of the mean squared derivative."""
    if activation != "tanh":
        return g if activation == "identity" else g / 2**0.5
    z = predicted_std(g, s) * NODES
    return g * (WEIGHTS @ (1 - np.tanh(z) ** 2) ** 2) ** 0.5


def survival(activation, g, seed, s=0.5, H=H, lags=LAGS, before=BEFORE, anew=False):
    """What is left of a gradient at each lag, over all directions; `anew` draws the weights at each step."""
    rng, (f, df) = np.random.default_rng(seed), FUNCTIONS[activation]
    draw = lambda: g / H**0.5 * rng.standard_normal((H, H))  # noqa: E731
    W, h, slopes, matrices = draw(), np.zeros(H), [], []
    for _ in range(before + lags):
        z = s * rng.standard_normal(H) + h @ W
        h = f(z)
        slopes.append(df(z))
        matrices.append(W)
        W = draw() if anew else W
    if not anew:
        return norms_by_lag(np.eye(H), slopes[before:], W) / H**0.5
    d, norms = np.eye(H), [H**0.5]
    for slope, matrix in zip(slopes[:before:-1], matrices[:before:-1]):
        d = (d * slope) @ matrix.T
        norms.append(np.linalg.norm(d))
    return np.array(norms) / H**0.5


def run(seeds):
    """Factors per step by setting, [gain][seed]; the map, powers of ten, [activation][gain][lag], the mean of three."""
    factors, anew = {}, {}
    for name, (activation, s) in SETTINGS.items():
        factors[name] = [[survival(activation, g, seed, s)[-1] ** (1 / LAGS) for seed in seeds] for g in GAINS]
        anew[name] = [
            [survival(activation, g, seed, s, anew=True)[-1] ** (1 / (LAGS - 1)) for seed in seeds] for g in GAINS
        ]
    predicted = {n: [predicted_factor(g, s, a) for g in GAINS] for n, (a, s) in SETTINGS.items()}
    mean = lambda a, g: np.mean([np.log10(survival(a, g, seed)) for seed in seeds[:3]], axis=0)  # noqa: E731
    maps = {a: [mean(a, g) for g in FINE] for a in FUNCTIONS}
    return {"factors": factors, "anew": anew, "predicted": predicted, "maps": maps}


def off(result, name, kind="factors"):
    """By what share the mean over the nets misses the prediction, at each gain."""
    return np.abs(np.mean(result[kind][name], axis=1) / np.array(result["predicted"][name]) - 1)


def band(result, activation):
    """At how many gains of the fine grid a gradient is left within a factor of ten of its size after 64 steps."""
    return int((np.abs(np.array(result["maps"][activation])[:, -1]) < 1).sum())


def at_two(result, name):
    """The factors at gain 2, of each net."""
    return np.array(result["factors"][name][GAINS.index(2.0)])


def sharing(result, name):
    """By what share the factor differs from that with weights drawn anew, at each gain; means over the nets."""
    return np.abs(np.mean(result["factors"][name], axis=1) / np.mean(result["anew"][name], axis=1) - 1)


def scatter(result, name, kind="factors"):
    """Powers of ten of what is left after 64 steps: their standard deviation over the nets, at gain 2."""
    return float(LAGS * np.std(np.log10(result[kind][name][GAINS.index(2.0)]), ddof=1))


def left(result, activation, g):
    """What is left after 64 steps on the fine grid of gains, as a power of ten."""
    return result["maps"][activation][FINE.index(g)][-1]


CLAIMS = [
    claim(
        "gradients.prediction.close",
        "At each of the twelve gains the mean factor of ten nets lies within 10 % of the prediction, for all four "
        "settings; over 64 steps 10 % are three powers of ten.",
        holds=lambda r: max(off(r, name).max() for name in SETTINGS) < 0.10,
        control="the same nets with weights drawn anew at every step",
        effect=lambda r: 100 * np.mean([off(r, name).mean() for name in SETTINGS]),
        unit="per cent, mean miss over gains and settings",
    ),
    claim(
        "gradients.prediction.sharing",
        "Sharing the weights over time moves the mean factor of ten nets by less than 12 %, at every gain and for "
        "every setting.",
        holds=lambda r: max(sharing(r, name).max() for name in SETTINGS) < 0.12,
        control="weights drawn anew at every step",
        effect=lambda r: 100 * np.mean([sharing(r, name).mean() for name in SETTINGS]),
        unit="per cent, mean difference over gains and settings",
    ),
    claim(
        "gradients.prediction.scatter",
        "Sharing the weights makes single nets differ more: with the identity and with ReLU, at gain 2, the powers of "
        "ten that are left after 64 steps have more than twice the standard deviation over ten nets that they have "
        "with weights drawn anew.",
        holds=lambda r: all(scatter(r, name) > 2 * scatter(r, name, "anew") for name in ("identity", "relu")),
        control="as many nets with weights drawn anew at every step",
        effect=lambda r: scatter(r, "relu") / scatter(r, "relu", "anew"),
        unit="standard deviation with ReLU, shared weights over weights drawn anew",
    ),
    claim(
        "gradients.prediction.input",
        "At gain 2 the input decides for tanh: in the mean of ten nets the gradient grows with weak input and shrinks "
        "with strong input, and usually each net has the larger factor with the weak one.",
        holds=lambda r: bool(
            at_two(r, "strong").mean() < 1 < at_two(r, "weak").mean()
            and np.all(at_two(r, "strong") < at_two(r, "weak"))
        ),
        control="the same nets at the same gain with both strengths of input",
        effect=lambda r: at_two(r, "weak").mean() - at_two(r, "strong").mean(),
        unit="factor per step, weak minus strong input",
    ),
    claim(
        "gradients.prediction.band",
        "Tanh has the widest band of gains that let a gradient through 64 steps, within a factor of ten.",
        holds=lambda r: band(r, "tanh") > max(band(r, "relu"), band(r, "identity")),
        control="the same gains and nets with ReLU and with no activation",
        effect=lambda r: 0.05 * (band(r, "tanh") - max(band(r, "relu"), band(r, "identity"))),
        unit="width in gain, tanh minus the next",
    ),
    claim(
        "gradients.prediction.far",
        "Of a gradient that goes back 64 steps at gain 2.6 the identity leaves more than a factor of 10^20, ReLU more "
        "than 10^10, and tanh between 10^3 and 10^8; at gain 1 tanh leaves less than 10^-5, and at gain 0.7 the "
        "identity less than 10^-6, each in the geometric mean of three nets.",
        holds=lambda r: (
            left(r, "identity", 2.6) > 20
            and left(r, "relu", 2.6) > 10
            and 3 < left(r, "tanh", 2.6) < 8
            and left(r, "tanh", 1.0) < -5
            and left(r, "identity", 0.7) < -6
        ),
        control="three activations on the same weights and inputs",
        effect=lambda r: left(r, "tanh", 2.6),
        unit="power of ten that is left with tanh at gain 2.6",
    ),
]
