"""Training all nets of the comparison: the right run is good enough, and each wrong one is told what is the matter."""

import numpy as np
import pytest

from rnnchecks import find
from rnnchecks.e11_comparison.equal_widths import equal_widths
from rnnchecks.engine.run import run
from rnnlib import GRU, LSTM, RNN, Linear, SequenceClassifier
from rnnlib.optim import Adam, clip_by_norm

PROBLEM = find("comparison.train_all")
HEART, DIGITS = 0, 1  # the visible cases
RATES = {"RNN": 0.005, "LSTM": 0.02, "GRU": 0.02}


def train(
    x,
    y,
    K,
    budget,
    steps,
    seeds,
    *,
    rates=RATES,
    share=1.0,
    units=None,
    blind=False,
    keep=False,
    untold=False,
    first=None,
    spoil=False,
    fewer=1,
):
    """The solution's run, with switches for its faults."""
    T, N, D = x.shape
    nets, kept = {}, {}
    for (name, cell), H in zip({"RNN": RNN, "LSTM": LSTM, "GRU": GRU}.items(), equal_widths(D, K, budget), strict=True):
        H = units or int(share * H)
        nets[name] = []
        for seed in seeds:
            rng = np.random.default_rng(7 if blind else seed)
            if name not in kept or not keep:
                kept[name] = SequenceClassifier(cell(D, H, rng=rng), Linear(H, K, rng=rng))
            model = kept[name]
            other = SequenceClassifier(cell(D, H, rng=rng), Linear(H, K, rng=rng))
            optimizer = Adam((other if untold else model).params, rates[name])
            for _ in range(steps // fewer):
                rows = rng.integers(first or N, size=16)
                _, grads = model.loss_and_grads(np.ascontiguousarray(x[:, rows]), y[rows])
                clip_by_norm(grads, 1.0)
                optimizer.step(grads)
            if spoil:
                model.params["out.b"][0] = np.nan
            nets[name].append(model.params)
    return nets


def judged(case, **faults):
    """What the check finds in a run on one of the visible cases."""
    return PROBLEM.finding(lambda *a: train(*a, **faults), PROBLEM.cases("visible")[case])


def test_the_solution_is_good_enough():
    assert judged(HEART) == judged(DIGITS) == ""
    (hidden,) = PROBLEM.cases("hidden")
    assert PROBLEM.finding(train, hidden) == ""


@pytest.mark.parametrize(
    ("case", "faults", "name"),
    [
        (HEART, {"blind": True}, "same-net-for-every-seed"),
        (HEART, {"keep": True}, "same-net-for-every-seed"),
        (HEART, {"units": 30}, "over-the-budget"),
        (HEART, {"share": 0.5}, "budget-not-used"),
        (HEART, {"units": 12}, "budget-not-used"),
        (HEART, {"spoil": True}, "not-finite"),
        (DIGITS, {"untold": True, "fewer": 10}, "not-trained"),
        (DIGITS, {"rates": dict.fromkeys(RATES, 0.04)}, "one-cell-left-behind"),
        (DIGITS, {"rates": RATES | {"LSTM": 1e-3}}, "one-cell-left-behind"),
        (DIGITS, {"fewer": 6}, "not-enough-learned"),
        (DIGITS, {"first": 100}, "not-enough-learned"),
    ],
)
def test_a_wrong_run_is_told_what_is_the_matter(case, faults, name):
    assert judged(case, **faults) == name


@pytest.mark.parametrize("answer", [None, 0, 0.0, (1, 2, 3), {}, {"RNN": [], "LSTM": [], "GRU": []}])
def test_what_is_no_set_of_nets_is_an_error_and_not_a_pass(answer):
    verdict = run(PROBLEM, lambda *args: answer)
    assert verdict.kind == "error"
    assert "train_all: " in verdict.failures[0].message


def test_a_net_of_another_cell_is_an_error():
    verdict = run(PROBLEM, lambda *args: (nets := train(*args, fewer=50)) and nets | {"LSTM": nets["RNN"]})
    assert verdict.kind == "error"
    assert "LSTM: expected parameters" in verdict.failures[0].message
