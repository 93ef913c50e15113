"""Train, validation and test: parts that never change and never share an example.

Taught in: chapter 08.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

__all__ = ["Split", "fingerprint", "split_by_hash", "unique"]

X = TypeVar("X")  # an example, of any kind


class Split(NamedTuple):
    """The three parts of a data set.

    Attributes:
        train: list of examples to learn from.
        validation: list of examples to choose by.
        test: list of examples to judge by, once.
    """

    train: Any  # lists of examples; arrays where the examples are numbers
    validation: Any
    test: Any


def unique(examples: Iterable[X], key: Callable[[X], str]) -> list[X]:
    """The first of all examples with the same `key(example)`, a string, in their order.

    Example:
        >>> unique(["Rain", "rain", "sun"], key=str.casefold)
        ['Rain', 'sun']
    """
    first: dict[str, X] = {}
    for example in examples:
        first.setdefault(key(example), example)
    return list(first.values())


def split_by_hash(
    examples: Iterable[X], key: Callable[[X], str], *, validation: float = 0.1, test: float = 0.1
) -> Split:
    """Drop duplicates, then deal the rest to three parts.

    The part of an example follows from the SHA-256 of its key alone, read as a number u from 0 to 1::

        test         u < test
        validation   test <= u < test + validation
        train        otherwise

    Args:
        examples: iterable of anything.
        key: function from an example to the string that names it; two examples with one key are duplicates.
        validation: expected share of the validation part.
        test: expected share of the test part.

    Returns:
        `Split` of three lists.

    Raises:
        ValueError: when the shares are negative or leave nothing to train on.

    Notes:
        A shuffle with a seed depends on the order and the number of the examples, and on the library that shuffles.
        A hash does not: an example stays in its part when others come or go.

    Example:
        >>> split_by_hash(["one", "two", "three", "four", "one"], key=str, validation=0.2, test=0.2)
        Split(train=['one', 'three'], validation=['two'], test=['four'])
    """
    if validation < 0 or test < 0 or validation + test >= 1:
        raise ValueError(
            f"validation, test: expected shares of at least 0 with a sum under 1, got {validation} and {test}."
        )
    parts = Split([], [], [])
    for example in unique(examples, key):
        digest = hashlib.sha256(key(example).encode("utf-8")).digest()
        u = int.from_bytes(digest[:8], "big") / 2**64
        part = parts.test if u < test else parts.validation if u < test + validation else parts.train
        part.append(example)
    return parts


def fingerprint(split: Split) -> str:
    """A short hash of all examples of a split, in order: print it, and others can see that theirs is the same.

    Args:
        split: `Split` of lists of strings and tuples.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.

    Example:
        >>> fingerprint(Split(["a"], ["b"], []))
        '74ed4e90a25ecb25'
    """
    return hashlib.sha256(repr(tuple(split)).encode("utf-8")).hexdigest()[:16]
