"""Wrong answers to the problems of 12-attention, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e12_attention import edits


@meant("attention.attention_step", "the-best-letter-only")
def hard(q, k, v, W_q, W_k, w, lengths):
    e = np.tanh(q @ W_q + k @ W_k) @ w
    e[np.arange(len(k))[:, None] >= lengths] = -np.inf
    alpha = (np.arange(len(k))[:, None] == e.argmax(axis=0)).astype(float)
    return (alpha[..., None] * v).sum(axis=0), alpha


@meant("attention.attention_step_backward", "plain-mean-subtracted")
def letters_alike(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = np.einsum("be,sbe->sb", dc, v)
    de = alpha * (dalpha - dalpha.mean(axis=0))
    dz = de[..., None] * w * (1 - u**2)
    return (
        dz.sum(axis=0) @ W_q.T,
        dz @ W_k.T,
        alpha[..., None] * dc,
        q.T @ dz.sum(axis=0),
        np.einsum("sbk,sba->ka", k, dz),
        np.einsum("sb,sba->a", de, u),
    )


@meant("attention.edit_distance", "replacing-costs-two")
def two_for_a_change(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    D[:, 0], D[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            D[i, j] = min(D[i - 1, j] + 1, D[i, j - 1] + 1, D[i - 1, j - 1] + 2 * (a[i - 1] != b[j - 1]))
    return D[-1, -1]


@meant("attention.phone_error_rate", "divided-by-what-was-said")
def by_the_said(said, right):
    return sum(edits(a, b) for a, b in zip(said, right)) / sum(len(a) for a in said)


@meant("attention.phone_error_rate", "divided-by-the-longer")
def by_the_longer(said, right):
    return sum(edits(a, b) for a, b in zip(said, right)) / sum(max(len(a), len(b)) for a, b in zip(said, right))


@meant("attention.greedy_decode", "start-written")
def with_the_start(step, state, start, end, longest):
    out = [start]
    for _ in range(longest):
        log_p, state = step(out[-1], state)
        if log_p.argmax() == end:
            break
        out.append(int(log_p.argmax()))
    return np.array(out)


@meant("attention.beam_search", "one-state-for-all")
def shared_state(step, state, start, end, longest, width):
    open_, done = [(0.0, [start])], []
    for _ in range(longest):
        grown = []
        for total, ids in open_:
            log_p, state = step(ids[-1], state)
            grown += [(total + lp, [*ids, k]) for k, lp in enumerate(log_p)]
        best = sorted(grown, key=lambda one: -one[0])[: width - len(done)]
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    found = sorted(done + open_, key=lambda one: -one[0])[:width]
    return np.array([k for k in found[0][1][1:] if k != end], dtype=int), np.array([total for total, _ in found])
