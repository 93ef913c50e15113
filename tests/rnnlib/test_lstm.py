"""The LSTM against its own equations; test_recurrent.py has what it shares with the others."""

import math

import numpy as np
import pytest

from rnnlib.kernels.products import transposed
from rnnlib.kernels.workspace import Workspace
from rnnlib.lstm import LSTM

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits


def sigmoid(a):
    """As the papers write it; the library writes it otherwise."""
    return 1 / (1 + math.exp(-a))


def by_the_papers(p, x, h, c):
    """One row, number by number, each gate by its own equation (Gers, Schmidhuber & Cummins 2000; no peepholes)."""
    outputs = []
    for x_t in x:

        def into(gate, j, x_t=x_t, h=h):
            column = "ifgo".index(gate) * H + j
            z = p["b_h"][column]
            z += sum(x_t[d] * p["W_xh"][d, column] for d in range(D))
            return z + sum(h[k] * p["W_hh"][k, column] for k in range(H))

        c = [sigmoid(into("f", j)) * c[j] + sigmoid(into("i", j)) * math.tanh(into("g", j)) for j in range(H)]
        h = [sigmoid(into("o", j)) * math.tanh(c[j]) for j in range(H)]
        outputs.append(h)
    return outputs, h, c


def test_forward_is_the_papers_equations_number_by_number():
    rng = np.random.default_rng(0)
    layer = LSTM(D, H, rng=rng, dtype=np.float64)
    x, h_0, c_0 = (rng.standard_normal(shape) for shape in [(T, B, D), (B, H), (B, H)])
    h, (h_last, c_last) = layer.forward(x, (h_0, c_0))
    for b in range(B):
        outputs, last, cell = by_the_papers(layer.params, x[:, b], h_0[b], c_0[b])
        np.testing.assert_allclose(h[:, b], outputs, atol=1e-14)
        np.testing.assert_allclose(h_last[b], last, atol=1e-14)
        np.testing.assert_allclose(c_last[b], cell, atol=1e-14)


def test_forget_bias_starts_the_forget_gate_and_nothing_else():
    plain, biased = LSTM(D, H), LSTM(D, H, forget_bias=1)
    assert (biased.params["b_h"][H : 2 * H] == 1).all()
    biased.params["b_h"][H : 2 * H] = plain.params["b_h"][H : 2 * H]
    for name, p in plain.params.items():
        np.testing.assert_array_equal(biased.params[name], p)


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 40])
def test_a_transpose_made_in_bands_is_whole(rows):
    W = np.random.default_rng(0).standard_normal((rows, 3))
    np.testing.assert_array_equal(transposed(W, 2, Workspace(), "W.T"), W.T[None, None])
