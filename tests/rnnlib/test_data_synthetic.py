"""Tasks made of random numbers: they are what they say, and so is the loss without memory."""

import math

import numpy as np
import pytest

from rnnlib.data import adding, copying, needs_future, temporal_order
from rnnlib.losses import softmax_cross_entropy, squared_error

SURE = 1e3  # a logit that leaves no doubt


@pytest.mark.parametrize("T", [2, 3, 10, 41])
def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum(T):
    x, y = adding(T, B=500, rng=np.random.default_rng(0), dtype=np.float64)
    numbers, markers = x[..., 0], x[..., 1]
    assert x.shape == (T, 500, 2) and y.shape == (500, 1)
    assert set(np.unique(markers)) <= {0, 1} and 0 <= numbers.min() and numbers.max() < 1
    assert (markers[: T // 2].sum(axis=0) == 1).all() and (markers[T // 2 :].sum(axis=0) == 1).all()
    assert markers.any(axis=1).all()  # every step is marked in some sequence
    np.testing.assert_allclose(y[:, 0], (numbers * markers).sum(axis=0))


def test_adding_without_memory_costs_a_sixth_in_squares_and_a_twelfth_in_halved_squares():
    # The variance of a uniform number is 1/12. The error of the estimate is about 0.15 / sqrt(B).
    _, y = adding(T=2, B=100_000, rng=np.random.default_rng(0), dtype=np.float64)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=2e-3)
    assert squared_error(np.ones_like(y), y)[0] == pytest.approx(1 / 12, abs=1e-3)
    assert np.mean((y - 1.1) ** 2) > np.mean((y - 1) ** 2) < np.mean((y - 0.9) ** 2)


def test_adding_with_half_a_memory_costs_half():
    x, y = adding(T=10, B=100_000, rng=np.random.default_rng(0), dtype=np.float64)
    first = (x[:5, :, 0] * x[:5, :, 1]).sum(axis=0)[:, None]
    assert np.mean((y - first - 0.5) ** 2) == pytest.approx(1 / 12, abs=1e-3)


@pytest.mark.parametrize("T", [1, 5, 100])
def test_copying_is_ten_symbols_a_silence_a_signal_and_the_same_ten(T):
    ids, targets = copying(T, B=300, rng=np.random.default_rng(0))
    assert ids.shape == targets.shape == (T + 20, 300)
    assert set(np.unique(ids[:10])) == set(range(8))
    signal = np.argwhere(ids == 9)
    assert (signal[:, 0] == T + 9).all() and len(signal) == 300
    silence = np.delete(ids[10:], T - 1, axis=0)
    assert (silence == 8).all() and (targets[: T + 10] == 8).all()
    np.testing.assert_array_equal(targets[T + 10 :], ids[:10])


@pytest.mark.parametrize("T", [1, 50])
def test_copying_without_memory_costs_ten_ln_8_over_all_steps(T):
    _, targets = copying(T, B=7, rng=np.random.default_rng(0))
    logits = np.zeros((T + 20, 7, 9))
    logits[: T + 10, :, 8] = SURE  # silent, and knows it
    logits[T + 10 :, :, 8] = -SURE  # one of the eight symbols
    loss, _ = softmax_cross_entropy(logits, targets)
    assert loss == pytest.approx(10 * math.log(8) / (T + 20), abs=1e-12)


@pytest.mark.parametrize("T", [10, 37, 100])
def test_temporal_order_has_one_symbol_in_the_second_tenth_and_one_in_the_sixth(T):
    ids, classes = temporal_order(T, B=2000, rng=np.random.default_rng(0))
    assert ids.shape == (T, 2000) and set(np.unique(ids)) == set(range(6))
    marked = ids >= 4
    assert (marked.sum(axis=0) == 2).all()
    steps = np.argwhere(marked.T)[:, 1].reshape(-1, 2)  # (B, 2): when
    assert set(steps[:, 0].tolist()) == set(range(T // 10, 2 * T // 10))
    assert set(steps[:, 1].tolist()) == set(range(5 * T // 10, 6 * T // 10))
    first, second = (ids[step, np.arange(2000)] == 5 for step in steps.T)
    np.testing.assert_array_equal(classes, 2 * first + second)
    assert np.bincount(classes) == pytest.approx([500] * 4, abs=100)  # guessing is right once in four


def test_ln_4_and_ln_2_are_what_guessing_costs():
    _, classes = temporal_order(T=10, B=50, rng=np.random.default_rng(0))
    assert softmax_cross_entropy(np.zeros((50, 4)), classes)[0] == pytest.approx(math.log(4))
    knows_the_first = np.where(np.arange(4) // 2 == classes[:, None] // 2, 0.0, -SURE)
    assert softmax_cross_entropy(knows_the_first, classes)[0] == pytest.approx(math.log(2))


@pytest.mark.parametrize("T, lag", [(6, 1), (9, 3), (4, 3)])
def test_needs_future_adds_the_bit_before_and_the_bit_ahead(T, lag):
    ids, targets = needs_future(T, B=40, rng=np.random.default_rng(0), lag=lag)
    for t in range(T):
        before = ids[t - lag] if t >= lag else 0
        ahead = ids[t + lag] if t + lag < T else 0
        np.testing.assert_array_equal(targets[t], before + ahead)


@pytest.mark.parametrize("T, lag", [(6, 1), (9, 3)])
def test_needs_future_costs_ln_2_to_whom_sees_the_past_alone(T, lag):
    ids, targets = needs_future(T, B=5, rng=np.random.default_rng(0), lag=lag)
    before = np.concatenate([np.zeros((lag, 5), int), ids[:-lag]])
    logits = np.full((T, 5, 3), -SURE)
    np.put_along_axis(logits, before[..., None], 0.0, axis=-1)
    np.put_along_axis(logits[:-lag], before[:-lag, :, None] + 1, 0.0, axis=-1)  # the bit ahead may be 1
    loss, _ = softmax_cross_entropy(logits, targets)
    assert loss == pytest.approx((1 - lag / T) * math.log(2), abs=1e-12)


TASKS = [(adding, 2), (copying, 1), (temporal_order, 10), (needs_future, 2)]


@pytest.mark.parametrize("task, least", TASKS)
def test_the_seed_decides_and_small_sizes_are_refused(task, least):
    for a, b in zip(task(12, 3, np.random.default_rng(4)), task(12, 3, np.random.default_rng(4)), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (task(12, 30, np.random.default_rng(4))[0] != task(12, 30, np.random.default_rng(5))[0]).any()
    task(least, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="T: expected .*at least"):
        task(least - 1, 3, np.random.default_rng(0))
    with pytest.raises(ValueError, match="B: expected a whole number of at least 1, got 0"):
        task(12, 0, np.random.default_rng(0))


def test_the_future_needs_a_lag():
    with pytest.raises(ValueError, match="lag: expected a whole number of at least 1, got 0"):
        needs_future(5, 2, np.random.default_rng(0), lag=0)
