"""Sequences of different lengths as batches: neighbours in length go together, and the rest is padding."""

from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from rnnlib._types import Ids, Lengths, Rng
from rnnlib._validate import describe, require_size

__all__ = ["PaddedBatches", "buckets", "pad"]


def pad(sequences: Sequence[Sequence[int] | Ids], value: int = 0) -> tuple[Ids, Ids]:
    """Put sequences side by side as columns, filled up to the longest.

    Args:
        sequences: list of B integer arrays or lists, (T_b,) each, none of them empty.
        value: integer that fills the columns.

    Returns:
        ids: integer array (T, B).
        lengths: integer array (B,).

    Raises:
        ValueError: when there is no sequence, or one is empty or does not hold integers.

    Taught in: chapter 07.

    Example:
        >>> pad([[5, 6, 7], [8]])
        (array([[5, 8],
               [6, 0],
               [7, 0]]), array([3, 1]))
    """
    if len(sequences) == 0:
        raise ValueError("sequences: expected at least one, got none.")
    for b, sequence in enumerate(sequences):
        column = np.asarray(sequence)
        if column.ndim != 1 or column.size == 0 or column.dtype.kind not in "iu":
            raise ValueError(f"sequences[{b}]: expected one or more integers on one axis, got {describe(sequence)}.")
    if not isinstance(value, Integral):
        raise ValueError(f"value: expected an integer, got {describe(value)}.")
    lengths = np.array([len(sequence) for sequence in sequences])
    ids = np.full((lengths.max(), len(sequences)), value)
    for b, sequence in enumerate(sequences):
        ids[: len(sequence), b] = sequence
    return ids, lengths


def buckets(lengths: Lengths, B: int, rng: Rng | None = None) -> list[Ids]:
    """Deal sequences to batches so that those of similar length share one.

    Args:
        lengths: integer array (N,).
        B: sequences in a batch; the last one may have fewer.
        rng: `numpy.random.Generator` that shuffles sequences of equal length, and the batches. Default None: from short
            to long.

    Returns:
        List of integer arrays: the rows of each batch. Every row from 0 to N - 1 is in exactly one.

    Taught in: chapter 07.

    Example:
        >>> buckets([9, 2, 8, 2, 3], B=2)
        [array([1, 3]), array([4, 2]), array([0])]
    """
    lengths = np.asarray(lengths)
    require_size("B", B)
    order = np.arange(len(lengths)) if rng is None else rng.permutation(len(lengths))
    order = order[np.argsort(lengths[order], kind="stable")]
    batches: list[Ids] = [order[start : start + B] for start in range(0, len(order), B)]
    if rng is not None:
        rng.shuffle(batches)
    return batches


class PaddedBatches:
    """Labelled sequences as padded batches, in a new order at every pass.

    Args:
        inputs: list of N integer sequences, (T_n,) each.
        targets: N integers, one class per sequence; or N integer sequences, each as long as its input.
        B: sequences in a batch; the last one may have fewer.
        rng: `numpy.random.Generator` for the order; default None: from short to long, the same at every pass.
        fill: integer that fills the inputs.
        fill_targets: integer that fills the targets.
        own_lengths: whether target sequences have lengths of their own, as in translation; default False.

    Yields:
        ids: integer array (T, B).
        targets: integer array (B,) of classes, or (T', B) of sequences; T' is T unless they have their own lengths.
        lengths: integer array (B,) of the inputs.
        target_lengths: integer array (B,), only with `own_lengths`.

    Raises:
        ValueError: when `inputs` and `targets` do not match.

    Notes:
        Padding costs time and memory and teaches nothing. With similar lengths together there is little of it.

    Taught in: chapter 07.

    Example:
        >>> for ids, targets, lengths in PaddedBatches([[1, 2], [3], [4, 5, 6]], targets=[0, 1, 1], B=2):
        ...     print(ids.tolist(), targets, lengths)
        [[3, 1], [0, 2]] [1 0] [1 2]
        [[4], [5], [6]] [1] [3]
    """

    def __init__(
        self,
        inputs: Sequence[Sequence[int] | Ids],
        targets: Sequence[Any] | Ids,
        B: int,
        *,
        rng: Rng | None = None,
        fill: int = 0,
        fill_targets: int = 0,
        own_lengths: bool = False,
    ):
        if len(inputs) == 0 or len(inputs) != len(targets):
            raise ValueError(
                f"targets: expected one per input and at least one, got {len(targets)} for {len(inputs)} inputs."
            )
        self.inputs, self.targets, self.B = inputs, targets, require_size("B", B)
        self.rng, self.fill, self.fill_targets, self.own_lengths = rng, fill, fill_targets, own_lengths
        self.lengths = np.array([len(sequence) for sequence in inputs])
        self._classes = np.ndim(targets[0]) == 0
        if not (self._classes or own_lengths):
            for n, target in enumerate(targets):
                if len(target) != self.lengths[n]:
                    raise ValueError(
                        f"targets[{n}]: expected {self.lengths[n]} values like inputs[{n}], got {len(target)}. "
                        "For targets with lengths of their own pass own_lengths=True."
                    )

    def __len__(self) -> int:
        return -(-len(self.inputs) // self.B)

    def __iter__(self) -> Iterator[tuple[Ids, ...]]:
        for rows in buckets(self.lengths, self.B, self.rng):
            ids, lengths = pad([self.inputs[n] for n in rows], self.fill)
            if self._classes:
                yield ids, np.array([self.targets[n] for n in rows]), lengths
                continue
            targets, target_lengths = pad([self.targets[n] for n in rows], self.fill_targets)
            yield (ids, targets, lengths, target_lengths) if self.own_lengths else (ids, targets, lengths)
