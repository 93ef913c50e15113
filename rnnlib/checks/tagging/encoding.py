"""Names as tags, one for each word."""

import numpy as np

from rnnlib.checks.problem import Problem
from rnnlib.checks.tagging.sentences import pieces, rich

encoding = Problem("tagging.bio_tags", "10-tagging", outputs={"tags": "#"})


@encoding.reference
def bio_tags(spans, T):
    """I for every word of a span, then B for its first; O elsewhere."""
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@encoding.special("names that touch, and names apart")
def _(rng):
    return rich(rng)


@encoding.special("the whole sentence is a name")
def _(rng):
    return np.array([[1, 0, 4]]), 4


@encoding.special("no name", hidden=True)
def _(rng):
    return np.zeros((0, 3), dtype=int), 5


@encoding.special("three kinds", hidden=True)
def _(rng):
    return rich(rng, kinds=3)


@encoding.special("spans in any order, the first word and the last in a name", hidden=True)
def _(rng):
    spans, T = pieces(rng, [[(0, 2)], [(1, 1), (1, 3)], [(0, 1)]], first_gap=False)
    return spans[rng.permutation(len(spans))], spans[-1, 2]


def written(spans, T, first, others=lambda kind: 2 * kind + 2):
    """Write the first word of each span and the others in another way."""
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = others(kind)
        tags[start] = first(kind)
    return tags


@encoding.misconception(
    "no-b",
    "Every word of a name has I. Where two names of one kind touch, nobody can tell where the second begins: what tag "
    "does the first word of a name get?",
)
def _(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 2)


@encoding.misconception(
    "b-for-every-word",
    "Every word of a name has B, so a name of three words reads as three names. What tag do the words after the first "
    "get?",
)
def _(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 1, lambda kind: 2 * kind + 1)


@encoding.misconception(
    "b-and-i-exchanged",
    "B and I have changed places. For kind k, 2 k + 1 begins a name, and 2 k + 2 goes on with it.",
)
def _(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 2, lambda kind: 2 * kind + 1)


@encoding.misconception(
    "one-kind-for-all",
    "Your names are all of kind 0. The kind is the first of the three numbers of a span.",
)
def _(spans, T):
    return written(spans, T, lambda kind: 1, lambda kind: 2)


@encoding.misconception(
    "kinds-counted-from-one",
    "Each of your tags is that of the kind before the right one. Kinds are counted from 0, and 0 itself is O.",
)
def _(spans, T):
    return written(spans, T, lambda kind: 2 * kind - 1, lambda kind: 2 * kind)


@encoding.misconception(
    "end-included",
    "Your names are one word too long. The end of a span is one past its last word, as in a slice.",
)
def _(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start : end + 1] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@encoding.misconception(
    "last-word-left-out",
    "Your names lack their last word. The end of a span is one past it already: a slice or a range stops before its "
    "end by itself.",
)
def _(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start : end - 1] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@encoding.misconception(
    "b-only-where-names-touch",
    "You write B only where a name follows another of its kind. That is an older habit, IOB1. Here every name begins "
    "with B.",
)
def _(spans, T):
    tags = written(spans, T, lambda kind: 2 * kind + 2)
    for kind, start, _ in spans:
        if any(k == kind and end == start for k, _, end in spans):
            tags[start] = 2 * kind + 1
    return tags
