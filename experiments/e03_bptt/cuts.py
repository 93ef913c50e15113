"""What does a net lose when its gradients are cut into pieces, on the sonnets and on an echo five steps late?

Varied: the length of a piece, 1, 4 or 32 steps on the sonnets and five lengths from 1 to 32 on the echo. Held: the
batches of 32 steps, their states, which are exact, the number of steps of descent, and the net of a seed. Adam at
0.01, not tuned; clipping at norm 1; 64 units and three passes on the sonnets, 32 units and 400 batches on the echo.
Control: pieces of 32 steps. Baseline on the echo: the same net with its recurrent and input weights left as drawn. A
second control asks of the nets cut to four steps whether their states have lost what was to be repeated: all but the
output layer is held, and the output layer is drawn anew and trained for 400 batches.
"""

import numpy as np

from experiments.claims import claim
from experiments.e03_bptt._texts import cut_gradients, loss_on, new_model, parts
from rnnlib import Linear
from rnnlib.data import TextBatches
from rnnlib.layers import one_hot
from rnnlib.losses import softmax_cross_entropy
from rnnlib.metrics import bits
from rnnlib.optim import Adam, clip_by_norm

SEEDS = 3
CUTS = {"sonnets": (1, 4, 32), "echo": (1, 2, 4, 8, 32)}
STEPS, LAG, LEARNED = 32, 5, 0.5
SHORT = (2, 4)  # lengths of pieces that no echo fits into and that let a gradient cross a step


def learn_sonnets(tau, seed, training, held, V):
    """Train for three passes; give bits per character on the validation poems."""
    model = new_model(V, 64, seed)
    adam = Adam(model.params, lr=0.01)
    for _ in range(3):
        state = np.zeros((16, 64), np.float32)
        for ids, targets in TextBatches(training, T=STEPS, B=16):
            grads, state = cut_gradients(model, ids, targets, tau, state)
            clip_by_norm(grads, 1.0)
            adam.step(grads)
    return bits(loss_on(model, held))


def echo_batches(rng, lag, count=400):
    """Batches of random bits, and at every step the bit of `lag` steps before."""
    stream = rng.integers(2, size=(count * STEPS + lag, 16))
    for start in range(lag, len(stream), STEPS):
        yield stream[start : start + STEPS], stream[start - lag : start - lag + STEPS]


def echo(model, rng, tau, lag=LAG, frozen=False):
    """Train on an echo, the output layer alone if `frozen`; give bits per answer on new random bits."""
    adam, state = Adam(model.params, lr=0.01), np.zeros((16, 32), np.float32)
    for ids, targets in echo_batches(rng, lag):
        grads, state = cut_gradients(model, ids, targets, tau, state)
        if frozen:
            grads = {name: g * name.startswith("out") for name, g in grads.items()}
        clip_by_norm(grads, 1.0)
        adam.step(grads)
    fresh = rng.integers(2, size=(300, 16))
    h, _ = model.rnn.forward(one_hot(fresh, 2))
    return bits(softmax_cross_entropy(model.out.forward(h)[lag:], fresh[:-lag])[0])


def learn_echo(seed, tau, lag=LAG, frozen=False, again=False):
    """One net on the echo; with `again` the score of a new output layer, trained on the states of the trained net."""
    model, rng = new_model(2, 32, seed), np.random.default_rng([seed, 1])
    score = echo(model, rng, tau, lag, frozen)
    if again:
        model.out.params.update(Linear(32, 2, rng=rng).params)
        score = echo(model, rng, tau, lag, frozen=True)
    return score


def run(seeds):
    """Bits at the end, [task][seed][length of a piece], and on the echo those of the controls, [seed]."""
    vocabulary, *texts = parts()
    training, held = (vocabulary.encode(text) for text in texts[:2])
    return {
        "sonnets": [[learn_sonnets(tau, s, training, held, len(vocabulary)) for tau in CUTS["sonnets"]] for s in seeds],
        "echo": [[learn_echo(s, tau) for tau in CUTS["echo"]] for s in seeds],
        "drawn": [learn_echo(s, 1, frozen=True) for s in seeds],
        "again": [learn_echo(s, 4, again=True) for s in seeds],
        "lag3": [learn_echo(s, 1, lag=3) for s in seeds],
        "lag3_drawn": [learn_echo(s, 1, lag=3, frozen=True) for s in seeds],
    }


