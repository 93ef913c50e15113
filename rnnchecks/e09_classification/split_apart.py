"""Two parts of a collection of texts that have no text in common."""

import hashlib

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("classification.split_apart", "09-classification", task=1, outputs={"train": "N", "test": "N"})

OPENINGS = ("A film", "this film", "The story", "I thought it", "My friends say it")
ENDINGS = ("is fine.", "bored me", "was  a joy!", "could be shorter", "is one to see twice", "has no end")


@problem.reference
def split_apart(texts, share):
    """One row for each text, the first; the part follows from a hash of the text."""
    first = {}
    for row, text in enumerate(texts):
        first.setdefault(" ".join(text.lower().split()), row)
    train, test = [], []
    for key, row in first.items():
        digest = hashlib.sha256(key.encode()).digest()
        u = int.from_bytes(digest[:8], "big") / 2**64
        (test if u < share else train).append(row)
    return np.array(train), np.array(test)


def collection(rng, N):
    """Draw N texts; half as many again are copies in other letters, or with other spaces."""
    texts = [f"{OPENINGS[rng.integers(5)]} {ENDINGS[rng.integers(6)]} {rng.integers(100)}" for _ in range(N)]
    for n, text in enumerate(texts[: N // 2]):
        texts.append((text.upper(), text.replace(" ", "  "), f" {text}\n", text)[n % 4])
    return [texts[i] for i in rng.permutation(len(texts))]


@problem.special("thirty texts and fifteen copies")
def thirty_texts_and_fifteen_copies(rng):
    return collection(rng, 30), 0.3


@problem.special("sixty texts and thirty copies")
def sixty_texts_and_thirty_copies(rng):
    return collection(rng, 60), 0.2


@problem.special("a hundred texts, half of them to test", like="sixty texts and thirty copies")
def a_hundred_texts_half_of_them_to_test(rng):
    return collection(rng, 100), 0.5


@problem.special("texts in several scripts", hidden=True)
def texts_in_several_scripts(rng):
    return [f"{word} {n}" for n in range(12) for word in ("Straße", "电影", "é bom", "É  bom")], 0.4


def split_by(keys, hashed, share, keep_all=False, last=False, order="big"):
    """Split with one key for what is the same text, and another to draw the part from."""
    rows = {}
    for row, key in enumerate(keys):
        if keep_all:
            rows[row] = row
        elif last or key not in rows:
            rows[key] = row
    parts = [[], []]
    for row in sorted(rows.values()):
        u = int.from_bytes(hashlib.sha256(hashed[row].encode()).digest()[:8], order) / 2**64
        parts[u < share].append(row)
    return np.array(parts[0]), np.array(parts[1])


def keys_of(texts):
    """Return the texts in small letters and with single spaces."""
    return [" ".join(text.lower().split()) for text in texts]


@problem.misconception("A text that occurs twice is in your parts twice. Of each text one row is asked for, the first.")
def copies_kept(texts, share):
    keys = keys_of(texts)
    return split_by(keys, keys, share, keep_all=True)


@problem.misconception("Two texts that differ only in capital letters count as two, and may lie in different parts.")
def capitals_tell_copies_apart(texts, share):
    keys = [" ".join(text.split()) for text in texts]
    return split_by(keys, keys, share)


@problem.misconception(
    "Two texts that differ only in spaces or line breaks count as two. What does str.split() without an argument do?"
)
def spaces_tell_copies_apart(texts, share):
    keys = [text.lower() for text in texts]
    return split_by(keys, keys, share)


@problem.misconception("Spaces at the ends are gone, but two spaces inside of a text still make it another text.")
def only_the_ends_stripped(texts, share):
    keys = [text.lower().strip() for text in texts]
    return split_by(keys, keys, share)


@problem.misconception(
    "Of the copies of a text you keep the last. The first one is asked for: a later copy must change nothing."
)
def the_last_copy(texts, share):
    keys = keys_of(texts)
    return split_by(keys, keys, share, last=True)


@problem.misconception(
    "You find the copies, but draw the part from the text as it is written, with its capitals and spaces. If another "
    "copy came first the part would change."
)
def part_from_the_text_as_it_stands(texts, share):
    return split_by(keys_of(texts), texts, share)


@problem.misconception(
    "Your parts follow from where a text stands: the first ones, or the last ones. A file may be sorted by label, and "
    "one text more would move all others."
)
def part_from_the_place(texts, share):
    train, test = split_apart(texts, 0)
    rows = np.sort(np.concatenate([train, test]).astype(int))
    cut = len(rows) - round(share * len(rows))
    return rows[:cut], rows[cut:]


def by_place(texts, number, at_the_end):
    """Take one row for each text, and a number of them from one end."""
    rows = np.sort(np.concatenate(split_apart(texts, 0)).astype(int))
    n = number(len(rows))
    return (rows[: len(rows) - n], rows[len(rows) - n :]) if at_the_end else (rows[n:], rows[:n])


@problem.variant("part-from-the-place")
def part_from_the_place_rounded_down(texts, share):
    return by_place(texts, lambda n: int(share * n), at_the_end=True)


@problem.variant("part-from-the-place")
def part_from_the_beginning(texts, share):
    return by_place(texts, lambda n: round(share * n), at_the_end=False)


@problem.variant("part-from-the-place")
def part_from_the_beginning_rounded_down(texts, share):
    return by_place(texts, lambda n: int(share * n), at_the_end=False)


@problem.misconception(
    "Training and test have changed places: a text with a small u belongs to the test part, and train comes first."
)
def sides_exchanged(texts, share):
    return split_apart(texts, share)[::-1]


@problem.misconception(
    "Your u is another number. The first eight bytes are read as one number with the highest byte first: 'big'."
)
def bytes_from_the_wrong_end(texts, share):
    keys = keys_of(texts)
    return split_by(keys, keys, share, order="little")
