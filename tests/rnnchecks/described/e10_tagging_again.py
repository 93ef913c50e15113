"""More wrong answers to the problems of 10-tagging, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e10_tagging import allowed, names


@meant("tagging.bio_tags", "kinds-counted-from-one")
def kind_before(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = 2 * kind
        tags[start] = 2 * kind - 1
    return tags


@meant("tagging.spans", "stray-i-left-out")
def strays_dropped(tags):
    found, t = [], 0
    while t < len(tags):
        if tags[t] % 2 == 1:
            end = t + 1
            while end < len(tags) and tags[end] == tags[t] + 1:
                end += 1
            found.append([tags[t] // 2, t, end])
            t = end
        else:
            t += 1
    return np.array(found, dtype=int).reshape(-1, 3)


def counted(predicted, targets, key):
    right = found = wanted = 0
    for a, b in zip(predicted, targets):
        a, b = ({key(*name) for name in names(tags)} for tags in (a, b))
        right, found, wanted = right + len(a & b), found + len(a), wanted + len(b)
    return right, found, wanted


@meant("tagging.span_scores", "no-factor-two")
def half_of_f1(predicted, targets):
    right, found, wanted = counted(predicted, targets, lambda *name: name)
    if not right:
        return 0.0, 0.0, 0.0
    p, r = right / found, right / wanted
    return p, r, p * r / (p + r)


@meant("tagging.span_scores", "start-is-enough")
def kind_and_start(predicted, targets):
    right, found, wanted = counted(predicted, targets, lambda kind, start, end: (kind, start))
    if not right:
        return 0.0, 0.0, 0.0
    p, r = right / found, right / wanted
    return p, r, 2 * p * r / (p + r)


@meant("tagging.hide_words", "one-chance-for-a-sentence")
def first_number_for_all(ids, counts, alpha, u):
    share = alpha / (alpha + counts[ids])
    return np.where((u[0] < share) & (ids != 0), 1, ids)


@meant("tagging.best_allowed", "mended-to-b")
def turns_into_b(log_p):
    tags, before = [], 0
    for row in log_p:
        k = int(row.argmax())
        if not allowed(before, k):
            k -= 1
        tags.append(k)
        before = k
    return np.array(tags)
