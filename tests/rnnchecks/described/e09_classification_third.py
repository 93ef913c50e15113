"""Wrong answers to the problems of 09-classification, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant
from tests.rnnchecks.described.e09_classification import windows


@meant("classification.split_apart", "part-from-the-place")
def the_first_ones(texts, share):
    first = {}
    for row, text in enumerate(texts):
        first.setdefault(" ".join(text.lower().split()), row)
    rows = np.array(list(first.values()))
    n = int(len(rows) * share)
    return rows[n:], rows[:n]


@meant("classification.padded_batch", "filled-with-unknown")
def ones_below(reviews, number, longest):
    cut = [review[:longest] for review in reviews]
    lengths = np.array([len(review) for review in cut])
    ids = np.ones((lengths.max(), len(cut)), dtype=int)
    for b, review in enumerate(cut):
        ids[: len(review), b] = [number.get(word, 1) for word in review]
    return ids, lengths


@meant("classification.padded_batch", "filled-above")
def zeros_above(reviews, number, longest):
    cut = [review[:longest] for review in reviews]
    lengths = np.array([len(review) for review in cut])
    T = lengths.max()
    ids = np.zeros((T, len(cut)), dtype=int)
    for b, review in enumerate(cut):
        ids[T - len(review) :, b] = [number.get(word, 1) for word in review]
    return ids, lengths


@meant("classification.summaries", "filling-in-the-mean")
def mean_of_all(h, lengths):
    return np.stack([h[n - 1, b] for b, n in enumerate(lengths)]), h.mean(axis=0)


@meant("classification.windows_apart", "horizon-from-zero")
def a_step_too_late(values, T, horizon, cut):
    z = (values - values[:cut].mean()) / values[:cut].std()
    return *windows(z, T, horizon + 1, 0, cut), *windows(z, T, horizon + 1, cut, len(z))


def errors(values, t, horizon, season, shift=0):
    s = t - shift
    last, same = values[s - horizon], values[s - season]
    change = last + same - values[s - season - horizon]
    return tuple(np.sqrt(((f - values[t]) ** 2).mean()) for f in (last, same, change))


@meant("classification.baseline_errors", "no-look-over-the-cut")
def past_after_the_cut_only(values, cut, horizon, season):
    return errors(values, np.arange(cut + season + horizon, len(values)), horizon, season)


@meant("classification.baseline_errors", "one-step-too-early")
def for_the_value_before(values, cut, horizon, season):
    return errors(values, np.arange(cut, len(values)), horizon, season, shift=1)
