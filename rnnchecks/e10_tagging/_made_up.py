"""Sentences of a made-up language with names in them: its words, its names and its templates are drawn at random.

Whoever does not know the generator cannot have seen a sentence of it, nor trained a net on one.
"""

import numpy as np

WORDS, TEMPLATES = 120, 40
NAMES = {"first": 60, "last": 60, "place": 60, "both": 30}  # of the last kind a person can be, and a place
EITHER = 0.7  # share of the names that are words that can be either
UNKNOWN, FIRST_ID = 1, 2
PER, LOC = 1, 3  # the tag that begins a name; the next number goes on with it


def sentences(rng, N):
    """Draw a language and N sentences of it.

    Returns:
        words, tags: lists of N integer arrays (T_n,).
        V: how many ids there are; 0 is for padding, and 1 for unknown words.
    """
    V = FIRST_ID + WORDS + sum(NAMES.values())
    ids = FIRST_ID + rng.permutation(V - FIRST_ID)
    cuts = np.cumsum([WORDS, *NAMES.values()])
    words, *names = np.split(ids, cuts[:-1])
    lists = dict(zip(NAMES, names, strict=True))
    per, loc = rng.permutation([PER, LOC])
    templates = [_template(rng, words, k, per, loc) for k in range(TEMPLATES)]
    made = [_filled(rng, templates[rng.integers(TEMPLATES)], lists, per) for _ in range(N)]
    return [words for words, _ in made], [tags for _, tags in made], V


def _template(rng, words, k, per, loc):
    """Draw a template: a list of words, with a tag in a tuple where a name stands. Two in three begin with a name."""
    share = 1 / np.arange(2, WORDS + 2)
    n = int(rng.integers(4, 9))
    body = [int(word) for word in rng.choice(words, n, p=share / share.sum())]
    kinds = [per, loc] if rng.random() < 0.5 else [loc, per]
    slots = [0] if k % 3 else [int(rng.integers(1, n))]
    slots += [int(rng.integers(slots[0] + 2, n + 1))] if slots[0] + 2 <= n and rng.random() < 0.6 else []
    for place, kind in reversed(list(zip(slots, kinds))):
        body.insert(place, (kind,))
    return body


def _filled(rng, template, lists, per):
    """Put names into the slots of a template, and tag them."""
    words, tags = [], []
    for token in template:
        if isinstance(token, int):
            words.append(token)
            tags.append(0)
            continue
        (kind,) = token
        if rng.random() < EITHER:
            name = [rng.choice(lists["both"])]
        elif kind == per:
            name = [rng.choice(lists["first"])] + [rng.choice(lists["last"])] * int(rng.integers(2))
        else:
            name = [rng.choice(lists["place"])]
        words += name
        tags += [kind] + [kind + 1] * (len(name) - 1)
    return np.array(words), np.array(tags)
