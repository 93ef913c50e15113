"""Edit distance between two sequences of phones."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("attention.edit_distance", "12-attention", task=3, outputs={"distance": "#"})

PHONES = "AA AE AH B D EY IH IY K L M N NG OW P R S SH T Z".split()


@problem.reference
def edit_distance(a, b):
    """Fill the table of distances between beginnings, and read its corner."""
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    D[:, 0], D[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            replaced = D[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            D[i, j] = min(D[i - 1, j] + 1, D[i, j - 1] + 1, replaced)
    return D[-1, -1]


def table(a, b, left_out=1, put_in=1, replaced=1, kept=0, border=1):
    """The distances between all beginnings of a and b, with a price for each kind of edit."""
    D = np.zeros((len(a) + 1, len(b) + 1))
    D[:, 0], D[0] = border * np.arange(len(a) + 1), border * np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = D[i - 1, j - 1] + (kept if a[i - 1] == b[j - 1] else replaced)
            D[i, j] = min(D[i - 1, j] + left_out, D[i, j - 1] + put_in, same)
    return D


def word(rng, n):
    """Draw n phones."""
    return [str(phone) for phone in rng.choice(PHONES, n)]


def misheard(rng, right, replaced=0, left_out=0, put_in=0):
    """Edit a word at places drawn at random."""
    said = list(right)
    for _ in range(left_out):
        del said[rng.integers(len(said))]
    for at in rng.permutation(len(said))[:replaced]:
        said[at] = str(rng.choice([phone for phone in PHONES if phone != said[at]]))
    for _ in range(put_in):
        said.insert(int(rng.integers(len(said) + 1)), str(rng.choice(PHONES)))
    return said


@problem.special("one phone left out at the beginning")
def one_phone_left_out_at_the_beginning(rng):
    right = list(rng.permutation(PHONES[:6]))
    return [str(p) for p in right[1:]], [str(p) for p in right]


@problem.special("two phones replaced in the middle")
def two_phones_replaced_in_the_middle(rng):
    first, *rest = (str(p) for p in rng.permutation(PHONES))
    return [first, rest[0], rest[1], rest[2]], [first, rest[3], rest[4], rest[2]]


@problem.special("one phone too many at the end")
def one_phone_too_many_at_the_end(rng):
    said = [str(p) for p in rng.permutation(PHONES)[:5]]
    return said, said[:4]


@problem.special("the last two phones left out")
def the_last_two_phones_left_out(rng):
    right = [str(p) for p in rng.permutation(PHONES)[:6]]
    return right[:4], right


@problem.special("phones of one letter and of two that begin alike")
def phones_that_begin_alike(rng):
    middle = [str(p) for p in rng.permutation(["OW", "IY", "L"])]
    return ["S", "N", *middle, "AA"], ["SH", "NG", *middle, "AE", "SH"]


@problem.special("a word with several mistakes")
def a_word_with_several_mistakes(rng):
    right = word(rng, 8)
    return misheard(rng, right, replaced=2, left_out=1, put_in=2), right


@problem.special("nothing was said", hidden=True)
def nothing_was_said(rng):
    return [], word(rng, 4)


@problem.special("nothing should have been said", hidden=True)
def nothing_should_have_been_said(rng):
    return word(rng, 3), []


@problem.special("all is right", hidden=True)
def all_is_right(rng):
    right = word(rng, 6)
    return list(right), right


@problem.special("two other words", like="a word with several mistakes")
def two_other_words(rng):
    return word(rng, 5), word(rng, 9)


@problem.special("a longer word with mistakes", like="a word with several mistakes")
def a_longer_word_with_mistakes(rng):
    right = word(rng, 12)
    return misheard(rng, right, replaced=3, left_out=2, put_in=1), right


@problem.misconception(
    "You compare phone by phone at equal places. One phone left out at the beginning then makes all that follow wrong. "
    "How many edits does it take?"
)
def place_by_place(a, b):
    return sum(x != y for x, y in zip(a, b)) + abs(len(a) - len(b))


@problem.misconception(
    "To replace a phone costs you two edits, one to leave it out and one to put in another. It is one edit here."
)
def replacing_costs_two(a, b):
    return table(a, b, replaced=2)[-1, -1]


@problem.misconception(
    "You pay for the diagonal step even where the two phones agree. What does it cost to keep a phone?"
)
def a_match_costs_one(a, b):
    return table(a, b, kept=1)[-1, -1]


@problem.misconception(
    "The first row and the first column of your table are zero, so a beginning can be left out for nothing. How many "
    "edits turn three phones into none?"
)
def borders_of_zero(a, b):
    return table(a, b, border=0)[-1, -1]


@problem.misconception(
    "You take the smallest number of the last row, so that phones after the end cost nothing. All of both words "
    "counts: which corner of the table is that?"
)
def end_for_nothing(a, b):
    return table(a, b)[-1].min()


@problem.misconception(
    "Your table ends one phone before the end of both words. It needs a row and a column for the empty beginning: how "
    "many rows for n phones?"
)
def one_phone_too_few(a, b):
    return table(a[:-1], b[:-1])[-1, -1]


@problem.misconception(
    "You compare the names of the phones letter by letter: S and SH are two phones, not one letter apart. Compare the "
    "items of the two lists."
)
def letters_not_phones(a, b):
    return table("".join(a), "".join(b))[-1, -1]


@problem.misconception(
    "You count phones that are in one word and not in the other. Their order does not matter to you, and neither does "
    "how often they come."
)
def order_ignored(a, b):
    return len(set(a) ^ set(b))


@problem.misconception(
    "You divide by the number of right phones. That makes a rate, which is the next task: here the number of edits "
    "is asked for."
)
def divided_by_the_length(a, b):
    return edit_distance(a, b) / max(len(b), 1)


@problem.misconception(
    "You never put a phone in for one edit: of the three numbers to choose the smallest from, the one to the left is "
    "missing."
)
def never_put_in(a, b):
    return table(a, b, put_in=1000)[-1, -1]


@problem.misconception(
    "You never leave a phone out for one edit: of the three numbers to choose the smallest from, the one above is "
    "missing."
)
def never_left_out(a, b):
    return table(a, b, left_out=1000)[-1, -1]


@problem.misconception(
    "You return how many phones the two have in common, in order. What is asked for grows as they differ more."
)
def only_what_is_common(a, b):
    return (len(a) + len(b) - table(a, b, replaced=2)[-1, -1]) / 2
