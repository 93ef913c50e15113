"""The three scans against the recurrence and each other, in values and gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.scan import scan_log, scan_loop, scan_parallel

torch.set_num_threads(1)
# Around powers of two: the parallel scan halves the steps, with one left over wherever their number is odd.
LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100, 1023]
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


def by_log(a, b, h0=None):
    return scan_log(a.log(), b.log(), None if h0 is None else h0.log())


SCANS = {"loop": scan_loop, "parallel": scan_parallel, "log": by_log}


def make(T, shape=(3, 4), dtype=torch.float64, seed=0, positive=True):
    """Random a, b, h0 and gradient of the states. Decay between 0 and 1, as in the layers, or any sign."""
    rng = np.random.default_rng(seed)
    low = 0.01 if positive else -1
    a, b = rng.uniform(low, 0.99, (T, *shape)), rng.uniform(low, 2, (T, *shape))
    h0, dh = rng.uniform(low, 2, shape), rng.standard_normal((T, *shape))
    return [torch.from_numpy(array).to(dtype) for array in (a, b, h0, dh)]


def everything(scan, a, b, h0, dh):
    """States and gradients, under their names."""
    leaves = {name: t.clone().requires_grad_() for name, t in (("a", a), ("b", b), ("h0", h0)) if t is not None}
    h = scan(**leaves)
    h.backward(dh)
    return {"h": h.detach()} | {name: leaf.grad for name, leaf in leaves.items()}


def assert_same(got, expected, tolerance):
    assert got.keys() == expected.keys()
    for name in got:
        assert got[name].dtype == expected[name].dtype and got[name].shape == expected[name].shape, name
        scale = max(1.0, expected[name].abs().max().item())
        assert (got[name] - expected[name]).abs().max().item() <= tolerance * scale, name


@pytest.mark.parametrize("scan", [scan_loop, scan_parallel])
@pytest.mark.parametrize("start", [True, False], ids=["from h0", "from zero"])
def test_the_recurrence_number_by_number(scan, start):
    a, b, h0, _ = make(13, positive=False)
    h = scan(a, b, h0 if start else None)
    before = h0 if start else torch.zeros_like(h0)
    for t in range(13):
        for index in np.ndindex(3, 4):
            expected = a[(t, *index)] * before[index] + b[(t, *index)]
            assert h[(t, *index)].item() == pytest.approx(expected.item(), abs=1e-13)
        before = h[t]


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("start", [True, False], ids=["from h0", "from zero"])
@pytest.mark.parametrize("scan", ["parallel", "log"])
def test_states_and_gradients_are_those_of_the_loop(scan, start, dtype, T):
    a, b, h0, dh = make(T, dtype=dtype)
    h0 = h0 if start else None
    assert_same(everything(SCANS[scan], a, b, h0, dh), everything(scan_loop, a, b, h0, dh), TOLERANCE[dtype])


@pytest.mark.parametrize("T", [1, 2, 9, 64])
def test_any_sign_by_pairs(T):
    arguments = make(T, positive=False)
    assert_same(everything(scan_parallel, *arguments), everything(scan_loop, *arguments), 1e-12)


@pytest.mark.parametrize("scan", SCANS)
def test_gradients_are_the_derivatives(scan):
    a, b, h0, _ = make(6, (2,))
    assert torch.autograd.gradcheck(SCANS[scan], [t.requires_grad_() for t in (a, b, h0)])


def test_the_log_scan_stays_exact_over_4096_steps_of_float32():
    """With its sums in float32 it does not: that is why they are kept in float64."""
    a, b, _, _ = make(4096, (2, 8), torch.float32)
    expected = scan_loop(a.double(), b.double())
    s = a.log().cumsum(0)
    naive = (s + (b.log() - s).logcumsumexp(0)).exp()
    assert ((naive - expected).abs() / expected).max() > 1e-4
    assert ((by_log(a, b) - expected).abs() / expected).max() < 1e-5


@pytest.mark.parametrize("scan", SCANS)
def test_a_sequence_in_two_pieces_is_the_sequence_in_one(scan):
    a, b, h0, _ = make(12)
    whole = SCANS[scan](a, b, h0)
    first = SCANS[scan](a[:5], b[:5], h0)
    torch.testing.assert_close(torch.cat((first, SCANS[scan](a[5:], b[5:], first[-1]))), whole, rtol=0, atol=1e-13)


@pytest.mark.parametrize("scan", SCANS)
def test_memory_layout_does_not_matter_and_arguments_are_left_as_they_were(scan):
    a, b, h0, _ = make(6)
    before = [t.clone() for t in (a, b, h0)]
    expected = SCANS[scan](a, b, h0)
    batch_first = [t.transpose(0, 1).contiguous().transpose(0, 1) for t in (a, b)]
    torch.testing.assert_close(SCANS[scan](*batch_first, h0), expected, rtol=0, atol=0)
    assert all(torch.equal(t, old) for t, old in zip((a, b, h0), before, strict=True))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(T=st.integers(1, 40), shape=st.lists(st.integers(1, 3), max_size=3), seed=st.integers(0, 99))
def test_any_length_and_any_shape(T, shape, seed):
    arguments = make(T, tuple(shape), seed=seed)
    expected = everything(scan_loop, *arguments)
    for scan in ("parallel", "log"):
        assert_same(everything(SCANS[scan], *arguments), expected, 1e-10)


A = torch.ones(5, 3)


@pytest.mark.parametrize("scan", [scan_loop, scan_parallel, scan_log])
@pytest.mark.parametrize(
    "a, b, h0, words",
    [
        (np.ones((5, 3)), A, None, ["a:", "tensor", "ndarray", "torch.as_tensor"]),
        (A.long(), A, None, ["a:", "floating-point tensor", "torch.int64 tensor of shape (5, 3)"]),
        (A[:0], A, None, ["a:", "at least one element", "(0, 3)"]),
        (torch.tensor(1.0), A, None, ["a:", "(T,)", "()"]),
        (A, A[:4], None, ["b:", "(5, 3)", "(4, 3)"]),
        (A, A.double(), None, ["b:", "torch.float32", "torch.float64"]),
        (A, A, A, ["h0:", "(3,)", "(5, 3)"]),
        (A, A, A[0].double(), ["h0:", "torch.float32", "torch.float64"]),
    ],
)
def test_bad_input_is_refused_and_the_message_says_why(scan, a, b, h0, words):
    with pytest.raises(ValueError) as error:
        scan(a, b, h0)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)
