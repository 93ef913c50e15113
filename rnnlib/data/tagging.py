"""Sentences in which names of persons and places are tagged: made from templates, and written by hand."""

import numpy as np

from rnnlib._types import Rng, Tagged
from rnnlib._validate import require_size
from rnnlib.data._files import read, rows
from rnnlib.data.splits import Split

__all__ = ["handwritten", "parse_brackets", "tagged_sentences"]


def tagged_sentences(train: int = 4000, validation: int = 500, test: int = 500, seed: int = 0) -> Split:
    """Sentences made from templates: training and validation from one set of templates, test from another.

    Tags are BIO: ``B-PER`` and ``B-LOC`` begin a name of a person or a place, ``I-`` continues it, ``O`` is neither.
    Three in ten names, and all where a template asks for it, are words that can be either, such as *Jordan* or *Paris*:
    there only the words around it tell, and often they come after it.

    Args:
        train: sentences to train on.
        validation: other sentences from the same templates.
        test: sentences from templates that the first two do not use. The names come from the same lists.
        seed: of the generator; the same seed gives the same sentences.

    Returns:
        `Split` of lists of ``(words, tags)`` pairs of equally long tuples. No two sentences are equal.

    Raises:
        ValueError: when a number is not positive.

    Notes:
        A tagger that does well here has learned these templates. How it does on text is measured with `handwritten`.
        Names: Faker 40.54.0 (MIT licence); towns: the time-zone database (public domain); templates: ours.

    Taught in: chapter 10.

    Example:
        >>> words, tags = tagged_sentences(train=20, validation=5, test=5).test[3]
        >>> " ".join(words)
        'Before he became famous , Florence sold shoes in Vienna .'
        >>> " ".join(tags)
        'O O O O O B-PER O O O B-LOC O'
    """
    for name, n in {"train": train, "validation": validation, "test": test}.items():
        require_size(name, n)
    rng = np.random.default_rng(seed)
    templates, lists = _templates()
    for kind, name in rows("tagging_names.txt.gz"):
        lists.setdefault(kind.upper(), []).append(name)
    seen: set[Tagged] = set()

    def sentences(part: str, n: int) -> list[Tagged]:
        """Fill random templates of a part until there are n sentences that were not there before."""
        made: list[Tagged] = []
        while len(made) < n:
            sentence = _fill(templates[part][rng.integers(len(templates[part]))], lists, rng)
            if sentence not in seen:
                seen.add(sentence)
                made.append(sentence)
        return made

    known = sentences("train", train + validation)
    return Split(known[:train], known[train:], sentences("test", test))


def handwritten() -> list[Tagged]:
    """Sentences written by hand, unlike the templates: news, chat, letters, recipes. The honest test of a tagger.

    216 sentences, many with words that can be a person or a place, many with no name at all, some in small letters
    or capitals alone. The rules of tagging stand at the top of ``rnnlib/data/handwritten.txt``.

    Returns:
        List of ``(words, tags)`` pairs of equally long tuples, tags as in `tagged_sentences`.

    Taught in: chapter 10.

    Example:
        >>> words, tags = handwritten()[4]
        >>> " ".join(words[:8]), " ".join(tags[:8])
        ('Police in Austin are looking for Austin Reyes', 'O O B-LOC O O O B-PER I-PER')
    """
    lines = read("handwritten.txt").splitlines()
    return [parse_brackets(line) for line in lines if not line.startswith("#")]


def parse_brackets(line: str) -> Tagged:
    """Turn ``[PER Ada Lovelace] slept .`` into words and BIO tags.

    Args:
        line: tokens apart by spaces, names in brackets after their kind.

    Returns:
        words, tags: two tuples of equal length.

    Raises:
        ValueError: when a bracket is not closed, opened twice or empty.

    Taught in: chapter 10.

    Example:
        >>> parse_brackets("[PER Ada Lovelace] slept .")
        (('Ada', 'Lovelace', 'slept', '.'), ('B-PER', 'I-PER', 'O', 'O'))
    """
    words, tags, kind, begun = [], [], None, False
    for token in line.split():
        if token.startswith("["):
            if kind is not None:
                raise ValueError(f"line: expected ']' before the next '[', got {line!r}.")
            kind, begun = token[1:], False
            continue
        words.append(token.removesuffix("]"))
        tags.append("O" if kind is None else f"{'I' if begun else 'B'}-{kind}")
        begun = True
        if token.endswith("]"):
            if kind is None or token == "]":
                raise ValueError(f"line: expected '[' and a name before ']', got {line!r}.")
            kind = None
    if kind is not None:
        raise ValueError(f"line: expected ']' after '[{kind}', got {line!r}.")
    return tuple(words), tuple(tags)


def _templates() -> tuple[dict[str, list[list[str]]], dict[str, list[str]]]:
    """The templates of each part, as lists of tokens, and the lists of words that they draw from."""
    templates: dict[str, list[list[str]]] = {"train": [], "test": []}
    lists: dict[str, list[str]] = {}
    for part, text in rows("templates.txt"):
        if part in templates:
            templates[part].append(text.split())
        else:
            lists[part] = text.split()
    return templates, lists


def _fill(template: list[str], lists: dict[str, list[str]], rng: Rng) -> Tagged:
    """Put names and words into the slots of a template, and tag them."""

    def pick(kind: str) -> str:
        return lists[kind][rng.integers(len(lists[kind]))]

    words, tags = [], []
    for token in template:
        slot = token
        if slot in ("PER", "LOC") and rng.random() < 0.3:
            slot = {"PER": "WHO", "LOC": "WHERE"}[slot]
        if slot == "PER":
            filled = [[pick("FIRST")], [pick("FIRST"), pick("LAST")]][rng.integers(2)]
        elif slot == "LOC":
            filled = pick("CITY").split()
        elif slot in ("WHO", "WHERE"):
            filled = [pick("BOTH")]
        elif slot in ("FIRST", "LAST"):
            filled = [pick(slot)]
        else:
            filled = [pick(token) if token in lists else token]
        kind = {"WHERE": "LOC", "LOC": "LOC", "PER": "PER", "WHO": "PER", "FIRST": "PER", "LAST": "PER"}.get(slot)
        words += filled
        tags += ["O"] if kind is None else [f"B-{kind}"] + [f"I-{kind}"] * (len(filled) - 1)
    return tuple(words), tuple(tags)
