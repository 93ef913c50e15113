"""Tagged sentences from a file in the column format of the CoNLL shared tasks."""

import re
from collections.abc import Sequence
from pathlib import Path

from rnnlib._types import Tagged

__all__ = ["bio", "read_conll"]


def read_conll(path: str | Path, word_column: int = 0, tag_column: int = -1) -> list[Tagged]:
    """Read sentences with BIO tags from a file of yours: one token a line, a blank line between sentences.

    ::

        -DOCSTART- -X- O O

        Jordan NNP I-NP I-PER
        slept VBD I-VP O

    Args:
        path: the file, in UTF-8. Columns stand apart by spaces or tabs; lines of ``-DOCSTART-`` are left out.
        word_column: index of the column of words; default the first.
        tag_column: index of the column of tags; default the last.

    Returns:
        List of ``(words, tags)`` pairs of equally long tuples, as `tagged_sentences` gives them.

    Raises:
        ValueError: when the file is not UTF-8, holds no sentence, or a line has no such column or no such tag.
        FileNotFoundError: when there is no such file.

    Notes:
        The files of 2003 begin a name with ``I-`` and write ``B-`` only where two names of one kind touch (IOB1).
        They are read as BIO, with ``B-`` at the start of every name; files that have that already stay as they are.
        The course may not ship those files; whoever holds a licence can use them here.

    Taught in: chapter 10.
    Source: Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003 shared task".
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"path: expected a text file in UTF-8, got {path}: {error}.") from None
    sentences, words, tags = [], [], []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            try:
                word, tag = columns[word_column], columns[tag_column]
            except IndexError:
                raise ValueError(
                    f"path: expected columns {word_column} and {tag_column} in line {number}, got {line!r}."
                ) from None
            if not re.fullmatch(r"O|[BI]-\S+", tag):
                raise ValueError(f"path: expected a tag O, B-... or I-... in line {number}, got {tag!r}.")
            words.append(word)
            tags.append(tag)
        elif words:
            sentences.append((tuple(words), bio(tags)))
            words, tags = [], []
    if not sentences:
        raise ValueError(f"path: expected at least one sentence, got none in {path}.")
    return sentences


def bio(tags: Sequence[str]) -> tuple[str, ...]:
    """The `tags` with ``B-`` at the start of every name: an ``I-`` that continues no name of its kind becomes one.

    Taught in: chapter 10.

    Example:
        >>> bio(["I-PER", "I-PER", "O", "I-LOC", "B-LOC", "I-PER"])
        ('B-PER', 'I-PER', 'O', 'B-LOC', 'B-LOC', 'B-PER')
    """
    before = ["O", *tags]
    return tuple(
        "B" + tag[1:] if tag.startswith("I-") and last[1:] != tag[1:] else tag
        for last, tag in zip(before, tags, strict=False)
    )
