"""Learning rates over the steps, at the steps where a formula can be off by one."""

import math

import numpy as np
import pytest

from rnnlib.schedules import constant, cosine


def test_constant():
    assert {constant(0.3)(step) for step in (1, 2, 10**6)} == {0.3}


def test_cosine_rises_in_a_line_and_falls_along_a_cosine():
    rate = cosine(0.4, steps=110, warmup=10, lowest=0.1)
    rates = np.array([rate(step) for step in range(1, 131)])
    np.testing.assert_allclose(rates[:10], 0.04 * np.arange(1, 11), rtol=1e-12)
    assert rates.argmax() == 9 and rates.max() == 0.4
    assert rates[59] == pytest.approx(0.25)  # half way down after 10 + 50 steps
    assert (np.diff(rates[9:110]) < 0).all()
    np.testing.assert_allclose(rates[109:], 0.1, rtol=1e-12)


def test_refuses_and_says_why():
    for make in (constant, lambda lr: cosine(lr, steps=5)):
        with pytest.raises(ValueError, match="lr: expected a number greater than 0, got -1"):
            make(-1)
    for warmup in (-1, 5, math.nan):
        with pytest.raises(ValueError, match="warmup: expected a number from 0 to below steps = 5, got"):
            cosine(1.0, steps=5, warmup=warmup)
    for lowest in (-0.1, 1.5):
        with pytest.raises(ValueError, match="lowest: expected a number from 0 to lr = 1.0, got"):
            cosine(1.0, steps=5, lowest=lowest)
