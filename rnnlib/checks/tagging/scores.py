"""Precision, recall and F1 of whole names, over all sentences together."""

import numpy as np

from rnnlib.checks.problem import Problem
from rnnlib.checks.tagging.decoding import spans
from rnnlib.checks.tagging.encoding import bio_tags
from rnnlib.checks.tagging.sentences import rich, telling

scores = Problem("tagging.span_scores", "10-tagging", outputs={"precision": "", "recall": "", "f1": ""})


@scores.reference
def span_scores(predicted, targets):
    """Count over all sentences the names that are right, found and wanted."""
    right = found = wanted = 0
    for said, true in zip(predicted, targets, strict=True):
        a = {tuple(span) for span in spans(said)}
        b = {tuple(span) for span in spans(true)}
        right += len(a & b)
        found += len(a)
        wanted += len(b)
    if right == 0:
        return 0.0, 0.0, 0.0
    precision, recall = right / found, right / wanted
    return precision, recall, 2 * precision * recall / (precision + recall)


def spoiled(rng, true, T):
    """Give the tags of a tagger that errs: names of the other kind, cut at either end or missed, and some made up."""
    said = []
    for kind, start, end in true:
        fault, long = rng.choice(["none", "none", "kind", "start", "end", "missed"]), end - start > 1
        if fault != "missed":
            start, end = start + (fault == "start" and long), end - (fault == "end" and long)
            said.append((1 - kind if fault == "kind" else kind, start, end))
    tags = bio_tags(said, T)
    tags[rng.choice(np.flatnonzero(bio_tags(true, T) == 0), rng.integers(3), replace=False)] = 3
    return tags


def several(rng, sentences=6):
    """Draw sentences, the first of them all right, the last without a name of which one is made up."""
    targets, predicted = [], []
    for _ in range(sentences):
        true, T = rich(rng)
        targets.append(bio_tags(true, T))
        predicted.append(spoiled(rng, true, T))
    predicted[0] = targets[0].copy()
    targets.append(np.zeros(4, dtype=int))
    predicted.append(np.array([0, 1, 2, 0]))
    return predicted, targets


@scores.special("several sentences")
def _(rng):
    return telling(scores, lambda: several(rng), but=("divides-by-nothing",))


@scores.special("nothing found")
def _(rng):
    _, targets = several(rng)
    return [0 * tags for tags in targets], targets


@scores.special("a single name right")
def _(rng):
    return [np.array([1, 2, 0, 1, 0, 3])], [np.array([1, 2, 0, 0, 3, 0])]


@scores.special("nothing there, nothing found", hidden=True)
def _(rng):
    return [np.zeros(3, dtype=int)], [np.zeros(3, dtype=int)]


@scores.special("many sentences", hidden=True)
def _(rng):
    return several(rng, 9)


def from_counts(right, found, wanted):
    """Give the three scores; what would divide by zero is 0."""
    if right == 0:
        return 0.0, 0.0, 0.0
    return right / found, right / wanted, 2 * right / (found + wanted)


def of_sets(predicted, targets, of):
    """Count what of(tags) gives for each sentence, as sets."""
    pairs = [(of(a), of(b)) for a, b in zip(predicted, targets, strict=True)]
    return from_counts(*(sum(len(x) for x in xs) for xs in zip(*((a & b, a, b) for a, b in pairs), strict=True)))


@scores.misconception(
    "precision-and-recall-exchanged",
    "Precision and recall have changed places. Precision is the share of what you found.",
)
def _(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    return recall, precision, f1


@scores.misconception(
    "plain-mean",
    "Your F1 is the plain mean of precision and recall. It is their harmonic mean, which is nearer to the smaller.",
)
def _(predicted, targets):
    precision, recall, _ = span_scores(predicted, targets)
    return precision, recall, (precision + recall) / 2


@scores.misconception(
    "no-factor-two",
    "Your F1 is half of what it should be: with everything right it would be 0.5.",
)
def _(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    return precision, recall, f1 / 2


@scores.misconception(
    "mean-over-sentences",
    "You take the mean of the scores of single sentences. Add up the counts of all sentences first, and divide once: a "
    "sentence with one name must not weigh as much as one with five.",
)
def _(predicted, targets):
    return tuple(np.mean([span_scores([a], [b]) for a, b in zip(predicted, targets, strict=True)], axis=0))


@scores.misconception(
    "sentences-thrown-together",
    "Names of different sentences have met in one set: two that stand at the same place of their sentences count as "
    "one. Count sentence by sentence, and add the counts.",
)
def _(predicted, targets):
    a, b = ({tuple(span) for tags in side for span in spans(tags)} for side in (predicted, targets))
    return from_counts(len(a & b), len(a), len(b))


@scores.misconception(
    "kind-ignored",
    "A place that is called a person counts as right for you. The kind must be right as well.",
)
def _(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(start, end) for _, start, end in spans(tags)})


@scores.misconception(
    "start-is-enough",
    "A name whose end is wrong counts as right for you. Kind, start and end must all be right: half a name is no name.",
)
def _(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(kind, start) for kind, start, _ in spans(tags)})


@scores.misconception(
    "end-is-enough",
    "A name whose start is wrong counts as right for you. Kind, start and end must all be right: half a name is no "
    "name.",
)
def _(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(kind, end) for kind, _, end in spans(tags)})


@scores.misconception(
    "words-counted",
    "You count words with their tags, and should count names: of a name of three words with one tag wrong, two thirds "
    "are right for you, and nothing is.",
)
def _(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(t, tag) for t, tag in enumerate(tags) if tag})


@scores.misconception(
    "accuracy",
    "All three of your numbers are the share of words with the right tag. Most words are no names, and to leave them "
    "alone is no merit.",
)
def _(predicted, targets):
    share = float((np.concatenate(predicted) == np.concatenate(targets)).mean())
    return share, share, share


@scores.misconception(
    "divides-by-nothing",
    "The numbers are right, until nothing is found: then your precision is nothing divided by nothing. Give 0 there.",
)
def _(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    if not any(np.any(tags) for tags in predicted):
        raise ZeroDivisionError("division by zero")
    return precision, recall, f1
