"""The hints of today: a verdict names the misconceptions, and what is said about them is looked up when it is read.

So a better hint judges nobody again, and renews the pages that show it.
"""

from collections.abc import Sequence
from functools import cache

from rnnchecks.catalogue import find
from rnnchecks.engine.manners import remarks


def hints_of(problem: str, misconceptions: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """Look up the hints of misconceptions, in their order.

    Args:
        problem: the name of the problem, or an empty string.
        misconceptions: their names.
        kept: the hints of the day of the verdict, which stand where a misconception is not known any more.
    """
    known = _hints(problem)
    return tuple(known.get(name, hint) for name, hint in zip(misconceptions, kept, strict=True))


def manners_of(problem: str, writes_into: Sequence[str]) -> tuple[str, ...]:
    """Say why a caller minds that a function writes into its arguments, in the words of today.

    Args:
        problem: the name of the problem, or an empty string.
        writes_into: names of the arguments.
    """
    try:
        return remarks(writes_into, find(problem).minds)
    except (ValueError, ImportError):
        return remarks(writes_into, {})


@cache
def _hints(problem: str) -> dict[str, str]:
    """All hints of a problem, by the names of its misconceptions; none where there is no such problem any more."""
    try:
        found = find(problem)
    except (ValueError, ImportError):
        return {}
    named = {name: hint for known in (*found.misconceptions, *found.made) for name, hint in known.named}
    return named | getattr(found, "findings", {})
