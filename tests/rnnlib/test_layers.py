"""The layers without memory."""

import numpy as np
import pytest

from rnnlib import Linear
from rnnlib.gradcheck import gradcheck
from rnnlib.layers import Dropout, Embedding, OneHot, dropout_on, one_hot

D, K = 3, 5


@pytest.mark.parametrize("shape", [(D,), (4, D), (6, 4, D)], ids=["vector", "rows", "sequence"])
def test_linear_and_its_gradients(shape):
    rng = np.random.default_rng(0)
    layer = Linear(D, K, rng=rng, dtype=np.float64)
    x, dy = rng.standard_normal(shape), rng.standard_normal((*shape[:-1], K))
    np.testing.assert_allclose(
        layer.forward(x), np.einsum("...d,dk->...k", x, layer.params["W"]) + layer.params["b"], atol=1e-14
    )
    dx = layer.backward(dy)

    def loss(t):
        dtype = np.result_type(*t.values())
        twin = Linear(D, K, dtype=dtype)
        twin.params = {name: t[name].astype(dtype) for name in ("W", "b")}
        return (twin.forward(t["x"].astype(dtype)) * dy).sum()

    report = gradcheck(loss, {**layer.params, "x": x}, {**layer.grads, "x": dx}, "complex")
    assert report.ok, f"\n{report}"


def test_weights_start_as_promised():
    layer = Linear(64, 100)
    assert {name: (p.shape, p.dtype.name) for name, p in layer.params.items()} == {
        "W": ((64, 100), "float32"),
        "b": ((100,), "float32"),
    }
    for name, p in layer.params.items():
        assert 0.115 < np.abs(p).max() <= 1 / 8, name
    np.testing.assert_array_equal(Linear(64, 100).params["W"], layer.params["W"])


def test_refuses_and_says_why():
    layer = Linear(D, K)
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        layer.backward(np.zeros((2, K), np.float32))
    with pytest.raises(ValueError, match=r"x: expected shape \(n0, 3\), got \(2, 4\)"):
        layer.forward(np.zeros((2, 4), np.float32))
    with pytest.raises(ValueError, match="x: expected dtype float32 .* got float64"):
        layer.forward(np.zeros((2, D)))
    with pytest.raises(ValueError, match="x: expected at least one element on every axis"):
        layer.forward(np.zeros((0, D), np.float32))
    with pytest.raises(ValueError, match="x: expected a NumPy array, got list"):
        layer.forward([[0.0] * D])
    layer.forward(np.zeros((2, D), np.float32))
    with pytest.raises(ValueError, match=r"dy: expected shape \(2, 5\), got \(5,\)"):
        layer.backward(np.zeros(K, np.float32))
    with pytest.raises(ValueError, match="D: expected a whole number of at least 1, got 0"):
        Linear(0, K)
    with pytest.raises(ValueError, match="K: expected a whole number of at least 1, got 0"):
        Linear(D, 0)


V, E = 7, 4
IDS = np.random.default_rng(0).integers(V - 1, size=(6, 3))  # the last symbol never comes


def test_embedding_looks_up_and_its_gradient_gathers():
    layer = Embedding(V, E, rng=np.random.default_rng(0), dtype=np.float64)
    W = layer.params["W"]
    np.testing.assert_allclose(layer.forward(IDS), one_hot(IDS, V, np.float64) @ W, atol=1e-15)
    dx = np.random.default_rng(1).standard_normal((6, 3, E))
    assert layer.backward(dx) is None
    expected = np.zeros((V, E))
    for t in range(6):
        for b in range(3):
            expected[IDS[t, b]] += dx[t, b]
    np.testing.assert_allclose(layer.grads["W"], expected, atol=1e-14)
    assert not layer.grads["W"][-1].any()


