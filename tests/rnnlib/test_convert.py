"""Weights to and from torch: the same numbers come out of both, in float64 to 1e-12, gradients too."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from rnnlib.bidirectional import Bidirectional
from rnnlib.convert import from_torch, to_torch
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, Linear
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN
from rnnlib.stack import Stack

torch.set_num_threads(1)
KINDS = {
    "tanh": (torch.nn.RNN, {}),
    "relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
    "LSTM": (torch.nn.LSTM, {}),
    "GRU": (torch.nn.GRU, {}),
}
any_kind = pytest.mark.parametrize("kind", KINDS)
any_depth = pytest.mark.parametrize("depth", [1, 2, 3])
any_directions = pytest.mark.parametrize("directions", [1, 2])
T, B, D, H = 7, 4, 3, 5
LENGTHS = [5, 7, 1, 3]


def make(kind, depth, directions, D=D, H=H, **options):
    torch.manual_seed(0)
    cls, extra = KINDS[kind]
    options = {"dtype": torch.float64} | options
    return cls(D, H, num_layers=depth, bidirectional=directions == 2, **extra, **options)


def pack(state, module):
    """Our nested state as torch's: (layers * directions, B, H), or a pair of such for an LSTM."""
    levels = state if module.num_layers > 1 else (state,)
    flat = [one for level in levels for one in (level if module.bidirectional else (level,))]
    if isinstance(module, torch.nn.LSTM):
        return tuple(np.stack(part) for part in zip(*flat, strict=True))
    return np.stack(flat)


def random_state(module, B, rng):
    """A nested state of ours for the layer made from `module`."""
    H = module.hidden_size

    def one():
        h, c = rng.standard_normal((2, B, H))
        return (h, c) if isinstance(module, torch.nn.LSTM) else h

    levels = [(one(), one()) if module.bidirectional else one() for _ in range(module.num_layers)]
    return tuple(levels) if module.num_layers > 1 else levels[0]


def assert_parity(module, T, B, lengths=None):
    rng = np.random.default_rng(0)
    layer = from_torch(module)
    x = rng.standard_normal((T, B, module.input_size))
    state, dstate = random_state(module, B, rng), random_state(module, B, rng)
    h, after = layer.forward(x, state, lengths)
    dh = rng.standard_normal(h.shape)
    dx, dbefore = layer.backward(dh, dstate)

    def to_tensors(state):
        packed = pack(state, module)
        return tuple(map(torch.tensor, packed)) if isinstance(packed, tuple) else (torch.tensor(packed),)

    inputs, before = torch.tensor(x, requires_grad=True), [s.requires_grad_() for s in to_tensors(state)]
    sequence = inputs
    if lengths is not None:
        sequence = torch.nn.utils.rnn.pack_padded_sequence(inputs, torch.tensor(lengths), enforce_sorted=False)
    out, end = module(sequence, tuple(before) if len(before) == 2 else before[0])
    if lengths is not None:
        out, _ = torch.nn.utils.rnn.pad_packed_sequence(out, total_length=T)
    end = end if isinstance(end, tuple) else (end,)
    module.zero_grad()
    torch.autograd.backward([out, *end], [torch.tensor(dh), *to_tensors(dstate)])

    pairs = {"h": (h, out.detach()), "dx": (dx, inputs.grad)}
    for i, (ours, theirs) in enumerate(zip(to_tensors(after), end, strict=True)):
        pairs[f"state {i}"] = ours, theirs.detach()
    for i, (ours, theirs) in enumerate(zip(to_tensors(dbefore), before, strict=True)):
        pairs[f"dstate {i}"] = ours, theirs.grad
    theirs = {name: p.grad for name, p in module.named_parameters()}
    for i in range(module.num_layers):
        for direction, suffix in (("forward", ""), ("backward", "_reverse"))[: 1 + module.bidirectional]:
            prefix = (f"{i}." if module.num_layers > 1 else "") + (f"{direction}." if module.bidirectional else "")
            ours = {name: layer.grads[prefix + name] for name in ("W_xh", "W_hh", "b_h")}
            pairs[f"{prefix}W_xh"] = ours["W_xh"], theirs[f"weight_ih_l{i}{suffix}"].T
            pairs[f"{prefix}W_hh"] = ours["W_hh"], theirs[f"weight_hh_l{i}{suffix}"].T
            pairs[f"{prefix}b_h"] = ours["b_h"], theirs[f"bias_ih_l{i}{suffix}"]
            if isinstance(module, torch.nn.GRU):
                b_hn = theirs[f"bias_hh_l{i}{suffix}"][2 * module.hidden_size :]
                pairs[f"{prefix}b_hn"] = layer.grads[f"{prefix}b_hn"], b_hn
    assert {name for name in pairs if name in layer.grads} == layer.grads.keys()
    for name, (got, expected) in pairs.items():
        got, expected = np.asarray(got), np.asarray(expected)
        assert got.shape == expected.shape, name
        assert np.abs(got - expected).max() <= 1e-12 * max(1, np.abs(expected).max()), name


