"""The LSTM against its own equations, without another library: see test_torch_gates.py for that."""

import copy
import math
import pickle

import numpy as np
import pytest

from rnnlib._speed import Workspace, transposed
from rnnlib.gradcheck import gradcheck
from rnnlib.lstm import LSTM

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits
LENGTHS = np.array([6, 1, 4, 3])


def make(dtype=np.float64, seed=0):
    """A layer, and random values for all that goes into forward and backward."""
    rng = np.random.default_rng(seed)
    layer = LSTM(D, H, rng=rng, dtype=dtype)
    shapes = {"x": (T, B, D), "dh": (T, B, H)} | dict.fromkeys(["h_0", "c_0", "dh_T", "dc_T"], (B, H))
    return layer, {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def everything(layer, a, lengths=None):
    """One forward and backward pass; all results under their names."""
    h, (h_last, c_last) = layer.forward(a["x"], (a["h_0"], a["c_0"]), lengths)
    dx, (dh_0, dc_0) = layer.backward(a["dh"], (a["dh_T"], a["dc_T"]))
    return {"h": h, "h_T": h_last, "c_T": c_last, "dx": dx, "dh_0": dh_0, "dc_0": dc_0, **layer.grads}


def assert_same(got, expected, tolerance=1e-12):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].shape == expected[name].shape, name
        np.testing.assert_allclose(got[name], expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


def sigmoid(a):
    """As the papers write it; the library writes it otherwise."""
    return 1 / (1 + math.exp(-a))


# ---- Forward ----------------------------------------------------------------------------------------------------


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
    layer, a = make()
    h, (h_last, c_last) = layer.forward(a["x"], (a["h_0"], a["c_0"]))
    for b in range(B):
        outputs, last, cell = by_the_papers(layer.params, a["x"][:, b], a["h_0"][b], a["c_0"][b])
        np.testing.assert_allclose(h[:, b], outputs, atol=1e-14)
        np.testing.assert_allclose(h_last[b], last, atol=1e-14)
        np.testing.assert_allclose(c_last[b], cell, atol=1e-14)


def test_forward_is_step_after_step():
    layer, a = make()
    h, (_, c_last) = layer.forward(a["x"], (a["h_0"], a["c_0"]))
    state = a["h_0"], a["c_0"]
    for x_t, h_t in zip(a["x"], h, strict=True):
        state = layer.step(x_t, state)
        np.testing.assert_allclose(h_t, state[0], atol=1e-14)
    np.testing.assert_allclose(c_last, state[1], atol=1e-14)


def test_without_a_state_the_start_is_zero_even_after_another_sequence():
    layer, a = make()
    layer.forward(a["x"], (a["h_0"], a["c_0"]))
    h, _ = layer.forward(a["x"])
    zero = np.zeros((B, H))
    np.testing.assert_array_equal(h, layer.forward(a["x"], (zero, zero))[0])


def test_forget_bias_starts_the_forget_gate_and_nothing_else():
    plain, biased = LSTM(D, H), LSTM(D, H, forget_bias=1)
    assert (biased.params["b_h"][H : 2 * H] == 1).all()
    biased.params["b_h"][H : 2 * H] = plain.params["b_h"][H : 2 * H]
    assert_same(biased.params, plain.params, 0)


def test_a_sequence_in_two_pieces_is_the_sequence_in_one():
    layer, a = make()
    whole = everything(layer, a)
    first, second = make()[0], make()[0]  # same seed, same weights
    h1, middle = first.forward(a["x"][:2], (a["h_0"], a["c_0"]))
    h2, _ = second.forward(a["x"][2:], middle)
    dx2, handed_over = second.backward(a["dh"][2:], (a["dh_T"], a["dc_T"]))
    dx1, _ = first.backward(a["dh"][:2], handed_over)
    assert_same({"h": np.concatenate([h1, h2])}, {"h": whole["h"]})
    assert_same({"dx": np.concatenate([dx1, dx2])}, {"dx": whole["dx"]})
    sums = {name: first.grads[name] + second.grads[name] for name in first.grads}
    assert_same(sums, {name: whole[name] for name in sums})


def test_truncated_back_propagation_carries_the_state_and_cuts_the_gradient():
    layer, a = make()
    _, state = layer.forward(a["x"][:2], (a["h_0"], a["c_0"]))
    kept = [part.copy() for part in state]
    h, _ = layer.forward(a["x"][2:], state)
    dx, _ = layer.backward(a["dh"][2:])
    for part, before in zip(state, kept, strict=True):
        np.testing.assert_array_equal(part, before)  # what the caller got is the caller's own
    fresh = make()[0]
    again, _ = fresh.forward(a["x"][2:], state)
    assert_same({"h": h, "dx": dx, **layer.grads}, {"h": again, "dx": fresh.backward(a["dh"][2:])[0], **fresh.grads}, 0)


def loss_of(a, lengths):
    """A loss that puts weight `dh` on every output and `dstate` on the last state, as a function of all tensors."""

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        t = {name: value.astype(dtype) for name, value in tensors.items()}
        layer = LSTM(D, H, dtype=dtype)
        layer.params = {name: t[name] for name in layer.params}
        h, (h_last, c_last) = layer.forward(t["x"], (t["h_0"], t["c_0"]), lengths)
        return (h * a["dh"]).sum() + (h_last * a["dh_T"]).sum() + (c_last * a["dc_T"]).sum()

    return loss


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_gradients_by_complex_step(lengths):
    layer, a = make()
    got = everything(layer, a, lengths)
    tensors = {**layer.params, "x": a["x"], "h_0": a["h_0"], "c_0": a["c_0"]}
    grads = {**layer.grads, "x": got["dx"], "h_0": got["dh_0"], "c_0": got["dc_0"]}
    report = gradcheck(loss_of(a, lengths), tensors, grads, "complex")
    assert report.ok, f"\n{report}"


def test_backward_again_gives_the_same_and_does_not_add_up():
    layer, a = make()
    once = {name: value.copy() for name, value in everything(layer, a).items()}
    dx, _ = layer.backward(a["dh"], (a["dh_T"], a["dc_T"]))
    assert_same({"dx": dx, **layer.grads}, {name: once[name] for name in ("dx", *layer.grads)}, 0)


def test_results_outlive_the_next_call():
    layer, a = make()
    first = everything(layer, a)
    copies = {name: value.copy() for name, value in first.items()}
    everything(layer, {name: -value for name, value in a.items()})
    assert_same(first, copies, 0)


# ---- Different lengths ------------------------------------------------------------------------------------------


def test_each_row_of_a_padded_batch_is_the_row_alone():
    layer, a = make()
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


def test_what_the_padding_holds_does_not_matter():
    layer, a = make()
    padding = np.arange(T)[:, None] >= LENGTHS
    dirty = {name: value.copy() for name, value in a.items()}
    dirty["x"][padding] = 1e6
    dirty["dh"][padding] = np.nan
    assert_same(everything(layer, dirty, LENGTHS), everything(layer, a, LENGTHS), 0)


# ---- Shapes, memory and dtypes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_arguments_are_left_as_they_were(lengths):
    layer, a = make()
    before = {name: value.copy() for name, value in (a | layer.params).items()}
    everything(layer, a, lengths)
    assert_same(a | layer.params, before, 0)


def test_memory_layout_does_not_matter():
    layer, a = make()
    fortran = {name: np.asfortranarray(value) for name, value in a.items()}
    assert not fortran["x"].flags.c_contiguous
    assert_same(everything(layer, fortran, LENGTHS), everything(layer, a, LENGTHS))


def test_float32_in_float32_out_and_close_to_float64():
    exact_layer, exact = make()
    layer, _ = make(dtype=np.float32)
    got = everything(layer, {name: value.astype(np.float32) for name, value in exact.items()})
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact_layer, exact), 2e-5)


