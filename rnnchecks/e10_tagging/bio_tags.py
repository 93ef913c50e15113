"""Names as tags, one for each word."""

import numpy as np

from rnnchecks.e10_tagging._sentences import pieces, rich
from rnnchecks.engine.problem import Problem

problem = Problem("tagging.bio_tags", "10-tagging", task=1, outputs={"tags": "#"})


@problem.reference
def bio_tags(spans, T):
    """I for every word of a span, then B for its first; O elsewhere."""
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@problem.special("names that touch, and names apart")
def names_that_touch_and_names_apart(rng):
    return rich(rng)


@problem.special("the whole sentence is a name")
def the_whole_sentence_is_a_name(rng):
    return np.array([[1, 0, 4]]), 4


@problem.special("no name", hidden=True)
def no_name(rng):
    return np.zeros((0, 3), dtype=int), 5


@problem.special("three kinds", hidden=True)
def three_kinds(rng):
    return rich(rng, kinds=3)


@problem.special("spans in any order, the first word and the last in a name", hidden=True)
def spans_in_any_order_the_first_word(rng):
    spans, T = pieces(rng, [[(0, 2)], [(1, 1), (1, 3)], [(0, 1)]], first_gap=False)
    return spans[rng.permutation(len(spans))], spans[-1, 2]


def written(spans, T, first, others=lambda kind: 2 * kind + 2):
    """Write the first word of each span and the others in another way."""
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start:end] = others(kind)
        tags[start] = first(kind)
    return tags


@problem.misconception(
    "Every word of a name has I. Where two names of one kind touch, nobody can tell where the second begins: what tag "
    "does the first word of a name get?"
)
def no_b(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 2)


@problem.misconception(
    "Every word of a name has B, so a name of three words reads as three names. What tag do the words after the first "
    "get?"
)
def b_for_every_word(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 1, lambda kind: 2 * kind + 1)


@problem.misconception("B and I have changed places. For kind k, 2 k + 1 begins a name, and 2 k + 2 goes on with it.")
def b_and_i_exchanged(spans, T):
    return written(spans, T, lambda kind: 2 * kind + 2, lambda kind: 2 * kind + 1)


@problem.misconception("Your names are all of kind 0. The kind is the first of the three numbers of a span.")
def one_kind_for_all(spans, T):
    return written(spans, T, lambda kind: 1, lambda kind: 2)


@problem.misconception(
    "Each of your tags is that of the kind before the right one. Kinds are counted from 0, and 0 itself is O."
)
def kinds_counted_from_one(spans, T):
    return written(spans, T, lambda kind: 2 * kind - 1, lambda kind: 2 * kind)


@problem.misconception("Your names are one word too long. The end of a span is one past its last word, as in a slice.")
def end_included(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start : end + 1] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@problem.misconception(
    "Your names lack their last word. The end of a span is one past it already: a slice or a range stops before its "
    "end by itself."
)
def last_word_left_out(spans, T):
    tags = np.zeros(T, dtype=int)
    for kind, start, end in spans:
        tags[start : end - 1] = 2 * kind + 2
        tags[start] = 2 * kind + 1
    return tags


@problem.misconception(
    "You write B only where a name follows another of its kind. That is an older habit, IOB1. Here every name begins "
    "with B."
)
def b_only_where_names_touch(spans, T):
    tags = written(spans, T, lambda kind: 2 * kind + 2)
    for kind, start, _ in spans:
        if any(k == kind and end == start for k, _, end in spans):
            tags[start] = 2 * kind + 1
    return tags
