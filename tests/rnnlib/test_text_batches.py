"""A text as streams side by side."""

import numpy as np
import pytest

from rnnlib.data import TextBatches


@pytest.mark.parametrize("N, T, B", [(9, 2, 2), (101, 7, 4), (100, 5, 3), (61, 5, 4), (22, 7, 3)])
def test_streams_go_on_from_piece_to_piece_and_targets_are_one_symbol_later(N, T, B):
    batches = TextBatches(np.arange(N), T, B)
    pieces = list(batches)
    assert len(pieces) == len(batches) == (N - 1) // B // T
    for x, y in pieces:
        assert x.shape == y.shape == (T, B)
        np.testing.assert_array_equal(y, x + 1)
    streams = np.concatenate([x for x, _ in pieces])
    np.testing.assert_array_equal(np.diff(streams, axis=0), 1)  # each stream reads the text without a gap
    np.testing.assert_array_equal(streams[0], np.arange(B) * ((N - 1) // B))  # and starts where the one before ends
    assert len(np.unique(streams)) == streams.size


def test_the_last_symbol_is_a_target_when_the_text_fits():
    *_, (_, y) = TextBatches(np.arange(9), T=2, B=2)
    assert y[-1, -1] == 8


def test_can_be_gone_over_again():
    batches = TextBatches(np.arange(50), T=4, B=3)
    for (x, y), (x_again, y_again) in zip(batches, batches, strict=True):
        np.testing.assert_array_equal(x, x_again)
        np.testing.assert_array_equal(y, y_again)


def test_refuses_and_says_why():
    with pytest.raises(ValueError, match=r"ids: expected at least .* = 13 symbols .* 4 steps in 3 streams, got 12"):
        TextBatches(np.arange(12), T=4, B=3)
    assert len(TextBatches(np.arange(13), T=4, B=3)) == 1
    for T, B, name in [(0, 3, "T"), (4, 0, "B"), (4, -1, "B")]:
        with pytest.raises(ValueError, match=f"{name}: expected a whole number of at least 1"):
            TextBatches(np.arange(50), T=T, B=B)
