"""Recognise a function that reads a name of the notebook where one of its arguments belongs.

At home it works, or gives right answers to another question, as long as the notebook holds something under that name.
Nothing that it returns tells this mistake from others: it is proved by giving the function its argument under the name
that it reads. If all is right then, nothing else was wrong.
"""

import builtins
import dis
import itertools
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from rnnchecks.engine.prepare import Prepared, outcome

NAME = "reads-the-notebook-for-an-argument"
TRIES = 200  # of giving arguments under other names: each is a call at least


def borrowed(prepared: Prepared, function: Any, seconds: float) -> list[tuple[str, str]]:
    """Name the mistake of a function that is right as soon as it is given an argument under a name that it reads.

    Args:
        prepared: what is known of the problem's cases.
        function: the student's function, which is wrong. One that is called in another process has no code here.
        seconds: how long one call may compute.

    Returns:
        The name and the hint of the mistake, or nothing.
    """
    if not isinstance(function, FunctionType) or function.__code__.co_argcount < len(prepared.problem.argument_names):
        return []
    for names in itertools.islice(_readings(function, len(prepared.problem.argument_names)), TRIES):
        if right_everywhere(prepared, _given(function, names), seconds):
            return [(NAME, _hint(function, names))]
    return []


def _readings(function: FunctionType, number: int) -> Iterator[dict[str, int]]:
    """Yield dicts from names that may stand for an argument to the argument's place, the likeliest first."""
    read, own = _read(function.__code__)
    borrowed = [name for name in sorted(read) if _is_data(function, name)][:4]
    unread = [i for i in range(number) if function.__code__.co_varnames[i] not in own]
    for places in (unread, list(range(number))) if borrowed else ():
        for size in range(min(len(borrowed), len(places)), 0, -1):
            for names in itertools.combinations(borrowed, size):
                for chosen in itertools.permutations(places, size):
                    yield dict(zip(names, chosen, strict=True))


def _read(code: CodeType) -> tuple[set[str], set[str]]:
    """Return the names that a function and the functions inside it read: those of the notebook, and its own."""
    read: set[str] = set()
    own: set[str] = set()
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            read.add(instruction.argval)
        elif instruction.opname.startswith("LOAD_"):
            own |= {name for name in np.atleast_1d(instruction.argval) if isinstance(name, str)}
        elif isinstance(instruction.argval, tuple):  # two names at once, as newer Pythons read them
            own |= {name for name in instruction.argval if isinstance(name, str)}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner_read, inner_own = _read(constant)
            read, own = read | inner_read, own | inner_own
    return read, own


def _is_data(function: FunctionType, name: str) -> bool:
    """Return whether a name of the notebook holds numbers, or nothing at all, which ends in a NameError."""
    if name not in function.__globals__:
        return not hasattr(builtins, name)
    value = function.__globals__[name]
    return isinstance(value, np.ndarray | np.generic | int | float | list | tuple | dict) or hasattr(value, "detach")


def _given(function: FunctionType, names: dict[str, int]) -> Any:
    """Return the function as it is when those names of the notebook hold its arguments."""

    def mended(*args: Any) -> Any:
        scope = {**function.__globals__, **{name: args[place] for name, place in names.items()}}
        copy = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
        copy.__kwdefaults__ = function.__kwdefaults__
        return copy(*args)

    return mended


def right_everywhere(prepared: Prepared, function: Any, seconds: float) -> bool:
    """Return whether a function is right in every case."""
    return all(_right(prepared, function, seconds))


def right_somewhere(prepared: Prepared, function: Any, seconds: float) -> bool:
    """Return whether a function is right in some case."""
    return any(_right(prepared, function, seconds))


def _right(prepared: Prepared, function: Any, seconds: float) -> Iterator[bool]:
    """Say for one case after another whether a function is right in it."""
    for i, case in enumerate(prepared.cases):
        yield not any(prepared.differs_in(i, outcome(prepared.problem, function, case, seconds)))


def _hint(function: FunctionType, names: dict[str, int]) -> str:
    """Say which name is read where which argument belongs."""
    arguments = function.__code__.co_varnames
    listed = " and ".join(f"{name} where its argument {arguments[place]} belongs" for name, place in names.items())
    return (
        f"Your function reads {listed}. A name that is neither an argument nor made inside the function is looked up "
        "in the notebook: what stands there, if anything, is not what the caller hands in. Which names may the body of "
        "a function rely on?"
    )
