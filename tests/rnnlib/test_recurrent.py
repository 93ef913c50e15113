"""What RNN, LSTM and GRU have in common, without another library: their equations are in the file of each."""

import copy
import pickle

import numpy as np
import pytest

from rnnlib import GRU, LSTM, RNN
from rnnlib.gradcheck import gradcheck

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits
LENGTHS = np.array([6, 1, 4, 3])
KINDS = {
    "RNN": (RNN, {}),
    "RNN, relu": (RNN, {"activation": "relu"}),
    "LSTM": (LSTM, {}),
    "GRU": (GRU, {}),
    "GRU, reset before": (GRU, {"reset_after": False}),
}
START, END = ("h_0", "c_0"), ("dh_T", "dc_T")  # the second of each for the LSTM only

kinds = pytest.mark.parametrize("kind", KINDS)
full_and_lengths = pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])


def new(kind, dtype=np.float64, **more):
    """A layer of this kind."""
    layer, options = KINDS[kind]
    return layer(D, H, dtype=dtype, **options, **more)


def make(kind, dtype=np.float64, seed=0):
    """A layer, and random values for all that goes into forward and backward."""
    rng = np.random.default_rng(seed)
    layer = new(kind, dtype, rng=rng)
    parts = 2 if kind == "LSTM" else 1
    shapes = {"x": (T, B, D), "dh": (T, B, H)} | dict.fromkeys([*START[:parts], *END[:parts]], (B, H))
    return layer, {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def packed(a, names):
    """The state that a layer wants, from the arrays under these names."""
    parts = tuple(a[name] for name in names if name in a)
    return parts if len(parts) == 2 else parts[0]


def parts_of(state):
    return state if isinstance(state, tuple) else (state,)


def named(state, names):
    """The arrays of a state under these names."""
    return dict(zip(names, parts_of(state), strict=False))


def everything(layer, a, lengths=None):
    """One forward and backward pass; all results under their names."""
    h, state = layer.forward(a["x"], packed(a, START), lengths)
    dx, dstate = layer.backward(a["dh"], packed(a, END))
    return {"h": h, "dx": dx} | named(state, ("h_T", "c_T")) | named(dstate, ("dh_0", "dc_0")) | layer.grads


def assert_same(got, expected, tolerance=1e-12):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].shape == expected[name].shape, name
        np.testing.assert_allclose(got[name], expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


def negated(a):
    return {name: -value for name, value in a.items()}


# ---- Forward ----------------------------------------------------------------------------------------------------


@kinds
def test_forward_is_step_after_step(kind):
    layer, a = make(kind)
    h, last = layer.forward(a["x"], packed(a, START))
    state = packed(a, START)
    for x_t, h_t in zip(a["x"], h, strict=True):
        state = layer.step(x_t, state)
        np.testing.assert_allclose(h_t, parts_of(state)[0], atol=1e-14)
    for got, expected in zip(parts_of(last), parts_of(state), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-14)


@kinds
def test_without_a_state_the_start_is_zero_even_after_another_sequence(kind):
    layer, a = make(kind)
    layer.forward(a["x"], packed(a, START))
    h, _ = layer.forward(a["x"])
    zero = a | {name: np.zeros((B, H)) for name in START if name in a}
    np.testing.assert_array_equal(h, layer.forward(a["x"], packed(zero, START))[0])


@kinds
@full_and_lengths
def test_what_forward_returns_cannot_be_written_to(kind, lengths):
    layer, a = make(kind)
    h, state = layer.forward(a["x"], packed(a, START), lengths)
    for returned in (h, h[2:], *parts_of(state)):
        with pytest.raises(ValueError, match="read-only"):
            returned *= 0
    for part in parts_of(state):
        assert not np.shares_memory(part, h) and part.base is None  # it does not keep the whole sequence in memory


@kinds
@pytest.mark.parametrize("symbols", [False, True], ids=["vectors", "symbols"])
def test_what_the_caller_writes_into_its_arguments_does_not_reach_backward(kind, symbols):
    layer, a = make(kind)
    if symbols:
        a["x"] = np.random.default_rng(1).integers(D, size=(T, B))
    expected = everything(make(kind)[0], a, LENGTHS)
    given = {name: value.copy() for name, value in a.items()}
    lengths = LENGTHS.copy()
    layer.forward(given["x"], packed(given, START), lengths)
    for array in (given["x"], lengths, *parts_of(packed(given, START))):
        array[:] = 1
    dx, dstate = layer.backward(a["dh"], packed(a, END))
    got = ({} if symbols else {"dx": dx}) | named(dstate, ("dh_0", "dc_0")) | layer.grads
    assert_same(got, {name: expected[name] for name in got}, 0)


# ---- Backward ---------------------------------------------------------------------------------------------------


def loss_of(kind, a, lengths):
    """A loss that puts weight on every output and on the last state, as a function of all tensors."""

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        t = {name: value.astype(dtype) for name, value in tensors.items()}
        layer = new(kind, dtype)
        layer.params = {name: t[name] for name in layer.params}
        h, state = layer.forward(t["x"], packed(t, START), lengths)
        ends = zip(parts_of(state), parts_of(packed(a, END)), strict=True)
        return (h * a["dh"]).sum() + sum((part * dpart).sum() for part, dpart in ends)

    return loss


@full_and_lengths
@pytest.mark.parametrize(
    "kind, method", [(k, "complex") for k in KINDS if "relu" not in k] + [("RNN, relu", "central")]
)
def test_gradients(kind, method, lengths):
    layer, a = make(kind)
    got = everything(layer, a, lengths)
    start = {name: a[name] for name in START if name in a}
    tensors = {**layer.params, "x": a["x"], **start}
    grads = {**layer.grads, "x": got["dx"], **{name: got[f"d{name}"] for name in start}}
    report = gradcheck(loss_of(kind, a, lengths), tensors, grads, method)
    assert len(report.tensors) == len(tensors) and report.ok, f"\n{report}"


@kinds
def test_a_sequence_in_two_pieces_is_the_sequence_in_one(kind):
    layer, a = make(kind)
    whole = everything(layer, a)
    first, second = make(kind)[0], make(kind)[0]  # same seed, same weights
    h1, middle = first.forward(a["x"][:2], packed(a, START))
    h2, end = second.forward(a["x"][2:], middle)
    dx2, handed_over = second.backward(a["dh"][2:], packed(a, END))
    dx1, dstart = first.backward(a["dh"][:2], handed_over)
    pieces = {"h": np.concatenate([h1, h2]), "dx": np.concatenate([dx1, dx2])}
    pieces |= named(end, ("h_T", "c_T")) | named(dstart, ("dh_0", "dc_0"))
    assert_same(pieces | {name: first.grads[name] + second.grads[name] for name in first.grads}, whole)


@kinds
def test_truncated_back_propagation_carries_the_state_and_cuts_the_gradient(kind):
    layer, a = make(kind)
    _, state = layer.forward(a["x"][:2], packed(a, START))
    before = [part.copy() for part in parts_of(state)]
    h, _ = layer.forward(a["x"][2:], state)
    dx, _ = layer.backward(a["dh"][2:])
    for part, as_it_was in zip(parts_of(state), before, strict=True):
        np.testing.assert_array_equal(part, as_it_was)
    fresh = make(kind)[0]
    again, _ = fresh.forward(a["x"][2:], state)
    assert_same({"h": h, "dx": dx, **layer.grads}, {"h": again, "dx": fresh.backward(a["dh"][2:])[0], **fresh.grads}, 0)


@kinds
@full_and_lengths
def test_backward_again_gives_the_same_and_does_not_add_up(kind, lengths):
    layer, a = make(kind)
    once = {name: value.copy() for name, value in everything(layer, a, lengths).items()}
    dx, dstart = layer.backward(a["dh"], packed(a, END))
    again = {"dx": dx} | named(dstart, ("dh_0", "dc_0")) | layer.grads
    assert_same(again, {name: once[name] for name in again}, 0)


@kinds
def test_backward_without_dstate_is_backward_with_zero(kind):
    layer, a = make(kind)
    with_zero = everything(layer, a | {name: np.zeros((B, H)) for name in END if name in a})
    dx, dstart = layer.backward(a["dh"])
    got = {"dx": dx} | named(dstart, ("dh_0", "dc_0"))
    assert_same(got, {name: with_zero[name] for name in got}, 0)


@kinds
def test_results_outlive_the_next_call(kind):
    layer, a = make(kind)
    first = everything(layer, a)
    copies = {name: value.copy() for name, value in first.items()}
    everything(layer, negated(a))
    assert_same(first, copies, 0)


# ---- Different lengths ------------------------------------------------------------------------------------------


@kinds
def test_each_row_of_a_padded_batch_is_the_row_alone(kind):
    layer, a = make(kind)
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
    assert_same({name: batch[name] for name in sums}, sums)


@kinds
def test_what_the_padding_holds_does_not_matter(kind):
    layer, a = make(kind)
    padding = np.arange(T)[:, None] >= LENGTHS
    dirty = {name: value.copy() for name, value in a.items()}
    dirty["x"][padding] = 1e6
    dirty["dh"][padding] = np.nan
    assert_same(everything(layer, dirty, LENGTHS), everything(layer, a, LENGTHS), 0)


@kinds
def test_full_lengths_are_no_lengths(kind):
    layer, a = make(kind)
    assert_same(everything(layer, a, [T] * B), everything(layer, a))


# ---- Shapes, memory and dtypes ----------------------------------------------------------------------------------


@kinds
@full_and_lengths
def test_rows_of_the_batch_do_not_meet(kind, lengths):
    layer, a = make(kind)
    order = np.array([2, 0, 3, 1])

    def permuted(arrays, order):
        by_row = {3: lambda value: value[:, order], 2: lambda value: value[order]}
        return {name: value if name in layer.params else by_row[value.ndim](value) for name, value in arrays.items()}

    got = everything(layer, permuted(a, order), None if lengths is None else lengths[order])
    assert_same(permuted(got, np.argsort(order)), everything(layer, a, lengths))


@kinds
@full_and_lengths
def test_arguments_are_left_as_they_were(kind, lengths):
    layer, a = make(kind)
    before = {name: value.copy() for name, value in (a | layer.params).items()}
    everything(layer, a, lengths)
    assert_same(a | layer.params, before, 0)


@kinds
@full_and_lengths
def test_memory_layout_does_not_matter(kind, lengths):
    layer, a = make(kind)
    every_other = {name: np.repeat(value, 2, axis=-1)[..., ::2] for name, value in a.items()}
    fortran = {name: np.asfortranarray(value) for name, value in a.items()}
    assert not every_other["x"].flags.contiguous and not fortran["x"].flags.c_contiguous
    expected = everything(layer, a, lengths)
    assert_same(everything(layer, every_other, lengths), expected)
    assert_same(everything(layer, fortran, lengths), expected)


@kinds
def test_float32_in_float32_out_and_close_to_float64(kind):
    exact_layer, exact = make(kind)
    layer, _ = make(kind, np.float32)
    got = everything(layer, {name: value.astype(np.float32) for name, value in exact.items()})
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact_layer, exact), 2e-5)


