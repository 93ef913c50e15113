"""The parts of chapter 4's experiments that compute a gradient or decide a verdict themselves."""

import numpy as np
import pytest
import torch

from experiments.e04_gradients import clipping, diagnosis, explosion, prediction, puzzle, saturation, starts
from experiments.e04_gradients._detours import Detour
from experiments.e04_gradients._nets import Fresh, norms_by_lag, step_back
from rnnlib.data import adding


@pytest.mark.parametrize(("leak", "skip"), [(1.0, 0), (0.3, 0), (1.0, 3), (0.5, 1)])
def test_a_detour_has_the_gradients_of_its_equations(leak, skip):
    rng = np.random.default_rng(0)
    layer = Detour(3, 5, leak, skip, rng=rng, dtype=np.float64)
    x, dh = rng.standard_normal((7, 4, 3)), rng.standard_normal((7, 4, 5))
    p = {name: torch.tensor(value, requires_grad=True) for name, value in layer.params.items()}
    inputs = torch.tensor(x, requires_grad=True)
    states = [torch.zeros(4, 5, dtype=torch.float64)]
    for t in range(7):
        z = inputs[t] @ p["W_xh"] + states[-1] @ p["W_hh"] + p["b_h"]
        if skip and t + 1 > skip:
            z = z + states[t + 1 - skip] @ p["W_sh"]
        states.append((1 - leak) * states[-1] + leak * torch.tanh(z))
    out = torch.stack(states[1:])
    (out * torch.tensor(dh)).sum().backward()
    h, last = layer.forward(x)
    dx, _ = layer.backward(dh)
    assert np.allclose(h, out.detach(), atol=1e-12) and np.allclose(last, h[-1])
    assert np.allclose(dx, inputs.grad, atol=1e-12)
    assert set(layer.grads) == set(p)
    for name, value in p.items():
        assert np.allclose(layer.grads[name], value.grad, atol=1e-12), name


def test_rows_go_back_by_the_product_of_jacobians():
    rng = np.random.default_rng(1)
    W, slopes, d = rng.standard_normal((5, 5)), rng.random((3, 5)), rng.standard_normal((2, 5))
    product = np.eye(5)
    for slope in slopes:
        product = np.diag(slope) @ W.T @ product
    assert np.allclose(norms_by_lag(d, slopes, W)[-1], np.linalg.norm(d @ product))
    assert np.allclose(step_back(d, slopes[0], W), d @ np.diag(slopes[0]) @ W.T)


def test_the_same_batches_come_again():
    first, second = (list(Fresh(adding, 2, 7, T=5, B=3)) for _ in range(2))
    assert all(
        np.array_equal(a, b) for one, two in zip(first, second, strict=True) for a, b in zip(one, two, strict=True)
    )
    assert not np.array_equal(first[0][0], first[1][0])


def test_weights_drawn_anew_obey_the_formula():
    factor = np.mean([prediction.survival("identity", 0.8, seed, anew=True)[-1] ** (1 / 63) for seed in range(3)])
    assert abs(factor / 0.8 - 1) < 0.02


def test_the_steepest_are_silenced_and_not_the_flattest():
    assert saturation.silenced(1, "steepest") < saturation.silenced(1, "any")


@pytest.mark.parametrize("way", ["forward", "back"])
def test_a_small_gain_grows_less(way):
    assert explosion.first_step(3, 0.8)[way] < explosion.first_step(3, 1.6)[way]


def rows(end, reach, flat, first=1.4, steps=100):
    """A run that ends at a loss, with a reach and a share of flat units at its first step."""
    run = np.full((steps, 4), first)
    run[-20:, 0], run[:, 2], run[:, 3] = end, reach, flat
    return run


@pytest.mark.parametrize(
    ("run", "verdict"),
    [
        (rows(0.1, 1, 0.1), "healthy"),
        (rows(1.4, 0, 1.0), "dead ReLU"),
        (rows(1.4, 1e5, 0.8), "saturated"),
        (rows(np.nan, 1e5, 0.5), "exploding"),
        (rows(1.4, 1e-6, 0.1), "vanishing"),
        (rows(9.0, 1, 0.1), "rate too high"),
    ],
)
def test_the_first_rule_decides(run, verdict):
    assert diagnosis.verdicts(run)[0] == verdict