def at(result, task, tau):
    """The ends with pieces of tau steps."""
    return np.array(result[task])[:, CUTS[task].index(tau)]


def short(result):
    """The ends on the echo with pieces of two and of four steps, ``(seeds, 2)``."""
    return np.stack([at(result, "echo", tau) for tau in SHORT], axis=1)


def drawn(result):
    """The ends on the echo with the weights as drawn, ``(seeds, 1)``."""
    return np.array(result["drawn"])[:, None]


def cost(result, tau):
    """What pieces of tau steps cost each net on the sonnets, in bits per character, against pieces of 32."""
    return at(result, "sonnets", tau) - at(result, "sonnets", 32)


CLAIMS = [
    claim(
        "bptt.cuts.sonnets",
        "On the sonnets pieces of one step cost more than 0.02 bits per character against pieces of 32, in the mean of "
        "three nets.",
        holds=lambda r: cost(r, 1).mean() > 0.02,
        control="the same nets on the same batches with pieces of 32",
        effect=lambda r: cost(r, 1).mean(),
        unit="bits per character, pieces of 1 minus pieces of 32, mean of three nets",
    ),
    claim(
        "bptt.cuts.four",
        "Pieces of four steps cost less than pieces of one, in the mean of three nets.",
        holds=lambda r: cost(r, 4).mean() < cost(r, 1).mean(),
        control="the same nets on the same batches with pieces of 32",
        effect=lambda r: cost(r, 4).mean(),
        unit="bits per character, pieces of 4 minus pieces of 32, mean of three nets",
    ),
    claim(
        "bptt.cuts.echo",
        "On the echo five steps late usually every net with pieces of 8 or 32 steps learns to below half a bit, and "
        "none with pieces of 2 or 4.",
        holds=lambda r: max(at(r, "echo", 8).max(), at(r, "echo", 32).max()) < LEARNED < short(r).min(),
        control="the same nets on the same batches with shorter and longer pieces",
        effect=lambda r: short(r).mean() - at(r, "echo", 8).mean(),
        unit="bits per answer, pieces of 2 and 4 minus pieces of 8",
    ),
    claim(
        "bptt.cuts.single",
        "With pieces of a single step at least one of three nets learns it, although no gradient crosses a step.",
        holds=lambda r: at(r, "echo", 1).min() < LEARNED,
        control="pieces of two and four steps, on the same nets and batches",
        effect=lambda r: at(r, "echo", 1).mean(),
        unit="bits per answer, pieces of 1",
    ),
    claim(
        "bptt.cuts.drawn",
        "Cut to pieces of two or of four steps, nets end worse than the same nets with their recurrent and input "
        "weights left as drawn, in the mean of three.",
        holds=lambda r: bool(np.all((short(r) - drawn(r)).mean(axis=0) > 0)),
        control="the same nets, of which only the output layer was trained",
        effect=lambda r: (short(r) - drawn(r)).mean(),
        unit="bits per answer, pieces of 2 and 4 minus as drawn",
    ),
    claim(
        "bptt.cuts.again",
        "New output layers, trained on the states of nets that were cut to pieces of four steps, do not reach what "
        "they reach on the weights as drawn, in the mean of three nets.",
        holds=lambda r: np.mean(r["again"]) > np.mean(r["drawn"]),
        control="the output layer alone, trained as long on the weights as drawn",
        effect=lambda r: (np.array(r["again"]) - np.array(r["drawn"])).mean(),
        unit="bits per answer, new output layer after the training minus as drawn",
    ),
    claim(
        "bptt.cuts.lag3",
        "On an echo three steps late every net does better with its weights as drawn than any does five steps late, "
        "and needs less than 0.8 bits.",
        holds=lambda r: max(r["lag3_drawn"]) < min(0.8, *r["drawn"]),
        control="the same nets on the echo five steps late; one bit is a guess",
        effect=lambda r: np.mean(r["lag3_drawn"]),
        unit="bits per answer, weights as drawn, three steps late",
    ),
]
