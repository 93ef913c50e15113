"""The recurrent layer against its own equations, without another library: see test_torch_parity.py for that."""

import numpy as np
import pytest

from rnnlib import RNN
from rnnlib.gradcheck import gradcheck

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits
LENGTHS = np.array([6, 1, 4, 3])


def make(activation="tanh", dtype=np.float64, seed=0):
    """A layer, and random values for all that goes into forward and backward."""
    rng = np.random.default_rng(seed)
    layer = RNN(D, H, activation=activation, rng=rng, dtype=dtype)
    shapes = {"x": (T, B, D), "state": (B, H), "dh": (T, B, H), "dstate": (B, H)}
    return layer, {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def step_by_step(layer, x, state):
    """The forward pass as a plain loop over `step`."""
    h = []
    for x_t in x:
        state = layer.step(x_t, state)
        h.append(state)
    return np.stack(h), state


def everything(layer, a, lengths=None):
    """One forward and backward pass; all results under their names."""
    h, state = layer.forward(a["x"], a["state"], lengths)
    dx, dstate = layer.backward(a["dh"], a["dstate"])
    return {"h": h, "state": state, "dx": dx, "dstate": dstate, **layer.grads}


def assert_same(got, expected, tolerance=1e-12):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].shape == expected[name].shape, name
        np.testing.assert_allclose(got[name], expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


# ---- Forward ----------------------------------------------------------------------------------------------------


def test_step_is_the_equation_number_by_number():
    layer, a = make()
    x_t, h_prev, p = a["x"][0], a["state"], layer.params
    got = layer.step(x_t, h_prev)
    for b in range(B):
        for j in range(H):
            z = p["b_h"][j]
            z += sum(x_t[b, d] * p["W_xh"][d, j] for d in range(D))
            z += sum(h_prev[b, i] * p["W_hh"][i, j] for i in range(H))
            assert got[b, j] == pytest.approx(np.tanh(z), abs=1e-14)


def test_relu_step_cuts_at_zero():
    layer, a = make("relu")
    p = layer.params
    z = a["x"][0] @ p["W_xh"] + a["state"] @ p["W_hh"] + p["b_h"]
    assert (z < 0).any() and (z > 0).any()
    np.testing.assert_allclose(layer.step(a["x"][0], a["state"]), np.where(z > 0, z, 0), atol=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_forward_is_step_after_step(activation):
    layer, a = make(activation)
    h, state = layer.forward(a["x"], a["state"])
    expected_h, expected_state = step_by_step(layer, a["x"], a["state"])
    np.testing.assert_allclose(h, expected_h, atol=1e-14)
    np.testing.assert_allclose(state, expected_state, atol=1e-14)


def test_without_a_state_the_start_is_zero_even_after_another_sequence():
    layer, a = make()
    layer.forward(a["x"], a["state"])
    h, _ = layer.forward(a["x"])
    np.testing.assert_allclose(h, step_by_step(layer, a["x"], np.zeros((B, H)))[0], atol=1e-14)


def test_a_sequence_in_two_pieces_is_the_sequence_in_one():
    layer, a = make()
    h, state = layer.forward(a["x"], a["state"])
    h1, middle = layer.forward(a["x"][:2], a["state"])
    h2, end = layer.forward(a["x"][2:], middle)
    np.testing.assert_allclose(np.concatenate([h1, h2]), h, atol=1e-14)
    np.testing.assert_allclose(end, state, atol=1e-14)


def test_the_returned_state_is_the_callers_own():
    layer, a = make()
    h, state = layer.forward(a["x"], a["state"])
    last = h[-1].copy()
    state[:] = 7
    np.testing.assert_array_equal(h[-1], last)


# ---- Backward ---------------------------------------------------------------------------------------------------


def loss_of(activation, a, lengths):
    """A loss that puts weight `dh` on every output and `dstate` on the last state, as a function of all tensors."""

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        t = {name: value.astype(dtype) for name, value in tensors.items()}
        layer = RNN(D, H, activation=activation, dtype=dtype)
        layer.params = {name: t[name] for name in layer.params}
        h, state = layer.forward(t["x"], t["state"], lengths)
        return (h * a["dh"]).sum() + (state * a["dstate"]).sum()

    return loss


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
@pytest.mark.parametrize("activation, method", [("tanh", "complex"), ("tanh", "central"), ("relu", "central")])
def test_gradients(activation, method, lengths):
    layer, a = make(activation)
    layer.forward(a["x"], a["state"], lengths)
    dx, dstate = layer.backward(a["dh"], a["dstate"])
    tensors = {**layer.params, "x": a["x"], "state": a["state"]}
    grads = {**layer.grads, "x": dx, "state": dstate}
    report = gradcheck(loss_of(activation, a, lengths), tensors, grads, method)
    assert len(report.tensors) == 5 and report.ok, f"\n{report}"


def test_backward_in_two_pieces_is_backward_in_one():
    layer, a = make()
    whole = everything(layer, a)
    first, second = make()[0], make()[0]  # same seed, same weights
    h1, middle = first.forward(a["x"][:2], a["state"])
    h2, end = second.forward(a["x"][2:], middle)
    dx2, handed_over = second.backward(a["dh"][2:], a["dstate"])
    dx1, dstate = first.backward(a["dh"][:2], handed_over)
    pieces = {"h": np.concatenate([h1, h2]), "state": end, "dx": np.concatenate([dx1, dx2]), "dstate": dstate}
    assert_same(pieces | {name: first.grads[name] + second.grads[name] for name in first.grads}, whole)


def test_backward_again_gives_the_same_and_does_not_add_up():
    layer, a = make()
    once = {name: value.copy() for name, value in everything(layer, a).items()}
    dx, dstate = layer.backward(a["dh"], a["dstate"])
    assert_same({"h": once["h"], "state": once["state"], "dx": dx, "dstate": dstate, **layer.grads}, once, 0)


def test_backward_without_dstate_is_backward_with_zero():
    layer, a = make()
    with_zero = everything(layer, a | {"dstate": np.zeros((B, H))})
    dx, dstate = layer.backward(a["dh"])
    assert_same({"dx": dx, "dstate": dstate}, {name: with_zero[name] for name in ("dx", "dstate")}, 0)


# ---- Different lengths ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_each_row_of_a_padded_batch_is_the_row_alone(activation):
    layer, a = make(activation)
    batch = everything(layer, a, LENGTHS)
    sums = {name: 0 for name in layer.grads}
    for b, n in enumerate(LENGTHS):
        row = {name: value[:n, b : b + 1] if value.ndim == 3 else value[b : b + 1] for name, value in a.items()}
        alone = everything(layer, row)
        for name in ("h", "dx"):
            np.testing.assert_allclose(batch[name][:n, b], alone[name][:, 0], atol=1e-13, err_msg=f"{name} row {b}")
            assert not batch[name][n:, b].any(), f"{name} of row {b} is not zero after its end"
        for name in ("state", "dstate"):
            np.testing.assert_allclose(batch[name][b], alone[name][0], atol=1e-13, err_msg=f"{name} row {b}")
        for name in sums:
            sums[name] = sums[name] + alone[name]
    assert_same({name: batch[name] for name in sums}, sums, 1e-13)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_what_the_padding_holds_does_not_matter(activation):
    layer, a = make(activation)
    padding = np.arange(T)[:, None] >= LENGTHS
    dirty = {name: value.copy() for name, value in a.items()}
    dirty["x"][padding] = 1e6
    dirty["dh"][padding] = np.nan
    assert_same(everything(layer, dirty, LENGTHS), everything(layer, a, LENGTHS), 0)


def test_full_lengths_are_no_lengths():
    layer, a = make()
    assert_same(everything(layer, a, [T] * B), everything(layer, a))


# ---- Shapes, memory and dtypes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_rows_of_the_batch_do_not_meet(lengths):
    layer, a = make()
    order = np.array([2, 0, 3, 1])
    shuffled = {name: value[:, order] if value.ndim == 3 else value[order] for name, value in a.items()}
    got = everything(layer, shuffled, None if lengths is None else lengths[order])
    back = np.argsort(order)
    for name in ("h", "dx"):
        got[name] = got[name][:, back]
    for name in ("state", "dstate"):
        got[name] = got[name][back]
    assert_same(got, everything(layer, a, lengths))


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_arguments_are_left_as_they_were(lengths):
    layer, a = make()
    before = {name: value.copy() for name, value in (a | layer.params).items()}
    everything(layer, a, lengths)
    assert_same(a | layer.params, before, 0)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_memory_layout_does_not_matter(lengths):
    layer, a = make()
    every_other = {name: np.repeat(value, 2, axis=-1)[..., ::2] for name, value in a.items()}
    fortran = {name: np.asfortranarray(value) for name, value in a.items()}
    assert not every_other["x"].flags.contiguous and not fortran["x"].flags.c_contiguous
    expected = everything(layer, a, lengths)
    assert_same(everything(layer, every_other, lengths), expected)
    assert_same(everything(layer, fortran, lengths), expected)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_float32_in_float32_out_and_close_to_float64(activation):
    exact_layer, exact = make(activation)
    layer, _ = make(activation, dtype=np.float32)
    got = everything(layer, {name: value.astype(np.float32) for name, value in exact.items()})
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact_layer, exact), 2e-5)


