"""The best of several paths that are followed at once."""

import numpy as np

from rnnlib.checks.attention.greedy import path
from rnnlib.checks.attention.paths import answer, continued, crowded, likeliest, search
from rnnlib.checks.attention.writer import END, START, drawn_writer
from rnnlib.checks.problem import Problem

beam = Problem("attention.beam_search", "12-attention", outputs={"ids": "T", "log_p": "N"})


@beam.reference
def beam_search(step, state, start, end, longest, width):
    """Follow the best beginnings; one that ends keeps its place in the beam and is followed no further."""
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = likeliest(continued(open_, step), width - len(done))
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(likeliest(done + open_, width), end)


@beam.special("the best word does not begin with the likeliest symbol")
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: list(ids[:1]) != greedy_ids[:1])


@beam.special("words of different lengths in the beam")
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: 1 < len(ids) < 6, width=4, crowding=True)


@beam.special("a word that is cut off")
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) == 4, longest=4, width=2)


@beam.special("a beam of one", hidden=True)
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) > 1, width=1)


@beam.special("a single symbol allowed", hidden=True)
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: True, longest=1)


@beam.special("a wide beam", hidden=True)
def _(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) > 1, width=6)


def telling(rng, wanted, longest=6, width=3, crowding=False):
    """Draw a decoder with which a right search finds what is wanted; and, if asked, a finished word is in danger."""
    for _ in range(2000):
        step, state = drawn_writer(rng, V=6, sharp=1.5, ends=0.5)
        args = step, state, START, END, longest, width
        ids, log_p = beam_search(*args)
        if wanted(ids, path(*args[:-1]), log_p) and not (crowding and np.allclose(log_p, crowded(*args)[1])):
            break
    return args


@beam.misconception(
    "greedy",
    "You follow a single beginning. How many of all the continuations stay in a beam of the given width?",
)
def _(step, state, start, end, longest, width):
    return answer(likeliest(sum(search(step, state, start, end, longest, 1), []), 1), end)


@beam.misconception(
    "best-of-each",
    "Of each beginning you keep the best continuations, so the beam grows from step to step. The continuations of all "
    "beginnings compete with each other for its places.",
)
def _(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = [one for parent in open_ for one in likeliest(continued([parent], step), width)]
        done += [one for one in best if one[1][-1] == end]
        open_ = likeliest([one for one in best if one[1][-1] != end], 60)
    return answer(likeliest(done + open_, 1000), end)


@beam.misconception(
    "place-of-a-finished-word-filled-again",
    "When a word is finished you fill its place with another beginning. Here it keeps its place: with one word "
    "finished, a beam of three follows two.",
)
def _(step, state, start, end, longest, width):
    found = sum(search(step, state, start, end, longest, width, room=lambda done: width), [])
    return answer(likeliest(found, len(found)), end)


@beam.misconception(
    "finished-words-crowded-out",
    "A finished word loses its place in your beam when continuations of others are likelier at that moment. But those "
    "will only get less likely. Here what is finished keeps its place.",
)
def _(step, state, start, end, longest, width):
    return crowded(step, state, start, end, longest, width)


@beam.misconception(
    "past-forgotten",
    "You rank beginnings by the probability of their last symbol alone. What is the probability of a whole beginning?",
)
def _(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = likeliest(continued([(0.0, ids, state) for _, ids, state in open_], step), width - len(done))
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(likeliest(done + open_, width), end)


@beam.misconception(
    "one-state-for-all",
    "All beginnings go on from one state, the one that the last call of step returned. Each beginning has read other "
    "symbols: what must be kept with each?",
)
def _(step, state, start, end, longest, width):
    last = [state]

    def forgetful(symbol, _):
        log_p, last[0] = step(symbol, last[0])
        return log_p, last[0]

    return beam_search(forgetful, state, start, end, longest, width)


@beam.misconception(
    "state-of-the-parent",
    "Each continuation keeps the state from before its last call of step, so every decoder is one symbol behind.",
)
def _(step, state, start, end, longest, width):
    def lagging(symbol, pair):
        old, new = pair
        log_p, newer = step(symbol, old)
        return log_p, (new, newer)

    first = state
    return beam_search(lagging, (first, first), start, end, longest, width)


@beam.misconception(
    "finished-words-dropped",
    "Words that ended leave your beam and are never seen again. They compete with the others at the end: keep them.",
)
def _(step, state, start, end, longest, width):
    done, open_ = search(step, state, start, end, longest, width)
    return answer(likeliest(open_ or done, width), end)


@beam.misconception(
    "open-words-dropped",
    "You return finished words only. What is still open after the last step competes, too.",
)
def _(step, state, start, end, longest, width):
    done, open_ = search(step, state, start, end, longest, width)
    return answer(likeliest(done or open_, width), end)


@beam.misconception(
    "stops-at-the-first-end",
    "You stop as soon as one word ends. Another that is still open may turn out likelier. When is there nothing left "
    "to follow?",
)
def _(step, state, start, end, longest, width):
    return answer(likeliest(sum(search(step, state, start, end, longest, width, until=bool), []), width), end)


@beam.misconception(
    "compared-by-the-mean",
    "You rank what was found by the mean log probability per symbol. That is the chapter's score with an exponent of "
    "1; here the log probability itself counts.",
)
def _(step, state, start, end, longest, width):
    found = sum(search(step, state, start, end, longest, width), [])
    return answer(sorted(found, key=lambda one: -one[0] / (len(one[1]) - 1)), end)


@beam.misconception(
    "written-on-after-the-end",
    "You continue words after their end symbol. What ended takes no part in the next step.",
)
def _(step, state, start, end, longest, width):
    open_ = [(0.0, [start], state)]
    for _ in range(longest):
        open_ = likeliest(continued(open_, step), width)
    return answer(open_, end)


@beam.misconception(
    "in-the-order-found",
    "The log probabilities come in the order in which you found them. The best one is asked for first, and the symbols "
    "are those of the best.",
)
def _(step, state, start, end, longest, width):
    return answer(sum(search(step, state, start, end, longest, width), []), end)


@beam.misconception(
    "least-likely-first",
    "You keep the least likely beginnings. Log probabilities are negative: are good ones large or small, and which end "
    "does your sort begin with?",
)
def _(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = sorted(continued(open_, step), key=lambda one: one[0])[: width - len(done)]
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(sorted(done + open_, key=lambda one: one[0]), end)


@beam.misconception(
    "end-written",
    "The end symbol is in your result. It says that the word is done and is no part of it.",
)
def _(step, state, start, end, longest, width):
    found = likeliest(sum(search(step, state, start, end, longest, width), []), width)
    return np.array(found[0][1][1:]), answer(found, end)[1]


@beam.misconception(
    "start-written",
    "The start symbol is in your result. It is read, and never written.",
)
def _(step, state, start, end, longest, width):
    ids, log_p = beam_search(step, state, start, end, longest, width)
    return np.array([start, *ids]), log_p


@beam.misconception(
    "probabilities-not-logarithms",
    "Your probabilities are right, but their logarithms are asked for. Products of many small numbers are soon rounded "
    "to zero; sums of logarithms are not.",
)
def _(step, state, start, end, longest, width):
    ids, log_p = beam_search(step, state, start, end, longest, width)
    return ids, np.exp(log_p)
