"""Surnames and the languages they come from."""

from rnnlib.data._files import rows
from rnnlib.data.splits import Split, split_by_hash

__all__ = ["shared_surnames", "surnames"]


def surnames() -> Split:
    """Surnames of twelve languages, each name with its one language.

    From the lists of Faker 40.54.0, MIT licence (the notice is in ``rnnlib/data/PROVENANCE.md``).

    Returns:
        `Split` of lists of ``(name, language)`` pairs. A name in several languages is in none of them: it has no one
        right answer. See `shared_surnames`.

    Notes:
        The languages are not equally frequent: a quarter of the names are Polish, 333 are French. Answering Polish
        always is right for one in four. The lists say what is found in a country: some names have come from elsewhere.
        Forms of one name, such as Slovak *Novák* and *Nováková*, may lie in different parts.

    Taught in: chapter 09.

    Example:
        >>> parts = surnames()
        >>> [len(part) for part in parts], parts.test[0]
        ([11741, 1446, 1509], ('Aalts', 'Dutch'))
    """
    return split_by_hash(
        [(name, languages[0]) for name, languages in _table() if len(languages) == 1], key=lambda example: example[0]
    )


def shared_surnames() -> dict[str, tuple[str, ...]]:
    """The names that more than one of the twelve languages has: a dict from the name to a tuple of languages.

    Taught in: chapter 09.

    Example:
        >>> shared = shared_surnames()
        >>> len(shared), shared["Andersson"]
        (260, ('Finnish', 'Swedish'))
    """
    return {name: languages for name, languages in _table() if len(languages) > 1}


def _table() -> list[tuple[str, tuple[str, ...]]]:
    """All names, each with the tuple of its languages."""
    return [(name, tuple(languages.split(","))) for name, languages in rows("surnames.txt.gz")]
