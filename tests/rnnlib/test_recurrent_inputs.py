"""What RNN, LSTM and GRU refuse, and how they say it."""

import numpy as np
import pytest

from tests.rnnlib.test_recurrent import KINDS

T, B, D, H = 6, 4, 3, 5  # all different, so that no swapped axis fits
kinds = pytest.mark.parametrize("kind", KINDS)

GOOD = np.ones((T, B, D), np.float32)
NAN, INF = GOOD.copy(), GOOD.copy()
NAN[2, 1, 0] = np.nan
INF[2, 1, 0], INF[3, 0, 0] = np.inf, -np.inf
DH = np.ones((T, B, H), np.float32)
PART = np.ones((B, H), np.float32)

BAD_X = {
    "a list": ([[1.0]], ["x:", "NumPy array", "list", "np.asarray"]),
    "integers": (GOOD.astype(int), ["x:", "floating-point", "int64", "x.astype(np.float32)"]),
    "no batch axis": (GOOD[:, 0], ["x:", "(T, B, 3)", "(6, 3)", "x[:, None]"]),
    "four axes": (GOOD[None], ["x:", "(T, B, 3)", "(1, 6, 4, 3)"]),
    "wrong width": (GOOD[..., :2], ["x:", "(T, B, 3)", "(6, 4, 2)", "x.swapaxes(0, 1)"]),
    "no step": (GOOD[:0], ["x:", "at least one element", "(0, 4, 3)"]),
    "no row": (GOOD[:, :0], ["x:", "at least one element", "(6, 0, 3)"]),
    "float64": (GOOD.astype(float), ["x:", "float32", "float64", "x.astype(np.float32)", "dtype=np.float64"]),
    "NaN": (NAN, ["x:", "finite", "nan at index (2, 1, 0)"]),
    "infinity": (INF, ["x:", "finite", "inf at index (2, 1, 0)"]),
    "a symbol too many": (np.full((T, B), D), ["x:", "from 0 to 2", "got 3"]),
    "symbols without a batch": (np.zeros(T, int), ["x:", "floating-point", "int64"]),
}
BAD_LENGTHS = {
    "too few": ([6, 6], ["lengths:", "4 integers", "(2,)"]),
    "a number": (6, ["lengths:", "4 integers", "()"]),
    "halves": ([1.5] * B, ["lengths:", "4 integers", "float64"]),
    "zero": ([6, 0, 1, 1], ["lengths:", "from 1 to T = 6", "[6, 0, 1, 1]"]),
    "beyond the end": ([6, 7, 1, 1], ["lengths:", "from 1 to T = 6", "7"]),
}
# A part of a state, of those that come in or of those whose gradient does.
BAD_PART = {
    "of one row": (PART[0], ["(4, 5)", "(5,)", "[None]"]),
    "of another batch": (PART[1:], ["(4, 5)", "(3, 5)"]),
    "of another width": (PART[:, 1:], ["(4, 5)", "(4, 4)"]),
    "of every step": (DH, ["(4, 5)", "(6, 4, 5)"]),
    "of float64": (PART.astype(float), ["float32", "float64"]),
    "of integers": (PART.astype(int), ["floating-point", "int64"]),
    "a list": (PART.tolist(), ["NumPy array", "list", "np.asarray"]),
}
BAD_STATE = BAD_PART | {
    "NaN": (np.nan * PART, ["finite", "nan at index (0, 0)"]),
    "infinity": (np.inf * PART, ["finite", "inf at index (0, 0)"]),
}
BAD_DH = {
    "of one step": (DH[0], ["dh:", "(6, 4, 5)", "(4, 5)"]),
    "as wide as x": (GOOD, ["dh:", "(6, 4, 5)", "(6, 4, 3)"]),
    "a step short": (DH[1:], ["dh:", "(6, 4, 5)", "(5, 4, 5)"]),
    "of float64": (DH.astype(float), ["dh:", "float32", "float64"]),
    "a list": (DH.tolist(), ["dh:", "NumPy array", "list"]),
}


def new(kind):
    """A layer of this kind that computes in float32."""
    layer, options = KINDS[kind]
    return layer(D, H, **options)


def with_part(kind, which, bad):
    """A state of which one part is bad, and how the message calls that part."""
    if kind != "LSTM":
        return bad, ""
    return ((bad, PART), "'s h") if which == 0 else ((PART, bad), "'s c")


def assert_refused(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


@kinds
@pytest.mark.parametrize("x, words", BAD_X.values(), ids=BAD_X)
@pytest.mark.filterwarnings("error")
def test_bad_x_is_refused(kind, x, words):
    assert_refused(lambda: new(kind).forward(x), words)


@kinds
@pytest.mark.parametrize("lengths, words", BAD_LENGTHS.values(), ids=BAD_LENGTHS)
def test_bad_lengths_are_refused(kind, lengths, words):
    assert_refused(lambda: new(kind).forward(GOOD, lengths=lengths), words)


@pytest.mark.parametrize("kind, which", [*((kind, 0) for kind in KINDS), ("LSTM", 1)])
@pytest.mark.parametrize("bad, words", BAD_STATE.values(), ids=BAD_STATE)
def test_a_bad_state_is_refused(kind, which, bad, words):
    state, part = with_part(kind, which, bad)
    assert_refused(lambda: new(kind).forward(GOOD, state), [f"state{part}:", *words])


@pytest.mark.parametrize("kind, which", [*((kind, 0) for kind in KINDS), ("LSTM", 1)])
@pytest.mark.parametrize("bad, words", BAD_PART.values(), ids=BAD_PART)
def test_a_bad_dstate_is_refused(kind, which, bad, words):
    dstate, part = with_part(kind, which, bad)
    layer = new(kind)
    layer.forward(GOOD)
    assert_refused(lambda: layer.backward(DH, dstate), [f"dstate{part}:", *words])


@pytest.mark.parametrize(
    "bad", [PART, (PART,), [PART, PART], (PART, PART, PART)], ids=["array", "one", "list", "three"]
)
def test_a_state_that_is_no_pair_is_refused_by_the_lstm(bad):
    layer = new("LSTM")
    assert_refused(lambda: layer.forward(GOOD, bad), ["state:", "tuple (h, c)", "(4, 5)"])
    layer.forward(GOOD)
    assert_refused(lambda: layer.backward(DH, bad), ["dstate:", "tuple (h, c)", "(4, 5)"])


@kinds
@pytest.mark.parametrize("dh, words", BAD_DH.values(), ids=BAD_DH)
def test_a_bad_dh_is_refused(kind, dh, words):
    layer = new(kind)
    layer.forward(GOOD)
    assert_refused(lambda: layer.backward(dh), words)


@kinds
def test_backward_needs_a_forward(kind):
    assert_refused(lambda: new(kind).backward(DH), ["backward: expected a forward pass first", "layer.forward(x)"])


@kinds
def test_a_width_that_is_no_width_is_refused(kind):
    cls, options = KINDS[kind]
    assert_refused(lambda: cls(0, H, **options), ["D: expected a whole number of at least 1, got 0"])
    assert_refused(lambda: cls(D, -1, **options), ["H: expected a whole number of at least 1, got -1"])


@kinds
def test_large_but_finite_input_is_no_bad_input(kind):
    layer = new(kind)
    layer.params["W_xh"] *= 0.1
    x = np.full((T, B, D), 3e38, np.float32)  # its sum overflows, its numbers do not
    assert np.isfinite(layer.forward(x)[0]).all()
