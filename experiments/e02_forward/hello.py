"""Does memory let a net pass the floor of "hello", and what does training do to the states after its two l's?

Varied: whether the state is kept from letter to letter, or every letter is read as a sequence of its own by a net with
the same initial weights. Held: 8 units, 250 steps of Adam at 0.01, which was not tuned. Baseline: the floor that
follows from the word. Controls for the distance of the two l's: the net before training, and the other pairs of the
four states, which training moves as well.
"""

import numpy as np

from experiments.claims import claim
from experiments.e02_forward._nets import LR, hello, new_model, spell
from rnnlib.layers import one_hot
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 5
STEPS, EVERY = 250, 5
FLOOR = 2 * np.log(2) / 4
L, L_AGAIN = 2, 3  # the places of the two l's among the letters that are read


def distances(model):
    """How far the states after the two l's are apart, and those of the other five pairs; (6,)."""
    h = model.rnn.forward(one_hot(hello()[0], V=4))[0][:, 0]
    pairs = {(i, j): np.linalg.norm(h[i] - h[j]) for j in range(4) for i in range(j)}
    twins = pairs.pop((L, L_AGAIN))
    return np.array([twins, *pairs.values()])


def watch(seed):
    """The distances before training and after every five steps, (6, 51)."""
    model, batch, seen = new_model(seed), hello(), []
    adam = Adam(model.params, LR)
    for _ in range(0, STEPS, EVERY):
        seen.append(distances(model))
        train(model, [batch], adam, epochs=EVERY, progress=False)
    return np.array([*seen, distances(model)]).T


def run(seeds):
    """Losses with memory and without, and the distances, of each net."""
    apart = [watch(seed) for seed in seeds]
    return {
        "memory": [spell(seed, True, STEPS)[1] for seed in seeds],
        "none": [spell(seed, False, STEPS)[1] for seed in seeds],
        "twins": [each[0] for each in apart],
        "others": [each[1:] for each in apart],
    }


def growth(result, which):
    """By what factor training moves states apart, of each net, and of the others of each pair."""
    apart = np.array(result[which])
    return apart[..., -1] / apart[..., 0]


def mean_apart(result, which, at):
    """The mean distance over nets, and pairs, before training (0) or after it (-1)."""
    return np.array(result[which])[..., at].mean()


def passes(result):
    """The first step, from 1, at which each net with memory is below the floor."""
    return (np.array(result["memory"]) < FLOOR).argmax(axis=1) + 1


CLAIMS = [
    claim(
        "forward.hello.floor",
        "With memory every net passes the floor of (2 ln 2)/4 nats and ends below 0.05; without memory every net "
        "stays above the floor, and ends less than 0.01 above it.",
        holds=lambda r: (
            np.array(r["memory"])[:, -1].max() < 0.05
            and np.array(r["none"]).min() > FLOOR
            and np.array(r["none"])[:, -1].max() < FLOOR + 0.01
        ),
        control="nets with the same initial weights that read each letter as a sequence of its own",
        effect=lambda r: np.array(r["none"])[:, -1].mean() - np.array(r["memory"])[:, -1].mean(),
        unit="nats at the end, without memory minus with it",
    ),
    claim(
        "forward.hello.twins",
        "In every net the states after the two l's differ before training, and training moves them further apart.",
        holds=lambda r: np.array(r["twins"])[:, 0].min() > 0.01 and growth(r, "twins").min() > 1,
        control="the nets before training",
        effect=lambda r: growth(r, "twins").mean(),
        unit="distance of the two states, after training over before",
    ),
    claim(
        "forward.hello.others",
        "In every net training moves each of the other five pairs of states further apart too. In the mean of the nets "
        "the two l's begin less than three quarters as far apart as these, and end as far, within a tenth.",
        holds=lambda r: (
            growth(r, "others").min() > 1
            and mean_apart(r, "twins", 0) < 0.75 * mean_apart(r, "others", 0)
            and abs(mean_apart(r, "twins", -1) / mean_apart(r, "others", -1) - 1) < 0.1
        ),
        control="the five other pairs of states of the same nets",
        effect=lambda r: mean_apart(r, "twins", -1) / mean_apart(r, "others", -1),
        unit="distance of the two l's after training, over the mean of the other pairs",
    ),
]
