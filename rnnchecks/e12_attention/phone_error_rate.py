"""The phone error rate of many words."""

from rnnchecks.e12_attention.edit_distance import edit_distance, misheard, word
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.rules import inherited

problem = Problem("attention.phone_error_rate", "12-attention", task=4, outputs={"PER": ""})


@problem.reference
def phone_error_rate(said, right):
    """All edits, divided by all right phones."""
    return edits_of(said, right) / sum(len(b) for b in right)


def edits_of(said, right):
    """The edits of all words together."""
    return sum(edit_distance(a, b) for a, b in zip(said, right))


def list_of_words(rng, lengths, **mistakes):
    """Draw right words of these lengths, and what was said in their place."""
    right = [word(rng, n) for n in lengths]
    return [misheard(rng, one, **mistakes) for one in right], right


@problem.special("four words of different lengths")
def four_words_of_different_lengths(rng):
    said, right = list_of_words(rng, (3, 4, 6, 9), replaced=1, left_out=1)
    said[3] = list(right[3])
    said[1] = word(rng, 9)
    return said, right


@problem.special("a net that babbles")
def a_net_that_babbles(rng):
    right = [word(rng, n) for n in (2, 3, 5)]
    return [word(rng, 14), word(rng, 9), word(rng, 12)], right


@problem.special("one word left out entirely")
def one_word_left_out_entirely(rng):
    said, right = list_of_words(rng, (4, 7, 5), left_out=1, put_in=1, replaced=1)
    return [[], *said[1:]], right


@problem.special("all is right", hidden=True)
def all_is_right(rng):
    _, right = list_of_words(rng, (4, 2, 6))
    return [list(one) for one in right], right


@problem.special("a single word", hidden=True)
def a_single_word(rng):
    return list_of_words(rng, (8,), replaced=2, left_out=1)


@problem.special("twenty words", like="four words of different lengths")
def twenty_words(rng):
    return list_of_words(rng, rng.integers(3, 10, 20), replaced=1, left_out=1, put_in=1)


@problem.misconception(
    "You work out a rate for each word and take their mean. A word of two phones then weighs as much as one of ten. "
    "Add up first, and divide once."
)
def mean_of_the_words_rates(said, right):
    return sum(edit_distance(a, b) / len(b) for a, b in zip(said, right)) / len(right)


@problem.misconception(
    "You divide by the number of phones that were said. A net that babbles would improve its rate by babbling more. "
    "Whose phones are what should have been?"
)
def divided_by_what_was_said(said, right):
    return edits_of(said, right) / sum(len(a) for a in said)


@problem.misconception(
    "You divide by the length of the longer of the two. The rate is measured against the right phones alone, and may "
    "exceed 1."
)
def divided_by_the_longer(said, right):
    return edits_of(said, right) / sum(max(len(a), len(b)) for a, b in zip(said, right))


@problem.misconception(
    "You divide by the number of words: that is how many edits a word needs. What is the rate per phone?"
)
def edits_per_word(said, right):
    return edits_of(said, right) / len(right)


@problem.misconception(
    "You count words that are not entirely right. That is the word error rate, and says nothing of how wrong they are."
)
def words_not_phones(said, right):
    return sum(a != b for a, b in zip(said, right)) / len(right)


@problem.misconception(
    "You cut the rate off at 1. A net that says much too much needs more edits than there are phones: let the rate say "
    "so."
)
def cut_off_at_one(said, right):
    return min(1.0, phone_error_rate(said, right))


@problem.misconception("Your number is in percent. The function returns the share itself.")
def in_percent(said, right):
    return 100 * phone_error_rate(said, right)


@problem.misconception("You return one minus the rate. Here smaller is better.")
def share_that_is_right(said, right):
    return 1 - phone_error_rate(said, right)


@problem.misconception("You return the number of edits. Over a longer list it grows by itself: per what should it be?")
def edits_without_a_division(said, right):
    return edits_of(said, right)


@problem.misconception(
    "You compare phones at equal places. One phone left out at the beginning then makes all that follow wrong. Use the "
    "edit distance."
)
def place_by_place(said, right):
    wrong = sum(sum(x != y for x, y in zip(a, b)) + abs(len(a) - len(b)) for a, b in zip(said, right))
    return wrong / sum(len(b) for b in right)


@problem.misconception("No word costs you more than its own number of phones. One that says much too much does.")
def each_word_cut_off(said, right):
    return sum(min(edit_distance(a, b), len(b)) for a, b in zip(said, right)) / sum(len(b) for b in right)


@inherited(problem, "attention.edit_distance")
def by_words(step, said, right):
    return sum(step(a, b) for a, b in zip(said, right)) / sum(len(b) for b in right)
