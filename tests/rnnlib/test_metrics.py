"""Units of a cross-entropy."""

import math

import pytest

from rnnlib.metrics import bits, perplexity


def test_a_fair_choice_among_k_has_perplexity_k_and_log2_k_bits():
    for k in (1, 2, 26, 64):
        assert perplexity(math.log(k)) == pytest.approx(k)
        assert bits(math.log(k)) == pytest.approx(math.log2(k))
