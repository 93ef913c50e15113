"""rnnlib beside torch, in float64: outputs, states, every gradient, losses, optimisers, clipping.

torch keeps two biases that are only ever added: one of the twins' is set to zero here, and both get our gradient.
"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib import RNN
from rnnlib.losses import softmax_cross_entropy, squared_error
from rnnlib.optim import SGD, Adam, RMSProp, clip_by_norm, clip_by_value
from rnnlib.schedules import cosine

torch.set_num_threads(1)
EXACT = 1e-12


def torch_twin(layer):
    """`torch.nn.RNN` with the weights of `layer`."""
    p = {name: torch.from_numpy(value) for name, value in layer.params.items()}
    twin = torch.nn.RNN(*layer.params["W_xh"].shape, nonlinearity=layer.activation, dtype=p["b_h"].dtype)
    with torch.no_grad():
        twin.weight_ih_l0.copy_(p["W_xh"].T)
        twin.weight_hh_l0.copy_(p["W_hh"].T)
        twin.bias_ih_l0.copy_(p["b_h"])
        twin.bias_hh_l0.zero_()
    return twin


def by_rnnlib(layer, a, lengths):
    h, state = layer.forward(a["x"], a["state"], lengths)
    dx, dstate = layer.backward(a["dh"], a["dstate"])
    return {"h": h, "state": state, "dx": dx, "dstate": dstate, **layer.grads}


def by_torch(layer, a, lengths):
    """The same results from torch; different lengths go through a packed sequence."""
    twin = torch_twin(layer)
    x, state = (torch.from_numpy(a[name]).requires_grad_() for name in ("x", "state"))
    sequence = x
    if lengths is not None:
        sequence = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    h, last = twin(sequence, state[None])
    if lengths is not None:
        h, _ = torch.nn.utils.rnn.pad_packed_sequence(h, total_length=len(x))
    torch.autograd.backward([h, last[0]], [torch.from_numpy(a["dh"]), torch.from_numpy(a["dstate"])])
    return {
        "h": h.detach().numpy(),
        "state": last[0].detach().numpy(),
        "dx": x.grad.numpy(),
        "dstate": state.grad.numpy(),
        "W_xh": twin.weight_ih_l0.grad.T.numpy(),
        "W_hh": twin.weight_hh_l0.grad.T.numpy(),
        "b_h": twin.bias_ih_l0.grad.numpy(),
    }


def assert_parity(T, B, D, H, activation="tanh", lengths=None, dtype=np.float64, tolerance=EXACT, seed=0):
    rng = np.random.default_rng(seed)
    layer = RNN(D, H, activation=activation, rng=rng, dtype=dtype)
    shapes = {"x": (T, B, D), "state": (B, H), "dh": (T, B, H), "dstate": (B, H)}
    a = {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}
    got, expected = by_rnnlib(layer, a, lengths), by_torch(layer, a, lengths)
    for name in expected:
        assert got[name].shape == expected[name].shape and got[name].dtype == dtype, name
        # Relative to the largest number of the tensor: sums in another order differ by rounding of the large ones.
        scale = max(1.0, np.abs(expected[name]).max())
        assert np.abs(got[name] - expected[name]).max() <= tolerance * scale, name


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("lengths", [None, [2, 9, 5, 1, 9, 7]], ids=["full", "packed"])
def test_parity_in_float64(activation, lengths):
    assert_parity(9, 6, 4, 7, activation, lengths)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("lengths", [None, [2, 9, 5, 1, 9, 7]], ids=["full", "packed"])
def test_parity_in_float32(activation, lengths):
    assert_parity(9, 6, 4, 7, activation, lengths, np.float32, 2e-5)


EDGES = [(1, 3, 4, 5), (6, 1, 4, 5), (6, 3, 1, 5), (6, 3, 4, 1), (1, 1, 1, 1), (120, 2, 3, 40)]


@pytest.mark.parametrize("shape", EDGES)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_parity_at_the_edges(shape, activation):
    assert_parity(*shape, activation)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_parity_for_any_shape_and_lengths(data):
    T, B, D, H = (data.draw(st.integers(1, 6), label=name) for name in "TBDH")
    lengths = data.draw(st.none() | st.lists(st.integers(1, T), min_size=B, max_size=B), label="lengths")
    activation = data.draw(st.sampled_from(["tanh", "relu"]), label="activation")
    assert_parity(T, B, D, H, activation, lengths, seed=data.draw(st.integers(0, 99), label="seed"))


# ---- Losses -----------------------------------------------------------------------------------------------------

MASK = np.arange(6)[:, None] < np.array([6, 1, 4, 3])


@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_cross_entropy(mask):
    rng = np.random.default_rng(0)
    logits, targets = 3 * rng.standard_normal((6, 4, 5)), rng.integers(5, size=(6, 4))
    loss, dlogits = softmax_cross_entropy(logits, targets, mask)
    y = torch.from_numpy(logits).requires_grad_()
    counted = targets if mask is None else np.where(mask, targets, -100)
    expected = torch.nn.functional.cross_entropy(y.reshape(-1, 5), torch.from_numpy(counted).reshape(-1))
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=EXACT)
    np.testing.assert_allclose(dlogits, y.grad.numpy(), atol=EXACT)


def test_an_ignored_label():
    rng = np.random.default_rng(0)
    logits, targets = rng.standard_normal((6, 4, 5)), rng.integers(5, size=(6, 4))
    loss, dlogits = softmax_cross_entropy(logits, targets, ignore=3)
    y = torch.from_numpy(logits).requires_grad_()
    expected = torch.nn.functional.cross_entropy(
        y.reshape(-1, 5), torch.from_numpy(targets).reshape(-1), ignore_index=3
    )
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=EXACT)
    np.testing.assert_allclose(dlogits, y.grad.numpy(), atol=EXACT)


@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_squared_error(mask):
    rng = np.random.default_rng(0)
    y, target = rng.standard_normal((2, 6, 4, 5))
    loss, dy = squared_error(y, target, mask)
    y = torch.from_numpy(y).requires_grad_()
    counts = torch.from_numpy(np.ones((6, 4), bool) if mask is None else mask)
    expected = torch.nn.functional.mse_loss(y[counts], torch.from_numpy(target)[counts], reduction="sum") / 2
    expected = expected / counts.sum()
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=EXACT)
    np.testing.assert_allclose(dy, y.grad.numpy(), atol=EXACT)


# ---- Optimisers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ours, theirs, options",
    [
        (SGD, torch.optim.SGD, {"lr": 0.05}),
        (SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.8}),
        (RMSProp, torch.optim.RMSprop, {}),
        (RMSProp, torch.optim.RMSprop, {"lr": 0.05, "decay": 0.8, "eps": 1e-2}),
        (Adam, torch.optim.Adam, {}),
        (Adam, torch.optim.Adam, {"lr": 0.05, "beta1": 0.5, "beta2": 0.9, "eps": 1e-2}),
    ],
    ids=["SGD", "momentum", "RMSProp", "RMSProp with other constants", "Adam", "Adam with other constants"],
)
def test_ten_steps_of_an_optimizer(ours, theirs, options):
    rng = np.random.default_rng(0)
    params = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(4)}
    twins = {name: torch.tensor(p, requires_grad=True) for name, p in params.items()}
    optimizer = ours(params, **options)
    renamed = dict(options)
    if "beta1" in renamed:
        renamed["betas"] = renamed.pop("beta1"), renamed.pop("beta2")
    if "decay" in renamed:
        renamed["alpha"] = renamed.pop("decay")
    if theirs is torch.optim.RMSprop:
        renamed = {"lr": 1e-3} | renamed  # torch's default is 0.01
    their_optimizer = theirs(twins.values(), **renamed)
    for step in range(10):
        grads = {name: rng.standard_normal(p.shape) for name, p in params.items()}
        optimizer.step(grads)
        for name, twin in twins.items():
            twin.grad = torch.from_numpy(grads[name])
        their_optimizer.step()
        for name, twin in twins.items():
            np.testing.assert_allclose(params[name], twin.detach().numpy(), rtol=EXACT, err_msg=f"{name}, step {step}")


@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clipping(max_norm):
    rng = np.random.default_rng(0)
    grads = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(4)}
    twins = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads.values()]
    for twin, g in zip(twins, grads.values(), strict=True):
        twin.grad = torch.tensor(g)
    expected = torch.nn.utils.clip_grad_norm_(twins, max_norm).item()
    assert clip_by_norm(grads, max_norm) == pytest.approx(expected, rel=EXACT)
    for twin, g in zip(twins, grads.values(), strict=True):
        np.testing.assert_allclose(g, twin.grad.numpy(), rtol=3e-6)  # torch adds 1e-6 to the norm it divides by


def test_clipping_by_value():
    grads = {"W": np.random.default_rng(0).standard_normal((3, 4))}
    twin = torch.zeros(3, 4, dtype=torch.float64, requires_grad=True)
    twin.grad = torch.tensor(grads["W"])
    torch.nn.utils.clip_grad_value_([twin], 0.5)
    clip_by_value(grads, 0.5)
    np.testing.assert_array_equal(grads["W"], twin.grad.numpy())


def test_cosine_schedule():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20, eta_min=0.1)
    ours = cosine(0.4, steps=20, lowest=0.1)
    for step in range(1, 21):
        optimizer.step()
        theirs.step()
        assert ours(step) == pytest.approx(theirs.get_last_lr()[0], rel=1e-12)