@kinds
def test_a_layer_whose_parameters_become_float64_computes_in_float64(kind):
    exact_layer, exact = make(kind)
    layer, a = make(kind, np.float32)
    everything(layer, a)  # leaves arrays of float32 behind
    layer.params = exact_layer.params
    assert_same(everything(layer, exact), everything(exact_layer, exact))


@pytest.mark.parametrize("numbers", [1, 4 * 4 * B * H, 10**9], ids=["one step", "four, then two", "all"])
@pytest.mark.parametrize("small", [1, 59, 80, 10**9])  # 59 cuts W_xh into blocks, 80 the LSTM's W_hh.T
@pytest.mark.parametrize("few", [0, B * H], ids=["a product a gate", "all gates in one"])
@pytest.mark.parametrize("apart", [(), (B,)], ids=["rows together", "row by row"])
@pytest.mark.parametrize("symbols", [False, True], ids=["vectors", "symbols"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if "RNN" not in kind])
def test_how_the_work_is_cut_does_not_matter(kind, symbols, apart, few, small, numbers, monkeypatch):
    layer, a = make(kind)
    if symbols:
        a["x"] = np.random.default_rng(1).integers(D, size=(T, B))
    expected = everything(layer, a, LENGTHS)
    monkeypatch.setattr("rnnlib.kernels.workspace.CACHED", numbers)
    monkeypatch.setattr("rnnlib.kernels.products.FEW", few)
    monkeypatch.setattr("rnnlib.kernels.products.JOINED", few)
    monkeypatch.setattr("rnnlib.kernels.products.APART", apart)
    monkeypatch.setattr("rnnlib.kernels.products.APART_FROM", 1)
    monkeypatch.setattr("rnnlib.kernels.products.SMALL_PRODUCT", small)
    monkeypatch.setattr("rnnlib.kernels.products.NARROWEST", 1)
    got = everything(layer, a, LENGTHS)
    if symbols:
        assert got.pop("dx") is expected.pop("dx") is None
    assert_same(got, expected)


