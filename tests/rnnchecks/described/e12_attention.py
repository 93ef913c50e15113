"""Wrong answers to the problems of 12-attention, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


def attended(q, k, v, W_q, W_k, w, lengths, hidden=0):
    S, B, _ = k.shape
    e = np.zeros((S, B))
    for s in range(S):
        e[s] = np.tanh(q @ W_q + k[s] @ W_k) @ w
    for b in range(B):
        e[max(lengths[b] - hidden, 0) :, b] = -np.inf
    e = np.exp(e - e.max(axis=0))
    alpha = e / e.sum(axis=0)
    return (alpha[:, :, None] * v).sum(axis=0), alpha


@meant("attention.attention_step", "last-letter-hidden")
def hides_the_last(q, k, v, W_q, W_k, w, lengths):
    return attended(q, k, v, W_q, W_k, w, lengths, hidden=1)


@meant("attention.attention_step", "keys-averaged")
def averages_keys(q, k, v, W_q, W_k, w, lengths):
    return attended(q, k, k, W_q, W_k, w, lengths)


@meant("attention.attention_step_backward", "competes-with-the-batch")
def softmax_over_words(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = np.einsum("be,sbe->sb", dc, v)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))
    dz = de[:, :, None] * w * (1 - u**2)
    return (
        dz.sum(axis=0) @ W_q.T,
        dz @ W_k.T,
        alpha[:, :, None] * dc,
        q.T @ dz.sum(axis=0),
        np.einsum("sbk,sba->ka", k, dz),
        np.einsum("sb,sba->a", de, u),
    )


def edits(a, b, match=0):
    D = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = match if a[i - 1] == b[j - 1] else 1
            D[i][j] = min(D[i - 1][j] + 1, D[i][j - 1] + 1, D[i - 1][j - 1] + same)
    return D[-1][-1]


@meant("attention.edit_distance", "letters-not-phones")
def letter_by_letter(a, b):
    return edits("".join(a), "".join(b))


@meant("attention.edit_distance", "a-match-costs-one")
def pays_for_every_step(a, b):
    return edits(a, b, match=1)


def places(a, b):
    wrong = sum(x != y for x, y in zip(a, b))
    return wrong + abs(len(a) - len(b))


@meant("attention.phone_error_rate", "place-by-place")
def compares_places(said, right):
    return sum(places(a, b) for a, b in zip(said, right)) / sum(len(b) for b in right)


@meant("attention.phone_error_rate", "order-ignored")
def compares_sets(said, right):
    return sum(len(set(a) ^ set(b)) for a, b in zip(said, right)) / sum(len(b) for b in right)


def decoded(step, state, start, end, longest):
    symbol, out = start, []
    while len(out) < longest:
        log_p, state = step(symbol, state)
        symbol = int(np.argmax(log_p))
        if symbol == end:
            break
        out.append(symbol)
    return np.array(out, dtype=int)


@meant("attention.greedy_decode", "one-too-many")
def runs_once_more(step, state, start, end, longest):
    return decoded(step, state, start, end, longest + 1)


@meant("attention.greedy_decode", "one-too-few")
def runs_once_less(step, state, start, end, longest):
    return decoded(step, state, start, end, longest - 1)


@meant("attention.beam_search", "stops-at-the-first-end")
def stops_when_one_ends(step, state, start, end, longest, width):
    beam = [(0.0, [start], state)]
    for _ in range(longest):
        found = []
        for total, ids, state in beam:
            log_p, new = step(ids[-1], state)
            found += [(total + lp, [*ids, k], new) for k, lp in enumerate(log_p)]
        found.sort(key=lambda one: -one[0])
        beam = found[:width]
        if any(ids[-1] == end for _, ids, _ in beam):
            break
    ids = beam[0][1][1:]
    return np.array([k for k in ids if k != end], dtype=int), np.array([total for total, *_ in beam])
