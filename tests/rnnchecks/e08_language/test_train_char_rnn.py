"""Training a character model: the right run reaches the loss, and each wrong one is told what is the matter with it."""

import numpy as np
import pytest

from rnnchecks import find
from rnnchecks.e08_language.loss_and_grads import loss_and_grads
from rnnchecks.e08_language.text_batches import text_batches
from rnnchecks.engine.run import run
from rnnlib.optim import Adam, clip_by_norm

PROBLEM = find("language.train_char_rnn")
HEART, BOOK = 0, 1  # the visible cases


def train(
    ids,
    V,
    steps,
    seed,
    *,
    scale=1.0,
    lr=0.01,
    sign=1,
    copy=False,
    columns=False,
    stay=False,
    forget=False,
    frozen=(),
    fewer=1,
):
    """The solution's run, with switches for its faults."""
    H, T, B = 80, 25, 16
    rng = np.random.default_rng(seed)
    shapes = {"W_xh": (V, H), "W_hh": (H, H), "b_h": (H,), "W_hy": (H, V), "b_y": (V,)}
    params = {name: scale * rng.uniform(-1, 1, shape) / np.sqrt(H) for name, shape in shapes.items()}
    optimizer = Adam(params, lr)
    x, y = text_batches(ids, T, B)
    if columns:
        x, y = (ids[i : i + x.size].reshape(x.shape) for i in (0, 1))
    for step in range(steps // fewer):
        k = 0 if stay else step % len(x)
        if k == 0 or forget:
            h = np.zeros((B, H))
        _, *grads, h = loss_and_grads(x[k], x[k] if copy else y[k], h, *params.values())
        grads = {name: sign * g * (name not in frozen) for name, g in zip(params, grads, strict=True)}
        clip_by_norm(grads, 1.0)
        optimizer.lr = lr * min(1, 2.5 * (1 - step / steps))
        optimizer.step(grads)
    return tuple(params.values())


def judged(case, **faults):
    """What the check finds in a run on one of the visible cases."""
    return PROBLEM.finding(lambda *a: train(*a, **faults), PROBLEM.cases("visible")[case])


def test_the_solution_reaches_the_loss():
    assert judged(HEART) == judged(BOOK) == ""


@pytest.mark.parametrize(
    ("case", "faults", "name"),
    [
        (HEART, {"fewer": 10**6}, "not-trained"),
        (BOOK, {"sign": -1, "fewer": 5}, "diverged"),
        (BOOK, {"copy": True, "fewer": 5}, "repeats-what-it-reads"),
        (BOOK, {"scale": 0.0, "fewer": 3}, "knows-frequencies-only"),
        (BOOK, {"columns": True, "fewer": 2}, "no-memory"),
        (BOOK, {"frozen": ("W_hh",), "scale": 0.1, "fewer": 2}, "no-memory"),
        (BOOK, {"stay": True, "fewer": 3}, "one-piece-by-heart"),
        (BOOK, {"fewer": 5}, "not-low-enough"),
        (BOOK, {"lr": 1e-4, "fewer": 2}, "knows-frequencies-only"),
    ],
)
def test_a_wrong_run_is_told_what_is_the_matter(case, faults, name):
    assert judged(case, **faults) == name


def test_who_learns_one_line_and_not_a_book_is_told_what_is_the_matter_with_the_book():
    line = PROBLEM.cases("visible")[HEART].args[1]
    verdict = run(PROBLEM, lambda ids, V, *rest: train(ids, V, *rest, fewer=1 if V == line else 15))
    assert [failure.case for failure in verdict.failures] == [PROBLEM.cases("visible")[BOOK].label]
    assert verdict.misconceptions == ("not-low-enough",)


def test_what_is_no_net_is_an_error_and_not_a_pass():
    for answer in (None, 0, 0.0, (1, 2, 3, 4, 5), np.zeros(5)):
        verdict = run(PROBLEM, lambda *args, answer=answer: answer)
        assert verdict.kind == "error", answer
        assert "W_xh" in verdict.failures[0].message
