"""Sequences of different lengths as batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.data import PaddedBatches, buckets, pad

LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=40)


@given(LENGTHS, st.integers(-3, 3))
def test_pad_keeps_each_sequence_and_fills_the_rest(lengths, value):
    sequences = [np.arange(n) + 10 for n in lengths]
    ids, got = pad(sequences, value)
    assert ids.shape == (max(lengths), len(lengths)) and got.tolist() == lengths
    for b, n in enumerate(lengths):
        np.testing.assert_array_equal(ids[:n, b], sequences[b])
        assert (ids[n:, b] == value).all()


@given(LENGTHS, st.integers(1, 7), st.none() | st.integers(0, 99))
def test_every_sequence_is_in_one_bucket_and_neighbours_have_like_lengths(lengths, B, seed):
    rows = buckets(lengths, B, None if seed is None else np.random.default_rng(seed))
    assert sorted(np.concatenate(rows).tolist()) == list(range(len(lengths)))
    assert sorted(len(batch) for batch in rows)[1:] == [B] * (len(rows) - 1)
    # Sorted by length, the batches follow one another without overlap: no dealing wastes less.
    ranges = sorted((min(lengths[n] for n in batch), max(lengths[n] for n in batch)) for batch in rows)
    assert all(last <= first for (_, last), (first, _) in zip(ranges, ranges[1:], strict=False))


def test_the_same_seed_gives_the_same_order_and_the_next_pass_another():
    lengths = np.random.default_rng(0).integers(3, 6, 50)

    def order(rng):
        return [batch.tolist() for batch in buckets(lengths, 8, rng)]

    assert order(np.random.default_rng(1)) == order(np.random.default_rng(1))
    rng = np.random.default_rng(1)
    first, second = order(rng), order(rng)
    assert first != second and sorted(map(sorted, first)) != sorted(map(sorted, second))
    assert order(None) == order(None)


def test_padding_is_zero_unless_told_otherwise():
    ids, _ = pad([[7], [8, 9]])
    assert ids.tolist() == [[7, 8], [0, 9]]
    ((ids, targets, _),) = PaddedBatches([[7], [8, 9]], [[1], [2, 3]], B=2)
    assert ids.tolist() == [[7, 8], [0, 9]] and targets.tolist() == [[1, 2], [0, 3]]


INPUTS = [[1, 2], [3], [4, 5, 6], [7, 8, 9]]


def test_classes_stay_with_their_sequences():
    batches = PaddedBatches(INPUTS, targets=[20, 30, 40, 70], B=3, rng=np.random.default_rng(0))
    for _ in range(3):  # the passes of a training run
        passed = list(batches)
        assert len(passed) == len(batches) == 2
        seen = {}
        for ids, targets, lengths in passed:
            assert ids.shape == (lengths.max(), len(targets))
            seen |= {int(y): ids[:n, b].tolist() for b, (y, n) in enumerate(zip(targets, lengths, strict=True))}
        assert seen == {20: [1, 2], 30: [3], 40: [4, 5, 6], 70: [7, 8, 9]}


def test_tags_are_padded_like_their_words():
    tags = [[10 * i for i in sequence] for sequence in INPUTS]
    for ids, targets, lengths in PaddedBatches(INPUTS, tags, B=2, fill_targets=-1):
        valid = np.arange(len(ids))[:, None] < lengths
        np.testing.assert_array_equal(targets, np.where(valid, 10 * ids, -1))


def test_targets_with_lengths_of_their_own():
    sounds = [[1], [2, 2], [3], [4, 4, 4, 4]]
    (ids, targets, lengths, target_lengths), (*_, last) = PaddedBatches(INPUTS, sounds, B=2, own_lengths=True)
    assert ids.tolist() == [[3, 1], [0, 2]] and targets.tolist() == [[2, 1], [2, 0]]
    assert lengths.tolist() == [1, 2] and target_lengths.tolist() == [2, 1] and last.tolist() == [1, 4]


def test_refuses_and_says_why():
    with pytest.raises(ValueError, match="sequences: expected at least one, got none"):
        pad([])
    with pytest.raises(ValueError, match=r"sequences\[1\]: expected one or more integers on one axis, got list \[\]"):
        pad([[1], []])
    with pytest.raises(ValueError, match=r"sequences\[0\]: expected one or more integers on one axis, got .*float64"):
        pad([np.zeros(3)])
    with pytest.raises(ValueError, match="B: expected a whole number of at least 1, got 0"):
        buckets([1, 2], 0)
    with pytest.raises(ValueError, match="B: expected a whole number of at least 1, got 0"):
        PaddedBatches(INPUTS, [0, 0, 0, 0], B=0)
    with pytest.raises(ValueError, match="targets: expected one per input and at least one, got 2 for 4 inputs"):
        PaddedBatches(INPUTS, [0, 1], B=2)
    with pytest.raises(ValueError, match=r"targets\[1\]: expected 1 values like inputs\[1\], got 2.*own_lengths=True"):
        PaddedBatches(INPUTS, [[1, 2], [3, 3], [4, 5, 6], [7, 8, 9]], B=2)
