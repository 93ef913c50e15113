"""Where the problems are found: a package for each exercise, ``eNN_name``, and in it a module for each function.

Nothing lists them. A module whose name has no underscore before it holds one problem, in its global ``problem``, and
is called as the function that it checks: `rnnchecks.e03_bptt.rnn_backward` holds ``"bptt.rnn_backward"``.
"""

import difflib
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path

from rnnchecks.engine.problem import Problem

EXERCISE = re.compile(r"e(\d\d)_(\w+)")


@cache
def exercises() -> dict[str, str]:
    """Return the name of the package that holds each catalogue: ``"e03_bptt"`` of ``"bptt"``, in the course's order."""
    found = (EXERCISE.fullmatch(module.name) for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return {match[2]: match[0] for match in sorted(filter(None, found), key=lambda match: match[0])}


@cache
def modules(catalogue: str) -> tuple[str, ...]:
    """Return the names of the functions of which a catalogue has a problem, in no order that means anything."""
    folder = Path(__file__).parent / exercises()[catalogue]
    return tuple(module.name for module in pkgutil.iter_modules([str(folder)]) if not module.name.startswith("_"))


def problems(catalogue: str | None = None) -> list[Problem]:
    """List the problems of one catalogue, or of all, in the order of the course and of its notebooks."""
    names = tuple(exercises()) if catalogue is None else (catalogue,)
    return [p for name in names for p in sorted((_read(name, f) for f in modules(name)), key=lambda p: p.task)]


def find(name: str) -> Problem:
    """Find a problem by its name, and import no other: a student waits for it.

    Raises:
        ValueError: when there is none; the message offers the nearest names.
    """
    catalogue, _, function = name.partition(".")
    if catalogue in exercises() and function in modules(catalogue):
        return _read(catalogue, function)
    known = [f"{catalogue}.{function}" for catalogue in exercises() for function in modules(catalogue)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
    raise ValueError(f"name: expected the name of a problem, got {name!r}. Near: {', '.join(near)}.")


def _read(catalogue: str, function: str) -> Problem:
    """Import the module of one function, and return its problem.

    Raises:
        ImportError: when the module holds no problem of that name.
    """
    module = import_module(f"rnnchecks.{exercises()[catalogue]}.{function}")
    problem = getattr(module, "problem", None)
    if not isinstance(problem, Problem) or problem.name != f"{catalogue}.{function}":
        got = problem.name if isinstance(problem, Problem) else type(problem).__name__
        raise ImportError(f"{module.__name__}: expected its problem to be {catalogue}.{function!s}, got {got}.")
    return problem
