"""Precision, recall and F1 of whole names, over all sentences together."""

import numpy as np

from rnnchecks.e10_tagging._sentences import rich, telling
from rnnchecks.e10_tagging.bio_tags import bio_tags
from rnnchecks.e10_tagging.spans import spans
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.rules import inherited_by_call

problem = Problem("tagging.span_scores", "10-tagging", task=3, outputs={"precision": "", "recall": "", "f1": ""})


@problem.reference
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
    """Return the tags of a tagger that errs: names of the other kind, cut at either end or missed, and some made up."""
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


@problem.special("several sentences")
def several_sentences(rng):
    return telling(problem, lambda: several(rng), but=("divides-by-nothing",))


@problem.special("nothing found")
def nothing_found(rng):
    _, targets = several(rng)
    return [0 * tags for tags in targets], targets


@problem.special("a single name right")
def a_single_name_right(rng):
    return [np.array([1, 2, 0, 1, 0, 3])], [np.array([1, 2, 0, 0, 3, 0])]


@problem.special("nothing there, nothing found", hidden=True)
def nothing_there_nothing_found(rng):
    return [np.zeros(3, dtype=int)], [np.zeros(3, dtype=int)]


@problem.special("many sentences", like="several sentences")
def many_sentences(rng):
    return several(rng, 9)


def from_counts(right, found, wanted):
    """Return the three scores; what would divide by zero is 0."""
    if right == 0:
        return 0.0, 0.0, 0.0
    return right / found, right / wanted, 2 * right / (found + wanted)


def of_sets(predicted, targets, of):
    """Count what of(tags) gives for each sentence, as sets."""
    pairs = [(of(a), of(b)) for a, b in zip(predicted, targets, strict=True)]
    return from_counts(*(sum(len(x) for x in xs) for xs in zip(*((a & b, a, b) for a, b in pairs), strict=True)))


@problem.misconception("Precision and recall have changed places. Precision is the share of what you found.")
def precision_and_recall_exchanged(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    return recall, precision, f1


@problem.misconception(
    "Your F1 is the plain mean of precision and recall. It is their harmonic mean, which is nearer to the smaller."
)
def plain_mean(predicted, targets):
    precision, recall, _ = span_scores(predicted, targets)
    return precision, recall, (precision + recall) / 2


@problem.misconception("Your F1 is half of what it should be: with everything right it would be 0.5.")
def no_factor_two(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    return precision, recall, f1 / 2


@problem.misconception(
    "You take the mean of the scores of single sentences. Add up the counts of all sentences first, and divide once: a "
    "sentence with one name must not weigh as much as one with five."
)
def mean_over_sentences(predicted, targets):
    return tuple(np.mean([span_scores([a], [b]) for a, b in zip(predicted, targets, strict=True)], axis=0))


@problem.misconception(
    "Names of different sentences have met in one set: two that stand at the same place of their sentences count as "
    "one. Count sentence by sentence, and add the counts."
)
def sentences_thrown_together(predicted, targets):
    a, b = ({tuple(span) for tags in side for span in spans(tags)} for side in (predicted, targets))
    return from_counts(len(a & b), len(a), len(b))


@problem.misconception("A place that is called a person counts as right for you. The kind must be right as well.")
def kind_ignored(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(start, end) for _, start, end in spans(tags)})


@problem.misconception(
    "A name whose end is wrong counts as right for you. Kind, start and end must all be right: half a name is no name."
)
def start_is_enough(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(kind, start) for kind, start, _ in spans(tags)})


@problem.misconception(
    "A name whose start is wrong counts as right for you. Kind, start and end must all be right: half a name is no "
    "name."
)
def end_is_enough(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(kind, end) for kind, _, end in spans(tags)})


@problem.misconception(
    "You count words with their tags, and should count names: of a name of three words with one tag wrong, two thirds "
    "are right for you, and nothing is."
)
def words_counted(predicted, targets):
    return of_sets(predicted, targets, lambda tags: {(t, tag) for t, tag in enumerate(tags) if tag})


@problem.misconception(
    "All three of your numbers are the share of words with the right tag. Most words are no names, and to leave them "
    "alone is no merit."
)
def accuracy(predicted, targets):
    share = float((np.concatenate(predicted) == np.concatenate(targets)).mean())
    return share, share, share


@problem.misconception(
    "The numbers are right, until nothing is found: then your precision is nothing divided by nothing. Give 0 there."
)
def divides_by_nothing(predicted, targets):
    precision, recall, f1 = span_scores(predicted, targets)
    if not any(np.any(tags) for tags in predicted):
        raise ZeroDivisionError("division by zero")
    return precision, recall, f1


inherited_by_call(problem, "tagging.spans")
