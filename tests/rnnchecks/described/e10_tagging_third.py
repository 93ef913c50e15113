"""Wrong answers to the problems of 10-tagging, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e10_tagging import allowed, names


@meant("tagging.bio_tags", "one-kind-for-all")
def kind_zero(spans, T):
    tags = np.zeros(T, dtype=int)
    for _, start, end in spans:
        tags[start], tags[start + 1 : end] = 1, 2
    return tags


@meant("tagging.spans", "kind-not-looked-at")
def any_i_goes_on(tags):
    found, before = [], 0
    for t, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before:
            found[-1][2] = t + 1
        elif tag:
            found.append([(tag - 1) // 2, t, t + 1])
        before = tag
    return np.array(found, dtype=int).reshape(-1, 3)


@meant("tagging.span_scores", "mean-over-sentences")
def mean_of_scores(predicted, targets):
    scores = []
    for a, b in zip(predicted, targets):
        a, b = {tuple(n) for n in names(a)}, {tuple(n) for n in names(b)}
        right = len(a & b)
        p = right / len(a) if a else 0.0
        r = right / len(b) if b else 0.0
        scores.append((p, r, 2 * p * r / (p + r) if right else 0.0))
    return tuple(np.mean(scores, axis=0))


@meant("tagging.hide_words", "alpha-over-count")
def without_alpha_below(ids, counts, alpha, u):
    return np.where((u < alpha / counts[ids]) & (ids != 0), 1, ids)


@meant("tagging.hide_words", "count-by-place")
def counts_of_places(ids, counts, alpha, u):
    c = counts[: len(ids)][:, None]
    return np.where((u < alpha / (alpha + c)) & (ids != 0), 1, ids)


@meant("tagging.best_allowed", "not-walked-back")
def best_so_far(log_p):
    T, K = log_p.shape
    follows = np.array([[allowed(j, k) for k in range(K)] for j in range(K)])
    score = np.where(follows[0], log_p[0], -np.inf)
    tags = [int(score.argmax())]
    for t in range(1, T):
        score = np.where(follows, score[:, None], -np.inf).max(axis=0) + log_p[t]
        tags.append(int(score.argmax()))
    return np.array(tags)
