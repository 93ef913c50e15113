"""Numbers for tokens: words, characters, tags or phones."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from rnnlib._types import ArrayLike, Ids
from rnnlib._validate import require_ids, require_size

__all__ = ["TokenVocabulary"]

PAD, UNKNOWN, START, END = "<pad>", "<unk>", "<s>", "</s>"


class TokenVocabulary:
    """The tokens of many sequences, numbered: the special ones first, then the others from frequent to rare.

    Args:
        sequences: iterable of sequences of strings: lists of words, or strings, which are sequences of characters.
        special: tokens to number before all others; default ``("<pad>", "<unk>")``. With ``"<unk>"`` among them,
            every token that the vocabulary does not know is encoded as it; without it, such a token is an error.
            ``"<pad>"``, if it is there, must come first: `rnnlib.data.pad` fills with 0.
        size: largest number of tokens in all, the special ones too; default no limit.
        min_count: tokens seen less often are left out.

    Attributes:
        tokens: list of the tokens; the index is the id.

    Raises:
        ValueError: when ``"<pad>"`` is not first, or `size` leaves room for no token.

    Notes:
        Make it from the training part alone: a vocabulary that has seen the test part knows its rare words.

    Taught in: chapter 09.

    Example:
        >>> words = TokenVocabulary([["the", "cat"], ["the", "dog"]], min_count=2)
        >>> words.tokens
        ['<pad>', '<unk>', 'the']
        >>> words.encode(["the", "horse"])
        array([2, 1])
        >>> TokenVocabulary(["cab", "ab"], special=("<pad>", "<s>", "</s>")).decode([3, 5, 2])
        ['a', 'c', '</s>']
    """

    def __init__(
        self,
        sequences: Iterable[Iterable[str]],
        *,
        special: Sequence[str] = (PAD, UNKNOWN),
        size: int | None = None,
        min_count: int = 1,
    ):
        special = list(special)
        if PAD in special[1:]:
            raise ValueError(f"special: expected {PAD!r} first, because padding is 0, got {special}.")
        if size is not None and size <= len(special):
            raise ValueError(f"size: expected more than the {len(special)} special tokens, got {size}.")
        require_size("min_count", min_count)
        counts = Counter(token for sequence in sequences for token in sequence)
        # Ties by the token itself, so that the order of the sequences does not matter.
        ranked = sorted(counts.keys() - set(special), key=lambda token: (-counts[token], token))
        self.tokens = (special + [token for token in ranked if counts[token] >= min_count])[:size]
        self._ids = {token: i for i, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self._ids

    def encode(self, tokens: Iterable[str]) -> Ids:
        """Turn a sequence of tokens into an integer array of ids.

        Raises:
            ValueError: when a token is not known and the vocabulary has no ``"<unk>"``.
        """
        if UNKNOWN in self._ids:
            return np.array([self._ids.get(token, self._ids[UNKNOWN]) for token in tokens], dtype=int)
        try:
            return np.array([self._ids[token] for token in tokens], dtype=int)
        except KeyError as unknown:
            raise ValueError(
                f"tokens: expected tokens of the vocabulary, got {unknown}. "
                f"Put {UNKNOWN!r} among the special tokens to allow others."
            ) from None

    def decode(self, ids: ArrayLike) -> list[str]:
        """Turn a sequence of ids into the list of their tokens."""
        return [self.tokens[i] for i in require_ids("ids", ids, len(self))]
