"""The whole comparison: nets of three cells, of equal size, one for each seed; judged by what they make of unseen data.

The wrong runs themselves, one at least for each finding, are in the tests.
"""

from collections.abc import Mapping

import numpy as np

from rnnchecks.e11_comparison.equal_widths import equal_widths
from rnnchecks.engine.measured import MeasuredProblem
from rnnlib import GRU, LSTM, RNN, Linear, SequenceClassifier
from rnnlib.data import digits

FINDINGS = {
    "same-net-for-every-seed": (
        "Two of your nets are one: the same weights under two seeds. Does each run make its own net, with a "
        "generator from its own seed, and do you keep a net before the next run changes it?"
    ),
    "over-the-budget": (
        "A net of yours has more weights than the budget. Each cell has a width of its own: ask your equal_widths."
    ),
    "budget-not-used": (
        "A net of yours is narrower than the budget allows, and the comparison is not at equal weights. Which of "
        "the three widths does it have?"
    ),
    "not-finite": (
        "A net came back whose weights are not finite. Is the learning rate far too large, or the gradient not clipped?"
    ),
    "not-trained": (
        "No cell is much better than guessing. Does the optimiser hold the params of the net that you return, do x "
        "and y of a batch belong together, and are the sequences picked on the second axis of x?"
    ),
    "one-cell-left-behind": (
        "One cell learns well and another does not (the lines above say which). Have all been given the same care? "
        "What is a good learning rate for one cell may be a bad one for another."
    ),
    "not-enough-learned": (
        "All cells have learned something, and none enough. Are all steps taken, on batches drawn from all of the "
        "data? Try larger learning rates, up to 0.03."
    ),
}

problem = MeasuredProblem(
    "comparison.train_all",
    "11-comparison",
    task=6,
    findings=FINDINGS,
    seconds=60,
)

CELLS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
MOST_UNITS = 1024  # of a net that is read: ten times what any budget of the cases comes to


@problem.special("four images, to be known by heart")
def four_images_by_heart(rng):
    x, y = digits("row").train
    few = [int(np.argmax(y == k)) for k in range(4)]
    few = np.ascontiguousarray(x[:, few]), y[few]
    return (*few, 10, 1500, 100, (0, 1)), (*few, 100.0)


@problem.special("digits by row, judged on 201 others", practice=True)
def digits_by_row_judged_on_201_others(rng):
    images = digits("row")
    return (*images.train, 10, 3000, 400, (1, 2, 3)), (*images.validation, 85.0)


@problem.special(
    "digits with their pixels and classes in another order, judged on others",
    like="digits by row, judged on 201 others",
)
def digits_in_another_order(rng):
    parts = digits("row")
    x, y = (np.concatenate([part[i] for part in parts], axis=1 - i) for i in (0, 1))
    T, N, D = x.shape
    images = rng.permutation(N)
    pixels = x.swapaxes(0, 1).reshape(N, T * D)[images][:, rng.permutation(T * D)]
    x, y = np.ascontiguousarray(pixels.reshape(N, T, D).swapaxes(0, 1)), rng.permutation(10)[y[images]]
    learn, judged = ((np.ascontiguousarray(x[:, some]), y[some]) for some in (slice(1400), slice(1400, None)))
    return (*learn, 10, 2800, 400, (11, 12, 13)), (*judged, 85.0)


@problem.measurement
def measure(returned, exam, x, y, K, budget, steps, seeds):
    """Judge all nets, and say how each cell did."""
    nets = read(returned, x.shape[2], K, len(seeds))
    *judged, asked = exam
    with np.errstate(all="ignore"):
        right = {cell: [per_cent_right(cell, net, *judged) for net in nets[cell]] for cell in CELLS}
    for cell, scores in right.items():
        print(f"{cell:<5} {sizes(nets[cell][0]):5,} weights  {np.mean(scores):5.1f} % right; asked {asked:.0f}")
    return finding(nets, right, x.shape[2], K, budget, asked)


def read(returned, D, K, runs):
    """Read the nets: a dict from each cell to a list of dicts of arrays.

    Raises:
        ValueError: when something else came back.
    """
    if not isinstance(returned, dict) or set(returned) != set(CELLS):
        came = sorted(map(str, returned)) if isinstance(returned, dict) else type(returned).__name__
        raise ValueError(f"train_all: expected a dict with the keys 'RNN', 'LSTM' and 'GRU', got {came}.")
    nets = {}
    for cell in CELLS:
        if not isinstance(returned[cell], list | tuple) or len(returned[cell]) != runs:
            raise ValueError(f"train_all: {cell}: expected a list of {runs} nets, one for each seed.")
        nets[cell] = [read_net(cell, net, D, K) for net in returned[cell]]
    return nets


def read_net(cell, net, D, K):
    """Read one net: its parameters, under the names and in the shapes of a SequenceClassifier's."""
    if not isinstance(net, Mapping) or "rnn.W_hh" not in net:
        raise ValueError(f"train_all: {cell}: expected the params of a SequenceClassifier, a dict with 'rnn.W_hh'.")
    H = (*np.shape(net["rnn.W_hh"]), 0)[0]
    if not 0 < H <= MOST_UNITS:  # before a net of that size is made here
        raise ValueError(f"train_all: {cell}: expected a net of 1 to {MOST_UNITS} units, got {H}.")
    wanted = {name: p.shape for name, p in model(cell, D, H, K).params.items()}
    if {name: np.shape(p) for name, p in net.items()} != wanted:
        raise ValueError(f"train_all: {cell}: expected parameters {wanted} for {H} units of this cell.")
    return {name: np.array(net[name], np.float32) for name in wanted}


def model(cell, D, H, K):
    """Make a net without a history."""
    return SequenceClassifier(CELLS[cell](D, H), Linear(H, K))


def sizes(net):
    """Count the weights of a net."""
    return sum(p.size for p in net.values())


def per_cent_right(cell, net, x, y):
    """Let a net answer; one that is not finite has nothing right."""
    if not all(np.isfinite(p).all() for p in net.values()):
        return 0.0
    judged = model(cell, x.shape[2], net["rnn.W_hh"].shape[0], net["out.b"].size)
    for name, p in judged.params.items():
        p[...] = net[name]
    return 100 * float((judged.logits(x).argmax(axis=1) == y).mean())


def finding(nets, right, D, K, budget, asked):
    """Return the name of what is the matter, or "": the signs of the usual mistakes, the plainest first."""
    every = [net for cell in CELLS for net in nets[cell]]
    if not all(np.isfinite(p).all() for net in every for p in net.values()):
        return "not-finite"
    for cell in CELLS:
        if any(np.array_equal(nets[cell][0]["out.W"], net["out.W"]) for net in nets[cell][1:]):
            return "same-net-for-every-seed"
    widths = dict(zip(CELLS, equal_widths(D, K, budget), strict=True))
    units = {cell: net["rnn.W_hh"].shape[0] for cell in CELLS for net in nets[cell]}
    if any(units[cell] > widths[cell] for cell in CELLS):
        return "over-the-budget"
    if any(units[cell] < widths[cell] for cell in CELLS):
        return "budget-not-used"
    means = [float(np.mean(right[cell])) for cell in CELLS]
    if min(means) >= asked:
        return ""
    if max(means) < 40:
        return "not-trained"
    return "one-cell-left-behind" if max(means) >= asked else "not-enough-learned"
