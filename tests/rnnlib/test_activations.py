"""Activations and their derivatives."""

import numpy as np
import pytest

from rnnlib.activations import drelu, dsigmoid, dtanh, relu, sigmoid, softmax, tanh
from rnnlib.gradcheck import central_difference

Z = np.array([-4.0, -1.0, -0.3, 0.2, 1.5, 5.0])


@pytest.mark.parametrize("f, df", [(tanh, dtanh), (sigmoid, dsigmoid), (relu, drelu)])
def test_derivative_from_the_output(f, df):
    numeric = central_difference(lambda z: f(z).sum(), Z)
    np.testing.assert_allclose(df(f(Z)), numeric, atol=1e-9)


@pytest.mark.parametrize("f", [tanh, relu, dtanh, drelu])
def test_out_takes_the_result_and_the_argument_stays(f):
    z, out = Z.astype(np.float32), np.empty(6, np.float32)
    assert f(z, out=out) is out
    np.testing.assert_array_equal(out, f(z))
    assert f(z).dtype == np.float32
    np.testing.assert_array_equal(z, Z.astype(np.float32))


def test_values():
    np.testing.assert_allclose(tanh(Z), (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)), rtol=1e-14)
    np.testing.assert_allclose(sigmoid(Z), 1 / (1 + np.exp(-Z)), rtol=1e-14)
    np.testing.assert_array_equal(relu(Z), [0, 0, 0, 0.2, 1.5, 5])
    np.testing.assert_array_equal(drelu(np.array([0.0, 0.1])), [0, 1])
    assert dtanh(0.5) == 0.75  # a plain number will do


@pytest.mark.filterwarnings("error")
def test_softmax():
    z = np.array([[1.0, 2.0, 3.0], [1000.0, 1000.0, -1000.0]])
    expected = [np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum(), [0.5, 0.5, 0]]
    np.testing.assert_allclose(softmax(z), expected, rtol=1e-14)
