"""The Transformer block and its parts beside torch in float64, against numeric gradients, and against its promises."""

import numpy as np
import pytest
import torch

from rnnlib.gradcheck import gradcheck
from rnnlib.optim import Adam
from rnnlib.positions import position_codes
from rnnlib.transformer import FeedForward, LayerNorm, TransformerBlock

torch.set_num_threads(1)
EXACT = 1e-12
T, B, D, HEADS, F = 5, 3, 6, 2, 7  # all different, so that no swapped axis fits
LENGTHS = np.array([4, 5, 1])
PADDING = np.arange(T)[:, None] >= LENGTHS
modes = pytest.mark.parametrize(
    "causal, lengths",
    [(False, None), (False, LENGTHS), (True, None), (True, LENGTHS)],
    ids=["all", "lengths", "causal", "causal with lengths"],
)


def make(causal=False, dtype=np.float64, seed=0):
    """A block with random parameters everywhere, and a random input and output gradient."""
    rng = np.random.default_rng(seed)
    block = TransformerBlock(D, HEADS, F, causal=causal, rng=rng, dtype=dtype)
    for p in block.params.values():
        p[...] = 0.5 * rng.standard_normal(p.shape)
    return block, *rng.standard_normal((2, T, B, D)).astype(dtype)


def everything(block, x, dy, lengths=None):
    """One forward and backward pass; all results under their names."""
    y = block.forward(x, lengths)
    return {"y": y, "dx": block.backward(dy), **block.grads}


def assert_same(got, expected, tolerance=EXACT):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].shape == expected[name].shape, name
        scale = max(1.0, np.abs(expected[name]).max())
        assert np.abs(got[name] - expected[name]).max() <= tolerance * scale, name


# ---- Beside torch -----------------------------------------------------------------------------------------------


def torch_twin(block):
    """`torch.nn.TransformerEncoderLayer` with the weights of `block`, and its parameters under our names."""
    twin = torch.nn.TransformerEncoderLayer(D, HEADS, F, dropout=0.0, norm_first=True, dtype=torch.float64)
    p = {name: torch.from_numpy(value) for name, value in block.params.items()}
    attention = [p[f"attention.W_{name}"] for name in "qkv"]
    with torch.no_grad():
        twin.self_attn.in_proj_weight.copy_(torch.cat(attention, dim=1).T)
        twin.self_attn.in_proj_bias.zero_()
        twin.self_attn.in_proj_bias[:D] = p["attention.b_q"]
        for theirs, ours in {
            twin.self_attn.out_proj.weight: p["attention.W_o"].T,
            twin.self_attn.out_proj.bias: p["attention.b_o"],
            twin.linear1.weight: p["feed.first.W"].T,
            twin.linear1.bias: p["feed.first.b"],
            twin.linear2.weight: p["feed.second.W"].T,
            twin.linear2.bias: p["feed.second.b"],
            twin.norm1.weight: p["norm1.g"],
            twin.norm1.bias: p["norm1.b"],
            twin.norm2.weight: p["norm2.g"],
            twin.norm2.bias: p["norm2.b"],
        }.items():
            theirs.copy_(ours)
    return twin


@modes
def test_the_block_is_torchs(causal, lengths):
    block, x, dy = make(causal)
    twin = torch_twin(block)
    if lengths is not None:
        dy[PADDING] = 0  # torch's block goes on after the end
    leaf = torch.from_numpy(x).requires_grad_()
    y = twin(
        leaf,
        src_mask=torch.ones(T, T).triu(1).bool() if causal else None,
        src_key_padding_mask=None if lengths is None else torch.from_numpy(PADDING.T.copy()),
    )
    y.backward(torch.from_numpy(dy))
    got = everything(block, x, dy, lengths)
    y = y.detach().numpy()
    if lengths is not None:
        y = np.where(PADDING[..., None], 0, y)
    dW_q, dW_k, dW_v = twin.self_attn.in_proj_weight.grad.chunk(3)
    expected = {
        "dx": leaf.grad,
        "norm1.g": twin.norm1.weight.grad,
        "norm1.b": twin.norm1.bias.grad,
        "attention.W_q": dW_q.T,
        "attention.W_k": dW_k.T,
        "attention.W_v": dW_v.T,
        "attention.W_o": twin.self_attn.out_proj.weight.grad.T,
        "attention.b_q": twin.self_attn.in_proj_bias.grad[:D],
        "attention.b_o": twin.self_attn.out_proj.bias.grad,
        "norm2.g": twin.norm2.weight.grad,
        "norm2.b": twin.norm2.bias.grad,
        "feed.first.W": twin.linear1.weight.grad.T,
        "feed.first.b": twin.linear1.bias.grad,
        "feed.second.W": twin.linear2.weight.grad.T,
        "feed.second.b": twin.linear2.bias.grad,
    }
    assert_same(got, {"y": y} | {name: grad.numpy() for name, grad in expected.items()})


