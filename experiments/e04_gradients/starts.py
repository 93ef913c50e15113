"""Which matters for how soon a plain net learns to remember: the activation, or the initialisation of its matrix?

Varied: the activation (tanh, ReLU), crossed with the matrix (default, orthogonal, identity), on two tasks. Control:
all six corners are run, so that no difference has two causes. Held: 32 units, 40 steps, batches of 32 fresh
sequences, clipping at norm 1, Adam at the rate that a task has for all six nets (0.003 on adding, 0.001 on temporal
order). The rates were not tuned for each net. A budget is part of a result: on adding each net trains for 1,500
batches, and one that has not learned by then goes on until it has, for 5,000 at most; on temporal order all have 800.
Baseline: the score that needs no memory, 1/6 on adding, 25 % on temporal order, and 50 % for who knows one of the two
symbols. A net has learned adding when 50 batches have a mean error below half the baseline.
"""

from itertools import islice

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import ACTIVATIONS, MATRICES, Fresh, adding_net, norms_by_lag, order_net, slopes_of
from rnnlib.data import adding, temporal_order
from rnnlib.metrics import accuracy
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 1
T, B, WINDOW = 40, 32, 50
ADDING_STEPS, ADDING_MOST, ORDER_STEPS = 1500, 5000, 800
HALF = 1 / 12  # half the squared error without memory


def reach(activation, matrix, seed):
    """Before training: the norm of the gradient that reaches the state at each lag, relative to lag 0."""
    model = adding_net(activation, matrix, seed)
    x, _ = adding(T, B, np.random.default_rng([seed, 2]))
    h, _ = model.rnn.forward(x)
    d = np.tile(model.params["out.W"].T, (B, 1))
    norms = norms_by_lag(d, slopes_of(h, activation)[1:], model.params["rnn.W_hh"])
    return norms / norms[0]


def learn_adding(activation, matrix, seed):
    """Squared error, the mean of every 50 steps, until the net has learned or the budget is spent."""
    net, curve = adding_net(activation, matrix, seed), []
    batches, adam = iter(Fresh(adding, ADDING_MOST, seed, T=T, B=B)), Adam(net.params, 0.003)
    while len(curve) < ADDING_STEPS // WINDOW or (len(curve) < ADDING_MOST // WINDOW and min(curve) >= HALF):
        history = train(net, list(islice(batches, WINDOW)), adam, clip=1.0, progress=False)
        curve.append(2 * np.mean(history.loss))
    return curve


def learn_order(activation, matrix, seed):
    """Share of 2,000 fresh sequences that are right."""
    net = order_net(activation, matrix, seed)
    batches = Fresh(temporal_order, ORDER_STEPS, seed, T=T, B=B)
    train(net, batches, Adam(net.params, 0.001), clip=1.0, progress=False)
    ids, classes = temporal_order(T, 2000, np.random.default_rng([seed, 3]))
    return accuracy(net.logits(ids).argmax(axis=1), classes)


def run(seeds):
    """Curves of the squared error, shares right, and reach, each as [activation][matrix][seed]."""
    cells = lambda what: {a: {m: [what(a, m, s) for s in seeds] for m in MATRICES} for a in ACTIVATIONS}  # noqa: E731
    return {"adding": cells(learn_adding), "order": cells(learn_order), "reach": cells(reach)}


def lows(result, activation, matrix):
    """The lowest squared error that each net reached on adding in 1,500 batches: a late jump unlearns nothing."""
    return np.array([min(curve[: ADDING_STEPS // WINDOW]) for curve in result["adding"][activation][matrix]])


def learned_at(result, activation, matrices=MATRICES):
    """After how many batches each net has learned adding; infinite for one that has not."""
    curves = [np.array(curve) for m in matrices for curve in result["adding"][activation][m]]
    return np.array([WINDOW * (np.argmax(c < HALF) + 1) if c.min() < HALF else np.inf for c in curves])


def right(result, activation, matrix):
    """Shares right on temporal order."""
    return np.array(result["order"][activation][matrix])


def last_reach(result, activation, matrix):
    """What is left over the full length, before training."""
    return np.array([curve[-1] for curve in result["reach"][activation][matrix]])


CONTROL = "all six corners of activation and matrix, one rate for all"
CLAIMS = [
    claim(
        "gradients.starts.adding",
        "On adding the activation matters for how soon a net learns: from each of the three initialisations a ReLU "
        "net usually comes below half the error without memory after fewer batches than any tanh net.",
        holds=lambda r: learned_at(r, "relu").max() < learned_at(r, "tanh").min(),
        control=CONTROL,
        effect=lambda r: np.minimum(learned_at(r, "tanh"), ADDING_MOST).min() / learned_at(r, "relu").max(),
        unit="batches of the soonest tanh net, in multiples of those of the latest ReLU net",
    ),
    claim(
        "gradients.starts.later",
        "Within 1,500 batches no tanh net comes below half the error without memory, and within 5,000 usually at least "
        "one of the three does.",
        holds=lambda r: ADDING_STEPS < learned_at(r, "tanh").min() <= ADDING_MOST,
        control="the same nets with a larger budget",
        effect=lambda r: np.minimum(learned_at(r, "tanh"), ADDING_MOST).min(),
        unit="batches of the soonest tanh net, at most 5,000",
    ),
    claim(
        "gradients.starts.order",
        "On temporal order the matrix matters for ReLU: after 800 batches more than nine sequences in ten are right "
        "with the identity, and fewer than four in ten with the default matrix.",
        holds=lambda r: right(r, "relu", "identity").min() > 0.9 and right(r, "relu", "default").max() < 0.4,
        control=CONTROL,
        effect=lambda r: np.mean(right(r, "relu", "identity") - right(r, "relu", "default")),
        unit="share right with ReLU, identity minus default",
    ),
    claim(
        "gradients.starts.order-tanh",
        "With tanh and the identity usually more than nine sequences in ten are right by then as well.",
        holds=lambda r: right(r, "tanh", "identity").min() > 0.9,
        control="the two other matrices with tanh",
        effect=lambda r: np.mean(right(r, "tanh", "identity") - right(r, "tanh", "default")),
        unit="share right with tanh, identity minus default",
    ),
    claim(
        "gradients.starts.reach",
        "How much of a gradient arrives before training does not tell who learns adding sooner: over 39 steps more "
        "than a hundredth arrives in the tanh nets with an orthogonal matrix or the identity, and less than a "
        "thousandth in the ReLU nets with the default or an orthogonal one, which come below half the error without "
        "memory after fewer batches.",
        holds=lambda r: (
            min(last_reach(r, "tanh", m).min() for m in ("orthogonal", "identity")) > 0.01
            and max(last_reach(r, "relu", m).max() for m in ("default", "orthogonal")) < 0.001
            and learned_at(r, "relu", ("default", "orthogonal")).max()
            < learned_at(r, "tanh", ("orthogonal", "identity")).min()
        ),
        control="the same six nets, measured before and trained after",
        effect=lambda r: np.log10(last_reach(r, "relu", "default")).mean(),
        unit="power of ten of what arrives, ReLU with the default matrix",
    ),
]
