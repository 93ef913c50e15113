"""Words and how they sound."""

from rnnlib.data._files import rows
from rnnlib.data.splits import Split, split_by_hash

__all__ = ["pronunciations"]


def pronunciations() -> Split:
    """25,000 English words with their phones, from the Carnegie Mellon Pronouncing Dictionary.

    Words of 3 to 12 letters that have one pronunciation in the dictionary, sampled by hash; stress marks removed, which
    leaves 39 phones. Copyright Carnegie Mellon University; the notice is in ``rnnlib/data/PROVENANCE.md``.

    Returns:
        `Split` of lists of ``(word, phones)`` pairs: a string of letters a to z, and a tuple of phones. The part of a
        word follows from its hash and never changes; `fingerprint` of the split is ``faa1715df90249d9``.

    Notes:
        Many words are names, and relatives such as *abandoned* and *abandoning* may lie in different parts: a net
        is tested on new words, not on new stems.

    Taught in: chapter 12.

    Example:
        >>> parts = pronunciations()
        >>> [len(part) for part in parts], parts.test[0]
        ([19991, 2492, 2517], ('abco', ('AE', 'B', 'K', 'OW')))
    """
    return split_by_hash(
        [(word, tuple(phones.split())) for word, phones in rows("pronunciations.txt.gz")],
        key=lambda example: example[0],
    )