def test_weights_start_as_promised():
    layer = RNN(40, 64)
    assert {name: p.shape for name, p in layer.params.items()} == {"W_xh": (40, 64), "W_hh": (64, 64), "b_h": (64,)}
    for name, p in layer.params.items():
        assert p.dtype == np.float32 and np.abs(p).max() <= 1 / 8 and np.abs(p).max() > 0.115, name
        assert p.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.25), name
    same, other = RNN(40, 64), RNN(40, 64, rng=np.random.default_rng(1))
    assert_same(same.params, layer.params, 0)
    assert not np.array_equal(other.params["W_hh"], layer.params["W_hh"])


# ---- Bad input --------------------------------------------------------------------------------------------------

GOOD = np.ones((T, B, D), np.float32)
NAN, INF = GOOD.copy(), GOOD.copy()
NAN[2, 1, 0] = np.nan
INF[2, 1, 0], INF[3, 0, 0] = np.inf, -np.inf

BAD_FORWARD = {
    "a list": ({"x": [[1.0]]}, ["x:", "NumPy array", "list", "np.asarray"]),
    "integers": ({"x": GOOD.astype(int)}, ["x:", "floating-point", "int64", "x.astype(np.float32)"]),
    "no batch axis": ({"x": GOOD[:, 0]}, ["x:", "(T, B, 3)", "(6, 3)", "x[:, None]"]),
    "wrong width": ({"x": GOOD[..., :2]}, ["x:", "(T, B, 3)", "(6, 4, 2)", "x.swapaxes(0, 1)"]),
    "no step": ({"x": GOOD[:0]}, ["x:", "at least one element", "(0, 4, 3)"]),
    "float64": ({"x": GOOD.astype(float)}, ["x:", "float32", "float64", "x.astype(np.float32)", "dtype=np.float64"]),
    "NaN": ({"x": NAN}, ["x:", "finite", "nan at index (2, 1, 0)"]),
    "infinity": ({"x": INF}, ["x:", "finite", "inf at index (2, 1, 0)"]),
    "state of another batch": ({"x": GOOD, "state": np.zeros((3, H), np.float32)}, ["state:", "(4, 5)", "(3, 5)"]),
    "state of one row": ({"x": GOOD, "state": np.zeros(H, np.float32)}, ["state:", "(4, 5)", "(5,)", "state[None]"]),
    "NaN in the state": ({"x": GOOD, "state": np.full((B, H), np.nan, np.float32)}, ["state:", "finite", "nan"]),
    "state in float64": ({"x": GOOD, "state": np.zeros((B, H))}, ["state:", "float32", "float64"]),
    "too few lengths": ({"x": GOOD, "lengths": [6, 6]}, ["lengths:", "4 integers", "(2,)"]),
    "lengths of halves": ({"x": GOOD, "lengths": [1.5] * B}, ["lengths:", "4 integers", "float64"]),
    "length zero": ({"x": GOOD, "lengths": [6, 0, 1, 1]}, ["lengths:", "from 1 to T = 6", "[6, 0, 1, 1]"]),
    "length beyond the end": ({"x": GOOD, "lengths": [6, 7, 1, 1]}, ["lengths:", "from 1 to T = 6", "7"]),
}


