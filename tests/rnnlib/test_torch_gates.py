"""LSTM and GRU beside torch, in float64: outputs, states, every gradient; different lengths as packed sequences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.gru import GRU
from rnnlib.lstm import LSTM

torch.set_num_threads(1)
EXACT = 1e-12
LAYERS = pytest.mark.parametrize("kind", [LSTM, GRU])


def torch_twin(layer):
    """`torch.nn.LSTM` or `torch.nn.GRU` with the weights of `layer`; b_hn goes where torch keeps it."""
    p = {name: torch.from_numpy(value) for name, value in layer.params.items()}
    D, H = p["W_xh"].shape[0], p["W_hh"].shape[0]
    twin = getattr(torch.nn, type(layer).__name__)(D, H, dtype=p["b_h"].dtype)
    with torch.no_grad():
        twin.weight_ih_l0.copy_(p["W_xh"].T)
        twin.weight_hh_l0.copy_(p["W_hh"].T)
        twin.bias_ih_l0.copy_(p["b_h"])
        twin.bias_hh_l0.zero_()
        if "b_hn" in p:
            twin.bias_hh_l0[2 * H :] = p["b_hn"]
    return twin


def parts(state):
    """The arrays of a state: h, or h and c."""
    return state if isinstance(state, tuple) else (state,)


def by_rnnlib(layer, a, lengths):
    pack = tuple if isinstance(layer, LSTM) else lambda arrays: arrays[0]
    h, state = layer.forward(a["x"], pack(a["state"]), lengths)
    dx, dstate = layer.backward(a["dh"], pack(a["dstate"]))
    states = {f"state {k}": part for k, part in enumerate(parts(state))}
    dstates = {f"dstate {k}": part for k, part in enumerate(parts(dstate))}
    return {"h": h, "dx": dx, **states, **dstates, **layer.grads}


def by_torch(layer, a, lengths):
    """The same results from torch."""
    twin = torch_twin(layer)
    x = torch.from_numpy(a["x"]).requires_grad_()
    state = [torch.from_numpy(part)[None].requires_grad_() for part in a["state"]]
    sequence = x
    if lengths is not None:
        sequence = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    h, last = twin(sequence, tuple(state) if isinstance(layer, LSTM) else state[0])
    if lengths is not None:
        h, _ = torch.nn.utils.rnn.pad_packed_sequence(h, total_length=len(x))
    dstate = [torch.from_numpy(part)[None] for part in a["dstate"]]
    torch.autograd.backward([h, *parts(last)], [torch.from_numpy(a["dh"]), *dstate])
    results = {
        "h": h.detach(),
        "dx": x.grad,
        "W_xh": twin.weight_ih_l0.grad.T,
        "W_hh": twin.weight_hh_l0.grad.T,
        "b_h": twin.bias_ih_l0.grad,
    }
    if isinstance(layer, GRU):
        results["b_hn"] = twin.bias_hh_l0.grad[2 * layer.params["W_hh"].shape[0] :]
    for k, (start, end) in enumerate(zip(state, parts(last), strict=True)):
        results |= {f"state {k}": end.detach()[0], f"dstate {k}": start.grad[0]}
    return {name: value.numpy() for name, value in results.items()}


def assert_parity(kind, T, B, D, H, lengths=None, dtype=np.float64, tolerance=EXACT, seed=0):
    rng = np.random.default_rng(seed)
    layer = kind(D, H, rng=rng, dtype=dtype)
    shapes = {"x": (T, B, D), "dh": (T, B, H)}
    a = {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}
    n = 2 if kind is LSTM else 1
    a |= {name: list(rng.standard_normal((n, B, H)).astype(dtype)) for name in ("state", "dstate")}
    got, expected = by_rnnlib(layer, a, lengths), by_torch(layer, a, lengths)
    assert got.keys() == expected.keys()
    for name in expected:
        assert got[name].shape == expected[name].shape and got[name].dtype == dtype, name
        # Relative to the largest number of the tensor: sums in another order differ by rounding of the large ones.
        scale = max(1.0, np.abs(expected[name]).max())
        assert np.abs(got[name] - expected[name]).max() <= tolerance * scale, name


@LAYERS
@pytest.mark.parametrize("lengths", [None, [2, 9, 5, 1, 9, 7]], ids=["full", "packed"])
def test_parity_in_float64(kind, lengths):
    assert_parity(kind, 9, 6, 4, 7, lengths)


@LAYERS
@pytest.mark.parametrize("lengths", [None, [2, 9, 5, 1, 9, 7]], ids=["full", "packed"])
def test_parity_in_float32(kind, lengths):
    assert_parity(kind, 9, 6, 4, 7, lengths, np.float32, 2e-5)


# The last three are wide enough that a product is cut in blocks.
EDGES = [(1, 3, 4, 5), (6, 1, 4, 5), (6, 3, 1, 5), (6, 3, 4, 1), (1, 1, 1, 1), (120, 2, 3, 40)]
WIDE = [(3, 34, 5, 192), (3, 70, 33, 128), (2, 20, 128, 256)]


@LAYERS
@pytest.mark.parametrize("shape", EDGES + WIDE)
def test_parity_at_the_edges(kind, shape):
    assert_parity(kind, *shape)


@LAYERS
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_parity_for_any_shape_and_lengths(kind, data):
    T, B, D, H = (data.draw(st.integers(1, 6), label=name) for name in "TBDH")
    lengths = data.draw(st.none() | st.lists(st.integers(1, T), min_size=B, max_size=B), label="lengths")
    assert_parity(kind, T, B, D, H, lengths, seed=data.draw(st.integers(0, 99), label="seed"))
