"""Tags read as names."""

import numpy as np

from rnnchecks.e10_tagging._sentences import pieces, rich
from rnnchecks.e10_tagging.bio_tags import bio_tags
from rnnchecks.engine.problem import Problem

problem = Problem("tagging.spans", "10-tagging", task=2, outputs={"found": "#"})


@problem.reference
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


@problem.special("names that touch, and names apart")
def names_that_touch_and_names_apart(rng):
    return (bio_tags(*rich(rng)),)


@problem.special("the last word is in a name")
def the_last_word_is_in_a_name(rng):
    spans, _ = pieces(rng, [[(1, 1)], [(0, 2)], [(1, 3)]], first_gap=False)
    return (bio_tags(spans, spans[-1, 2]),)


@problem.special("tags that do not fit: I with nothing before it, or another kind")
def tags_that_do_not_fit(rng):
    order = rng.permutation(3)
    parts = ([0, 2, 2, 0], [1, 4, 4, 0], [3, 2, 0, 4, 0])
    return (np.array([2, 0, *(tag for i in order for tag in parts[i])]),)


@problem.special("no name", hidden=True)
def no_name(rng):
    return (np.zeros(4, dtype=int),)


@problem.special("three kinds", hidden=True)
def three_kinds(rng):
    return (bio_tags(*rich(rng, kinds=3)),)


@problem.special("any tags in any order", hidden=True)
def any_tags_in_any_order(rng):
    return (rng.integers(7, size=40),)


def rows(found):
    """Return spans as an array (N, 3)."""
    return np.array(found, dtype=int).reshape(-1, 3)


def kind_of(tag):
    """Return the kind of a tag; -1 for O."""
    return (tag - 1) // 2


def grouped(tags, goes_on, last_too=True):
    """Return runs of words of which each goes on with the one before; with or without one that the end cuts off."""
    found = []
    for t, tag in enumerate(tags):
        if tag and t and goes_on(tags[t - 1], tag):
            found[-1][2] = t + 1
        elif tag:
            found.append([kind_of(tag), t, t + 1])
    return rows([s for s in found if last_too or s[2] < len(tags)])


@problem.misconception(
    "A name at the end of the sentence is missing. Yours is noted down when the next word is seen to be outside of it: "
    "what if there is no next word?"
)
def last_name_lost(tags):
    return grouped(tags, lambda before, tag: tag % 2 == 0 and before in (tag - 1, tag), last_too=False)


@problem.misconception("Two names of one kind that touch have become one. What does a B in the middle of a name say?")
def touching_names_joined(tags):
    return grouped(tags, lambda before, tag: kind_of(before) == kind_of(tag))


@problem.misconception("All words between two O are one name for you. A B begins a new name, and so does another kind.")
def everything_joined(tags):
    return grouped(tags, lambda before, tag: before > 0)


@problem.misconception(
    "An I goes on with whatever name stands before it in your answer, also one of another kind. I of kind 1 after B of "
    "kind 0 begins a name of its own."
)
def kind_not_looked_at(tags):
    return grouped(tags, lambda before, tag: tag % 2 == 0 and before > 0)


@problem.misconception(
    "An I with nothing to go on with is left out in your answer. It begins a name itself: that is how it is agreed, so "
    "that all who score count the same."
)
def stray_i_left_out(tags):
    good, before = np.array(tags), 0
    for t, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before not in (tag - 1, tag):
            good[t] = 0
        before = good[t]
    return spans(good)


@problem.misconception("Each of your names has one word. How far does a name go after its B?")
def first_words_only(tags):
    return rows([(kind, start, start + 1) for kind, start, _ in spans(tags)])


@problem.misconception("Every word of a name is a name in your answer. An I that fits goes on with the name before it.")
def every_word_a_name(tags):
    return rows([(kind_of(tag), t, t + 1) for t, tag in enumerate(tags) if tag])


@problem.misconception(
    "Your ends are the last word of each name. The end is one past it, so that tags[start:end] are the name's tags."
)
def end_included(tags):
    return spans(tags) - [0, 0, 1]


@problem.misconception(
    "Your third number is how many words a name has. It should be where it ends: one past its last word."
)
def length_for_end(tags):
    found = spans(tags)
    return np.column_stack([found[:, 0], found[:, 1], found[:, 2] - found[:, 1]])


@problem.misconception("The numbers are right and in another order. A span is (kind, start, end).")
def kind_last(tags):
    return spans(tags)[:, [1, 2, 0]]


@problem.misconception("Your kinds are one too large. They are counted from 0: the tags 1 and 2 are those of kind 0.")
def kinds_counted_from_one(tags):
    return spans(tags) + [1, 0, 0]


@problem.misconception("Your first number is the tag of the first word. The kind of tag 1 is 0, that of tag 3 is 1.")
def tag_for_kind(tags):
    found = spans(tags)
    return np.column_stack([np.asarray(tags)[found[:, 1]], found[:, 1:]])


@problem.misconception(
    "The spans are right, but those of kind 0 come first. They should stand in the order of the sentence."
)
def one_kind_after_the_other(tags):
    found = spans(tags)
    return found[np.argsort(found[:, 0], kind="stable")]
