"""Find the bugs: one function with several faults in it, and an answer whichever of them are left.

The faults are switches of one wrong function. The check knows every combination of them: a cell in which two of five
faults are mended as well as one in which four are.
"""

import inspect
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from rnnchecks.engine.outcome import Outcome
from rnnchecks.engine.prepare import outcome
from rnnchecks.engine.problem import Function, Misconception, Problem

Fault = tuple[str, str]  # its name and its hint


def plant(problem: Problem, hints: dict[str, str]) -> Callable[[Function], Function]:
    """Register a function with faults: each becomes a misconception of the problem, and each combination is known.

    The function takes the arguments of the problem and, after them, a keyword-only switch for each fault: its name with
    underscores. It comes after the reference, the arguments and the special cases::

        problem = Problem("lstm.repaired_lstm", "05-lstm", task=6, outputs={"h": "BH", "c": "BH"})
        ...

        @plant(problem, {
            "sigmoid-on-the-candidate": "What you write into the cell is never negative. Can it ever count down?",
            "no-tanh-on-the-way-out": "The cell may hold 7. Between which numbers does the state have to stay?",
        })
        def faulty(x_t, h_prev, c_prev, W_x, W_h, b, *, sigmoid_on_the_candidate, no_tanh_on_the_way_out):
            i, f, g, o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=1)
            g = sigmoid(g) if sigmoid_on_the_candidate else np.tanh(g)
            c = sigmoid(f) * c_prev + sigmoid(i) * g
            return sigmoid(o) * (c if no_tanh_on_the_way_out else np.tanh(c)), c

    Write a switch as ``wrong if switch else right`` or as ``if switch: ... else: ...``, so that the demonstration class
    can be given the function with the switches resolved.

    The student hears the hint of each fault that is left. A combination whose numbers are those of fewer faults is left
    out, because a fault that hides another is heard of first; so is one whose faults cancel each other.

    Args:
        problem: `Problem` with its reference and its cases.
        hints: dict from the name of each fault, kebab-case, to its hint.

    Returns:
        A decorator.

    Raises:
        ValueError: when the switches are not the faults, or two combinations give the same numbers although neither
            contains the other: no hint would be true of both.

    Taught in: chapters 05 and 06 (find the bugs).
    """

    def register(function: Function) -> Function:
        switches = {name: name.replace("-", "_") for name in hints}
        keyword_only = [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
        if set(keyword_only) != set(switches.values()):
            raise ValueError(f"faults: expected the switches {', '.join(switches.values())}, got {keyword_only}.")
        cases = [case for kind in ("visible", "hidden") for case in problem.cases(kind)]
        seen: list[tuple[set[str], list[list[Outcome]]]] = [
            (set(), [outcome(problem, problem.solve, case) for case in cases])
        ]
        for left in _combinations(list(hints)):
            wrong = partial(function, **{switch: name in left for name, switch in switches.items()})
            values = [outcome(problem, wrong, case) for case in cases]
            alike = next((names for names, known in seen if _same(known, values, problem.tolerance)), None)
            if alike is None:
                seen.append((set(left), values))
                known = problem.misconceptions if len(left) == 1 else problem.combinations
                known.append(_misconception([(name, hints[name]) for name in left], wrong))
            elif not alike <= set(left):
                raise ValueError(f"faults of {problem.name}: {sorted(alike)} and {sorted(left)} give the same numbers.")
        return function

    return register


def _combinations(names: list[str]) -> list[tuple[str, ...]]:
    """List every non-empty choice of names, the small ones first."""
    return [left for size in range(1, len(names) + 1) for left in itertools.combinations(names, size)]


def _misconception(left: list[Fault], wrong: Callable[..., Any]) -> Misconception:
    """Make the misconception of whoever left these faults in."""
    if len(left) == 1:
        return Misconception(*left[0], wrong)
    names = ", ".join(name for name, _ in left)
    return Misconception(f"left: {names}", " ".join(hint for _, hint in left), wrong, tuple(left))


def _same(a: list[list[Outcome]], b: list[list[Outcome]], tolerance: float) -> bool:
    """Return whether two functions gave the same in every case."""
    return all(x.same(y, tolerance) for xs, ys in zip(a, b, strict=True) for x, y in zip(xs, ys, strict=True))
