"""Strings of small formal languages, and what may come next in them.

A net that learned the language gives probability to every symbol that may come next, and to no other. That can be
checked at every step, because the language is known.

Taught in: chapter 05.
"""

from rnnlib._types import Rng
from rnnlib._validate import require_size

__all__ = ["REBER_SYMBOLS", "counting", "reber", "reber_next"]

REBER_SYMBOLS = "BTPSXVE"

# For each state of the automaton: the symbols that may come, and the state that each leads to.
REBER_GRAPH: tuple[dict[str, int], ...] = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
    {},
)


def reber(rng: Rng, embedded: bool = False) -> str:
    """A random string of the Reber grammar: at every fork each way has probability 1/2.

    The embedded grammar puts such a string between ``B`` and one of two symbols, ``T`` or ``P``, on the left, and
    the same symbol again and ``E`` on the right: to get the last but one right, a net must remember the second.

    Args:
        rng: `numpy.random.Generator`.
        embedded: whether to wrap the string; default False.

    Returns:
        String over `REBER_SYMBOLS`, from ``B`` to ``E``.

    Source: Reber 1967, "Implicit learning of artificial grammars"; embedded as in Hochreiter & Schmidhuber 1997,
        experiment 1.

    Example:
        >>> import numpy as np
        >>> reber(np.random.default_rng(0)), reber(np.random.default_rng(0), embedded=True)
        ('BTXXTTTTTTVVE', 'BPBTXSEPE')
    """
    if embedded:
        wing = "TP"[rng.integers(2)]
        return f"B{wing}{reber(rng)}{wing}E"
    string, state = "", 0
    while REBER_GRAPH[state]:
        ways = sorted(REBER_GRAPH[state])
        string += ways[rng.integers(len(ways))]
        state = REBER_GRAPH[state][string[-1]]
    return string


def reber_next(string: str, embedded: bool = False) -> list[str]:
    """Which symbols may follow each symbol of a string of the Reber grammar.

    Args:
        string: a string of the grammar, or the beginning of one.
        embedded: whether it is the embedded grammar; default False.

    Returns:
        List with one entry per symbol: the symbols that may come next, as a sorted string, empty at the end.

    Raises:
        ValueError: when the string breaks the grammar; the message says where and what was allowed.

    Example:
        >>> reber_next("BTXSE")
        ['PT', 'SX', 'SX', 'E', '']
        >>> reber_next("BPBTXSEPE", embedded=True)[-3:]
        ['P', 'E', '']
    """
    allowed = {0: "B"}  # by index: what may stand there
    for t, symbol in enumerate(string):
        if symbol not in allowed[t] or not symbol:
            raise ValueError(f"string: expected one of {allowed[t]!r} at index {t} of {string!r}, got {symbol!r}.")
        allowed[t + 1] = _after(string[: t + 1], embedded)
    return [allowed[t + 1] for t in range(len(string))]


def counting(n: int, letters: str = "ab") -> tuple[str, list[str]]:
    """The string ``S a^n b^n E``: so many of the second letter as of the first, between a start and an end.

    With three letters it is ``S a^n b^n c^n E``, which no context-free grammar describes.

    Args:
        n: how often each letter comes, at least 1.
        letters: two or more different letters, none of them S or E.

    Returns:
        string: the string, of ``len(letters) * n + 2`` symbols.
        allowed: list with one entry per symbol, the symbols that may come next: both first letters while the first
            one runs, since nobody knows n yet, and after that a single one.

    Raises:
        ValueError: when n is not positive or the letters are not different.

    Source: Gers & Schmidhuber 2001, "LSTM recurrent networks learn simple context-free and context-sensitive
        languages".

    Example:
        >>> counting(2)
        ('SaabbE', ['a', 'ab', 'ab', 'b', 'E', ''])
    """
    require_size("n", n)
    if len(letters) < 2 or len({*letters, "S", "E"}) < len(letters) + 2:
        raise ValueError(f"letters: expected two or more different letters without S and E, got {letters!r}.")
    string = "S" + "".join(letter * n for letter in letters) + "E"
    allowed = list(string[1:]) + [""]
    allowed[1 : n + 1] = [letters[:2]] * n
    return string, allowed


def _after(prefix: str, embedded: bool) -> str:
    """Which symbols may follow a beginning that keeps to the grammar, as a sorted string."""
    if embedded:
        if len(prefix) < 2:
            return "PT" if prefix == "B" else "B"
        inner, end, tail = prefix[2:].partition("E")
        if end:
            return (prefix[1] + "E")[len(tail) : len(tail) + 1]
        return _after(inner, embedded=False)
    state = 0
    for symbol in prefix:
        state = REBER_GRAPH[state][symbol]
    return "".join(sorted(REBER_GRAPH[state]))
