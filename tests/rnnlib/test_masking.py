"""Which steps count."""

import numpy as np

from rnnlib.masking import keep_valid, last_valid, valid_steps

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
