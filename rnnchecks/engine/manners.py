"""What is said of a function that writes into its arguments: it costs nothing, and whoever calls it minds."""

from collections.abc import Mapping, Sequence

WHY = (
    "A second call with the same arrays would give other results, and nobody would see why. a = a + b makes a new "
    "array, a += b does not."
)


def remarks(names: Sequence[str], minds: Mapping[str, str]) -> tuple[str, ...]:
    """Say, beside right results, into what a function writes, and why its caller minds: a sentence or two for each why.

    Args:
        names: the arguments that were written into.
        minds: why, by argument, where there is more to say than `WHY`.

    Example:
        >>> remarks(["x"], {"x": "The other net has to read it."})[0][22:]
        'your function writes into x, which the caller passed in. The other net has to read it.'
    """
    reasons = dict.fromkeys(minds.get(name, WHY) for name in names)
    said = []
    for why in reasons:
        into = listed([name for name in names if minds.get(name, WHY) == why])
        said.append(f"it costs nothing, but your function writes into {into}, which the caller passed in. {why}")
    return tuple(said)


def listed(names: Sequence[str]) -> str:
    """Join names: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