@pytest.mark.parametrize("padding", [0, 3])
def test_the_padding_is_a_zero_vector_and_learns_nothing(padding):
    layer, plain = (Embedding(V, E, padding=p, rng=np.random.default_rng(0), dtype=np.float64) for p in (padding, None))
    others = np.arange(V) != padding
    assert not layer.params["W"][padding].any()
    np.testing.assert_array_equal(layer.params["W"][others], plain.params["W"][others])
    ids, dx = np.append(IDS.ravel(), padding), np.random.default_rng(1).standard_normal((IDS.size + 1, E))
    for one in (layer, plain):
        one.forward(ids)
        one.backward(dx)
    assert not layer.grads["W"][padding].any() and plain.grads["W"][padding].any()
    np.testing.assert_array_equal(layer.grads["W"][others], plain.grads["W"][others])


def test_embedding_starts_normal_in_the_wanted_dtype_and_gives_copies():
    W = Embedding(500, 40).params["W"]
    assert W.dtype == np.float32 and abs(W.mean()) < 0.03 and abs(W.std() - 1) < 0.03
    layer = Embedding(V, E)
    x = layer.forward(IDS)
    x[:] = 9
    assert (layer.params["W"] != 9).all()
    layer.backward(np.ones_like(x))
    assert layer.grads["W"].dtype == np.float32


def test_one_hot_as_a_layer():
    layer = OneHot(V, dtype=np.float64)
    np.testing.assert_array_equal(layer.forward(IDS), one_hot(IDS, V))
    assert layer.forward(IDS).dtype == np.float64
    assert layer.backward(np.ones((6, 3, V))) is None and layer.params == layer.grads == {}


def test_dropout_drops_a_share_and_keeps_the_mean():
    layer, x = Dropout(0.3, rng=np.random.default_rng(0)), np.random.default_rng(1).uniform(1, 2, (200, 100))
    with dropout_on():
        y = layer.forward(x)
    kept = y != 0
    assert abs(kept.mean() - 0.7) < 0.02  # six standard deviations of 20,000 draws
    np.testing.assert_allclose(y[kept], x[kept] / 0.7, rtol=1e-14)
    assert abs(y.mean() - x.mean()) < 0.04
    dy = np.random.default_rng(2).standard_normal(x.shape)
    np.testing.assert_allclose(layer.backward(dy), np.where(kept, dy / 0.7, 0), atol=1e-15)


def test_dropout_is_off_unless_switched_on():
    layer, x = Dropout(0.5), np.ones((3, 4), np.float32)
    with dropout_on():
        assert layer.forward(x).dtype == np.float32
        first, second = layer.forward(x), layer.forward(x)
        assert (first != second).any()
        with dropout_on():
            pass
        assert (layer.forward(x) == 0).any()  # leaving the inner block does not end the outer one
    assert layer.forward(x) is x
    np.testing.assert_array_equal(layer.backward(x), x)  # and what was dropped before is forgotten
    with pytest.raises(KeyError), dropout_on():
        raise KeyError
    assert layer.forward(x) is x


def test_dropout_is_fixed_by_its_generator():
    x = np.ones((3, 40))
    with dropout_on():
        one, again, other = (Dropout(0.5, rng=np.random.default_rng(seed)).forward(x) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_the_layers_of_symbols_refuse_and_say_why():
    layer = Embedding(V, E)
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        layer.backward(np.zeros((2, E), np.float32))
    with pytest.raises(ValueError, match="ids: expected ids from 0 to 6, got 7"):
        layer.forward(np.array([1, 7]))
    with pytest.raises(ValueError, match="ids: expected a non-empty array of integers"):
        layer.forward(np.zeros(3))
    layer.forward(IDS)
    with pytest.raises(ValueError, match=r"dx: expected shape \(6, 3, 4\), got \(6, 3, 5\)"):
        layer.backward(np.zeros((6, 3, 5), np.float32))
    with pytest.raises(ValueError, match="padding: expected ids from 0 to 6, got -1"):
        Embedding(V, E, padding=-1)
    for name, sizes in {"V": (0, E), "E": (V, 0)}.items():
        with pytest.raises(ValueError, match=f"{name}: expected a whole number of at least 1, got 0"):
            Embedding(*sizes)
    with pytest.raises(ValueError, match="V: expected a whole number of at least 1, got 0"):
        OneHot(0)
    for p in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match="p: expected a number from 0 to below 1, got"):
            Dropout(p)
