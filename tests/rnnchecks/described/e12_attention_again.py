"""More wrong answers to the problems of 12-attention, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e12_attention import edits


@meant("attention.attention_step", "softmax-over-everything")
def one_softmax(q, k, v, W_q, W_k, w, lengths):
    e = np.tanh(q @ W_q + k @ W_k) @ w
    e[np.arange(len(k))[:, None] >= lengths] = -np.inf
    e = np.exp(e - e.max())
    alpha = e / e.sum()
    return np.einsum("sb,sbe->be", alpha, v), alpha


@meant("attention.attention_step_backward", "query-hears-the-mean")
def mean_for_the_query(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = np.einsum("be,sbe->sb", dc, v)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=0))
    dz = de[:, :, None] * w * (1 - u**2)
    return (
        dz.mean(axis=0) @ W_q.T,
        dz @ W_k.T,
        alpha[:, :, None] * dc,
        q.T @ dz.mean(axis=0),
        np.einsum("sbk,sba->ka", k, dz),
        np.einsum("sb,sba->a", de, u),
    )


@meant("attention.edit_distance", "never-put-in")
def without_the_left(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    D[:, 0], D[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            D[i, j] = min(D[i - 1, j] + 1, D[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
    return D[-1, -1]


@meant("attention.edit_distance", "only-what-is-common")
def common_phones(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            D[i, j] = D[i - 1, j - 1] + 1 if a[i - 1] == b[j - 1] else max(D[i - 1, j], D[i, j - 1])
    return D[-1, -1]


@meant("attention.phone_error_rate", "edits-per-word")
def per_word(said, right):
    return sum(edits(a, b) for a, b in zip(said, right)) / len(right)


@meant("attention.greedy_decode", "state-not-kept")
def forgets_the_state(step, state, start, end, longest):
    symbol, out = start, []
    for _ in range(longest):
        log_p, _ = step(symbol, state)
        symbol = int(np.argmax(log_p))
        if symbol == end:
            break
        out.append(symbol)
    return np.array(out, dtype=int)


def beam(step, state, start, end, longest, width, keeps=True, whole=True):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        grown = []
        for total, ids, before in open_:
            log_p, after = step(ids[-1], before)
            grown += [((total if whole else 0) + lp, [*ids, k], after) for k, lp in enumerate(log_p)]
        grown.sort(key=lambda one: -one[0])
        best = grown[: width - len(done)] if keeps else grown[:width]
        if keeps:
            done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    found = sorted(done + open_, key=lambda one: -one[0])[:width]
    ids = [k for k in found[0][1][1:] if k != end] if found else []
    return np.array(ids, dtype=int), np.array([total for total, *_ in found])


@meant("attention.beam_search", "finished-words-dropped")
def loses_what_ended(step, state, start, end, longest, width):
    return beam(step, state, start, end, longest, width, keeps=False)


@meant("attention.beam_search", "past-forgotten")
def last_symbol_counts(step, state, start, end, longest, width):
    return beam(step, state, start, end, longest, width, whole=False)