def test_a_run_without_a_rule():
    assert diagnosis.verdicts(rows(1.4, 1, 0.1)) == []


def result_of_starts(relu, tanh, orders):
    """What `starts.run` gives, with the same curve of errors for all matrices of an activation."""
    cells = lambda value: {m: [value] for m in starts.MATRICES}  # noqa: E731
    reach = {"tanh": cells([1, 0.1]), "relu": cells([1, 1e-9])}
    return {"adding": {"relu": cells(relu), "tanh": cells(tanh)}, "order": orders, "reach": reach}


def test_the_claims_of_the_grid_can_fail():
    orders = {a: {"default": [0.3], "orthogonal": [0.3], "identity": [1.0]} for a in starts.ACTIVATIONS}
    claims = {claim.name.rpartition(".")[2]: claim.holds for claim in starts.CLAIMS}
    level = [0.17] * 30
    soon, late, never = [0.17, 0.01], [*level, 0.17, 0.01], level * 3
    good = result_of_starts(soon, late, orders)
    assert all(holds(good) for holds in claims.values())
    assert not claims["adding"](result_of_starts(late, late, orders))
    assert not claims["reach"](result_of_starts(late, soon, orders))
    assert not claims["adding"](result_of_starts(never, never, orders))
    assert not claims["later"](result_of_starts(soon, never, orders))
    assert not claims["later"](result_of_starts(soon, soon, orders))
    worse = {"tanh": orders["tanh"] | {"identity": [0.5]}, "relu": orders["relu"] | {"default": [0.9]}}
    assert not claims["order"](result_of_starts(soon, late, worse))
    assert not claims["order-tanh"](result_of_starts(soon, late, worse))


def test_a_net_that_has_not_learned_goes_on(monkeypatch):
    monkeypatch.setattr(starts, "ADDING_STEPS", 100)
    monkeypatch.setattr(starts, "ADDING_MOST", 200)
    assert len(starts.learn_adding("tanh", "default", 3)) == 4
    monkeypatch.setattr(starts, "HALF", 10.0)
    assert len(starts.learn_adding("tanh", "default", 3)) == 2


@pytest.mark.parametrize(("g", "s"), [(1.0, 0.5), (2.6, 0.5), (10.0, 0.5), (20.0, 0.5)])
def test_the_prediction_is_that_of_a_finer_grid(g, s, monkeypatch):
    found = prediction.predicted_factor(g, s)
    nodes = np.linspace(-10, 10, 20_001)
    weights = np.exp(-(nodes**2) / 2)
    monkeypatch.setattr(prediction, "NODES", nodes)
    monkeypatch.setattr(prediction, "WEIGHTS", weights / weights.sum())
    assert abs(found - prediction.predicted_factor(g, s)) < 1e-6


def test_one_step_alone_is_clipped():
    free, whole = clipping.train(2, np.inf, steps=6), clipping.train(2, 0.01, steps=6)
    one = clipping.train(2, 0.01, steps=6, only=3)
    assert np.array_equal(one[0][:4], free[0][:4]) and one[0][4] != free[0][4]
    assert not np.array_equal(whole[0][:4], free[0][:4])
    assert one[1][0] == free[1][0] and one[1][1] == free[1][1]


def test_a_loss_that_is_no_number_counts_as_large():
    assert clipping.end(np.full(100, np.nan)) > 9


def test_the_puzzle_measures_the_product(monkeypatch):
    monkeypatch.setattr(puzzle, "STEPS", 2)
    kept = puzzle.run([3])["fresh"][0]
    assert abs(kept["true"] / 3**-0.5 - 1) < 0.1 and kept["radius"] < 0.8
    assert kept["true"] <= kept["one"] and kept["loss_true"] <= kept["loss_one"]
    assert kept["true"] <= kept["worst_step"] < 1 and kept["longer"] == 0


def test_the_norms_of_rows_sent_back_are_of_every_step():
    rng = np.random.default_rng(4)
    W, slopes, d = rng.standard_normal((5, 5)), rng.random((3, 2, 5)), rng.standard_normal((2, 5))
    norms = puzzle.sent_back(d, slopes, W)
    last = (d * slopes[2]) @ W.T
    assert norms.shape == (4, 2) and np.allclose(norms[1], np.linalg.norm(last, axis=1))
