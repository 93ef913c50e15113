"""The losses: known values, gradients, masks."""

import math

import numpy as np
import pytest

from rnnlib.gradcheck import gradcheck
from rnnlib.losses import softmax_cross_entropy, squared_error

T, B, V = 6, 4, 5
rng = np.random.default_rng(0)
LOGITS, Y, TARGET = (rng.standard_normal((T, B, V)) * 2 for _ in range(3))
CLASSES = rng.integers(V, size=(T, B))
MASK = np.arange(T)[:, None] < np.array([6, 1, 4, 3])
CASES = {"cross-entropy": (softmax_cross_entropy, LOGITS, CLASSES), "squared error": (squared_error, Y, TARGET)}
both = pytest.mark.parametrize("loss_of, y, target", CASES.values(), ids=CASES)


def test_cross_entropy_is_minus_the_log_of_the_right_probability():
    loss, dlogits = softmax_cross_entropy(LOGITS, CLASSES)
    total = 0.0
    for t in range(T):
        for b in range(B):
            p = np.exp(LOGITS[t, b]) / np.exp(LOGITS[t, b]).sum()
            total -= math.log(p[CLASSES[t, b]])
            np.testing.assert_allclose(dlogits[t, b], (p - np.eye(V)[CLASSES[t, b]]) / (T * B), atol=1e-15)
    assert loss == pytest.approx(total / (T * B), rel=1e-14)


def test_logits_that_are_all_equal_cost_ln_V():
    assert softmax_cross_entropy(np.full((3, V), 7.0), np.array([0, 1, 4]))[0] == pytest.approx(math.log(V), rel=1e-14)


@pytest.mark.filterwarnings("error")
def test_huge_logits_neither_overflow_nor_lose_the_loss():
    logits = np.array([[0.0, 1000.0], [-1000.0, 0.0]])
    loss, dlogits = softmax_cross_entropy(logits, np.array([0, 1]))
    assert loss == 500  # 1000 nats for the first, 0 for the second
    np.testing.assert_array_equal(dlogits, [[-0.5, 0.5], [0, 0]])


def test_squared_error_is_half_the_squared_distance_per_position():
    loss, dy = squared_error(Y, TARGET)
    assert loss == pytest.approx(0.5 * np.linalg.norm(Y - TARGET) ** 2 / (T * B), rel=1e-14)
    np.testing.assert_allclose(dy, (Y - TARGET) / (T * B), atol=1e-16)


@both
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_gradient(loss_of, y, target, mask):
    def loss(t):
        if loss_of is squared_error:
            return loss_of(t["y"], target.astype(t["y"].dtype), mask)[0]
        return loss_of(t["y"], target, mask)[0]

    report = gradcheck(loss, {"y": y}, {"y": loss_of(y, target, mask)[1]}, "complex")
    assert report.ok, f"\n{report}"


@both
def test_a_mask_means_the_loss_of_what_counts(loss_of, y, target):
    loss, dy = loss_of(y, target, MASK)
    expected_loss, expected_dy = loss_of(y[MASK], target[MASK])
    assert loss == pytest.approx(expected_loss, rel=1e-14)
    np.testing.assert_allclose(dy[MASK], expected_dy, atol=1e-16)
    assert not dy[~MASK].any()


@both
def test_what_stands_where_the_mask_is_false_does_not_matter(loss_of, y, target):
    dirty_y, dirty_target = y.copy(), target.copy()
    dirty_y[~MASK] = np.nan
    dirty_target[~MASK] = -100
    expected_loss, expected_dy = loss_of(y, target, MASK)
    loss, dy = loss_of(dirty_y, dirty_target, MASK)
    assert loss == expected_loss
    np.testing.assert_array_equal(dy, expected_dy)


