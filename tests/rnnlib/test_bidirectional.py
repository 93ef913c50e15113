"""Both directions: each sequence is read from its own end, and every gradient is right."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib._tree import tree_map
from rnnlib.bidirectional import Bidirectional
from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN

T, B, D, H = 6, 4, 3, 5
LENGTHS = [4, 6, 1, 3]
CELLS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU, "GRU of 2014": partial(GRU, reset_after=False)}
any_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
any_merge = pytest.mark.parametrize("merge", ["concat", "sum"])
any_lengths = pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])


def make(cell=RNN, merge="concat", dtype=np.float64):
    rng = np.random.default_rng(1)
    return Bidirectional(cell(D, H, rng=rng, dtype=dtype), cell(D, H, rng=rng, dtype=dtype), merge=merge)


def random_state(cell, rng):
    """A pair of states for `cell`: arrays, or for an LSTM pairs of arrays."""
    a = rng.standard_normal((4, B, H))
    return ((a[0], a[1]), (a[2], a[3])) if cell is LSTM else (a[0], a[1])


@any_cell
@any_merge
@any_lengths
def test_it_is_two_layers_over_each_sequence_by_itself(cell, merge, lengths):
    rng = np.random.default_rng(0)
    layer, x, (forward, backward) = make(cell, merge), rng.standard_normal((T, B, D)), random_state(cell, rng)
    h, (last_f, last_b) = layer.forward(x, (forward, backward), lengths)
    for b in range(B):
        n = T if lengths is None else lengths[b]
        own = x[:n, b : b + 1]
        row = tree_map(lambda a, b=b: a[b : b + 1], (forward, backward))
        hf, end_f = layer.forward_layer.forward(own, row[0])
        hb, end_b = layer.backward_layer.forward(own[::-1].copy(), row[1])
        hb = hb[::-1]
        expected = np.concatenate((hf, hb), axis=-1) if merge == "concat" else hf + hb
        np.testing.assert_allclose(h[:n, b], expected[:, 0], atol=1e-14)
        assert not h[n:, b].any()
        tree_map(lambda a, e, b=b: np.testing.assert_allclose(a[b], e[0], atol=1e-14), (last_f, last_b), (end_f, end_b))


@any_cell
@any_merge
@any_lengths
def test_gradients(cell, merge, lengths):
    rng = np.random.default_rng(0)
    layer, x, state = make(cell, merge), rng.standard_normal((T, B, D)), random_state(cell, rng)
    weights = random_state(cell, rng)  # of the returned states in the loss
    h, _ = layer.forward(x, state, lengths)
    dh = rng.standard_normal(h.shape)
    dx, dstate = layer.backward(dh, weights)
    tensors, grads = {**layer.params, "x": x}, {**layer.grads, "x": dx}
    tensors |= {f"state {i}": a for i, a in enumerate(leaves(state))}
    grads |= {f"state {i}": a for i, a in enumerate(leaves(dstate))}

    def loss(t):
        twin = make(cell, merge, np.complex128)
        for name, p in twin.params.items():
            p[...] = t[name]
        flat = iter([t[f"state {i}"].astype(complex) for i in range(len(leaves(state)))])
        h, after = twin.forward(t["x"].astype(complex), tree_map(lambda _: next(flat), state), lengths)
        return (h * dh).sum() + sum((a * w).sum() for a, w in zip(leaves(after), leaves(weights), strict=True))

    report = gradcheck(loss, tensors, grads, "complex")
    assert report.ok, f"\n{report}"


def leaves(state):
    return [leaf for part in state for leaf in leaves(part)] if isinstance(state, tuple) else [state]


@any_cell
def test_padding_content_does_not_matter(cell):
    rng = np.random.default_rng(0)
    layer, x = make(cell), rng.standard_normal((T, B, D))
    dh = rng.standard_normal((T, B, 2 * H))
    dirty_x, dirty_dh = x.copy(), dh.copy()
    for b, n in enumerate(LENGTHS):
        dirty_x[n:, b], dirty_dh[n:, b] = 1e6, np.nan
    results = []
    for inputs, gradient in ((x, dh), (dirty_x, dirty_dh)):
        h, state = layer.forward(inputs, None, LENGTHS)
        dx, _ = layer.backward(gradient)
        results.append([h, *leaves(state), dx, layer.grads["forward.W_xh"], layer.grads["backward.W_hh"]])
    for clean, dirty in zip(*results, strict=True):
        np.testing.assert_array_equal(clean, dirty)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_the_order_of_the_batch_does_not_matter(data):
    T, B = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    lengths = np.array(data.draw(st.lists(st.integers(1, T), min_size=B, max_size=B)))
    order = data.draw(st.permutations(range(B)))
    x = np.random.default_rng(0).standard_normal((T, B, D))
    layer = make(GRU)
    h, (forward, backward) = layer.forward(x, None, lengths)
    permuted, (forward_p, backward_p) = layer.forward(x[:, order], None, lengths[order])
    np.testing.assert_allclose(permuted, h[:, order], atol=1e-14)
    np.testing.assert_allclose(forward_p, forward[order], atol=1e-14)
    np.testing.assert_allclose(backward_p, backward[order], atol=1e-14)


def test_params_are_the_layers_own():
    layer = make()
    assert layer.params["forward.W_xh"] is layer.forward_layer.params["W_xh"]
    assert layer.params["backward.b_h"] is layer.backward_layer.params["b_h"]
    assert len(layer.params) == 6


def test_refuses_and_says_why():
    one, layer = RNN(D, H, dtype=np.float64), make()
    with pytest.raises(ValueError, match="backward_layer: expected a layer of its own"):
        Bidirectional(one, one)
    with pytest.raises(ValueError, match="merge: expected one of 'concat', 'sum', got 'mean'"):
        Bidirectional(one, RNN(D, H), merge="mean")
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        layer.backward(np.zeros((T, B, 2 * H)))
    x = np.zeros((T, B, D))
    with pytest.raises(ValueError, match="state: expected a tuple of 2, one per layer or direction, got float64 array"):
        layer.forward(x, np.zeros((B, H)))
    with pytest.raises(ValueError, match="state: expected a tuple of 2, one per layer or direction, got 3 of them"):
        layer.forward(x, (None, None, None))
    with pytest.raises(ValueError, match="lengths: expected values from 1 to T = 6"):
        layer.forward(x, lengths=[1, 2, 3, 7])
    with pytest.raises(ValueError, match="merge: expected layers of one width to sum, got 5 and 4 units"):
        Bidirectional(one, RNN(D, H - 1, dtype=np.float64), merge="sum").forward(x)
    layer.forward(x)
    with pytest.raises(ValueError, match=r"dh: expected shape \(6, 4, 10\), got \(6, 4, 5\)"):
        layer.backward(np.zeros((T, B, H)))
    with pytest.raises(ValueError, match="dstate: expected a tuple of 2"):
        layer.backward(np.zeros((T, B, 2 * H)), np.zeros((B, H)))