@kinds
def test_other_sizes_in_between_do_not_matter(kind):
    layer, a = make(kind)
    expected = {name: value.copy() for name, value in everything(layer, a).items()}
    everything(layer, {name: value[:3, :2] if value.ndim == 3 else value[:2] for name, value in negated(a).items()})
    everything(layer, {name: value[:, :1] if value.ndim == 3 else value[:1] for name, value in negated(a).items()})
    assert_same(everything(layer, a), expected, 0)


@kinds
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))], ids=["copy", "pickle"])
def test_a_copy_computes_what_the_layer_computes_and_shares_nothing(kind, copied):
    layer, a = make(kind)
    expected = {name: value.copy() for name, value in everything(layer, a).items()}
    twin = copied(layer)
    everything(twin, negated(a))
    dx, _ = layer.backward(a["dh"], packed(a, END))
    assert_same({"dx": dx}, {"dx": expected["dx"]}, 0)
    assert_same(everything(twin, a), expected, 0)


@kinds
def test_weights_start_as_promised(kind):
    (cls, options), gates = KINDS[kind], {"RNN": 1, "LSTM": 4, "GRU": 3}[kind[:4].rstrip(",")]
    layer = cls(40, 64, **options)
    shapes = {"W_xh": (40, gates * 64), "W_hh": (64, gates * 64), "b_h": (gates * 64,)}
    assert {name: p.shape for name, p in layer.params.items() if name != "b_hn"} == shapes
    for name, p in layer.params.items():
        assert p.dtype == np.float32 and np.abs(p).max() <= 1 / 8 and np.abs(p).max() > 0.115, name
        assert p.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.25), name
    same, other = cls(40, 64, **options), cls(40, 64, rng=np.random.default_rng(1), **options)
    assert_same(same.params, layer.params, 0)
    assert not np.array_equal(other.params["W_hh"], layer.params["W_hh"])


@kinds
@full_and_lengths
@pytest.mark.parametrize("rows", [B, 1])
def test_symbols_stand_for_their_one_hot_vectors(kind, lengths, rows):
    layer, a = make(kind)
    a = {name: value[:rows] if value.ndim == 2 else value[:, :rows] for name, value in a.items()}
    lengths = None if lengths is None else lengths[:rows]
    ids = np.random.default_rng(1).integers(D, size=(T, rows))
    got = everything(layer, a | {"x": ids}, lengths)
    assert got.pop("dx") is None
    expected = everything(layer, a | {"x": np.eye(D)[ids]}, lengths)
    del expected["dx"]
    assert_same(got, expected)
