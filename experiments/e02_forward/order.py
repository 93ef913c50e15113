"""What is order worth in a text, for a model that counts, and why do long contexts stop helping it?

Varied: whether the characters of the sonnets stand in their order or are shuffled; and, in order, how much of the text
is counted. Held: the characters, the length of the held-out fifth, contexts of 0 to 6 characters, and how counts are
mixed: those of k characters with the prediction of k - 1, which counts as 5 observations. Control for that weight,
which was not tuned: the same with 20. Baseline: no context. The seed draws the fifth that is held out, and the shuffle.
"""

from collections import Counter

import numpy as np

from experiments.claims import claim
from rnnlib.data import sonnets
from rnnlib.metrics import perplexity

SEEDS = 1
LONGEST = 6
WEIGHTS = (5.0, 20.0)
LITTLE = 32  # a thirty-second of the text


def counted(train, test, alphabet):
    """Perplexity on `test` by weight and by characters of context counted in `train`, {weight: (7,)}."""
    places = range(LONGEST, len(test))
    p = {weight: np.full(len(places), 1 / alphabet) for weight in WEIGHTS}
    found = {weight: [] for weight in WEIGHTS}
    for k in range(LONGEST + 1):
        seen = Counter(train[i - k : i] for i in range(k, len(train)))
        followed = Counter(train[i - k : i + 1] for i in range(k, len(train)))
        n = np.array([seen[test[i - k : i]] for i in places])
        c = np.array([followed[test[i - k : i + 1]] for i in places])
        for weight in WEIGHTS:
            p[weight] = (c + weight * p[weight]) / (n + weight)
            found[weight].append(perplexity(-np.log(p[weight]).mean()))
    return {str(weight): found[weight] for weight in WEIGHTS}


def parted(text, seed):
    """A fifth of the text, from a random place on, is held out; the rest is counted."""
    length = len(text) // 5
    start = int(np.random.default_rng(seed).integers(len(text) - length))
    return text[:start] + text[start + length :], text[start : start + length]


def run(seeds):
    """Perplexities in order, of a thirty-second of the text, and shuffled; [weight][context] for each seed."""
    text, found = sonnets(), {"order": [], "little": [], "shuffled": []}
    alphabet = len(set(text))
    for seed in seeds:
        train, test = parted(text, seed)
        found["order"].append(counted(train, test, alphabet))
        found["little"].append(counted(train[: len(train) // LITTLE], test, alphabet))
        mixed = "".join(np.random.default_rng([seed, 1]).permutation(list(text)))
        found["shuffled"].append(counted(*parted(mixed, seed), alphabet))
    return found


def curves(result, which, weight=WEIGHTS[0]):
    """Perplexity by seed and context, (seeds, 7)."""
    return np.array([each[str(weight)] for each in result[which]])


def best(result, which, weight=WEIGHTS[0]):
    """The context with the lowest perplexity, of each seed."""
    return curves(result, which, weight).argmin(axis=1)


CLAIMS = [
    claim(
        "forward.order.worth",
        "In order, three characters of context bring the perplexity to less than a third of what it is without; "
        "shuffled, every context from one to six is worse than none.",
        holds=lambda r: (
            (curves(r, "order")[:, 3] < curves(r, "order")[:, 0] / 3).all()
            and (curves(r, "shuffled")[:, 1:] > curves(r, "shuffled")[:, :1]).all()
        ),
        control="the same characters, shuffled",
        effect=lambda r: (curves(r, "order")[:, 3] / curves(r, "order")[:, 0]).mean(),
        unit="perplexity with three characters of context over that with none",
    ),
    claim(
        "forward.order.little",
        "With a thirty-second of the text to count, the best context is shorter at a weight of 5, and the best "
        "perplexity is higher at both weights.",
        holds=lambda r: (
            (best(r, "little") < best(r, "order")).all()
            and all((curves(r, "little", w).min(axis=1) > curves(r, "order", w).min(axis=1)).all() for w in WEIGHTS)
        ),
        control="the whole text, with the same part held out; and a second weight",
        effect=lambda r: (curves(r, "little").min(axis=1) / curves(r, "order").min(axis=1)).mean(),
        unit="best perplexity with a thirty-second of the text over that with all of it",
    ),
    claim(
        "forward.order.weight",
        "With a weight of 20 instead of 5 the best context is longer, and less is lost by going on to six.",
        holds=lambda r: (best(r, "order", 20.0) > best(r, "order")).all() and (lost(r, 20.0) < lost(r, 5.0)).all(),
        control="the same counts, mixed with another weight",
        effect=lambda r: (lost(r, 5.0) / lost(r, 20.0)).mean(),
        unit="perplexity lost from the best context to six characters, weight 5 over weight 20",
    ),
]


def lost(result, weight):
    """How much higher the perplexity is at six characters than at the best context, of each seed."""
    curve = curves(result, "order", weight)
    return curve[:, -1] - curve.min(axis=1)