@pytest.mark.parametrize("arguments, words", BAD_FORWARD.values(), ids=BAD_FORWARD)
@pytest.mark.filterwarnings("error")
def test_forward_refuses_and_says_why(arguments, words):
    with pytest.raises(ValueError) as error:
        RNN(D, H).forward(**arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


def test_large_but_finite_input_is_no_bad_input():
    x = np.full((T, B, D), 3e38, np.float32)  # its sum overflows, its numbers do not
    layer = RNN(D, H)
    layer.params["W_xh"] *= 0.1
    assert np.isfinite(layer.forward(x)[0]).all()


@pytest.mark.parametrize(
    "dh, dstate, words",
    [
        (np.zeros((B, H), np.float32), None, ["dh:", "(6, 4, 5)", "(4, 5)"]),
        (np.zeros((T, B, D), np.float32), None, ["dh:", "(6, 4, 5)", "(6, 4, 3)"]),
        (np.zeros((T, B, H)), None, ["dh:", "float32", "float64"]),
        (np.zeros((T, B, H), np.float32), np.zeros(H, np.float32), ["dstate:", "(4, 5)", "(5,)"]),
    ],
)
def test_backward_refuses_what_does_not_match_forward(dh, dstate, words):
    layer = RNN(D, H)
    layer.forward(GOOD)
    with pytest.raises(ValueError) as error:
        layer.backward(dh, dstate)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


def test_backward_needs_a_forward():
    with pytest.raises(ValueError, match=r"backward: expected a forward pass first.*layer\.forward\(x\)"):
        RNN(D, H).backward(np.zeros((T, B, H), np.float32))


def test_constructor_refuses_and_says_why():
    with pytest.raises(ValueError, match="activation: expected one of 'tanh', 'relu', got 'sigmoid'"):
        RNN(D, H, activation="sigmoid")
    with pytest.raises(ValueError, match="D: expected a number greater than 0, got 0"):
        RNN(0, H)
    with pytest.raises(ValueError, match="H: expected a number greater than 0, got -1"):
        RNN(D, -1)
