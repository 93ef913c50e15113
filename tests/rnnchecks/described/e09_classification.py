"""Wrong answers to the problems of 09-classification, written from descriptions."""

import hashlib

import numpy as np

from tests.rnnchecks.described import meant


@meant("classification.split_apart", "spaces-tell-copies-apart")
def spaces_count(texts, share):
    seen, train, test = set(), [], []
    for row, text in enumerate(texts):
        text = text.lower()
        if text in seen:
            continue
        seen.add(text)
        u = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64
        if u < share:
            test.append(row)
        else:
            train.append(row)
    return np.array(train), np.array(test)


@meant("classification.padded_batch", "lengths-before-the-cut")
def lengths_of_the_whole(reviews, number, longest):
    lengths = np.array([len(review) for review in reviews])
    T = min(longest, lengths.max())
    ids = np.zeros((T, len(reviews)), dtype=int)
    for b, review in enumerate(reviews):
        for t, word in enumerate(review[:longest]):
            ids[t, b] = number.get(word, 1)
    return ids, lengths


@meant("classification.padded_batch", "always-the-longest")
def as_long_as_allowed(reviews, number, longest):
    ids, lengths = np.zeros((longest, len(reviews)), dtype=int), []
    for b, review in enumerate(reviews):
        review = review[:longest]
        lengths.append(len(review))
        for t, word in enumerate(review):
            ids[t, b] = number.get(word, 1)
    return ids, np.array(lengths)


@meant("classification.summaries", "filling-in-the-sum")
def sums_the_filling(h, lengths):
    B = h.shape[1]
    return h[lengths - 1, np.arange(B)], h.sum(axis=0) / lengths[:, None]


def windows(z, T, horizon, first, end):
    """Windows whose target lies from first to end."""
    x, y = [], []
    for target in range(first, end):
        start = target - horizon - T + 1
        if start >= 0:
            x.append(z[start : start + T])
            y.append(z[target])
    return np.array(x).T, np.array(y)


@meant("classification.windows_apart", "target-in-the-window")
def window_up_to_its_target(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()

    def parts(first, end):
        targets = range(first, end)
        return np.array([z[t - T + 1 : t + 1] for t in targets]).T, np.array([z[t] for t in targets])

    return *parts(T + horizon - 1, cut), *parts(cut, len(z))


@meant("classification.windows_apart", "training-targets-behind-the-cut")
def parted_by_the_window(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    train, test = [], []
    for start in range(len(z) - T - horizon + 1):
        end = start + T
        (train if end <= cut else test).append((z[start:end], z[end + horizon - 1]))
    return (
        np.array([x for x, _ in train]).T,
        np.array([y for _, y in train]),
        np.array([x for x, _ in test]).T,
        np.array([y for _, y in test]),
    )


@meant("classification.baseline_errors", "change-over-one-step")
def change_of_one_step(values, cut, horizon, season):
    t = np.arange(cut, len(values))

    def error(f):
        return np.sqrt(((f - values[t]) ** 2).mean())

    change = values[t - season] - values[t - season - 1]
    return error(values[t - horizon]), error(values[t - season]), error(values[t - horizon] + change)
