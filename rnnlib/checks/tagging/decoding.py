"""Tags read as names."""

import numpy as np

from rnnlib.checks.problem import Problem
from rnnlib.checks.tagging.encoding import bio_tags
from rnnlib.checks.tagging.sentences import pieces, rich

decoding = Problem("tagging.spans", "10-tagging", outputs={"found": "#"})


@decoding.reference
def spans(tags):
    """Go on with the last span where an I follows a tag of its kind, and begin one at any other tag but O."""
    found, before = [], 0
    for t, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before in (tag - 1, tag):
            found[-1][2] = t + 1
        elif tag:
            found.append([(tag - 1) // 2, t, t + 1])
        before = tag
    return np.array(found, dtype=int).reshape(len(found), 3)


@decoding.special("names that touch, and names apart")
def _(rng):
    return (bio_tags(*rich(rng)),)


@decoding.special("the last word is in a name")
def _(rng):
    spans, _ = pieces(rng, [[(1, 1)], [(0, 2)], [(1, 3)]], first_gap=False)
    return (bio_tags(spans, spans[-1, 2]),)


@decoding.special("tags that do not fit: I with nothing before it, or another kind")
def _(rng):
    order = rng.permutation(3)
    parts = ([0, 2, 2, 0], [1, 4, 4, 0], [3, 2, 0, 4, 0])
    return (np.array([2, 0, *(tag for i in order for tag in parts[i])]),)


@decoding.special("no name", hidden=True)
def _(rng):
    return (np.zeros(4, dtype=int),)


@decoding.special("three kinds", hidden=True)
def _(rng):
    return (bio_tags(*rich(rng, kinds=3)),)


@decoding.special("any tags in any order", hidden=True)
def _(rng):
    return (rng.integers(7, size=40),)


def rows(found):
    """Give spans as an array (N, 3)."""
    return np.array(found, dtype=int).reshape(-1, 3)


def kind_of(tag):
    """Give the kind of a tag; -1 for O."""
    return (tag - 1) // 2


def grouped(tags, goes_on, last_too=True):
    """Give runs of words of which each goes on with the one before; with or without one that the sentence cuts off."""
    found = []
    for t, tag in enumerate(tags):
        if tag and t and goes_on(tags[t - 1], tag):
            found[-1][2] = t + 1
        elif tag:
            found.append([kind_of(tag), t, t + 1])
    return rows([s for s in found if last_too or s[2] < len(tags)])


@decoding.misconception(
    "last-name-lost",
    "A name at the end of the sentence is missing. Yours is noted down when the next word is seen to be outside of it: "
    "what if there is no next word?",
)
def _(tags):
    return grouped(tags, lambda before, tag: tag % 2 == 0 and before in (tag - 1, tag), last_too=False)


@decoding.misconception(
    "touching-names-joined",
    "Two names of one kind that touch have become one. What does a B in the middle of a name say?",
)
def _(tags):
    return grouped(tags, lambda before, tag: kind_of(before) == kind_of(tag))


@decoding.misconception(
    "everything-joined",
    "All words between two O are one name for you. A B begins a new name, and so does another kind.",
)
def _(tags):
    return grouped(tags, lambda before, tag: before > 0)


@decoding.misconception(
    "kind-not-looked-at",
    "An I goes on with whatever name stands before it in your answer, also one of another kind. I of kind 1 after B of "
    "kind 0 begins a name of its own.",
)
def _(tags):
    return grouped(tags, lambda before, tag: tag % 2 == 0 and before > 0)


@decoding.misconception(
    "stray-i-left-out",
    "An I with nothing to go on with is left out in your answer. It begins a name itself: that is how it is agreed, so "
    "that all who score count the same.",
)
def _(tags):
    good, before = np.array(tags), 0
    for t, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before not in (tag - 1, tag):
            good[t] = 0
        before = good[t]
    return spans(good)


@decoding.misconception(
    "first-words-only",
    "Each of your names has one word. How far does a name go after its B?",
)
def _(tags):
    return rows([(kind, start, start + 1) for kind, start, _ in spans(tags)])


@decoding.misconception(
    "every-word-a-name",
    "Every word of a name is a name in your answer. An I that fits goes on with the name before it.",
)
def _(tags):
    return rows([(kind_of(tag), t, t + 1) for t, tag in enumerate(tags) if tag])


@decoding.misconception(
    "end-included",
    "Your ends are the last word of each name. The end is one past it, so that tags[start:end] are the name's tags.",
)
def _(tags):
    return spans(tags) - [0, 0, 1]


@decoding.misconception(
    "length-for-end",
    "Your third number is how many words a name has. It should be where it ends: one past its last word.",
)
def _(tags):
    found = spans(tags)
    return np.column_stack([found[:, 0], found[:, 1], found[:, 2] - found[:, 1]])


@decoding.misconception(
    "kind-last",
    "The numbers are right and in another order. A span is (kind, start, end).",
)
def _(tags):
    return spans(tags)[:, [1, 2, 0]]


@decoding.misconception(
    "kinds-counted-from-one",
    "Your kinds are one too large. They are counted from 0: the tags 1 and 2 are those of kind 0.",
)
def _(tags):
    return spans(tags) + [1, 0, 0]


@decoding.misconception(
    "tag-for-kind",
    "Your first number is the tag of the first word. The kind of tag 1 is 0, that of tag 3 is 1.",
)
def _(tags):
    found = spans(tags)
    return np.column_stack([np.asarray(tags)[found[:, 1]], found[:, 1:]])


@decoding.misconception(
    "one-kind-after-the-other",
    "The spans are right, but those of kind 0 come first. They should stand in the order of the sentence.",
)
def _(tags):
    found = spans(tags)
    return found[np.argsort(found[:, 0], kind="stable")]
