"""`step` and `step_backward` read as the equations, `forward` and `backward` are fast: they must be the same."""

import numpy as np
import pytest

from rnnlib.kernels.products import FEW
from tests.rnnlib.test_recurrent import KINDS

T, B, D, H = 7, 4, 3, 5  # all different, so that no swapped axis fits
WIDE = FEW // B + 1  # units from which on the kernels do not multiply with all gates at once
LENGTHS = np.array([3, 7, 1, 5])
kinds = pytest.mark.parametrize("kind", KINDS)


def new(kind, dtype=np.float64, H=H):
    cls, options = KINDS[kind]
    layer = cls(D, H, rng=np.random.default_rng(0), dtype=dtype, **options)
    for p in layer.params.values():
        p *= 3  # gates that are neither open nor shut
    return layer


def parts_of(state):
    return state if isinstance(state, tuple) else (state,)


def random_state(kind, rng, dtype, H):
    parts = tuple(rng.standard_normal((B, H)).astype(dtype) for _ in range(2 if kind == "LSTM" else 1))
    return parts if kind == "LSTM" else parts[0]


def where(counts, new_state, old_state):
    """The new state in the rows that count at this step, the old one in the others."""
    pairs = zip(parts_of(new_state), parts_of(old_state), strict=True)
    chosen = tuple(np.where(counts[:, None], *pair) for pair in pairs)
    return chosen if isinstance(new_state, tuple) else chosen[0]


def plus_output(dstate, dh_t):
    """The gradient of a state with what reaches its h from the output at its step."""
    return (dstate[0] + dh_t, dstate[1]) if isinstance(dstate, tuple) else dstate + dh_t


def loop(layer, x, state, dh, dstate, lengths):
    """Forward and backward as a loop over `step` and `step_backward`: outputs, state, dx, dstate and gradients."""
    counts = np.arange(T)[:, None] < lengths
    before, h = [], np.zeros_like(dh)
    for t in range(T):
        before.append(state)
        after = layer.step(x[t], state)
        h[t] = np.where(counts[t][:, None], parts_of(after)[0], 0)
        state = where(counts[t], after, state)
    dx, grads = np.zeros((T, B, D), dh.dtype), {name: np.zeros_like(p) for name, p in layer.params.items()}
    for t in reversed(range(T)):
        reached = where(counts[t], plus_output(dstate, dh[t]), tuple(map(np.zeros_like, parts_of(dstate))))
        reached = reached if isinstance(dstate, tuple) else parts_of(reached)[0]
        dx[t], dbefore, added = layer.step_backward(reached, x[t], before[t])
        dstate = where(counts[t], dbefore, dstate)
        grads = {name: grads[name] + added[name] for name in grads}
    return h, state, dx, dstate, grads


@kinds
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize("lengths", [np.full(B, T), LENGTHS], ids=["full", "lengths"])
@pytest.mark.parametrize("symbols", [False, True], ids=["vectors", "symbols"])
@pytest.mark.parametrize("H", [H, WIDE], ids=["narrow", "wide"])
def test_the_loop_over_steps_is_the_layer(kind, dtype, tolerance, lengths, symbols, H):
    layer, rng = new(kind, dtype, H), np.random.default_rng(1)
    x = rng.integers(D, size=(T, B)) if symbols else rng.standard_normal((T, B, D)).astype(dtype)
    state, dstate = random_state(kind, rng, dtype, H), random_state(kind, rng, dtype, H)
    dh = rng.standard_normal((T, B, H)).astype(dtype)
    h, last, dx, dfirst, grads = loop(layer, x, state, dh, dstate, lengths)
    got_h, got_last = layer.forward(x, state, lengths)
    got_dx, got_dfirst = layer.backward(dh, dstate)

    def assert_close(got, expected):
        assert got.shape == expected.shape and got.dtype == expected.dtype == dtype
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)

    assert_close(got_h, h)
    for got, expected in zip(parts_of(got_last) + parts_of(got_dfirst), parts_of(last) + parts_of(dfirst), strict=True):
        assert_close(got, expected)
    assert layer.grads.keys() == grads.keys() == layer.params.keys()
    for name, expected in grads.items():
        assert_close(layer.grads[name], expected)
    assert (got_dx is None) if symbols else (assert_close(got_dx, dx) is None)


@kinds
def test_a_step_without_a_state_starts_from_zero(kind):
    layer, rng = new(kind), np.random.default_rng(1)
    x_t, zero = rng.standard_normal((B, D)), np.zeros((B, H))
    state = (zero, zero) if kind == "LSTM" else zero
    for got, expected in zip(parts_of(layer.step(x_t)), parts_of(layer.step(x_t, state)), strict=True):
        np.testing.assert_array_equal(got, expected)


@kinds
@pytest.mark.parametrize(
    "broken, words",
    [
        ({"B": B + 1}, f"expected shape ({B}, {H}), got ({B + 1}, {H})"),
        ({"B": 1}, f"expected shape ({B}, {H}), got (1, {H})"),  # would be spread over the batch
        ({"H": 1}, f"expected shape ({B}, {H}), got ({B}, 1)"),
        ({"dtype": np.float32}, "expected dtype float64"),
        ({"fill": np.nan}, "expected finite numbers, got nan"),
    ],
    ids=["another batch", "one row", "one unit", "dtype", "NaN"],
)
def test_a_step_refuses_a_state_that_does_not_fit(kind, broken, words):
    layer, x_t = new(kind), np.ones((B, D))
    part = np.full((broken.get("B", B), broken.get("H", H)), broken.get("fill", 0.5), broken.get("dtype", np.float64))
    right = np.zeros((B, H))
    states = [(part, right), (right, part)] if kind == "LSTM" else [part]
    dstate = (right, right) if kind == "LSTM" else right
    for state in states:
        for call in (lambda s=state: layer.step(x_t, s), lambda s=state: layer.step_backward(dstate, x_t, s)):
            with pytest.raises(ValueError) as refused:
                call()
            assert words in str(refused.value)


@kinds
@pytest.mark.parametrize(
    "x_t, words",
    [
        (np.ones((B, D + 1)), f"x_t: expected shape (B, {D})"),
        (np.ones((1, B, D)), f"x_t: expected shape (B, {D})"),
        (np.ones((B, D), np.float32), "x_t: expected dtype float64"),
        (np.full((B, D), np.inf), "x_t: expected finite numbers"),
        (np.full(B, D), f"x_t: expected ids from 0 to {D - 1}, got {D}"),
    ],
    ids=["width", "rank", "dtype", "infinity", "symbol"],
)
def test_a_step_refuses_an_input_that_does_not_fit(kind, x_t, words):
    with pytest.raises(ValueError) as refused:
        new(kind).step(x_t)
    assert words in str(refused.value)
