"""The judge itself: it must pass what is right, and find what is wrong where it is."""

import numpy as np
import pytest

from rnnlib.activations import softmax
from rnnlib.gradcheck import central_difference, complex_step, gradcheck

rng = np.random.default_rng(0)
TENSORS = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(4)}
both = pytest.mark.parametrize("method", ["central", "complex"])


def loss(t):
    return (np.sin(t["W"]) * np.exp(t["b"])).sum()


def right():
    return {
        "W": np.cos(TENSORS["W"]) * np.exp(TENSORS["b"]),
        "b": np.sin(TENSORS["W"]).sum(axis=0) * np.exp(TENSORS["b"]),
    }


@both
def test_right_gradients_pass_and_the_tensors_stay(method):
    before = {name: t.copy() for name, t in TENSORS.items()}
    report = gradcheck(loss, TENSORS, right(), method)
    assert report.ok and bool(report) and [t.name for t in report.tensors] == ["W", "b"]
    for name in TENSORS:
        np.testing.assert_array_equal(TENSORS[name], before[name])


@both
def test_an_error_is_found_in_its_tensor_at_its_index(method):
    grads = right()
    grads["W"][2, 1] += 1e-3
    report = gradcheck(loss, TENSORS, grads, method)
    W, b = report.tensors
    assert not report and not report.ok and b.ok
    assert (W.ok, W.worst, W.shape) == (False, (2, 1), (3, 4))
    assert W.max_difference == pytest.approx(1e-3, rel=1e-4)
    assert W.relative == pytest.approx(1e-3 / np.abs(right()["W"]).max(), rel=1e-4)
    lines = str(report).splitlines()
    assert "wrong, most at (2, 1)" in lines[1] and lines[2].endswith("ok")


def test_the_complex_step_sees_what_differences_cannot():
    grads = right()
    grads["b"] *= 1 + 1e-9
    assert gradcheck(loss, TENSORS, grads, "central").ok
    assert not gradcheck(loss, TENSORS, grads, "complex").ok
    assert gradcheck(loss, TENSORS, grads, "complex", tolerance=1e-8).ok


@both
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_not_ok(method, bad):
    grads = right()
    grads["W"][1, 3] = bad
    report = gradcheck(loss, TENSORS, grads, method)
    assert not report.ok and report.tensors[0].worst == (1, 3)
    assert not gradcheck(lambda t: loss(t) * np.nan, TENSORS, right(), method).ok


@both
def test_rounding_in_a_gradient_of_zero_is_no_error(method):
    # A number added to all logits changes no probability: its gradient is zero, the differences hold only rounding.
    def shifted(t):
        return -np.log(softmax(np.array([0.3, -1.1, 2.0]) + t["shift"])[0])

    assert gradcheck(shifted, {"shift": np.array([0.7])}, {"shift": np.array([0.0])}, method).ok
    assert not gradcheck(shifted, {"shift": np.array([0.7])}, {"shift": np.array([1e-6])}, method).ok


@pytest.mark.parametrize("numeric", [central_difference, complex_step])
def test_the_numeric_gradient_of_a_known_function(numeric):
    x = rng.standard_normal((2, 3))
    np.testing.assert_allclose(numeric(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-8)


def test_refuses_and_says_why():
    with pytest.raises(ValueError, match=r"grads: expected names among \['W', 'b'\], got 'V'"):
        gradcheck(loss, TENSORS, {"V": np.zeros(3)})
    with pytest.raises(ValueError, match=r"grads\['W'\]: expected shape \(3, 4\), got \(4,\)"):
        gradcheck(loss, TENSORS, {"W": np.zeros(4)})
    with pytest.raises(ValueError, match=r"tensors\['b'\]: expected dtype float64"):
        gradcheck(loss, TENSORS | {"b": np.zeros(4, np.float32)}, {"b": np.zeros(4)})
    with pytest.raises(ValueError, match="method: expected one of 'central', 'complex', got 'forward'"):
        gradcheck(loss, TENSORS, right(), "forward")
    with pytest.raises(ValueError, match="grads: expected at least one gradient, got none. Call backward"):
        gradcheck(loss, TENSORS, {})
