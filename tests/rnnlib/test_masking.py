"""Which steps count."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.masking import add_at_end, keep_valid, last_valid, reverse_padded, valid_steps

LENGTHS = np.array([3, 1, 2])


def test_valid_steps_are_those_before_the_length():
    expected = [[True, True, True], [True, False, True], [True, False, False], [False, False, False]]
    np.testing.assert_array_equal(valid_steps(LENGTHS, 4), expected)


def test_keep_valid_clears_the_rest_in_place_whatever_it_holds():
    a = np.arange(24.0).reshape(4, 3, 2) + 1
    expected = a.copy()
    for b, n in enumerate(LENGTHS):
        a[n:, b] = [np.inf, np.nan]
        expected[n:, b] = 0
    assert keep_valid(a, LENGTHS) is a
    np.testing.assert_array_equal(a, expected)


def test_last_valid_is_the_last_step_that_counts():
    a = np.arange(24.0).reshape(4, 3, 2)
    got = last_valid(a, LENGTHS)
    np.testing.assert_array_equal(got, [a[2, 0], a[0, 1], a[1, 2]])
    got[:] = -1
    assert a.min() == 0  # a copy: the caller may change it


def test_reverse_padded_turns_each_sequence_around_and_leaves_the_padding():
    a = np.arange(24.0).reshape(4, 3, 2)
    got = reverse_padded(a, LENGTHS)
    for b, n in enumerate(LENGTHS):
        np.testing.assert_array_equal(got[:n, b], a[:n, b][::-1])
        np.testing.assert_array_equal(got[n:, b], a[n:, b])
    np.testing.assert_array_equal(reverse_padded(a), a[::-1])
    for copy in (got, reverse_padded(a)):
        copy[:] = -1
    assert a.min() == 0


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_reversing_twice_gives_the_sequence_back(data):
    T, B = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 5))
    lengths = data.draw(st.none() | st.lists(st.integers(1, T), min_size=B, max_size=B))
    a = np.arange(T * B * 2.0).reshape(T, B, 2)
    np.testing.assert_array_equal(reverse_padded(reverse_padded(a, lengths), lengths), a)


def test_the_gradient_of_a_state_enters_at_the_last_step_that_counts():
    dh, dstate = np.arange(24.0).reshape(4, 3, 2) + 1, np.full((3, 2), 100.0)
    got = add_at_end(dh, dstate, LENGTHS)
    for b, n in enumerate(LENGTHS):
        np.testing.assert_array_equal(got[: n - 1, b], dh[: n - 1, b])
        np.testing.assert_array_equal(got[n - 1, b], dh[n - 1, b] + 100)
        assert not got[n:, b].any()
    assert dh.max() == 24  # the caller's own is as it was


@pytest.mark.parametrize("f", [keep_valid, last_valid, reverse_padded, lambda a, n: valid_steps(n, len(a))])
@pytest.mark.parametrize("lengths", [[3, 0, 2], [3, 5, 2], [3, -1, 2], [1.0, 1.0, 1.0], 3], ids=str)
def test_bad_lengths_are_refused(f, lengths):
    with pytest.raises(ValueError, match=r"lengths: expected (values from 1 to T = 4|\d integers)"):
        f(np.zeros((4, 3, 2)), lengths)


@pytest.mark.parametrize("f", [keep_valid, last_valid, reverse_padded])
def test_too_few_lengths_are_refused(f):
    with pytest.raises(ValueError, match="lengths: expected 3 integers"):
        f(np.zeros((4, 3, 2)), [3, 2])