@pytest.mark.parametrize("numbers", [1, 4 * 4 * B * H, 10**9], ids=["one step", "four, then two", "all"])
@pytest.mark.parametrize("small", [1, 60, 10**9])
def test_how_the_work_is_cut_does_not_matter(numbers, small, monkeypatch):
    layer, a = make()
    expected = everything(layer, a, LENGTHS)
    monkeypatch.setattr("rnnlib._speed.CACHED", numbers)
    monkeypatch.setattr("rnnlib._speed.SMALL_PRODUCT", small)
    monkeypatch.setattr("rnnlib._speed.NARROWEST", 1)
    assert_same(everything(layer, a, LENGTHS), expected)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))], ids=["copy", "pickle"]
)
def test_a_copy_computes_what_the_layer_computes(copied):
    layer, a = make()
    expected = everything(layer, a)
    twin = copied(layer)
    everything(layer, {name: -value for name, value in a.items()})
    assert_same(everything(twin, a), expected)


def test_a_layer_whose_parameters_become_float64_computes_in_float64():
    exact_layer, exact = make()
    layer, a = make(dtype=np.float32)
    everything(layer, a)  # leaves arrays of float32 behind
    layer.params = exact_layer.params
    assert_same(everything(layer, exact), everything(exact_layer, exact))


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 40])
def test_a_transpose_made_in_bands_is_whole(rows):
    W = np.random.default_rng(0).standard_normal((rows, 3))
    np.testing.assert_array_equal(transposed(W, 2, Workspace(), "W.T"), W.T[None, None])


