"""Wrong answers to the problems of 10-tagging, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("tagging.bio_tags", "end-included")
def one_word_too_long(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start] = 2 * kind + 1
        for t in range(start + 1, min(end + 1, T)):
            tags[t] = 2 * kind + 2
    return tags


@meant("tagging.bio_tags", "no-b")
def all_inside(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = 2 * kind + 2
    return tags


@meant("tagging.spans", "last-name-lost")
def noted_by_the_next(tags):
    found, start, kind = [], None, None
    for t, tag in enumerate(tags):
        goes_on = start is not None and tag == 2 * kind + 2
        if not goes_on:
            if start is not None:
                found.append((kind, start, t))
                start = None
            if tag:
                kind, start = (tag - 1) // 2, t
    return np.array(found, dtype=int).reshape(-1, 3)


def names(tags):
    found, before = [], 0
    for t, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before in (tag, tag - 1):
            found[-1][2] = t + 1
        elif tag:
            found.append([(tag - 1) // 2, t, t + 1])
        before = tag
    return found


def scores(right, found, wanted):
    if right == 0:
        return 0.0, 0.0, 0.0
    p, r = right / found, right / wanted
    return p, r, 2 * p * r / (p + r)


@meant("tagging.span_scores", "accuracy")
def share_of_right_words(predicted, targets):
    right = sum(int((np.asarray(a) == np.asarray(b)).sum()) for a, b in zip(predicted, targets))
    share = right / sum(len(b) for b in targets)
    return share, share, share


@meant("tagging.span_scores", "end-is-enough")
def kind_and_end(predicted, targets):
    right = found = wanted = 0
    for a, b in zip(predicted, targets):
        a, b = ({(kind, end) for kind, _, end in names(tags)} for tags in (a, b))
        right, found, wanted = right + len(a & b), found + len(a), wanted + len(b)
    return scores(right, found, wanted)


@meant("tagging.hide_words", "hidden-where-u-is-large")
def hides_the_others(ids, counts, alpha, u):
    p = alpha / (alpha + counts[ids])
    hidden = ids.copy()
    hidden[(u > p) & (ids != 0)] = 1
    return hidden


def allowed(j, k, only_after_b=False):
    if k == 0 or k % 2 == 1:
        return True
    return j == k - 1 or (j == k and not only_after_b)


def viterbi(log_p, only_after_b=False, last=np.argmax):
    T, K = log_p.shape
    score = np.full((T, K), -np.inf)
    back = np.zeros((T, K), dtype=int)
    for k in range(K):
        if allowed(0, k):
            score[0, k] = log_p[0, k]
    for t in range(1, T):
        for k in range(K):
            for j in range(K):
                if allowed(j, k, only_after_b) and score[t - 1, j] + log_p[t, k] > score[t, k]:
                    score[t, k] = score[t - 1, j] + log_p[t, k]
                    back[t, k] = j
    tags = [int(last(score[-1]))]
    for t in range(T - 1, 0, -1):
        tags.append(int(back[t, tags[-1]]))
    return np.array(tags[::-1])


@meant("tagging.best_allowed", "least-likely")
def from_the_worst(log_p):
    return viterbi(log_p, last=np.argmin)


@meant("tagging.best_allowed", "i-only-after-b")
def two_words_at_most(log_p):
    return viterbi(log_p, only_after_b=True)
