"""minGRU and minLSTM against their equations, and their three scans against each other."""

import numpy as np
import pytest
import torch

from rnnlib.minimal import MinGRU, MinLSTM, g, log_g

torch.set_num_threads(1)
T, B, D, H = 9, 4, 3, 5
kinds = pytest.mark.parametrize("kind", [MinGRU, MinLSTM])
scans = pytest.mark.parametrize("scan", ["loop", "parallel", "log"])
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


def make(kind, scan="parallel", dtype=torch.float64, T=T):
    """A layer with large random weights, and random values for all that goes in."""
    rng = np.random.default_rng(0)
    layer = kind(D, H, scan=scan).to(dtype)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.from_numpy(rng.standard_normal(p.shape)))
    a = {name: rng.standard_normal(shape) for name, shape in {"x": (T, B, D), "dh": (T, B, H), "ds": (B, H)}.items()}
    a["state"] = rng.uniform(0.1, 2, (B, H))
    return layer, {name: torch.from_numpy(value).to(dtype) for name, value in a.items()}


def everything(layer, a):
    """One pass forward and backward; all results under their names."""
    x, state = (a[name].clone().requires_grad_() for name in ("x", "state"))
    h, last = layer(x, state)
    torch.autograd.backward([h, last], [a["dh"], a["ds"]])
    return {"h": h.detach(), "last": last.detach(), "dx": x.grad, "dstate": state.grad} | {
        name: p.grad for name, p in layer.named_parameters()
    }


@scans
def test_mingru_is_its_equations(scan):
    layer, a = make(MinGRU, scan)
    (W_z, W_n), (b_z, b_n) = layer.gates.weight.chunk(2), layer.gates.bias.chunk(2)
    h = a["state"]
    got, last = layer(a["x"], a["state"])
    for t in range(T):
        z, n = torch.sigmoid(a["x"][t] @ W_z.T + b_z), g(a["x"][t] @ W_n.T + b_n)
        h = (1 - z) * h + z * n
        torch.testing.assert_close(got[t], h, rtol=0, atol=1e-13)
    torch.testing.assert_close(last, h, rtol=0, atol=1e-13)


@scans
def test_minlstm_is_its_equations(scan):
    layer, a = make(MinLSTM, scan)
    (W_f, W_i, W_n), (b_f, b_i, b_n) = layer.gates.weight.chunk(3), layer.gates.bias.chunk(3)
    h = a["state"]
    got, last = layer(a["x"], a["state"])
    for t in range(T):
        x_t = a["x"][t]
        f, i, n = torch.sigmoid(x_t @ W_f.T + b_f), torch.sigmoid(x_t @ W_i.T + b_i), g(x_t @ W_n.T + b_n)
        h = f / (f + i) * h + i / (f + i) * n
        torch.testing.assert_close(got[t], h, rtol=0, atol=1e-13)
    torch.testing.assert_close(last, h, rtol=0, atol=1e-13)


@kinds
@pytest.mark.parametrize("scan", ["parallel", "log"])
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("T", [1, 9, 500])
def test_every_scan_gives_what_the_loop_gives(kind, scan, dtype, T):
    got = everything(*make(kind, scan, dtype, T))
    expected = everything(*make(kind, "loop", dtype, T))
    for name in expected:
        scale = max(1.0, expected[name].abs().max().item())
        assert got[name].dtype == dtype
        assert (got[name] - expected[name]).abs().max().item() <= TOLERANCE[dtype] * scale, name


@kinds
@scans
def test_a_sequence_in_two_pieces_is_the_sequence_in_one(kind, scan):
    layer, a = make(kind, scan)
    h, last = layer(a["x"])
    first, middle = layer(a["x"][:4])
    second, end = layer(a["x"][4:], middle)
    torch.testing.assert_close(torch.cat((first, second)), h, rtol=0, atol=1e-13)
    torch.testing.assert_close(end, last, rtol=0, atol=1e-13)


@kinds
@scans
def test_gates_that_saturate_stay_finite(kind, scan):
    layer, a = make(kind, scan, torch.float32)
    results = everything(layer, a | {"x": 1e4 * a["x"]})
    assert all(value.isfinite().all() for value in results.values())


def test_g_is_positive_continuous_and_increasing_and_log_g_its_logarithm():
    v = torch.linspace(-30, 30, 6001, dtype=torch.float64)
    assert (g(v) > 0).all() and (g(v).diff() > 0).all() and g(v).diff().max() < 0.0101
    v.requires_grad_()
    torch.testing.assert_close(log_g(v), g(v).log(), rtol=0, atol=1e-12)
    (got,), (expected,) = (torch.autograd.grad(f(v).sum(), v) for f in (log_g, lambda v: g(v).log()))
    torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)  # at the corner, v = 0, too
    assert log_g(torch.tensor(-1e4)).item() == -1e4
    half = torch.tensor(-0.5, requires_grad=True)
    assert torch.autograd.grad(log_g(half), half)[0].item() == pytest.approx(1 - torch.tensor(-0.5).sigmoid().item())


@kinds
def test_a_layer_learns_to_remember(kind):
    """Keep the first number of a sequence of 6 steps: a gate must learn to close after it."""
    torch.manual_seed(0)
    layer, out = kind(2, 8), torch.nn.Linear(8, 1)
    optimizer = torch.optim.Adam([*layer.parameters(), *out.parameters()], lr=0.03)
    rng = torch.Generator().manual_seed(0)
    for _ in range(300):
        x = torch.rand(6, 32, 2, generator=rng)
        x[..., 1] = 0
        x[0, :, 1] = 1
        loss = (out(layer(x)[1])[:, 0] - x[0, :, 0]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.02  # 1/12 is what the mean gives


X = torch.ones(T, B, D)
NAN = X.clone()
NAN[2, 1, 0] = torch.nan


@kinds
@pytest.mark.parametrize(
    "x, state, words",
    [
        (np.ones((T, B, D)), None, ["x:", "tensor", "ndarray"]),
        (X[:, 0], None, ["x:", "(T, B, 3)", "(9, 3)"]),
        (X[..., :2], None, ["x:", "(T, B, 3)", "(9, 4, 2)"]),
        (X.double(), None, ["x:", "torch.float32", "torch.float64", "x.to(torch.float32)"]),
        (X[:0], None, ["x:", "at least one element"]),
        (NAN, None, ["x:", "finite", "nan at index (2, 1, 0)"]),
        (X, torch.ones(3, H), ["state:", "(4, 5)", "(3, 5)"]),
        (X, torch.zeros(B, H), ["state:", "greater than 0", "scan='log'", "leave the state out"]),
    ],
)
def test_bad_input_is_refused_and_the_message_says_why(kind, x, state, words):
    with pytest.raises(ValueError) as error:
        kind(D, H, scan="log")(x, state)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


@kinds
def test_constructors_refuse_and_say_why(kind):
    with pytest.raises(ValueError, match="scan: expected one of 'loop', 'parallel', 'log', got 'tree'"):
        kind(D, H, scan="tree")
    with pytest.raises(ValueError, match="H: expected a whole number of at least 1, got 0"):
        kind(D, 0)