# ---- Bad input --------------------------------------------------------------------------------------------------

GOOD = np.ones((T, B, D), np.float32)
STATE = np.ones((B, H), np.float32)
BAD_FORWARD = {
    "no batch axis": ({"x": GOOD[:, 0]}, ["x:", "(T, B, 3)", "(6, 3)", "x[:, None]"]),
    "float64": ({"x": GOOD.astype(float)}, ["x:", "float32", "float64", "x.astype(np.float32)"]),
    "NaN": ({"x": np.nan * GOOD}, ["x:", "finite", "nan at index (0, 0, 0)"]),
    "state without a cell": (
        {"x": GOOD, "state": STATE},
        ["state:", "tuple (h, c)", "(4, 5)", "array of shape (4, 5)"],
    ),
    "cell of another batch": ({"x": GOOD, "state": (STATE, STATE[1:])}, ["state's c:", "(4, 5)", "(3, 5)"]),
    "NaN in h": ({"x": GOOD, "state": (np.nan * STATE, STATE)}, ["state's h:", "finite", "nan"]),
    "length zero": ({"x": GOOD, "lengths": [6, 0, 1, 1]}, ["lengths:", "from 1 to T = 6", "[6, 0, 1, 1]"]),
}


@pytest.mark.parametrize("arguments, words", BAD_FORWARD.values(), ids=BAD_FORWARD)
def test_forward_refuses_and_says_why(arguments, words):
    with pytest.raises(ValueError) as error:
        LSTM(D, H).forward(**arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


def test_backward_refuses_and_says_why():
    layer = LSTM(D, H)
    with pytest.raises(ValueError, match=r"backward: expected a forward pass first.*layer\.forward\(x\)"):
        layer.backward(np.zeros((T, B, H), np.float32))
    layer.forward(GOOD)
    with pytest.raises(ValueError, match=r"dh: expected shape \(6, 4, 5\), got \(6, 4, 3\)"):
        layer.backward(GOOD)


def test_constructor_refuses_and_says_why():
    with pytest.raises(ValueError, match="D: expected a number greater than 0, got 0"):
        LSTM(0, H)
    with pytest.raises(ValueError, match="H: expected a number greater than 0, got -1"):
        LSTM(D, -1)
