"""Layers on layers: the chain is right in both directions, with and without dropout."""

import numpy as np
import pytest

from rnnlib.bidirectional import Bidirectional
from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU
from rnnlib.layers import dropout_on
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN
from rnnlib.stack import Stack

T, B, D, H = 5, 3, 2, 4
LENGTHS = [3, 5, 1]


def make(dtype=np.float64, dropout=0.0):
    """Three kinds, both directions in the middle, no two widths equal."""
    options = {"rng": np.random.default_rng(1), "dtype": dtype}
    both = Bidirectional(GRU(H, 3, **options), GRU(H, 3, **options))
    layers = [LSTM(D, H, **options), both, RNN(6, 5, **options)]
    return Stack(layers, dropout=dropout, rng=np.random.default_rng(2))


def random_state(rng):
    normal = rng.standard_normal
    return (normal((B, H)), normal((B, H))), (normal((B, 3)), normal((B, 3))), normal((B, 5))


def leaves(state):
    return [leaf for part in state for leaf in leaves(part)] if isinstance(state, tuple) else [state]


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_each_layer_reads_the_one_below(lengths):
    rng = np.random.default_rng(0)
    stack, x, state = make(), rng.standard_normal((T, B, D)), random_state(rng)
    h, after = stack.forward(x, state, lengths)
    expected = x
    for layer, before, end in zip(make().layers, state, after, strict=True):
        expected, expected_end = layer.forward(expected, before, lengths)
        for a, e in zip(leaves(end), leaves(expected_end), strict=True):
            np.testing.assert_array_equal(a, e)
    np.testing.assert_array_equal(h, expected)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_gradients(lengths, dropout):
    rng = np.random.default_rng(0)
    stack, x, state, weights = (
        make(dropout=dropout),
        rng.standard_normal((T, B, D)),
        random_state(rng),
        random_state(rng),
    )
    with dropout_on():
        h, _ = stack.forward(x, state, lengths)
    dh = rng.standard_normal(h.shape)
    dx, dstate = stack.backward(dh, weights)
    tensors, grads = {**stack.params, "x": x}, {**stack.grads, "x": dx}
    tensors |= {f"state {i}": a for i, a in enumerate(leaves(state))}
    grads |= {f"state {i}": a for i, a in enumerate(leaves(dstate))}

    def loss(t):
        twin = make(np.complex128, dropout)
        for name, p in twin.params.items():
            p[...] = t[name]
        s = [t[f"state {i}"].astype(complex) for i in range(5)]
        with dropout_on():
            h, after = twin.forward(t["x"].astype(complex), ((s[0], s[1]), (s[2], s[3]), s[4]), lengths)
        return (h * dh).sum() + sum((a * w).sum() for a, w in zip(leaves(after), leaves(weights), strict=True))

    report = gradcheck(loss, tensors, grads, "complex")
    assert report.ok, f"\n{report}"


@pytest.mark.parametrize("cell", [RNN, LSTM, GRU])
def test_a_sequence_in_two_pieces_with_the_state_carried_over(cell):
    rng = np.random.default_rng(0)
    stack = Stack([cell(D, H, rng=rng, dtype=np.float64), cell(H, 3, rng=rng, dtype=np.float64)])
    x = rng.standard_normal((T, B, D))
    whole, end = stack.forward(x)
    first, state = stack.forward(x[:2].copy())
    second, state = stack.forward(x[2:].copy(), state)
    np.testing.assert_allclose(np.concatenate((first, second)), whole, atol=1e-14)
    for a, e in zip(leaves(state), leaves(end), strict=True):
        np.testing.assert_allclose(a, e, atol=1e-14)


def test_dropout_is_between_layers_only_and_only_when_switched_on():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((T, B, D))
    stack = make(dropout=0.5)
    calm, _ = make().forward(x)
    np.testing.assert_array_equal(stack.forward(x)[0], calm)
    with dropout_on():
        dropped, _ = stack.forward(x)
        again, _ = stack.forward(x)
        one, _ = Stack(make().layers[:1], dropout=0.5).forward(x)
    assert np.abs(dropped - calm).max() > 0.01 and np.abs(again - dropped).max() > 0.01
    assert (dropped != 0).all()  # the outputs themselves are whole
    np.testing.assert_array_equal(one, make().layers[0].forward(x)[0])  # the input too


def test_params_are_the_layers_own():
    stack = make()
    assert stack.params["0.W_xh"] is stack.layers[0].params["W_xh"]
    assert stack.params["1.backward.W_hh"] is stack.layers[1].backward_layer.params["W_hh"]


def test_refuses_and_says_why():
    one, stack = RNN(D, D), make()
    for layers in ([], [one, one]):
        with pytest.raises(ValueError, match="layers: expected one or more layers, and none of them twice"):
            Stack(layers)
    for dropout in (-0.1, 1, np.nan):
        with pytest.raises(ValueError, match="dropout: expected a number from 0 to below 1, got"):
            Stack([one, RNN(D, D)], dropout=dropout)
    with pytest.raises(ValueError, match="state: expected a tuple of 3, one per layer or direction, got 2 of them"):
        stack.forward(np.zeros((T, B, D)), (None, None))
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        stack.backward(np.zeros((T, B, 5)))
    with pytest.raises(ValueError, match=r"layers\[1\]: expected D = 3, the width of the outputs of layers\[0\], got"):
        Stack([RNN(D, 3), RNN(4, 5)])
    with pytest.raises(ValueError, match="layers: expected a list of layers, got RNN"):
        Stack(one)
