"""The GRU, both variants, against its own equations; test_recurrent.py has what it shares with the others."""

import math

import numpy as np
import pytest

from rnnlib.gru import GRU

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits


def sigmoid(a):
    """As the papers write it; the library writes it otherwise."""
    return 1 / (1 + math.exp(-a))


def by_the_papers(layer, x, h):
    """One row, number by number, each gate by its own equation."""
    p = layer.params
    for x_t in x:

        def from_x(gate, j, x_t=x_t):
            column = "rzn".index(gate) * H + j
            return p["b_h"][column] + sum(x_t[d] * p["W_xh"][d, column] for d in range(D))

        def from_h(gate, j, h=h):
            return sum(h[k] * p["W_hh"][k, "rzn".index(gate) * H + j] for k in range(H))

        r = [sigmoid(from_x("r", j) + from_h("r", j)) for j in range(H)]
        z = [sigmoid(from_x("z", j) + from_h("z", j)) for j in range(H)]
        if layer.reset_after:  # cuDNN
            n = [math.tanh(from_x("n", j) + r[j] * (from_h("n", j) + p["b_hn"][j])) for j in range(H)]
        else:  # Cho et al. 2014, equations 5 to 8, where the candidate reads the state that was reset
            reset = [r[k] * h[k] for k in range(H)]
            n = [math.tanh(from_x("n", j) + from_h("n", j, reset)) for j in range(H)]
        h = [z[j] * h[j] + (1 - z[j]) * n[j] for j in range(H)]
        yield h


@pytest.mark.parametrize("after", [True, False], ids=["reset after", "reset before"])
def test_forward_is_the_papers_equations_number_by_number(after):
    rng = np.random.default_rng(0)
    layer = GRU(D, H, reset_after=after, rng=rng, dtype=np.float64)
    x, h_0 = rng.standard_normal((T, B, D)), rng.standard_normal((B, H))
    h, state = layer.forward(x, h_0)
    for b in range(B):
        expected = list(by_the_papers(layer, x[:, b], h_0[b]))
        np.testing.assert_allclose(h[:, b], expected, atol=1e-14)
        np.testing.assert_allclose(state[b], expected[-1], atol=1e-14)


def test_the_bias_apart_is_there_only_where_it_matters():
    assert GRU(D, H).params.keys() - GRU(D, H, reset_after=False).params.keys() == {"b_hn"}
