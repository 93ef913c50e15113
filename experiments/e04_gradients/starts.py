"""Which decides whether a plain net learns to remember: the activation, or the initialisation of its recurrent matrix?

Varied: the activation (tanh, ReLU), crossed with the matrix (default, orthogonal, identity), on two tasks. Control:
all six corners are run, so that no difference has two causes. Held: 32 units, 40 steps, batches of 32 fresh
sequences, clipping at norm 1, Adam at the rate that a task has for all six nets (0.003 on adding, 0.001 on temporal
order). The rates were not tuned for each net. Baseline: the score that needs no memory, 1/6 on adding, 25 % on
temporal order, and 50 % for who knows one of the two symbols.
"""

import numpy as np

from experiments.claims import claim
from experiments.e04_gradients._nets import ACTIVATIONS, MATRICES, Fresh, adding_net, norms_by_lag, order_net, slopes_of
from rnnlib.data import adding, temporal_order
from rnnlib.metrics import accuracy
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 3
T, B, WINDOW = 40, 32, 50
ADDING_STEPS, ORDER_STEPS = 1500, 800
TENTH = 1 / 60  # of the squared error without memory


def reach(activation, matrix, seed):
    """Before training: the norm of the gradient that reaches the state at each lag, relative to lag 0."""
    model = adding_net(activation, matrix, seed)
    x, _ = adding(T, B, np.random.default_rng([seed, 2]))
    h, _ = model.rnn.forward(x)
    d = np.tile(model.params["out.W"].T, (B, 1))
    norms = norms_by_lag(d, slopes_of(h, activation)[1:], model.params["rnn.W_hh"])
    return norms / norms[0]


def learn_adding(activation, matrix, seed):
    """Squared error, the mean of every 50 steps."""
    net = adding_net(activation, matrix, seed)
    batches = Fresh(adding, ADDING_STEPS, seed, T=T, B=B)
    history = train(net, batches, Adam(net.params, 0.003), clip=1.0, progress=False)
    return 2 * np.reshape(history.loss, (-1, WINDOW)).mean(axis=1)


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


def ends(result, activation, matrices=MATRICES):
    """Squared errors at the end of adding, over the last 200 steps, of all nets with an activation."""
    return np.array([np.mean(curve[-4:]) for m in matrices for curve in result["adding"][activation][m]])


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
        "On adding the activation decides: with ReLU every net learns the task from each of the three "
        "initialisations, and with tanh no net does from any of them.",
        holds=lambda r: ends(r, "relu").max() < 2 * TENTH and ends(r, "tanh").min() > 0.12,
        control=CONTROL,
        effect=lambda r: np.median(ends(r, "tanh")) / np.median(ends(r, "relu")),
        unit="median error with tanh, in multiples of that with ReLU",
    ),
    claim(
        "gradients.starts.order",
        "On temporal order the matrix decides: with the identity both activations get more than nine sequences in ten "
        "right, and with the default initialisation neither gets beyond the half that one symbol is worth.",
        holds=lambda r: (
            min(right(r, a, "identity").min() for a in ACTIVATIONS) > 0.9
            and max(right(r, a, "default").max() for a in ACTIVATIONS) < 0.55
        ),
        control=CONTROL,
        effect=lambda r: np.mean([right(r, a, "identity") - right(r, a, "default") for a in ACTIVATIONS]),
        unit="share right, identity minus default",
    ),
    claim(
        "gradients.starts.orthogonal-relu",
        "On temporal order ReLU is no help to an orthogonal matrix: these nets stay at the half that one symbol is "
        "worth, or below.",
        holds=lambda r: right(r, "relu", "orthogonal").max() < 0.55,
        control="the orthogonal matrix with tanh, run beside it",
        effect=lambda r: np.mean(right(r, "tanh", "orthogonal") - right(r, "relu", "orthogonal")),
        unit="share right, tanh minus ReLU, both orthogonal",
    ),
    claim(
        "gradients.starts.reach",
        "How much of a gradient arrives before training does not tell who learns adding: over 39 steps at least a "
        "hundredth arrives with tanh and an orthogonal matrix or the identity, and less than a thousandth in the "
        "two ReLU nets that learn with another matrix than the identity.",
        holds=lambda r: (
            min(last_reach(r, "tanh", m).min() for m in ("orthogonal", "identity")) > 0.01
            and max(last_reach(r, "relu", m).max() for m in ("default", "orthogonal")) < 0.001
        ),
        control="the same six nets, measured before and trained after",
        effect=lambda r: np.log10(last_reach(r, "relu", "default")).mean(),
        unit="power of ten of what arrives, ReLU with the default matrix",
    ),
]
