"""What real students wrote for these functions, in words of our own: each mistake has a name, and no other is named."""

import numpy as np
import pytest

from rnnchecks import find
from rnnchecks.engine.run import run
from tests.rnnchecks.e03_bptt.styles import rnn_backward_stacked


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def names(problem, function, kind="visible"):
    """What a check calls the mistake."""
    verdict = run(find(problem), function, kind)
    assert not verdict.passed
    return verdict.misconceptions


def rnn_step(dh, x_t, h_prev, h, W_xh, W_hh, slope=None, db=lambda dz: dz.sum(axis=0)):
    dz = dh * ((1 - h**2) if slope is None else slope)
    return dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, db(dz)


def rnn_loop(step):
    """The loop of somebody who calls their step."""

    def rnn_backward(dh, x, h0, h, W_xh, W_hh):
        dx, d = np.zeros_like(x), np.zeros_like(h0)
        dW_xh, dW_hh, db_h = 0, 0, 0
        for t in range(len(x) - 1, -1, -1):
            h_prev = h0 if t == 0 else h[t - 1]
            dx[t], d, dW_xh_t, dW_hh_t, db_h_t = step(dh[t] + d, x[t], h_prev, h[t], W_xh, W_hh)
            dW_xh, dW_hh, db_h = dW_xh + dW_xh_t, dW_hh + dW_hh_t, db_h + db_h_t
        return dx, d, dW_xh, dW_hh, db_h

    return rnn_backward


STEPS = {
    "tanh-twice": lambda *a: rnn_step(*a, slope=1 - np.tanh(a[3]) ** 2),
    "slope-not-squared": lambda *a: rnn_step(*a, slope=1 - a[3]),
    "slope-of-the-gradient": lambda *a: rnn_step(*a, slope=1 - a[0] ** 2),
    "no-slope": lambda *a: rnn_step(*a, slope=1),
    "db_h-with-a-row-too-many": lambda *a: rnn_step(*a, db=lambda dz: dz.sum(axis=0, keepdims=True)),
    "db_h-summed-to-one-number": lambda *a: rnn_step(*a, db=np.sum),
    "db_h-summed-from-dW_xh": lambda *a: (*rnn_step(*a)[:4], rnn_step(*a)[2].sum(axis=0)),
}


@pytest.mark.parametrize("mistake", STEPS)
def test_a_mistake_of_the_step_is_named_there_and_in_the_loop_that_calls_it(mistake):
    assert names("bptt.rnn_step_backward", STEPS[mistake]) == (mistake,)
    assert names("bptt.rnn_backward", rnn_loop(STEPS[mistake])) == (mistake,)


def test_who_starts_the_step_with_ones_is_told_that_dh_is_ignored():
    def starts_with_ones(dh, *others):
        return rnn_step(np.ones_like(dh), *others)

    assert names("bptt.rnn_step_backward", starts_with_ones) == ("dh-ignored",)

    def starts_the_loop_with_ones(dh, *others):
        return rnn_backward_stacked(np.ones_like(dh), *others)

    assert names("bptt.rnn_backward", starts_the_loop_with_ones) == ("dh-ignored",)


@pytest.mark.parametrize("lost", ["dW_xh", "dW_hh", "db_h"])
def test_a_sum_that_is_added_to_itself(lost):
    def rnn_backward(dh, x, h0, h, W_xh, W_hh):
        total = {"dW_xh": np.zeros_like(W_xh), "dW_hh": np.zeros_like(W_hh), "db_h": np.zeros(len(W_hh))}
        dx, d = np.zeros_like(x), np.zeros_like(h0)
        for t in reversed(range(len(x))):
            dx[t], d, *share = rnn_step(dh[t] + d, x[t], h[t - 1] if t else h0, h[t], W_xh, W_hh)
            for name, one in zip(total, share):
                total[name] += total[name] if name == lost else one
        return dx, d, *total.values()

    assert names("bptt.rnn_backward", rnn_backward) == (f"nothing-added-to-{lost}",)


def lstm_step(order):
    def step(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
        block = dict(zip(order, np.split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=1)))
        c = sigmoid(block["f"]) * c_prev + sigmoid(block["i"]) * np.tanh(block["g"])
        return sigmoid(block["o"]) * np.tanh(c), c

    return step


