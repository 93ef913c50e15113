"""Initial weights."""

import numpy as np
import pytest

from rnnlib.init import identity, orthogonal, uniform


@pytest.mark.parametrize("shape", [(6, 6), (7, 4), (4, 7)])
def test_orthogonal_has_one_singular_value(shape):
    W = orthogonal(np.random.default_rng(0), shape, gain=1.5, dtype=np.float64)
    assert W.shape == shape
    np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), 1.5, rtol=1e-12)


def test_orthogonal_favours_no_sign():
    # Without the signs of R the first column of Q points away from the first Gaussian column: its head is negative.
    heads = [orthogonal(np.random.default_rng(seed), (3, 3))[0, 0] for seed in range(200)]
    assert 70 < np.sum(np.array(heads) > 0) < 130


def test_uniform_fills_its_range():
    W = uniform(np.random.default_rng(0), (100, 100), 0.5)
    assert W.dtype == np.float32 and W.shape == (100, 100)
    assert -0.5 <= W.min() < -0.499 and 0.499 < W.max() <= 0.5 and abs(W.mean()) < 0.01


def test_identity():
    np.testing.assert_array_equal(identity(3, gain=0.5), np.diag([0.5] * 3).astype(np.float32))
    assert identity(3).dtype == np.float32 and identity(3, dtype=np.float64).dtype == np.float64


def test_a_seed_fixes_the_weights():
    for draw in (lambda rng: orthogonal(rng, (4, 4)), lambda rng: uniform(rng, (4, 4), 1.0)):
        np.testing.assert_array_equal(draw(np.random.default_rng(3)), draw(np.random.default_rng(3)))
