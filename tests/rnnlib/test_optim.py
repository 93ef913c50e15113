"""Optimisers and clipping, against their definitions; see test_torch_parity.py for torch's."""

import math
from functools import partial

import numpy as np
import pytest

from rnnlib.optim import SGD, Adam, RMSProp, clip_by_norm, clip_by_value

ALL = pytest.mark.parametrize(
    "make", [SGD, partial(SGD, momentum=0.9), RMSProp, Adam], ids=["SGD", "momentum", "RMSProp", "Adam"]
)
SHAPES = {"W": (3, 4), "b": (4,)}


def arrays(seed, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


def test_sgd_walks_against_the_gradient():
    params, grads = arrays(0), arrays(1)
    expected = {name: params[name] - 0.1 * grads[name] for name in params}
    SGD(params, lr=0.1).step(grads)
    for name in params:
        np.testing.assert_allclose(params[name], expected[name], rtol=1e-15)


def test_momentum_adds_up_what_agrees():
    params = arrays(0)
    expected = {name: p.copy() for name, p in params.items()}
    v = dict.fromkeys(params, 0)
    optimizer = SGD(params, lr=0.1, momentum=0.8)
    for t in range(1, 6):
        g = arrays(t)
        optimizer.step(g)
        for name in g:
            v[name] = 0.8 * v[name] + g[name]
            expected[name] -= 0.1 * v[name]
            np.testing.assert_allclose(params[name], expected[name], rtol=1e-12)


def test_momentum_reaches_the_gradient_over_one_minus_momentum():
    params = {"w": np.zeros(1)}
    optimizer = SGD(params, lr=1.0, momentum=0.9)
    for _ in range(300):
        before = params["w"].copy()
        optimizer.step({"w": np.array([2.0])})
    assert before - params["w"] == pytest.approx(20)


def test_rmsprop_divides_by_the_root_of_the_mean_square():
    lr, decay, eps = 0.02, 0.8, 1e-3
    params = arrays(0)
    expected = {name: p.copy() for name, p in params.items()}
    v = dict.fromkeys(params, 0)
    optimizer = RMSProp(params, lr, decay=decay, eps=eps)
    for t in range(1, 6):
        g = arrays(t)
        optimizer.step(g)
        for name in g:
            v[name] = decay * v[name] + (1 - decay) * g[name] ** 2
            expected[name] -= lr * g[name] / (np.sqrt(v[name]) + eps)
            np.testing.assert_allclose(params[name], expected[name], rtol=1e-12)


def test_adam_is_the_algorithm_of_the_paper():
    lr, beta1, beta2, eps = 0.02, 0.8, 0.95, 1e-3
    params = arrays(0)
    expected = {name: p.copy() for name, p in params.items()}
    m = v = dict.fromkeys(params, 0)
    optimizer = Adam(params, lr, beta1=beta1, beta2=beta2, eps=eps)
    for t in range(1, 11):
        g = arrays(t)
        optimizer.step(g)
        m = {name: beta1 * m[name] + (1 - beta1) * g[name] for name in g}
        v = {name: beta2 * v[name] + (1 - beta2) * g[name] ** 2 for name in g}
        for name in g:
            m_hat, v_hat = m[name] / (1 - beta1**t), v[name] / (1 - beta2**t)
            expected[name] -= lr * m_hat / (np.sqrt(v_hat) + eps)
            np.testing.assert_allclose(params[name], expected[name], rtol=1e-12, err_msg=f"{name} at step {t}")


@ALL
def test_steps_change_the_models_own_arrays_keep_float32_and_leave_the_gradients(make):
    params, grads = arrays(0, np.float32), arrays(1, np.float32)
    own = dict(params)
    before, given = {n: p.copy() for n, p in params.items()}, {n: g.copy() for n, g in grads.items()}
    make(params, lr=0.1).step(grads)
    for name in params:
        assert params[name] is own[name] and params[name].dtype == np.float32
        assert not np.array_equal(params[name], before[name])
        np.testing.assert_array_equal(grads[name], given[name])


@ALL
def test_the_learning_rate_may_change_between_steps(make):
    params = arrays(0)
    optimizer = make(params, lr=0.1)
    optimizer.lr = 1e-9
    before = params["W"].copy()
    optimizer.step(arrays(1))
    assert 0 < np.abs(params["W"] - before).max() < 1e-7


def test_clipping_scales_all_arrays_by_one_factor():
    grads = arrays(0)
    before = {name: g.copy() for name, g in grads.items()}
    norm = math.sqrt(sum((g**2).sum() for g in grads.values()))
    assert clip_by_norm(grads, norm / 2) == pytest.approx(norm, rel=1e-14)
    for name in grads:
        np.testing.assert_allclose(grads[name], before[name] / 2, rtol=1e-14)


def test_clipping_leaves_a_small_gradient_alone():
    grads, before = arrays(0), arrays(0)
    norm = clip_by_norm(grads, 1e6)
    assert 1 < norm < 1e6
    for name in grads:
        np.testing.assert_array_equal(grads[name], before[name])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_clipping_reports_what_is_not_finite_and_changes_nothing(bad):
    grads = {"a": np.array([3.0, bad]), "b": np.array([4.0])}
    assert not math.isfinite(clip_by_norm(grads, 1.0))
    np.testing.assert_array_equal(grads["a"], [3.0, bad])
    np.testing.assert_array_equal(grads["b"], [4.0])


def test_clipping_saves_a_gradient_whose_square_overflows():
    grads = {"W": np.full(4, 1e25, np.float32)}
    assert clip_by_norm(grads, 1.0) == pytest.approx(2e25)
    np.testing.assert_allclose(grads["W"], 0.5, rtol=1e-6)


@ALL
def test_refuses_and_says_why(make):
    for lr in (0, -0.1, math.nan):
        with pytest.raises(ValueError, match="lr: expected a number greater than 0, got"):
            make(arrays(0), lr=lr)
    optimizer = make(arrays(0), lr=0.1)
    with pytest.raises(ValueError, match=r"grads: .* missing \['b'\], unknown \['c'\]"):
        optimizer.step({"W": np.zeros((3, 4)), "c": np.zeros(4)})
    with pytest.raises(ValueError, match="grads: .* missing \\['W', 'b'\\], unknown none"):
        optimizer.step({})
    with pytest.raises(ValueError, match=r"grads\['W'\]: expected shape \(3, 4\), got \(4,\)"):
        optimizer.step({"W": np.zeros(4), "b": np.zeros(4)})


def test_clip_refuses_a_threshold_that_would_stop_learning():
    with pytest.raises(ValueError, match="max_norm: expected a number greater than 0, got 0"):
        clip_by_norm(arrays(0), 0)


def test_clipping_by_value_moves_each_number_by_itself():
    grads = {"a": np.array([[3.0, -0.5], [-2.0, 1.0]]), "b": np.array([0.1, -1.5])}
    own = dict(grads)
    assert clip_by_value(grads, 1.0) == 3
    np.testing.assert_array_equal(grads["a"], [[1, -0.5], [-1, 1]])
    np.testing.assert_array_equal(grads["b"], [0.1, -1])
    assert all(grads[name] is own[name] for name in own)
    with pytest.raises(ValueError, match="limit: expected a number greater than 0, got 0"):
        clip_by_value(grads, 0)


@pytest.mark.parametrize(
    "make, name",
    [
        (partial(SGD, lr=1), "momentum"),
        (RMSProp, "decay"),
        (Adam, "beta1"),
        (Adam, "beta2"),
        (RMSProp, "eps"),
        (Adam, "eps"),
    ],
)
def test_constants_out_of_range_are_refused(make, name):
    for bad in (-0.1, math.nan) if name == "eps" else (-0.1, 1, math.nan):
        with pytest.raises(ValueError, match=f"{name}: expected a number .*, got {bad}"):
            make(arrays(0), **{name: bad})