@pytest.mark.parametrize("shape", [(T, B, D), (4, D), (D,)])
def test_layer_norm_is_torchs(shape):
    rng = np.random.default_rng(0)
    layer = LayerNorm(D, eps=1e-2, dtype=np.float64)
    for p in layer.params.values():
        p[...] = rng.standard_normal(D)
    x, dy = 3 + 2 * rng.standard_normal((2, *shape))
    twin = torch.nn.LayerNorm(D, eps=1e-2, dtype=torch.float64)
    with torch.no_grad():
        twin.weight.copy_(torch.from_numpy(layer.params["g"]))
        twin.bias.copy_(torch.from_numpy(layer.params["b"]))
    leaf = torch.from_numpy(x).requires_grad_()
    y = twin(leaf)
    y.backward(torch.from_numpy(dy))
    expected = {"y": y.detach(), "dx": leaf.grad, "g": twin.weight.grad, "b": twin.bias.grad}
    got = {"y": layer.forward(x), "dx": layer.backward(dy), **layer.grads}
    assert_same(got, {name: value.numpy() for name, value in expected.items()})


# ---- Numeric gradients ------------------------------------------------------------------------------------------


@modes
@pytest.mark.parametrize("method", ["complex", "central"])  # the relu is analytic where no number is near zero
def test_gradients(causal, lengths, method):
    block, x, dy = make(causal)
    got = everything(block, x, dy, lengths)

    def loss(tensors):
        dtype = np.result_type(*tensors.values())  # complex for a complex step
        moved = TransformerBlock(D, HEADS, F, causal=causal, dtype=dtype)
        for name, p in moved.params.items():
            p[...] = tensors[name]
        y = moved.forward(tensors["x"].astype(dtype), lengths)
        return (y * (dy if lengths is None else np.where(PADDING[..., None], 0, dy))).sum()

    grads = {"x": got["dx"], **block.grads}
    report = gradcheck(loss, {"x": x, **block.params}, grads, method)
    assert len(report.tensors) == 15 and report.ok, f"\n{report}"


# ---- What it promises -------------------------------------------------------------------------------------------


def test_the_parameters_are_the_parts_own_arrays():
    block, x, dy = make()
    before = block.forward(x)
    for p in block.params.values():
        p *= 1.1
    assert not np.allclose(block.forward(x), before)
    assert block.params.keys() == everything(block, x, dy).keys() - {"y", "dx"}


def test_a_causal_block_cannot_see_what_comes():
    block, x, dy = make(causal=True)
    y = block.forward(x)
    changed = x.copy()
    changed[3:] += 1
    np.testing.assert_array_equal(block.forward(changed)[:3], y[:3])
    dy[2:] = 0
    block.forward(x)
    assert not block.backward(dy)[2:].any()


def test_without_codes_the_block_sees_a_set_and_with_them_a_sequence():
    block, x, _ = make()
    order = np.array([3, 0, 4, 1, 2])
    np.testing.assert_allclose(block.forward(x[order]), block.forward(x)[order], atol=1e-13)
    codes = position_codes(T, D, np.float64)
    assert not np.allclose(block.forward(x[order] + codes), block.forward(x + codes)[order])


@pytest.mark.parametrize("causal", [False, True])
def test_each_row_of_a_padded_batch_is_the_row_alone(causal):
    block, x, dy = make(causal)
    batch = everything(block, x, dy, LENGTHS)
    sums = dict.fromkeys(block.params, 0)
    for b, n in enumerate(LENGTHS):
        alone = everything(block, x[:n, b : b + 1], dy[:n, b : b + 1])
        for name in ("y", "dx"):
            np.testing.assert_allclose(batch[name][:n, b], alone[name][:, 0], atol=1e-13, err_msg=f"{name} row {b}")
            assert not batch[name][n:, b].any(), f"{name} of row {b} is not zero after its end"
        sums = {name: sums[name] + alone[name] for name in sums}
    assert_same({name: batch[name] for name in sums}, sums)


@pytest.mark.parametrize("causal", [False, True])
def test_what_the_padding_holds_does_not_matter(causal):
    block, x, dy = make(causal)
    clean = everything(block, x, dy, LENGTHS)
    x[PADDING], dy[PADDING] = 1e3, np.nan
    assert_same(everything(block, x, dy, LENGTHS), clean)
    assert np.isnan(dy[PADDING]).all(), "the caller's dy was overwritten"


def test_float32_in_float32_out_and_close_to_float64():
    exact, x, dy = make()
    block, _, _ = make(dtype=np.float32)
    got = everything(block, x.astype(np.float32), dy.astype(np.float32), LENGTHS)
    assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}
    assert_same(got, everything(exact, x, dy, LENGTHS), 5e-5)


