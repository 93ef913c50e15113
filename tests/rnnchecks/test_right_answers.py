"""Right answers as real students write them: whatever they write into, the numbers decide."""

import numpy as np
import pytest

from rnnchecks import find, problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.run import run

COMPARED = [problem for problem in problems() if not isinstance(problem, MeasuredProblem)]


def lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    dc += dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * np.tanh(c)
    dz = np.hstack((di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)))
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


def lstm_step_backward_in_gates(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    """Writes the gradients over the gates, and multiplies dc as it goes."""
    i, f, g, o = gates.copy()
    gates[3] = dh * np.tanh(c) * o * (1 - o)
    dc[...] = dc + dh * o * (1 - np.tanh(c) ** 2)
    gates[0], gates[1], gates[2] = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
    dz = np.concatenate(list(gates), axis=1)
    dc *= f
    return dz @ W_xh.T, dz @ W_hh.T, dc, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


def rnn_step_backward(dh, x_t, h_prev, h, W_xh, W_hh):
    dh *= 1 - h * h
    return dh.dot(W_xh.T), dh.dot(W_hh.T), x_t.T.dot(dh), h_prev.T.dot(dh), np.sum(dh, axis=0)


def rnn_backward(dh, x, h0, h, W_xh, W_hh):
    T = len(x)
    dx, dW_xh, dW_hh, db = np.zeros_like(x), np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(W_hh.shape[0])
    for t in range(T - 1, -1, -1):
        dh[t] *= 1 - h[t] ** 2
        dx[t] = dh[t] @ W_xh.T
        before = h0 if t == 0 else h[t - 1]
        dW_xh += x[t].T @ dh[t]
        dW_hh += before.T @ dh[t]
        db += dh[t].sum(0)
        dprev = dh[t] @ W_hh.T
        if t:
            dh[t - 1] += dprev
    return dx, dprev, dW_xh, dW_hh, db


def cross_entropy_backward(logits, targets):
    T, B, _ = logits.shape
    logits -= logits.max(axis=2, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=2, keepdims=True)
    for t in range(T):
        for b in range(B):
            logits[t, b, targets[t, b]] -= 1
    logits /= T * B
    return logits


def adam_step(theta, g, m, v, i, eta, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    theta -= eta * (m / (1 - beta1**i)) / (np.sqrt(v / (1 - beta2**i)) + eps)
    return theta, m, v


def reverse_padded(x, lengths):
    for b, n in enumerate(lengths):
        x[:n, b] = x[:n, b][::-1].copy()
    return x


def clip_by_norm(dW_xh, dW_hh, db_h, max_norm):
    grads = [dW_xh, dW_hh, db_h]
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return *grads, norm


def hide_words(ids, counts, alpha, u):
    ids[(u < alpha / (alpha + counts[ids])) & (ids != 0)] = 1
    return ids


WRITTEN = [
    ("lstm.lstm_step_backward", lstm_step_backward, ("dc",)),
    ("lstm.lstm_step_backward", lstm_step_backward_in_gates, ("dc", "gates")),
    ("bptt.rnn_step_backward", rnn_step_backward, ("dh",)),
    ("bptt.rnn_backward", rnn_backward, ("dh",)),
    ("bptt.cross_entropy_backward", cross_entropy_backward, ("logits",)),
    ("bptt.adam_step", adam_step, ("theta", "m", "v")),
    ("bidirectional.reverse_padded", reverse_padded, ("x",)),
    ("gradients.clip_by_norm", clip_by_norm, ("dW_xh", "dW_hh", "db_h")),
    ("tagging.hide_words", hide_words, ("ids",)),
]


@pytest.mark.promise("M4")
@pytest.mark.parametrize("kind", ["visible", "hidden"])
@pytest.mark.parametrize(("name", "function", "arguments"), WRITTEN, ids=lambda value: getattr(value, "__name__", None))
def test_right_numbers_pass_and_a_caller_s_reason_to_mind_is_said_beside(name, function, arguments, kind):
    verdict = run(find(name), function, kind)
    assert verdict.passed, f"\n{verdict}"
    assert verdict.writes_into == arguments
    said = " ".join(verdict.beside)
    assert all(argument in said for argument in arguments)
    assert all(line in " ".join(str(verdict).split()) for line in verdict.beside)


@pytest.mark.promise("M4")
@pytest.mark.parametrize("problem", COMPARED, ids=lambda problem: problem.name)
def test_whatever_is_left_in_the_arguments_of_one_call_reaches_no_other(problem):
    """The reference, which writes over all that it was given: each later case has numbers of its own."""

    def spoiling(*args):
        returned = problem.solve(*args)
        returned = tuple(np.copy(r) for r in returned) if isinstance(returned, tuple) else np.copy(returned)
        for value in args:
            for array in value.values() if isinstance(value, dict) else [value]:
                if isinstance(array, np.ndarray):
                    array.fill(0)
        return returned

    for kind in ("visible", "hidden", "visible"):
        assert run(problem, spoiling, kind).passed
        assert not run(problem, problem.solve, kind).writes_into
