"""The affine layer."""

import numpy as np
import pytest

from rnnlib import Linear
from rnnlib.gradcheck import gradcheck

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
    layer.forward(np.zeros((2, D), np.float32))
    with pytest.raises(ValueError, match=r"dy: expected shape \(2, 5\), got \(5,\)"):
        layer.backward(np.zeros(K, np.float32))
    with pytest.raises(ValueError, match="D: expected a number greater than 0, got 0"):
        Linear(0, K)
    with pytest.raises(ValueError, match="K: expected a number greater than 0, got 0"):
        Linear(D, 0)
