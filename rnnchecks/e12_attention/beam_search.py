"""The best of several paths that are followed at once."""

import numpy as np

from rnnchecks.e12_attention._paths import answer, continued, crowded, likeliest, search
from rnnchecks.e12_attention._writer import END, START, drawn_writer
from rnnchecks.e12_attention.greedy_decode import path
from rnnchecks.engine.problem import Problem

problem = Problem("attention.beam_search", "12-attention", task=6, outputs={"ids": "T", "log_p": "N"})


@problem.reference
def beam_search(step, state, start, end, longest, width):
    """Follow the best beginnings; one that ends keeps its place in the beam and is followed no further."""
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = likeliest(continued(open_, step), width - len(done))
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(likeliest(done + open_, width), end)


@problem.special("the best word does not begin with the likeliest symbol")
def the_best_word_does_not_begin(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: list(ids[:1]) != greedy_ids[:1])


@problem.special("words of different lengths in the beam")
def words_of_different_lengths_in_the_beam(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: 1 < len(ids) < 6, width=4, crowding=True)


@problem.special("a word that is cut off")
def a_word_that_is_cut_off(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) == 4, longest=4, width=2)


@problem.special("a beam of one", hidden=True)
def a_beam_of_one(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) > 1, width=1)


@problem.special("a single symbol allowed", hidden=True)
def a_single_symbol_allowed(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) == 1, longest=1)


@problem.special("a word of one symbol", hidden=True)
def a_word_of_one_symbol(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) == 1, width=4)


@problem.special("an end at once", hidden=True)
def an_end_at_once(rng):
    return telling(rng, lambda ids, greedy_ids, log_p: len(ids) == 0)


@problem.special("a wide beam", hidden=True)
def a_wide_beam(rng):
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


@problem.misconception(
    "You follow a single beginning. How many of all the continuations stay in a beam of the given width?"
)
def greedy(step, state, start, end, longest, width):
    return answer(likeliest(sum(search(step, state, start, end, longest, 1), []), 1), end)


@problem.misconception(
    "Of each beginning you keep the best continuations, so the beam grows from step to step. The continuations of all "
    "beginnings compete with each other for its places."
)
def best_of_each(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = [one for parent in open_ for one in likeliest(continued([parent], step), width)]
        done += [one for one in best if one[1][-1] == end]
        open_ = likeliest([one for one in best if one[1][-1] != end], 60)
    return answer(likeliest(done + open_, 1000), end)


@problem.misconception(
    "When a word is finished you fill its place with another beginning. Here it keeps its place: with one word "
    "finished, a beam of three follows two."
)
def place_of_a_finished_word_filled_again(step, state, start, end, longest, width):
    found = sum(search(step, state, start, end, longest, width, room=lambda done: width), [])
    return answer(likeliest(found, len(found)), end)


@problem.misconception(
    "A finished word loses its place in your beam when continuations of others are likelier at that moment. But those "
    "will only get less likely. Here what is finished keeps its place."
)
def finished_words_crowded_out(step, state, start, end, longest, width):
    return crowded(step, state, start, end, longest, width)


@problem.misconception(
    "You rank beginnings by the probability of their last symbol alone. What is the probability of a whole beginning?"
)
def past_forgotten(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = likeliest(continued([(0.0, ids, state) for _, ids, state in open_], step), width - len(done))
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(likeliest(done + open_, width), end)


@problem.misconception(
    "All beginnings go on from one state, the one that the last call of step returned. Each beginning has read other "
    "symbols: what must be kept with each?"
)
def one_state_for_all(step, state, start, end, longest, width):
    last = [state]

    def forgetful(symbol, _):
        log_p, last[0] = step(symbol, last[0])
        return log_p, last[0]

    return beam_search(forgetful, state, start, end, longest, width)


@problem.misconception(
    "Each continuation keeps the state from before its last call of step, so every decoder is one symbol behind."
)
def state_of_the_parent(step, state, start, end, longest, width):
    def lagging(symbol, pair):
        old, new = pair
        log_p, newer = step(symbol, old)
        return log_p, (new, newer)

    first = state
    return beam_search(lagging, (first, first), start, end, longest, width)


@problem.misconception(
    "Words that ended leave your beam and are never seen again. They compete with the others at the end: keep them."
)
def finished_words_dropped(step, state, start, end, longest, width):
    done, open_ = search(step, state, start, end, longest, width)
    return answer(likeliest(open_ or done, width), end)


@problem.variant("finished-words-dropped")
def finished_words_leave_their_places(step, state, start, end, longest, width):
    done, open_ = search(step, state, start, end, longest, width, room=lambda done: width)
    return answer(likeliest(open_ or done, width), end)


@problem.misconception("You return finished words only. What is still open after the last step competes, too.")
def open_words_dropped(step, state, start, end, longest, width):
    done, open_ = search(step, state, start, end, longest, width)
    return answer(likeliest(done or open_, width), end)


@problem.misconception(
    "You stop as soon as one word ends. Another that is still open may turn out likelier. When is there nothing left "
    "to follow?"
)
def stops_at_the_first_end(step, state, start, end, longest, width):
    return answer(likeliest(sum(search(step, state, start, end, longest, width, until=bool), []), width), end)


@problem.misconception(
    "You rank what was found by the mean log probability per symbol. That is the chapter's score with an exponent of "
    "1; here the log probability itself counts."
)
def compared_by_the_mean(step, state, start, end, longest, width):
    found = sum(search(step, state, start, end, longest, width), [])
    return answer(sorted(found, key=lambda one: -one[0] / (len(one[1]) - 1)), end)


@problem.misconception("You continue words after their end symbol. What ended takes no part in the next step.")
def written_on_after_the_end(step, state, start, end, longest, width):
    open_ = [(0.0, [start], state)]
    for _ in range(longest):
        open_ = likeliest(continued(open_, step), width)
    return answer(open_, end)


@problem.misconception(
    "The log probabilities come in the order in which you found them. The best one is asked for first, and the symbols "
    "are those of the best."
)
def in_the_order_found(step, state, start, end, longest, width):
    return answer(sum(search(step, state, start, end, longest, width), []), end)


@problem.misconception(
    "You keep the least likely beginnings. Log probabilities are negative: are good ones large or small, and which end "
    "does your sort begin with?"
)
def least_likely_first(step, state, start, end, longest, width):
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = sorted(continued(open_, step), key=lambda one: one[0])[: width - len(done)]
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
    return answer(sorted(done + open_, key=lambda one: one[0]), end)


@problem.misconception("The end symbol is in your result. It says that the word is done and is no part of it.")
def end_written(step, state, start, end, longest, width):
    found = likeliest(sum(search(step, state, start, end, longest, width), []), width)
    return np.array(found[0][1][1:]), answer(found, end)[1]


@problem.misconception("The start symbol is in your result. It is read, and never written.")
def start_written(step, state, start, end, longest, width):
    ids, log_p = beam_search(step, state, start, end, longest, width)
    return np.array([start, *ids]), log_p


@problem.misconception(
    "Your probabilities are right, but their logarithms are asked for. Products of many small numbers are soon rounded "
    "to zero; sums of logarithms are not."
)
def probabilities_not_logarithms(step, state, start, end, longest, width):
    ids, log_p = beam_search(step, state, start, end, longest, width)
    return ids, np.exp(log_p)
