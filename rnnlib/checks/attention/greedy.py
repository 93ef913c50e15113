"""The likeliest symbol at every step."""

import numpy as np

from rnnlib.checks.attention.writer import END, START, drawn_writer
from rnnlib.checks.problem import Problem

greedy = Problem("attention.greedy_decode", "12-attention", outputs={"ids": "T"})


@greedy.reference
def greedy_decode(step, state, start, end, longest):
    """Take the likeliest symbol and read it at the next step."""
    symbol, ids = start, []
    for _ in range(longest):
        log_p, state = step(symbol, state)
        symbol = int(log_p.argmax())
        if symbol == end:
            break
        ids.append(symbol)
    return np.array(ids, dtype=int)


def path(step, state, start, end, longest, pick=np.argmax):
    """The list of symbols written before the end."""
    symbol, ids = start, []
    for _ in range(longest):
        log_p, state = step(symbol, state)
        symbol = int(pick(log_p))
        if symbol == end:
            break
        ids.append(symbol)
    return ids


def telling(rng, least, most, longest):
    """Draw a decoder that writes from `least` to `most` symbols, and not what one of the mistakes would write."""
    for _ in range(2000):
        step, state = drawn_writer(rng, V=7)
        args = step, state, START, END, longest
        right = path(*args)
        others = [tuple(np.atleast_1d(wrong(*args))) for wrong in WRONG]
        if least <= len(right) <= most and len(set(others)) == len(others) and tuple(right) not in others:
            return args
    raise ValueError("no telling decoder was drawn")


def start_again_and_again(step, state, start, end, longest):
    """Read the start symbol at every step."""
    ids = []
    for _ in range(longest):
        log_p, state = step(start, state)
        if log_p.argmax() == end:
            break
        ids.append(int(log_p.argmax()))
    return ids


def state_not_kept(step, state, start, end, longest):
    """Go back to the first state at every step."""
    return path(lambda symbol, _: step(symbol, state), state, start, end, longest)


def least_likely(step, state, start, end, longest):
    """Take the least likely symbol."""
    return path(step, state, start, end, longest, pick=np.argmin)


def ends_left_out(step, state, start, end, longest):
    """Write on after the end, and leave the end symbols out."""
    return [i for i in path(step, state, start, None, longest) if i != end]


WRONG = (start_again_and_again, state_not_kept, least_likely, ends_left_out)


@greedy.special("a word of three symbols or more")
def _(rng):
    return telling(rng, 3, 6, 9)


@greedy.special("another word")
def _(rng):
    return telling(rng, 3, 6, 9)


@greedy.special("a word that is cut off")
def _(rng):
    for _ in range(1000):
        step, state = drawn_writer(rng, V=6, ends=-30)
        ids = path(step, state, START, END, 6)
        if len(set(ids)) > 2:
            break
    return step, state, START, END, 5


@greedy.special("an end at once", hidden=True)
def _(rng):
    step, state = drawn_writer(rng, V=5, ends=60)
    return step, state, START, END, 6


@greedy.special("a single symbol allowed", hidden=True)
def _(rng):
    step, state = drawn_writer(rng, V=5, ends=-30)
    return step, state, START, END, 1


@greedy.special("other words", hidden=True)
def _(rng):
    return telling(rng, 2, 8, 9)


@greedy.misconception(
    "start-read-again-and-again",
    "You read the start symbol at every step. What does a decoder read after it has written something?",
)
def _(step, state, start, end, longest):
    return np.array(start_again_and_again(step, state, start, end, longest), dtype=int)


@greedy.misconception(
    "state-not-kept",
    "Every step begins with the first state again, so the decoder forgets what it has written. What does step return "
    "besides the probabilities?",
)
def _(step, state, start, end, longest):
    return np.array(state_not_kept(step, state, start, end, longest), dtype=int)


@greedy.misconception(
    "least-likely",
    "You take the least likely symbol. A log probability is negative: is the best one large or small?",
)
def _(step, state, start, end, longest):
    return np.array(least_likely(step, state, start, end, longest), dtype=int)


@greedy.misconception(
    "end-written",
    "The end symbol is in your result. It says that the word is done and is no part of it.",
)
def _(step, state, start, end, longest):
    ids = path(step, state, start, end, longest)
    return np.array([*ids, end] if len(ids) < longest else ids, dtype=int)


@greedy.misconception(
    "start-written",
    "The start symbol is in your result. It is read, and never written.",
)
def _(step, state, start, end, longest):
    return np.array([start, *path(step, state, start, end, longest)], dtype=int)


@greedy.misconception(
    "never-ends",
    "You write on after the end symbol. When it comes the word is done.",
)
def _(step, state, start, end, longest):
    return np.array(path(step, state, start, None, longest), dtype=int)


@greedy.misconception(
    "end-left-out-and-on",
    "You leave the end symbol out and write on after it. When it comes the word is done.",
)
def _(step, state, start, end, longest):
    return np.array(ends_left_out(step, state, start, end, longest), dtype=int)


@greedy.misconception(
    "one-too-few",
    "A word that is cut off has one symbol less than it may. How many times does your loop run?",
)
def _(step, state, start, end, longest):
    return np.array(path(step, state, start, end, longest - 1), dtype=int)


@greedy.misconception(
    "one-too-many",
    "A word that is cut off has one symbol more than it may. How many times does your loop run?",
)
def _(step, state, start, end, longest):
    return np.array(path(step, state, start, end, longest + 1), dtype=int)
