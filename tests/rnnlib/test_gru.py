"""The GRU, both variants, against its own equations, without another library: see test_torch_gates.py for that."""

import math

import numpy as np
import pytest

from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits
LENGTHS = np.array([6, 1, 4, 3])
VARIANTS = pytest.mark.parametrize("after", [True, False], ids=["reset after", "reset before"])


def make(after, dtype=np.float64, seed=0):
    """A layer, and random values for all that goes into forward and backward."""
    rng = np.random.default_rng(seed)
    layer = GRU(D, H, reset_after=after, rng=rng, dtype=dtype)
    shapes = {"x": (T, B, D), "state": (B, H), "dh": (T, B, H), "dstate": (B, H)}
    return layer, {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


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


def sigmoid(a):
    """As the papers write it; the library writes it otherwise."""
    return 1 / (1 + math.exp(-a))


# ---- Forward ----------------------------------------------------------------------------------------------------


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


@VARIANTS
def test_forward_is_the_papers_equations_number_by_number(after):
    layer, a = make(after)
    h, state = layer.forward(a["x"], a["state"])
    for b in range(B):
        expected = list(by_the_papers(layer, a["x"][:, b], a["state"][b]))
        np.testing.assert_allclose(h[:, b], expected, atol=1e-14)
        np.testing.assert_allclose(state[b], expected[-1], atol=1e-14)


@VARIANTS
def test_forward_is_step_after_step(after):
    layer, a = make(after)
    h, _ = layer.forward(a["x"], a["state"])
    state = a["state"]
    for x_t, h_t in zip(a["x"], h, strict=True):
        state = layer.step(x_t, state)
        np.testing.assert_allclose(h_t, state, atol=1e-14)


@VARIANTS
def test_without_a_state_the_start_is_zero_even_after_another_sequence(after):
    layer, a = make(after)
    layer.forward(a["x"], a["state"])
    h, _ = layer.forward(a["x"])
    np.testing.assert_array_equal(h, layer.forward(a["x"], np.zeros((B, H)))[0])


def test_the_bias_apart_is_there_only_where_it_matters():
    assert GRU(D, H).params.keys() - GRU(D, H, reset_after=False).params.keys() == {"b_hn"}


@VARIANTS
def test_a_sequence_in_two_pieces_is_the_sequence_in_one(after):
    layer, a = make(after)
    whole = everything(layer, a)
    first, second = make(after)[0], make(after)[0]  # same seed, same weights
    h1, middle = first.forward(a["x"][:2], a["state"])
    h2, _ = second.forward(a["x"][2:], middle)
    dx2, handed_over = second.backward(a["dh"][2:], a["dstate"])
    dx1, _ = first.backward(a["dh"][:2], handed_over)
    assert_same({"h": np.concatenate([h1, h2])}, {"h": whole["h"]})
    assert_same({"dx": np.concatenate([dx1, dx2])}, {"dx": whole["dx"]})
    sums = {name: first.grads[name] + second.grads[name] for name in first.grads}
    assert_same(sums, {name: whole[name] for name in sums})


@VARIANTS
def test_truncated_back_propagation_carries_the_state_and_cuts_the_gradient(after):
    layer, a = make(after)
    _, state = layer.forward(a["x"][:2], a["state"])
    kept = [part.copy() for part in (state,)]
    h, _ = layer.forward(a["x"][2:], state)
    dx, _ = layer.backward(a["dh"][2:])
    for part, before in zip((state,), kept, strict=True):
        np.testing.assert_array_equal(part, before)  # what the caller got is the caller's own
    fresh = make(after)[0]
    again, _ = fresh.forward(a["x"][2:], state)
    assert_same({"h": h, "dx": dx, **layer.grads}, {"h": again, "dx": fresh.backward(a["dh"][2:])[0], **fresh.grads}, 0)


def loss_of(after, a, lengths):
    """A loss that puts weight `dh` on every output and `dstate` on the last state, as a function of all tensors."""

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        t = {name: value.astype(dtype) for name, value in tensors.items()}
        layer = GRU(D, H, reset_after=after, dtype=dtype)
        layer.params = {name: t[name] for name in layer.params}
        h, state = layer.forward(t["x"], t["state"], lengths)
        return (h * a["dh"]).sum() + (state * a["dstate"]).sum()

    return loss


@VARIANTS
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_gradients_by_complex_step(after, lengths):
    layer, a = make(after)
    got = everything(layer, a, lengths)
    tensors = {**layer.params, "x": a["x"], "state": a["state"]}
    grads = {**layer.grads, "x": got["dx"], "state": got["dstate"]}
    report = gradcheck(loss_of(after, a, lengths), tensors, grads, "complex")
    assert report.ok, f"\n{report}"


@VARIANTS
def test_backward_again_gives_the_same_and_does_not_add_up(after):
    layer, a = make(after)
    once = {name: value.copy() for name, value in everything(layer, a).items()}
    dx, _ = layer.backward(a["dh"], a["dstate"])
    assert_same({"dx": dx, **layer.grads}, {name: once[name] for name in ("dx", *layer.grads)}, 0)


@VARIANTS
def test_results_outlive_the_next_call(after):
    layer, a = make(after)
    first = everything(layer, a)
    copies = {name: value.copy() for name, value in first.items()}
    everything(layer, {name: -value for name, value in a.items()})
    assert_same(first, copies, 0)


# ---- Different lengths ------------------------------------------------------------------------------------------


@VARIANTS
def test_each_row_of_a_padded_batch_is_the_row_alone(after):
    layer, a = make(after)
    batch = everything(layer, a, LENGTHS)
    sums = {name: 0 for name in layer.grads}
    for b, n in enumerate(LENGTHS):
        row = {name: value[:n, b : b + 1] if value.ndim == 3 else value[b : b + 1] for name, value in a.items()}
        alone = everything(layer, row)
        for name in alone.keys() - sums.keys():
            if alone[name].ndim == 3:
                assert not batch[name][n:, b].any(), f"{name} of row {b} is not zero after its end"
                np.testing.assert_allclose(batch[name][:n, b], alone[name][:, 0], atol=1e-13, err_msg=name)
            else:
                np.testing.assert_allclose(batch[name][b], alone[name][0], atol=1e-13, err_msg=name)
        for name in sums:
            sums[name] = sums[name] + alone[name]
    assert_same({name: batch[name] for name in sums}, sums, 1e-12)


@VARIANTS
def test_what_the_padding_holds_does_not_matter(after):
    layer, a = make(after)
    padding = np.arange(T)[:, None] >= LENGTHS
    dirty = {name: value.copy() for name, value in a.items()}
    dirty["x"][padding] = 1e6
    dirty["dh"][padding] = np.nan
    assert_same(everything(layer, dirty, LENGTHS), everything(layer, a, LENGTHS), 0)


# ---- Shapes, memory and dtypes ----------------------------------------------------------------------------------


@VARIANTS
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_arguments_are_left_as_they_were(after, lengths):
    layer, a = make(after)
    before = {name: value.copy() for name, value in (a | layer.params).items()}
    everything(layer, a, lengths)
    assert_same(a | layer.params, before, 0)


@VARIANTS
def test_memory_layout_does_not_matter(after):
    layer, a = make(after)
    fortran = {name: np.asfortranarray(value) for name, value in a.items()}
    assert not fortran["x"].flags.c_contiguous
    assert_same(everything(layer, fortran, LENGTHS), everything(layer, a, LENGTHS))


@VARIANTS
def test_float32_in_float32_out_and_close_to_float64(after):
    exact_layer, exact = make(after)
    layer, _ = make(after, dtype=np.float32)
    got = everything(layer, {name: value.astype(np.float32) for name, value in exact.items()})
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact_layer, exact), 2e-5)


