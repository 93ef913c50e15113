"""Measures of a model, in the units people read."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rnnlib._types import ArrayLike, Mask
from rnnlib._validate import describe

__all__ = ["SpanScores", "accuracy", "bits", "edit_distance", "perplexity", "phone_error_rate", "span_scores", "spans"]


def perplexity(nats: float) -> float:
    """Perplexity of a mean cross-entropy: ``e^nats``.

    A model with perplexity k is, on average, as unsure as somebody who picks among k equally likely symbols.

    Args:
        nats: mean cross-entropy per symbol in nats, as `rnnlib.losses.softmax_cross_entropy` returns it.

    Taught in: chapter 02.

    Example:
        >>> round(perplexity(math.log(4)), 6)
        4.0
    """
    return math.exp(nats)


def bits(nats: float) -> float:
    """The same cross-entropy in bits: ``nats / ln 2``. On characters this is bits per character.

    Taught in: chapter 02.

    Example:
        >>> round(bits(math.log(4)), 6)
        2.0
    """
    return nats / math.log(2)


def accuracy(predicted: ArrayLike, targets: ArrayLike, mask: Mask | None = None) -> float:
    """Share of the positions that count at which the answer is right.

    Args:
        predicted: array (...) of answers.
        targets: array (...) of right answers.
        mask: boolean array (...), True where the position counts; default everywhere.

    Returns:
        Float from 0 to 1.

    Raises:
        ValueError: when the shapes do not belong together or no position counts.

    Notes:
        On tags it flatters: most words are no names, and who always answers "no name" is right on all of them. See
        `span_scores`.

    Taught in: chapter 09.

    Example:
        >>> accuracy(np.array([1, 0, 2, 2]), np.array([1, 1, 2, 0]))
        0.5
    """
    predicted, targets = np.asarray(predicted), np.asarray(targets)
    mask = np.ones(targets.shape, bool) if mask is None else np.asarray(mask)
    if predicted.shape != targets.shape or mask.shape != targets.shape or mask.dtype != bool:
        raise ValueError(
            f"predicted, mask: expected the shape of targets, {targets.shape}, and a boolean mask, "
            f"got {predicted.shape} and {describe(mask)}."
        )
    if not mask.any():
        raise ValueError("mask: expected at least one position that counts, got none.")
    return (predicted == targets)[mask].mean().item()


def spans(tags: Iterable[str]) -> set[tuple[str, int, int]]:
    """The spans that BIO tags mark.

    ``B-PER`` begins a span of kind PER, ``I-PER`` continues it, ``O`` stands outside. An ``I-PER`` that continues
    nothing, after ``O`` or after another kind, begins a span too, as in the scoring script of CoNLL-2000.

    Args:
        tags: sequence of strings.

    Returns:
        Set of ``(kind, start, end)``, with `end` one past the last position.

    Raises:
        ValueError: when a tag is none of ``O``, ``B-...`` and ``I-...``.

    Taught in: chapter 10.
    Source: Ramshaw & Marcus 1995, "Text chunking using transformation-based learning"; Tjong Kim Sang & Buchholz 2000,
    "Introduction to the CoNLL-2000 shared task: chunking".

    Example:
        >>> sorted(spans(["B-PER", "I-PER", "O", "I-LOC", "B-LOC"]))
        [('LOC', 3, 4), ('LOC', 4, 5), ('PER', 0, 2)]
    """
    found = set()
    start, kind = 0, None  # of the span that is open, or None
    for t, tag in enumerate([*tags, "O"]):
        prefix, _, this = tag.partition("-")
        if not (tag == "O" or (prefix in ("B", "I") and this)):
            raise ValueError(f"tags: expected O, B-kind or I-kind, got {tag!r} at position {t}.")
        if kind is not None and (prefix != "I" or this != kind):
            found.add((kind, start, t))
            kind = None
        if kind is None and tag != "O":
            start, kind = t, this
    return found


class SpanScores(NamedTuple):
    """How the spans of a tagger compare with the right ones: three floats from 0 to 1.

    Attributes:
        precision: share of the predicted spans that are right.
        recall: share of the right spans that were predicted.
        f1: harmonic mean of the two.

    Taught in: chapter 10.
    """

    precision: float
    recall: float
    f1: float


def span_scores(predicted: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> SpanScores:
    """Precision, recall and F1 of whole spans, over all sentences together.

    A span is right when its kind, its start and its end are: half a name is no name::

        precision = right / predicted
        recall    = right / wanted
        F1        = 2 precision recall / (precision + recall)

    Args:
        predicted: list of sentences, each a sequence of BIO tags.
        targets: the right tags, in the same order and of the same lengths.

    Returns:
        `SpanScores`. What would divide by zero is 0.

    Raises:
        ValueError: when the sentences do not match, or a tag is no BIO tag.

    Taught in: chapter 10.

    Example:
        >>> span_scores([["B-PER", "O", "B-LOC"]], [["B-PER", "O", "O"]])
        SpanScores(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """
    if [len(tags) for tags in predicted] != [len(tags) for tags in targets]:
        raise ValueError("predicted: expected as many sentences as targets, each of the same length, got others.")
    right = found = wanted = 0
    for said, true in zip(map(spans, predicted), map(spans, targets), strict=True):
        right, found, wanted = right + len(said & true), found + len(said), wanted + len(true)
    # F1 as the harmonic mean of the two is 2 right / (found + wanted).
    return SpanScores(*(a / b if b else 0.0 for a, b in ((right, found), (right, wanted), (2 * right, found + wanted))))


def edit_distance(a: Sequence[object], b: Sequence[object]) -> int:
    """Fewest insertions, deletions and replacements that turn the sequence `a` into `b`.

    With ``d[i][j]`` for the first i items of a and the first j of b::

        d[i][j] = min(d[i-1][j] + 1,  d[i][j-1] + 1,  d[i-1][j-1] + (a_i != b_j))

    Taught in: chapter 12.
    Source: Levenshtein 1966, "Binary codes capable of correcting deletions, insertions and reversals".

    Example:
        >>> edit_distance("kitten", "sitting")
        3
    """
    above = list(range(len(b) + 1))  # d[i - 1]
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != right)))
        above = row
    return above[-1]


def phone_error_rate(predicted: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> float:
    """Edits needed per phone of the right answers, over all words together. It may exceed 1.

    Args:
        predicted: list of sequences of phones.
        targets: list of the right sequences, in the same order.

    Returns:
        Float of at least 0.

    Raises:
        ValueError: when the lists are not equally long or there is no phone to be said.

    Taught in: chapter 12.

    Example:
        >>> phone_error_rate([["K", "AE", "T"], ["D", "AO"]], [["K", "AE", "T"], ["D", "AO", "G"]])
        0.16666666666666666
    """
    phones = sum(len(target) for target in targets)
    if len(predicted) != len(targets) or phones == 0:
        raise ValueError(
            f"predicted: expected one sequence per target and a phone to be said, "
            f"got {len(predicted)} for {len(targets)} targets with {phones} phones."
        )
    return sum(map(edit_distance, predicted, targets)) / phones
