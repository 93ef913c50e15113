"""Texts, characters and the pieces that a language model trains on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnnlib._readonly import read_only
from rnnlib._types import ArrayLike, Ids
from rnnlib._validate import describe, require_ids, require_size
from rnnlib.data._files import read

__all__ = ["TextBatches", "Vocabulary", "alice", "read_text", "sonnets"]


def sonnets() -> str:
    """Shakespeare's 154 sonnets as one string, with a blank line between two.

    Fourteen lines each, but the 99th has fifteen and the 126th twelve.

    Taught in: chapter 03. Provenance, licence and hash: ``rnnlib/data/PROVENANCE.md``.

    Example:
        >>> print(sonnets()[:44])
        From fairest creatures we desire increase,
        T
    """
    return read("sonnets.txt")


def alice() -> str:
    """Lewis Carroll's *Alice's Adventures in Wonderland* as one string: twelve chapters with their headings.

    Taught in: chapter 08. Provenance, licence and hash: ``rnnlib/data/PROVENANCE.md``.

    Example:
        >>> alice()[:31], len(alice())
        ('CHAPTER I. Down the Rabbit-Hole', 144282)
    """
    return read("alice.txt.gz")


def read_text(path: str | Path) -> str:
    """Any text of yours as one string, with line ends as the course's own texts have them.

    Args:
        path: a text file in UTF-8.

    Raises:
        ValueError: when the file is empty or not UTF-8.
        FileNotFoundError: when there is no such file.

    Taught in: chapter 08.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")  # -sig: some editors begin a file with a mark of their own
    except UnicodeDecodeError as error:
        raise ValueError(f"path: expected a text file in UTF-8, got {path}: {error}.") from None
    if not text:
        raise ValueError(f"path: expected a text, got the empty file {path}.")
    return text


class Vocabulary:
    """The characters of a text, numbered in sorted order.

    Args:
        text: string that holds every character the vocabulary shall know.

    Attributes:
        symbols: string of the characters; its index is the id.

    Taught in: chapter 02.

    Example:
        >>> vocabulary = Vocabulary("hello")
        >>> vocabulary.symbols, vocabulary.encode("hello")
        ('ehlo', array([1, 0, 2, 2, 3]))
        >>> vocabulary.decode([1, 0])
        'he'
    """

    def __init__(self, text: str):
        self.symbols = "".join(sorted(set(text)))
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> Ids:
        """Turn a string into an integer array of ids.

        Raises:
            ValueError: when the text holds a character that the vocabulary does not know.
        """
        try:
            return np.array([self._ids[symbol] for symbol in text], dtype=int)
        except KeyError as unknown:
            raise ValueError(f"text: expected only characters of {self.symbols!r}, got {unknown}.") from None

    def decode(self, ids: ArrayLike) -> str:
        """Turn a sequence of ids into a string."""
        return "".join(self.symbols[i] for i in require_ids("ids", ids, len(self)))


class TextBatches:
    """A long text as B streams side by side, cut into pieces of T steps.

    Piece k continues piece k - 1 in every stream, so a model may carry its state from one to the next. What does not
    fill a piece at the end is left out. The targets are the text itself, one symbol later.

    Args:
        ids: integer array (N,), the text.
        T: steps in a piece.
        B: streams.

    Raises:
        ValueError: when `T` or `B` is not positive, or the text is too short for a single piece.

    Taught in: chapter 03, chapter 08.

    Example:
        >>> for x, y in TextBatches(np.arange(9), T=2, B=2):
        ...     print(x.tolist(), y.tolist())
        [[0, 4], [1, 5]] [[1, 5], [2, 6]]
        [[2, 6], [3, 7]] [[3, 7], [4, 8]]
    """

    def __init__(self, ids: ArrayLike, T: int, B: int):
        ids = np.asarray(ids)
        if ids.ndim != 1:
            raise ValueError(f"ids: expected integers on one axis, got {describe(ids)}.")
        require_size("T", T)
        length = (len(ids) - 1) // require_size("B", B)  # steps in a stream; the last target needs one symbol more
        if length < T:
            raise ValueError(
                f"ids: expected at least T * B + 1 = {T * B + 1} symbols for one piece of {T} steps in {B} streams, "
                f"got {len(ids)}."
            )
        self.T = T
        # Read-only copies: as views of the text, a symbol changed in an input would be changed in the targets too.
        self.inputs = read_only(ids[: B * length].copy()).reshape(B, length).T  # (length, B)
        self.targets = read_only(ids[1 : B * length + 1].copy()).reshape(B, length).T

    def __len__(self) -> int:
        return len(self.inputs) // self.T

    def __iter__(self) -> Iterator[tuple[Ids, Ids]]:
        for start in range(0, len(self) * self.T, self.T):
            piece = slice(start, start + self.T)
            yield self.inputs[piece], self.targets[piece]