def lstm_step_backward(order="ifgo", **changed):
    """A step back whose blocks stand in an order; `changed` are other formulas for its parts."""

    def step(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
        i, f, g, o = gates
        kept = {"i": i, "f": f, "g": g, "o": o, "c": c, "dc": dc, "dh": dh}
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        parts = {
            "i": dc * g * i * (1 - i),
            "f": dc * c_prev * f * (1 - f),
            "g": dc * i * (1 - g**2),
            "o": dh * np.tanh(c) * o * (1 - o),
            "dc_prev": dc * f,
        }
        parts |= {name: formula(whole=dc, **kept) for name, formula in changed.items()}
        dz = np.concatenate([parts[k] for k in order], axis=1)
        return dz @ W_xh.T, dz @ W_hh.T, parts["dc_prev"], x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)

    return step


def lstm_loop(step):
    def lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
        dx, d, dc, total = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0), [0, 0, 0]
        for t in range(len(x) - 1, -1, -1):
            past = (h[t - 1], c[t - 1]) if t else (h0, c0)
            dx[t], d, dc, *share = step(dh[t] + d, dc, x[t], *past, c[t], gates[t], W_xh, W_hh)
            total = [a + b for a, b in zip(total, share)]
        return dx, d, dc, *total

    return lstm_backward


@pytest.mark.parametrize("order", ["iofg", "ofig", "goif"])
def test_every_order_of_the_blocks_is_named_forward_backward_and_in_the_loop(order):
    name = f"blocks-in-the-order-{'-'.join(order)}"
    assert names("lstm.lstm_step", lstm_step(order)) == (name,)
    assert names("lstm.lstm_step_backward", lstm_step_backward(order)) == (name,)
    assert names("lstm.lstm_backward", lstm_loop(lstm_step_backward(order))) == (name,)


def test_a_fault_of_shape_is_not_put_down_to_an_argument_that_is_written_into():
    def step(dh, dc, *others):
        *right, db_h = lstm_step_backward()(dh, dc, *others)
        dc += dh * others[4][3] * (1 - np.tanh(others[3]) ** 2)
        return *right, db_h[None]

    verdict = run(find("lstm.lstm_step_backward"), step)
    assert verdict.misconceptions == ("db_h-with-a-row-too-many",)
    assert verdict.writes_into == ("dc",)


LSTM_STEPS = {
    "input-gate-for-the-output-gate-in-dc_prev": {
        "dc_prev": lambda dc, dh, i, f, c, **_: (dc + dh * i * (1 - np.tanh(c) ** 2)) * f
    },
    "dc_prev-through-the-input-gate": {"dc_prev": lambda whole, i, **_: whole * i},
    "output-gate-with-tanh-of-the-state": {"o": lambda dh, o, c, **_: dh * np.tanh(o * np.tanh(c)) * o * (1 - o)},
    "candidate-with-tanh-again": {"g": lambda whole, i, g, **_: whole * i * (1 - np.tanh(g) ** 2)},
    "candidate-with-a-factor-too-many-and-tanh-again": {
        "g": lambda whole, i, g, **_: whole * i * g * (1 - np.tanh(g) ** 2)
    },
}


@pytest.mark.parametrize("mistake", LSTM_STEPS)
def test_partners_that_are_mixed_up_in_the_lstm(mistake):
    step = lstm_step_backward(**LSTM_STEPS[mistake])
    assert names("lstm.lstm_step_backward", step) == (mistake,)
    assert names("lstm.lstm_backward", lstm_loop(step)) == (mistake,)


@pytest.mark.parametrize("first", ["h", "c"])
def test_one_array_under_two_names(first):
    def repaired_lstm(x, noise_W, noise_b):
        T, B, D = x.shape
        H = len(noise_b) // 4
        W, b = noise_W / np.sqrt(H), np.zeros(4 * H)
        b[H : 2 * H] = 1
        h = np.zeros((T, B, H))
        c = h
        for t in range(T):
            h_prev, c_prev = (h[t - 1], c[t - 1]) if t else (np.zeros((B, H)), np.zeros((B, H)))
            new = lstm_step("ifgo")(x[t], h_prev, c_prev, W[:D], W[D:], b)
            if first == "h":
                h[t], c[t] = new
            else:
                c[t], h[t] = new[::-1]
        return h, c

    assert names("lstm.repaired_lstm", repaired_lstm) == ("one-array-for-h-and-c",)


W_notebook = np.ones((2, 2))


