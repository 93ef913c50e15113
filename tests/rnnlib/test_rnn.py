"""The recurrent layer against its own equation; test_recurrent.py has what it shares with the others."""

import numpy as np
import pytest

from rnnlib import RNN

B, D, H = 4, 3, 5  # all different, so that no swapped axis fits


def make(activation="tanh"):
    """A layer, and random values for the input at one step and the state before it."""
    rng = np.random.default_rng(0)
    layer = RNN(D, H, activation=activation, rng=rng, dtype=np.float64)
    return layer, rng.standard_normal((B, D)), rng.standard_normal((B, H))


def test_step_is_the_equation_number_by_number():
    layer, x_t, h_prev = make()
    p = layer.params
    got = layer.step(x_t, h_prev)
    for b in range(B):
        for j in range(H):
            z = p["b_h"][j]
            z += sum(x_t[b, d] * p["W_xh"][d, j] for d in range(D))
            z += sum(h_prev[b, i] * p["W_hh"][i, j] for i in range(H))
            assert got[b, j] == pytest.approx(np.tanh(z), abs=1e-14)


def test_relu_step_cuts_at_zero():
    layer, x_t, h_prev = make("relu")
    p = layer.params
    z = x_t @ p["W_xh"] + h_prev @ p["W_hh"] + p["b_h"]
    assert (z < 0).any() and (z > 0).any()
    np.testing.assert_allclose(layer.step(x_t, h_prev), np.where(z > 0, z, 0), atol=1e-14)


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="activation: expected one of 'tanh', 'relu', got 'sigmoid'"):
        RNN(D, H, activation="sigmoid")
