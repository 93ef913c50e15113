"""Wrong answers by somebody who saw the names and hints of misconceptions, and not the programs behind them.

The misconceptions were drawn by lot, one or two of each function and one of those that rules make; then once more,
after what the first draw had shown was mended. A decorator says of each program which it is meant to be.
"""

from collections.abc import Callable
from typing import Any

Program = Callable[..., Any]

PROGRAMS: list[tuple[str, str, Program]] = []  # name of the problem, name of the misconception, program


def meant(problem: str, misconception: str) -> Callable[[Program], Program]:
    """Register a program under the misconception whose description it was written from."""

    def register(program: Program) -> Program:
        PROGRAMS.append((problem, misconception, program))
        return program

    return register