def test_a_name_of_the_notebook_read_in_place_of_an_argument():
    def wrong_numbers(x_t, h_prev, W_xh, W_hh, b_h):
        return np.tanh(x_t @ W_xh + h_prev[:, :2] @ W_notebook + b_h)

    def undefined(x_t, h_prev, W_xh, W_hh, b_h):
        return np.tanh(x_t @ Wx + h_prev @ Wh + b_h)  # noqa: F821

    def in_one_of_two_places(dh, x_t, h_prev, h, W_xh, W_hh):
        dz = dh * (1 - h**2)
        return dz @ W_xh.T, dz @ Whh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0) + 0 * W_hh[0]  # noqa: F821

    assert names("forward.rnn_step", undefined) == ("reads-the-notebook-for-an-argument",)
    assert names("bptt.rnn_step_backward", in_one_of_two_places) == ("reads-the-notebook-for-an-argument",)
    hint = run(find("forward.rnn_step"), undefined).hints[0]
    assert "reads Wh where its argument W_hh belongs and Wx where its argument W_xh belongs" in hint
    assert names("forward.rnn_step", wrong_numbers) == ()  # with W_hh in its place it is wrong all the same


def test_a_name_of_the_notebook_that_gives_wrong_numbers():
    def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
        return np.tanh(x_t @ W_xh + h_prev @ W_hh + bias)  # noqa: F821

    rnn_step.__globals__["bias"] = 0.5
    try:
        assert names("forward.rnn_step", rnn_step) == ("reads-the-notebook-for-an-argument",)
    finally:
        del rnn_step.__globals__["bias"]


def test_a_misspelt_name_among_other_faults_is_called_nothing():
    def forgets_the_bias(x_t, h_prev, W_xh, W_hh, b_h):
        return np.tanh(x_t @ W_xh + h_prev @ Whh)  # noqa: F821

    assert names("forward.rnn_step", forgets_the_bias) == ()


def test_slips_that_hold_for_some_sizes_only():
    def five_steps(x, h0, W_xh, W_hh, b_h):
        h, state = np.zeros((5, *h0.shape)), h0
        for t in range(5):
            state = h[t] = np.tanh(x[t] @ W_xh + state @ W_hh + b_h)
        return h

    def second_step(x, h0, W_xh, W_hh, b_h):
        h, state = np.zeros((len(x), len(x[1]), len(b_h))), h0
        for t in range(len(x)):
            state = h[t] = np.tanh(x[t] @ W_xh + state @ W_hh + b_h)
        return h

    def bare_squeeze(x, h0, W_xh, W_hh, b_h):
        h, state = [], h0
        for t in range(len(x)):
            state = np.tanh(x[t] @ W_xh + state @ W_hh + b_h)
            h.append(np.squeeze(state[None]))
        return np.stack(h)

    assert names("forward.rnn_forward", five_steps) == ("a-size-written-as-a-number",)
    assert names("forward.rnn_forward", second_step, "hidden") == ("a-step-that-may-not-be-there",)
    assert names("forward.rnn_forward", bare_squeeze, "hidden") == ("squeeze-without-an-axis",)


def without_dh(dh, x, h0, h, W_xh, W_hh):
    """The gradient from outside is never added: every result is zero."""
    return rnn_backward_stacked(0 * dh, x, h0, h, W_xh, W_hh)


NAMELESS = {
    "all zeros": without_dh,
    "NaN": lambda *a: tuple(r * np.nan for r in rnn_backward_stacked(*a)),
    "ones": lambda *a: tuple(np.ones_like(r) for r in rnn_backward_stacked(*a)),
    "other shapes": lambda *a: tuple(np.asarray(r)[None] for r in rnn_backward_stacked(*a)),
    "random numbers": lambda *a: tuple(np.random.default_rng(0).random(np.shape(r)) for r in rnn_backward_stacked(*a)),
    "a NameError": lambda *a: unknown,  # noqa: F821
    "a ValueError": lambda dh, *a: dh @ dh,
    "None": lambda *a: None,
    "lists": lambda *a: [list(r) for r in rnn_backward_stacked(*a)],
    "a fault that is nobody's beside one that is known": lambda *a: (
        rnn_backward_stacked(*a)[0] + 0.1,
        *rnn_backward_stacked(*a)[1:3],
        a[3][-1].T @ a[0][-1],
        rnn_backward_stacked(*a)[4] / len(a[1]),
    ),
}


@pytest.mark.parametrize("kind", NAMELESS)
def test_what_can_come_from_anything_is_called_nothing(kind):
    assert names("bptt.rnn_backward", NAMELESS[kind]) == ()