@both
def test_logits_may_lie_in_memory_in_any_order(loss_of, y, target):
    loss, dy = loss_of(y, target, MASK)
    loss_of_view, dy_of_view = loss_of(np.asfortranarray(y), target, MASK)
    assert loss_of_view == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(dy_of_view, dy, rtol=0, atol=1e-16)


@both
def test_arguments_are_left_as_they_were_and_float32_stays(loss_of, y, target):
    y32 = y.astype(np.float32)
    target = target.astype(np.float32) if target.dtype.kind == "f" else target
    copies = y32.copy(), target.copy()
    loss, dy = loss_of(y32, target, MASK)
    assert type(loss) is float and dy.dtype == np.float32
    np.testing.assert_array_equal(y32, copies[0])
    np.testing.assert_array_equal(target, copies[1])


@pytest.mark.parametrize("mask", [None, MASK], ids=["alone", "with a mask"])
def test_an_ignored_label_is_a_masked_position(mask):
    counts = CLASSES != 2
    loss, dlogits = softmax_cross_entropy(LOGITS, np.where(counts, CLASSES, -100), mask, ignore=-100)
    expected_loss, expected = softmax_cross_entropy(LOGITS, CLASSES, counts if mask is None else counts & mask)
    assert loss == expected_loss and 0 < counts.sum() < counts.size
    np.testing.assert_array_equal(dlogits, expected)
    assert softmax_cross_entropy(LOGITS, CLASSES, mask, ignore=2)[0] == loss  # a label in range can be ignored too


def test_nothing_but_ignored_labels_is_refused():
    with pytest.raises(ValueError, match="mask: expected at least one position that counts, got none"):
        softmax_cross_entropy(LOGITS, CLASSES * 0, ignore=0)
    with pytest.raises(ValueError, match="targets: expected ids from 0 to 4, got -100"):
        softmax_cross_entropy(LOGITS, np.where(CLASSES == 2, -100, CLASSES))


BAD = {
    "targets of another shape": (softmax_cross_entropy, (LOGITS, CLASSES[1:]), ["targets:", "(6, 4)", "(5, 4)"]),
    "one-hot targets": (softmax_cross_entropy, (LOGITS, LOGITS), ["targets:", "(6, 4)", "one class per row"]),
    "targets of floats": (softmax_cross_entropy, (LOGITS, CLASSES * 1.0), ["targets:", "integers", "float64"]),
    "class too high": (softmax_cross_entropy, (LOGITS, CLASSES + 1), ["targets:", "from 0 to 4", "got 5"]),
    "class below zero": (softmax_cross_entropy, (LOGITS, CLASSES - 1), ["targets:", "from 0 to 4", "got -1"]),
    "integer logits": (softmax_cross_entropy, (CLASSES, CLASSES[0]), ["logits:", "floating-point", "int64"]),
    "mask of numbers": (softmax_cross_entropy, (LOGITS, CLASSES, MASK * 1.0), ["mask:", "boolean", "float64"]),
    "mask of another shape": (softmax_cross_entropy, (LOGITS, CLASSES, MASK.T), ["mask:", "(6, 4)", "(4, 6)"]),
    "mask of nothing": (softmax_cross_entropy, (LOGITS, CLASSES, MASK & False), ["mask:", "at least one", "none"]),
    "integer y": (squared_error, (CLASSES, TARGET), ["y:", "floating-point", "int64"]),
    "target of another shape": (squared_error, (Y, TARGET[0]), ["target:", "(6, 4, 5)", "(4, 5)"]),
    "target of another dtype": (squared_error, (Y, TARGET.astype(np.float32)), ["target:", "float64", "float32"]),
    "mask per number": (squared_error, (Y, TARGET, np.ones_like(Y, bool)), ["mask:", "(6, 4)", "(6, 4, 5)"]),
}


@pytest.mark.parametrize("loss_of, arguments, words", BAD.values(), ids=BAD)
def test_refuses_and_says_why(loss_of, arguments, words):
    with pytest.raises(ValueError) as error:
        loss_of(*arguments)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)