@pytest.mark.parametrize("numbers", [1, 4 * 4 * B * H, 10**9], ids=["one step", "four, then two", "all"])
@pytest.mark.parametrize("small", [1, 60, 10**9])
@VARIANTS
def test_how_the_work_is_cut_does_not_matter(after, numbers, small, monkeypatch):
    layer, a = make(after)
    expected = everything(layer, a, LENGTHS)
    monkeypatch.setattr("rnnlib._speed.CACHED", numbers)
    monkeypatch.setattr("rnnlib._speed.SMALL_PRODUCT", small)
    monkeypatch.setattr("rnnlib._speed.NARROWEST", 1)
    assert_same(everything(layer, a, LENGTHS), expected)


# ---- Bad input --------------------------------------------------------------------------------------------------

GOOD = np.ones((T, B, D), np.float32)
STATE = np.ones((B, H), np.float32)
BAD_FORWARD = {
    "no batch axis": ({"x": GOOD[:, 0]}, ["x:", "(T, B, 3)", "(6, 3)", "x[:, None]"]),
    "float64": ({"x": GOOD.astype(float)}, ["x:", "float32", "float64", "x.astype(np.float32)"]),
    "NaN": ({"x": np.nan * GOOD}, ["x:", "finite", "nan at index (0, 0, 0)"]),
    "state of another batch": ({"x": GOOD, "state": STATE[1:]}, ["state:", "(4, 5)", "(3, 5)"]),
    "NaN in the state": ({"x": GOOD, "state": np.nan * STATE}, ["state:", "finite", "nan"]),
    "length zero": ({"x": GOOD, "lengths": [6, 0, 1, 1]}, ["lengths:", "from 1 to T = 6", "[6, 0, 1, 1]"]),
}


@pytest.mark.parametrize("arguments, words", BAD_FORWARD.values(), ids=BAD_FORWARD)
def test_forward_refuses_and_says_why(arguments, words):
    with pytest.raises(ValueError) as error:
        GRU(D, H).forward(**arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


def test_backward_refuses_and_says_why():
    layer = GRU(D, H)
    with pytest.raises(ValueError, match=r"backward: expected a forward pass first.*layer\.forward\(x\)"):
        layer.backward(np.zeros((T, B, H), np.float32))
    layer.forward(GOOD)
    with pytest.raises(ValueError, match=r"dh: expected shape \(6, 4, 5\), got \(6, 4, 3\)"):
        layer.backward(GOOD)


def test_constructor_refuses_and_says_why():
    with pytest.raises(ValueError, match="D: expected a number greater than 0, got 0"):
        GRU(0, H)
    with pytest.raises(ValueError, match="H: expected a number greater than 0, got -1"):
        GRU(D, -1)
