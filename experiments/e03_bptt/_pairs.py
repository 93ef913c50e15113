"""The gradient of a trained net as a sum over pairs of a loss and a use of the weights."""

import numpy as np

from experiments.e03_bptt._texts import cut_gradients
from rnnlib import RNN
from rnnlib.activations import softmax
from rnnlib.layers import one_hot
from rnnlib.losses import softmax_cross_entropy


def contributions(model, ids, targets, state=None):
    """Take dW_hh apart.

    Args:
        model: a `LanguageModel` with a plain recurrent layer.
        ids: symbols, ``(T, B)``.
        targets: the symbols to be predicted, ``(T, B)``.
        state: state before the first step, ``(B, H)``; None for zeros.

    Returns:
        For every pair (t, k) the norm of its part of dW_hh, the mean over the batch, ``(T, T)`` with NaN where k > t;
        its share in the sum of all parts, ``(T, T)``; and dW_hh.
    """
    p = {name: value.astype(np.float64) for name, value in model.params.items()}
    rnn = RNN(model.V, len(p["rnn.b_h"]), dtype=np.float64)
    rnn.params.update({name: p[f"rnn.{name}"] for name in rnn.params})
    states, _ = rnn.forward(one_hot(ids, model.V, np.float64), state)
    before = np.concatenate([np.zeros_like(states[:1]) if state is None else state[None], states[:-1]])
    from_output = softmax_cross_entropy(states @ p["out.W"] + p["out.b"], targets)[1] @ p["out.W"].T
    rnn.backward(from_output.copy())
    dW, length = rnn.grads["W_hh"], len(ids)
    size, share = np.full((length, length), np.nan), np.zeros((length, length))
    row = np.zeros((length, *states.shape[1:]))  # row[t]: what the loss at t sends to the state at hand
    for k in reversed(range(length)):
        row[k] += from_output[k]
        d = row[k:] * (1 - states[k] ** 2)  # delta of (t, k) for every t >= k
        size[k:, k] = (np.linalg.norm(d, axis=2) * np.linalg.norm(before[k], axis=1)).mean(axis=1)
        share[k:, k] = (d * (before[k] @ dW)).sum(axis=(1, 2)) / (dW**2).sum()
        row[k:] = d @ p["rnn.W_hh"].T
    assert abs(share.sum() - 1) < 1e-10  # the pairs make up the whole gradient
    return size, share, dW


def by_lag(model, ids, targets, lags):
    """Mean norm of a contribution at each lag, and the share in dW_hh of all pairs up to each lag."""
    size, share, _ = contributions(model, ids, targets)
    norms = [np.diagonal(size, -lag).mean() for lag in range(lags)]
    return np.array(norms), np.cumsum([np.trace(share, -lag) for lag in range(lags)])


def surprise_of(model, ids, targets, state):
    """Bits of each target of one stream."""
    h, _ = model.rnn.forward(one_hot(ids, model.V), state)
    p = softmax(model.out.forward(h))
    return -np.log2(np.take_along_axis(p, targets[..., None], axis=-1)[:, 0, 0])


def rank_correlation(a, b):
    """Spearman's, for values without ties."""
    return float(np.corrcoef(*(np.asarray(values).argsort().argsort() for values in (a, b)))[0, 1])


def truncation(model, ids, targets, taus):
    """Relative error of the truncated dW_hh and its cosine with the full one, for each length of a piece."""
    state = np.zeros((ids.shape[1], len(model.params["rnn.b_h"])), np.float32)
    full = cut_gradients(model, ids, targets, len(ids), state)[0]["rnn.W_hh"]
    errors, cosines = [], []
    for tau in taus:
        cut = cut_gradients(model, ids, targets, tau, state)[0]["rnn.W_hh"]
        errors.append(np.linalg.norm(cut - full) / np.linalg.norm(full))
        cosines.append((cut * full).sum() / np.linalg.norm(cut) / np.linalg.norm(full))
    return np.array(errors), np.array(cosines)
