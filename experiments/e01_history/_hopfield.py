"""A Hopfield network, for many states at once."""

import numpy as np


def weights(patterns):
    """Hebb's rule: patterns (P, N) -> W (N, N) with zeros on the diagonal."""
    W = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(W, 0)
    return W


def settle(S, W, rng):
    """Run states (K, N) until each is at rest, one unit at a time, in one random order a round for all."""
    S, moved = S.T.copy(), True
    while moved:
        moved = False
        for i in rng.permutation(len(S)):
            against = (W[i] @ S) * S[i] < 0
            if against.any():
                S[i, against] *= -1
                moved = True
    return S.T


def random_patterns(rng, P, N):
    """Coin throws, (P, N)."""
    return rng.choice([-1.0, 1.0], (P, N))


def damage(rng, S, share):
    """Turn each unit over with a probability."""
    return S * np.where(rng.random(S.shape) < share, -1, 1)


def overlap(S, patterns):
    """Overlap of each state with its own pattern, (K,): 1 for equal, 0 for what chance gives."""
    return (S * patterns).mean(axis=1)
