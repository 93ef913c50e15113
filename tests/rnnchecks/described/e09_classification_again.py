"""More wrong answers to the problems of 09-classification, of a second draw."""

import hashlib

import numpy as np

from tests.rnnchecks.described import meant


@meant("classification.split_apart", "copies-kept")
def every_row(texts, share):
    train, test = [], []
    for row, text in enumerate(texts):
        key = " ".join(text.lower().split())
        u = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64
        (test if u < share else train).append(row)
    return np.array(train), np.array(test)


@meant("classification.padded_batch", "nothing-cut")
def whole_reviews(reviews, number, longest):
    lengths = np.array([len(review) for review in reviews])
    ids = np.zeros((max(lengths), len(reviews)), dtype=int)
    for b, review in enumerate(reviews):
        ids[: len(review), b] = [number.get(word, 1) for word in review]
    return ids, lengths


@meant("classification.summaries", "divided-by-T")
def over_all_steps(h, lengths):
    T, B, H = h.shape
    total = np.zeros((B, H))
    for b in range(B):
        total[b] = h[: lengths[b], b].sum(axis=0)
    return h[lengths - 1, np.arange(B)], total / T


@meant("classification.summaries", "last-row-of-the-batch")
def last_step_of_all(h, lengths):
    mean = np.stack([h[:n, b].mean(axis=0) for b, n in enumerate(lengths)])
    return h[-1], mean


@meant("classification.windows_apart", "not-scaled")
def as_they_came(values, T, horizon, cut):
    def parts(first, end):
        targets = range(first, end)
        x = [values[t - horizon - T + 1 : t - horizon + 1] for t in targets]
        return np.array(x).T, np.array([values[t] for t in targets])

    return *parts(T + horizon - 1, cut), *parts(cut, len(values))


def errors(values, cut, *forecasts):
    t = np.arange(cut, len(values))
    return tuple(np.sqrt(np.mean((f(t) - values[t]) ** 2)) for f in forecasts)


@meant("classification.baseline_errors", "yesterday-whatever-the-horizon")
def the_value_before(values, cut, horizon, season):
    return errors(
        values,
        cut,
        lambda t: values[t - 1],
        lambda t: values[t - season],
        lambda t: values[t - horizon] + values[t - season] - values[t - season - horizon],
    )


@meant("classification.baseline_errors", "season-before-the-last-value")
def another_month(values, cut, horizon, season):
    return errors(
        values,
        cut,
        lambda t: values[t - horizon],
        lambda t: values[t - horizon - season],
        lambda t: values[t - horizon] + values[t - season] - values[t - season - horizon],
    )
