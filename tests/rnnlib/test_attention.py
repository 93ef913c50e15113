"""Attention beside torch in float64, against numeric gradients, and against what it promises."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.attention import AdditiveAttention, DotProductAttention, causal_mask, length_mask
from rnnlib.gradcheck import gradcheck
from rnnlib.multihead import MultiHeadAttention

torch.set_num_threads(1)
EXACT = 1e-12
T, S, B, D, E = 5, 7, 3, 6, 4  # all different, so that no swapped axis fits
HEADS = 2
LENGTHS = np.array([4, 7, 1])
MASKS = {
    "all": None,
    "lengths": length_mask(LENGTHS, S),
    "causal": causal_mask(S)[:T],
    "both": length_mask(LENGTHS, S) & causal_mask(S)[:T],
    "own": np.random.default_rng(3).random((T, B, S)) < 0.4,
}
MASKS["own"][..., 2] = True  # something to look at for every query
masks = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
KINDS = {
    "dot": (lambda dtype, rng: DotProductAttention(), (D, D, E)),
    "additive": (lambda dtype, rng: AdditiveAttention(D, E, 8, rng=rng, dtype=dtype), (D, E, 9)),
    "multi-head": (lambda dtype, rng: MultiHeadAttention(D, HEADS, rng=rng, dtype=dtype), (D, D, D)),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def make(kind, dtype=np.float64, seed=0, sizes=(T, S, B)):
    """A layer, random queries, keys and values, and a random gradient for what it gives."""
    rng = np.random.default_rng(seed)
    create, (d_q, d_k, d_v) = KINDS[kind]
    T, S, B = sizes
    layer = create(dtype, rng)
    shapes = {"q": (T, B, d_q), "k": (S, B, d_k), "v": (S, B, d_v), "dy": (T, B, d_v)}
    return layer, {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def everything(layer, a, mask=None):
    """One forward and backward pass; all results under their names."""
    y = layer.forward(a["q"], a["k"], a["v"], mask)
    dq, dk, dv = layer.backward(a["dy"])
    return {"y": y, "weights": layer.weights, "dq": dq, "dk": dk, "dv": dv, **layer.grads}


def assert_same(got, expected, tolerance=EXACT):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].shape == expected[name].shape, name
        scale = max(1.0, np.abs(expected[name]).max())
        assert np.abs(got[name] - expected[name]).max() <= tolerance * scale, name


# ---- Beside torch -----------------------------------------------------------------------------------------------


def torch_mask(mask):
    """The mask batch first, as torch wants it."""
    return None if mask is None else torch.from_numpy(np.broadcast_to(mask, (T, B, S)).swapaxes(0, 1).copy())


def leaves(a):
    return [torch.from_numpy(a[name]).requires_grad_() for name in ("q", "k", "v")]


@masks
def test_dot_product_is_torchs(mask):
    layer, a = make("dot")
    q, k, v = leaves(a)
    first = [t.transpose(0, 1) for t in (q, k, v)]
    y = torch.nn.functional.scaled_dot_product_attention(*first, attn_mask=torch_mask(mask)).transpose(0, 1)
    y.backward(torch.from_numpy(a["dy"]))
    got = everything(layer, a, mask)
    del got["weights"]
    expected = {"y": y.detach(), "dq": q.grad, "dk": k.grad, "dv": v.grad}
    assert_same(got, {name: t.numpy() for name, t in expected.items()})


@masks
def test_additive_is_its_equation_in_torch(mask):
    layer, a = make("additive")
    q, k, v = leaves(a)
    p = {name: torch.from_numpy(value).requires_grad_() for name, value in layer.params.items()}
    scores = torch.stack([torch.tanh(q_t @ p["W_q"] + k @ p["W_k"]) @ p["w"] for q_t in q])  # (T, S, B)
    if mask is not None:
        scores = scores.masked_fill(~torch_mask(mask).permute(1, 2, 0), -torch.inf)
    weights = torch.softmax(scores, dim=1)
    y = (weights[..., None] * v).sum(1)
    y.backward(torch.from_numpy(a["dy"]))
    expected = {"y": y, "weights": weights.transpose(1, 2), "dq": q.grad, "dk": k.grad, "dv": v.grad}
    expected |= {name: value.grad for name, value in p.items()}
    assert_same(everything(layer, a, mask), {name: t.detach().numpy() for name, t in expected.items()})


@masks
def test_multi_head_is_torchs_whatever_the_two_biases_that_do_not_matter(mask):
    layer, a = make("multi-head")
    p = {name: torch.from_numpy(value) for name, value in layer.params.items()}
    b_k, b_v = torch.randn(2, D, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    twin = torch.nn.MultiheadAttention(D, HEADS, dtype=torch.float64)
    with torch.no_grad():
        twin.in_proj_weight.copy_(torch.cat([p["W_q"].T, p["W_k"].T, p["W_v"].T]))
        twin.in_proj_bias.copy_(torch.cat([p["b_q"], b_k, b_v]))
        twin.out_proj.weight.copy_(p["W_o"].T)
        twin.out_proj.bias.copy_(p["b_o"] - b_v @ p["W_o"])
    q, k, v = leaves(a)
    hidden = None if mask is None else ~torch_mask(mask).repeat_interleave(HEADS, dim=0)
    y, weights = twin(q, k, v, attn_mask=hidden, average_attn_weights=False)
    y.backward(torch.from_numpy(a["dy"]))
    dW_q, dW_k, dW_v = twin.in_proj_weight.grad.chunk(3)
    db_q, db_k, _ = twin.in_proj_bias.grad.chunk(3)
    assert db_k.abs().max() < EXACT
    expected = {"y": y, "weights": weights.permute(1, 2, 0, 3), "dq": q.grad, "dk": k.grad, "dv": v.grad}
    expected |= {"b_q": db_q, "b_o": twin.out_proj.bias.grad, "W_o": twin.out_proj.weight.grad.T}
    expected |= {"W_q": dW_q.T, "W_k": dW_k.T}
    got = everything(layer, a, mask)
    # torch's values carry b_v, which reaches W_o's gradient through the context: every weight row sums to 1.
    got["W_o"] = got["W_o"] + np.outer(b_v, a["dy"].sum((0, 1)))
    expected["W_v"] = dW_v.T
    assert_same(got, {name: t.detach().numpy() for name, t in expected.items()})


def test_one_head_between_identities_is_the_dot_product():
    layer, a = make("dot")
    multi = MultiHeadAttention(D, 1, dtype=np.float64)
    for name, p in multi.params.items():
        p[...] = np.eye(D) if name.startswith("W") else 0
    v = np.concatenate([a["v"], a["v"]], axis=-1)[..., :D]
    mask = MASKS["both"]
    np.testing.assert_allclose(
        multi.forward(a["q"], a["k"], v, mask), layer.forward(a["q"], a["k"], v, mask), atol=1e-14
    )
    np.testing.assert_allclose(multi.weights[0], layer.weights, atol=1e-14)


# ---- Numeric gradients ------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("mask", [None, MASKS["both"]], ids=["all", "both"])
def test_gradients(kind, method, mask):
    layer, a = make(kind)
    got = everything(layer, a, mask)
    tensors = {**layer.params, **{name: a[name] for name in "qkv"}}
    grads = {**layer.grads, **{name: got["d" + name] for name in "qkv"}}

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        t = {name: value.astype(dtype) for name, value in tensors.items()}
        moved = KINDS[kind][0](dtype, np.random.default_rng(0))
        moved.params = {name: t[name] for name in moved.params}
        return (moved.forward(t["q"], t["k"], t["v"], mask) * a["dy"]).sum()

    report = gradcheck(loss, tensors, grads, method)
    assert len(report.tensors) == 3 + len(layer.params) and report.ok, f"\n{report}"


# ---- What it promises -------------------------------------------------------------------------------------------


@kinds
@masks
def test_weights_are_a_distribution_over_what_may_be_seen(kind, mask):
    layer, a = make(kind)
    everything(layer, a, mask)
    np.testing.assert_allclose(layer.weights.sum(-1), 1, atol=1e-14)
    assert (layer.weights[np.broadcast_to(True if mask is None else mask, layer.weights.shape)] > 0).all()
    if mask is not None:
        assert (layer.weights[np.broadcast_to(~mask, layer.weights.shape)] == 0).all()


@kinds
def test_what_is_masked_does_not_matter_and_gets_no_gradient(kind):
    layer, a = make(kind)
    mask, padding = MASKS["lengths"], np.arange(S)[:, None] >= LENGTHS
    clean = everything(layer, a, mask)
    dirty = {name: value.copy() for name, value in a.items()}
    dirty["k"][padding] = 1e3
    dirty["v"][padding] = -1e3
    got = everything(layer, dirty, mask)
    assert not got["dk"][padding].any() and not got["dv"][padding].any()
    assert_same(got, clean)


@kinds
def test_each_row_of_a_padded_batch_is_the_row_alone(kind):
    layer, a = make(kind)
    batch = everything(layer, a, MASKS["lengths"])
    for b, n in enumerate(LENGTHS):
        row = {name: value[:n, b : b + 1] if name in "kv" else value[:, b : b + 1] for name, value in a.items()}
        alone = everything(layer, row)
        for name in ("y", "dq"):
            np.testing.assert_allclose(batch[name][:, b], alone[name][:, 0], atol=1e-13, err_msg=f"{name} row {b}")
        for name in ("dk", "dv"):
            np.testing.assert_allclose(batch[name][:n, b], alone[name][:, 0], atol=1e-13, err_msg=f"{name} row {b}")


@kinds
def test_the_order_of_the_keys_does_not_matter(kind):
    layer, a = make(kind)
    order = np.random.default_rng(1).permutation(S)
    expected = everything(layer, a)
    got = everything(layer, a | {"k": a["k"][order], "v": a["v"][order]})
    back = np.argsort(order)
    for name in ("dk", "dv"):
        got[name] = got[name][back]
    got["weights"] = got["weights"][..., back]
    assert_same(got, expected)


@kinds
def test_queries_one_by_one_are_queries_at_once(kind):
    layer, a = make(kind)
    y = layer.forward(a["q"], a["k"], a["v"], MASKS["own"])
    for t in range(T):
        one = layer.forward(a["q"][t : t + 1], a["k"], a["v"], MASKS["own"][t : t + 1])
        np.testing.assert_allclose(one[0], y[t], atol=1e-14)


def test_masks_are_what_their_names_say():
    for t, s in np.ndindex(4, 4):
        assert causal_mask(4)[t, 0, s] == (s <= t)
    for b, s in np.ndindex(B, S):
        assert length_mask(LENGTHS, S)[0, b, s] == (s < LENGTHS[b])


def test_large_scores_do_not_overflow_and_a_mask_hides_them():
    layer, a = make("dot")
    y = layer.forward(1e6 * a["q"], a["k"], a["v"], MASKS["both"])
    assert np.isfinite(y).all() and np.isfinite(layer.backward(a["dy"])[0]).all()
    assert not layer.weights[~np.broadcast_to(MASKS["both"], layer.weights.shape)].any()


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(sizes=st.tuples(*[st.integers(1, 4)] * 3), kind=st.sampled_from(list(KINDS)), seed=st.integers(0, 99))
def test_any_sizes_and_any_mask_give_the_sum_written_out(sizes, kind, seed):
    layer, a = make(kind, seed=seed, sizes=sizes)
    T, S, B = sizes
    mask = np.random.default_rng(seed).random((T, B, S)) < 0.5
    mask[..., 0] |= ~mask.any(-1)
    got = everything(layer, a, mask)
    assert [got[name].shape for name in ("y", "dq", "dk", "dv")] == [a[name].shape for name in ("dy", "q", "k", "v")]
    if kind != "multi-head":
        np.testing.assert_allclose(got["y"], np.einsum("tbs,sbe->tbe", layer.weights, a["v"]), atol=1e-13)


@kinds
def test_float32_in_float32_out_and_close_to_float64(kind):
    exact_layer, exact = make(kind)
    layer, _ = make(kind, np.float32)
    got = everything(layer, {name: value.astype(np.float32) for name, value in exact.items()}, MASKS["both"])
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact_layer, exact, MASKS["both"]), 2e-5)


@kinds
def test_memory_layout_does_not_matter_and_arguments_are_left_as_they_were(kind):
    layer, a = make(kind)
    expected = everything(layer, a, MASKS["own"])
    before = {name: value.copy() for name, value in a.items()}
    every_other = {name: np.repeat(value, 2, axis=-1)[..., ::2] for name, value in a.items()}
    fortran = {name: np.asfortranarray(value) for name, value in a.items()}
    assert_same(everything(layer, every_other, MASKS["own"]), expected)
    assert_same(everything(layer, fortran, MASKS["own"]), expected)
    everything(layer, a, MASKS["own"])
    assert_same(a, before, 0)


# ---- Bad input --------------------------------------------------------------------------------------------------

Q, K = np.ones((T, B, D), np.float32), np.ones((S, B, D), np.float32)
NAN = K.copy()
NAN[2, 1, 0] = np.nan
BLIND = np.ones((T, B, S), bool)
BLIND[3, 1] = False

BAD_FORWARD = {
    "no batch axis": ({"q": Q[:, 0]}, ["q:", "(5, 6)", "q[:, None]"]),
    "keys of another width": ({"k": K[..., :4]}, ["k:", "(S, 3, 6)", "(7, 3, 4)"]),
    "keys of another batch": ({"k": K[:, :2]}, ["k:", "(S, 3, 6)", "(7, 2, 6)"]),
    "NaN in the keys": ({"k": NAN}, ["k:", "finite", "nan at index (2, 1, 0)"]),
    "infinity in the queries": ({"q": np.full_like(Q, np.inf)}, ["q:", "finite", "inf"]),
    "NaN in the values": ({"v": NAN}, ["v:", "finite", "nan at index (2, 1, 0)"]),
    "more values than keys": ({"v": np.ones((8, B, D), np.float32)}, ["v:", "(7, 3,", "(8, 3, 6)"]),
    "keys in float64": ({"k": K.astype(float)}, ["k:", "float32", "float64"]),
    "no key": ({"k": K[:0]}, ["k:", "at least one element"]),
    "mask of numbers": ({"mask": np.ones((T, B, S))}, ["mask:", "boolean", "(5, 3, 7)", "float64", "causal_mask"]),
    "mask of another shape": ({"mask": np.ones((S, B, T), bool)}, ["mask:", "(5, 3, 7)", "(7, 3, 5)"]),
    "mask without batch": ({"mask": np.ones((T, S), bool)}, ["mask:", "(5, 3, 7)", "(5, 7)", "length_mask"]),
    "nothing to look at": ({"mask": BLIND}, ["mask:", "at least one key", "none at step 3 of row 1"]),
}
FORWARD = {
    "dot": DotProductAttention,
    "additive": lambda: AdditiveAttention(D, D, 8),
    "multi-head": lambda: MultiHeadAttention(D, HEADS),
}


@kinds
@pytest.mark.parametrize("arguments, words", BAD_FORWARD.values(), ids=BAD_FORWARD)
@pytest.mark.filterwarnings("error")
def test_forward_refuses_and_says_why(kind, arguments, words):
    with pytest.raises(ValueError) as error:
        FORWARD[kind]().forward(**{"q": Q, "k": K, "v": K} | arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


@kinds
def test_backward_refuses_what_does_not_match_forward(kind):
    layer = FORWARD[kind]()
    with pytest.raises(ValueError, match=r"backward: expected a forward pass first.*layer\.forward\(q, k, v\)"):
        layer.backward(Q)
    layer.forward(Q, K, K)
    with pytest.raises(ValueError, match=r"(dcontext|dy): expected shape \(5, 3, 6\), got \(7, 3, 6\)"):
        layer.backward(K)
    with pytest.raises(ValueError, match="(dcontext|dy): expected dtype float32.*float64"):
        layer.backward(Q.astype(float))


def test_constructors_refuse_and_say_why():
    with pytest.raises(ValueError, match="heads: expected a number that divides D = 6, got 4"):
        MultiHeadAttention(6, 4)
    with pytest.raises(ValueError, match="heads: expected a whole number of at least 1, got 0"):
        MultiHeadAttention(6, 0)
    with pytest.raises(ValueError, match="D_k: expected a whole number of at least 1, got 0"):
        AdditiveAttention(3, 0, 4)