def test_layer_norm_gives_mean_zero_and_variance_one():
    x = 7 + 100 * np.random.default_rng(0).standard_normal((4, 50))
    y = LayerNorm(50, dtype=np.float64).forward(x)
    np.testing.assert_allclose(y.mean(-1), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(-1), 1, rtol=1e-6)


@pytest.mark.parametrize("D", [1, 2, 7, 8])
def test_position_codes_turn_by_an_angle_that_depends_on_the_distance_alone(D):
    codes = position_codes(40, D, np.float64)
    assert codes.shape == (40, 1, D)
    for column in range(0, D - 1, 2):
        angle = 3 / 10000 ** (column / D)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        pairs = codes[:, 0, column : column + 2]  # (sin, cos)
        np.testing.assert_allclose(pairs[3:], pairs[:-3] @ turn, atol=1e-13)
    np.testing.assert_allclose(codes[:, 0, 0], np.sin(np.arange(40)), atol=1e-14)


def test_a_block_learns_what_needs_attention():
    """Say at the last step which symbol stood at the first: the block must look back over all steps between."""
    rng = np.random.default_rng(0)
    block = TransformerBlock(16, 2, 32, causal=True, rng=rng)
    table = rng.standard_normal((4, 16)).astype(np.float32)
    codes = position_codes(12, 16)

    def right(ids, y):
        return ((y[-1] @ table.T).argmax(-1) == ids[0]).mean()

    optimizer = Adam(block.params, lr=0.01)
    for _ in range(300):
        ids = rng.integers(4, size=(12, 32))
        y = block.forward(table[ids] + codes)
        dy = np.zeros_like(y)
        dy[-1] = (y[-1] - table[ids[0]]) / 32
        block.backward(dy)
        optimizer.step(block.grads)
    ids = rng.integers(4, size=(12, 200))
    assert right(ids, block.forward(table[ids] + codes)) > 0.95
    assert block.attention.weights[:, -1, :, 0].mean() > 0.5


# ---- Bad input --------------------------------------------------------------------------------------------------

X = np.ones((T, B, D), np.float32)
NAN = X.copy()
NAN[2, 1, 0] = np.nan
BAD_FORWARD = {
    "no batch axis": ({"x": X[:, 0]}, ["x:", "(T, B, 6)", "(5, 6)", "x[:, None]"]),
    "wrong width": ({"x": X[..., :4]}, ["x:", "(T, B, 6)", "(5, 3, 4)"]),
    "float64": ({"x": X.astype(float)}, ["x:", "float32", "float64"]),
    "NaN": ({"x": NAN}, ["x:", "finite", "nan at index (2, 1, 0)"]),
    "length zero": ({"x": X, "lengths": [5, 0, 1]}, ["lengths:", "from 1 to T = 5", "[5, 0, 1]"]),
    "too few lengths": ({"x": X, "lengths": [5, 5]}, ["lengths:", "3 integers", "(2,)"]),
}


@pytest.mark.parametrize("arguments, words", BAD_FORWARD.values(), ids=BAD_FORWARD)
def test_forward_refuses_and_says_why(arguments, words):
    with pytest.raises(ValueError) as error:
        TransformerBlock(D, HEADS, F).forward(**arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


@pytest.mark.parametrize("make_layer", [lambda: TransformerBlock(D, HEADS, F), lambda: LayerNorm(D)])
def test_backward_refuses_what_does_not_match_forward(make_layer):
    layer = make_layer()
    with pytest.raises(ValueError, match=r"backward: expected a forward pass first.*layer\.forward\(x\)"):
        layer.backward(X)
    layer.forward(X)
    with pytest.raises(ValueError, match=r"dy: expected shape \(5, 3, 6\), got \(4, 3, 6\)"):
        layer.backward(X[:4])
    with pytest.raises(ValueError, match="dy: expected dtype float32.*float64"):
        layer.backward(X.astype(float))


def test_the_feed_forward_part_refuses_too():
    layer = FeedForward(D, F)
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        layer.backward(X)
    with pytest.raises(ValueError, match=r"x: expected shape \(n0, n1, 6\), got \(5, 3, 4\)"):
        layer.forward(X[..., :4])


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: TransformerBlock(D, 4, F), "heads: expected a number that divides D = 6, got 4"),
        (lambda: TransformerBlock(D, HEADS, 0), "F: expected a whole number of at least 1, got 0"),
        (lambda: LayerNorm(0), "D: expected a whole number of at least 1, got 0"),
        (lambda: LayerNorm(3, eps=0), "eps: expected a number greater than 0, got 0"),
        (lambda: position_codes(0, 4), "T: expected a whole number of at least 1, got 0"),
        (lambda: position_codes(4, -1), "D: expected a whole number of at least 1, got -1"),
    ],
)
def test_constructors_refuse_and_say_why(build, message):
    with pytest.raises(ValueError, match=message):
        build()
