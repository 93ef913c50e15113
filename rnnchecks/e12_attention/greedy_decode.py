"""The likeliest symbol at every step."""

import numpy as np

from rnnchecks.e12_attention._writer import END, START, drawn_writer
from rnnchecks.engine.problem import Problem

problem = Problem("attention.greedy_decode", "12-attention", task=5, outputs={"ids": "T"})


@problem.reference
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


@problem.special("a word of three symbols or more")
def a_word_of_three_symbols_or_more(rng):
    return telling(rng, 3, 6, 9)


@problem.special("another word")
def another_word(rng):
    return telling(rng, 3, 6, 9)


@problem.special("a word that is cut off")
def a_word_that_is_cut_off(rng):
    for _ in range(1000):
        step, state = drawn_writer(rng, V=6, ends=-30)
        ids = path(step, state, START, END, 6)
        if len(set(ids)) > 2:
            break
    return step, state, START, END, 5


@problem.special("an end at once", hidden=True)
def an_end_at_once(rng):
    step, state = drawn_writer(rng, V=5, ends=60)
    return step, state, START, END, 6


@problem.special("a single symbol allowed", hidden=True)
def a_single_symbol_allowed(rng):
    step, state = drawn_writer(rng, V=5, ends=-30)
    return step, state, START, END, 1


@problem.special("other words", like="another word")
def other_words(rng):
    return telling(rng, 2, 8, 9)


@problem.misconception(
    "You read the start symbol at every step. What does a decoder read after it has written something?"
)
def start_read_again_and_again(step, state, start, end, longest):
    return np.array(start_again_and_again(step, state, start, end, longest), dtype=int)


@problem.misconception(
    "Every step begins with the first state again, so the decoder forgets what it has written. What does step return "
    "besides the probabilities?"
)
def state_not_kept_(step, state, start, end, longest):
    return np.array(state_not_kept(step, state, start, end, longest), dtype=int)


@problem.misconception("The end symbol is in your result. It says that the word is done and is no part of it.")
def end_written(step, state, start, end, longest):
    ids = path(step, state, start, end, longest)
    return np.array([*ids, end] if len(ids) < longest else ids, dtype=int)


@problem.misconception("The start symbol is in your result. It is read, and never written.")
def start_written(step, state, start, end, longest):
    return np.array([start, *path(step, state, start, end, longest)], dtype=int)


@problem.misconception("You write on after the end symbol. When it comes the word is done.")
def never_ends(step, state, start, end, longest):
    return np.array(path(step, state, start, None, longest), dtype=int)


@problem.misconception("You leave the end symbol out and write on after it. When it comes the word is done.")
def end_left_out_and_on(step, state, start, end, longest):
    return np.array(ends_left_out(step, state, start, end, longest), dtype=int)


@problem.misconception("A word that is cut off has one symbol less than it may. How many times does your loop run?")
def one_too_few(step, state, start, end, longest):
    return np.array(path(step, state, start, end, longest - 1), dtype=int)


@problem.misconception("A word that is cut off has one symbol more than it may. How many times does your loop run?")
def one_too_many(step, state, start, end, longest):
    return np.array(path(step, state, start, end, longest + 1), dtype=int)