@any_kind
@any_depth
@any_directions
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "packed"])
def test_parity(kind, depth, directions, lengths):
    assert_parity(make(kind, depth, directions), T, B, lengths)


@any_kind
@any_directions
@pytest.mark.parametrize("shape", [(1, 3, 4, 5), (6, 1, 4, 5), (6, 3, 4, 1), (6, 3, 1, 5), (1, 1, 1, 1)])
def test_parity_at_the_edges(kind, directions, shape):
    T, B, D, H = shape
    assert_parity(make(kind, 2, directions, D, H), T, B)


@any_kind
def test_without_bias_and_in_float32(kind):
    assert_parity_of_outputs(make(kind, 2, 2, bias=False))
    module = make(kind, 1, 1, dtype=torch.float32)
    layer = from_torch(module)
    assert {p.dtype for p in layer.params.values()} == {np.dtype(np.float32)}


def assert_parity_of_outputs(module):
    x = np.random.default_rng(0).standard_normal((T, B, D))
    np.testing.assert_allclose(
        from_torch(module).forward(x)[0], module(torch.tensor(x))[0].detach().numpy(), atol=1e-13
    )


def test_batch_first_modules_become_time_major_layers():
    module = make("LSTM", 1, 1, batch_first=True)
    x = np.random.default_rng(0).standard_normal((T, B, D))
    expected = module(torch.tensor(x).swapaxes(0, 1))[0].swapaxes(0, 1)
    np.testing.assert_allclose(from_torch(module).forward(x)[0], expected.detach().numpy(), atol=1e-13)


@any_kind
@any_depth
@any_directions
def test_there_and_back_again(kind, depth, directions):
    layer = from_torch(make(kind, depth, directions))
    module = to_torch(layer)
    again = from_torch(module)
    assert again.params.keys() == layer.params.keys()
    for name, p in layer.params.items():
        np.testing.assert_array_equal(again.params[name], p, err_msg=name)
    x = np.random.default_rng(0).standard_normal((T, B, D))
    np.testing.assert_allclose(module(torch.tensor(x))[0].detach().numpy(), layer.forward(x)[0], atol=1e-13)


def test_the_two_share_no_memory():
    for module in (make("GRU", 1, 1), make("LSTM", 1, 1, bias=False)):
        layer = from_torch(module)
        twin = to_torch(layer)
        before = {name: p.copy() for name, p in layer.params.items()}
        with torch.no_grad():
            for p in (*module.parameters(), *twin.parameters()):
                p += 1
        for name, p in layer.params.items():
            np.testing.assert_array_equal(p, before[name])


def test_dropout_goes_along():
    assert from_torch(make("GRU", 3, 1, dropout=0.25)).dropout == 0.25
    assert to_torch(Stack([RNN(3, 5), RNN(5, 5)], dropout=0.25)).dropout == 0.25


def test_refuses_and_says_why():
    for module in (torch.nn.Linear(3, 5), torch.nn.LSTM(3, 5, proj_size=2), RNN(3, 5), None):
        with pytest.raises(ValueError, match="module: expected a torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU without"):
            from_torch(module)
    misfits = [
        Linear(3, 5),
        Embedding(3, 5),
        GRU(3, 5, reset_after=False),
        Stack([RNN(3, 5), LSTM(5, 5)]),
        Stack([RNN(3, 5), RNN(5, 4)]),
        Stack([RNN(3, 5), RNN(5, 5, activation="relu")]),
        Stack([RNN(3, 5), Bidirectional(RNN(5, 5), RNN(5, 5))]),
        Bidirectional(RNN(3, 5), RNN(3, 5), merge="sum"),
        Bidirectional(RNN(3, 5), LSTM(3, 5)),
    ]
    for layer in misfits:
        with pytest.raises(ValueError, match="layer: expected RNN, LSTM or GRU layers of one kind, one width"):
            to_torch(layer)


def test_torch_is_not_imported_with_rnnlib():
    code = "import sys, rnnlib, rnnlib.convert, rnnlib.models; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
