"""Say of an unknown wrong answer that it is the right one to a slightly different question.

The reference is run with one argument changed: zero, negated, transposed, read backwards, exchanged with another. Where
that gives the student's numbers, the likeliest fault is named: a missing term, a sign, a transpose, the order of time.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnnchecks.engine.call import Call, call
from rnnchecks.engine.compare import agrees
from rnnchecks.engine.problem import Case, Problem
from rnnlib._types import Array

Change = Callable[[tuple[Any, ...]], tuple[Any, ...]]


def guess(
    problem: Problem, cases: list[Case], calls: list[Call], expected: list[list[Array]], named: set[str]
) -> tuple[str, ...]:
    """Find changed questions to which the student's numbers are the right answer.

    Args:
        problem: `Problem`.
        cases: the cases that were called.
        calls: what the student's function gave in each.
        expected: what the reference gave in each.
        named: outputs of which a likely fault is known already.

    Returns:
        Sentences, one for each group of outputs that one change explains.
    """
    names, sentences = tuple(problem.outputs), []
    order = _order(calls, expected, problem.tolerance)
    if order:
        given, asked = (", ".join(names[i] for i in places) for places in (order, range(len(names))))
        return (f"the results are right, in another order. They come as {given}; asked for are {asked}.",)
    wrong = [i for i in range(len(names)) if _wrong_somewhere(i, calls, expected, problem.tolerance)]
    unexplained = [i for i in wrong if names[i] not in named]
    for change, words in _changes(problem, cases):
        if not unexplained:
            break
        found = _outputs_explained(problem, change, cases, calls, expected, unexplained)
        if found:
            sentences.append(f"{', '.join(names[i] for i in found)}: {words}")
            unexplained = [i for i in unexplained if i not in found]
    return tuple(sentences)


def _order(calls: list[Call], expected: list[list[Array]], tolerance: float) -> list[int]:
    """Return the outputs in the order in which they came, where all are right but for their order; else nothing."""
    n = len(expected[0])
    if not all(isinstance(value, np.ndarray) for result in calls for value in result.values or [""]):
        return []
    order: list[int] = []
    for i in range(n):
        fits = (j for j in range(n) if j not in order and _right(i, j, calls, expected, tolerance))
        order += [j for j in [next(fits, None)] if j is not None]
    return order if len(order) == n and order != list(range(n)) else []


def _right(i: int, j: int, calls: list[Call], expected: list[list[Array]], tolerance: float) -> bool:
    """Return whether what came in place i is in every case what belongs in place j."""
    pairs = zip(calls, expected, strict=True)
    return all(agrees(np.asarray(result.values[i]), right[j], tolerance) for result, right in pairs)


def _changes(problem: Problem, cases: list[Case]) -> Iterator[tuple[Change, str]]:
    """List changes of the arguments and what to say of each; only those that fit every case."""
    names = problem.argument_names
    numeric = [i for i in range(len(names)) if all(_is_numeric(case.args[i]) for case in cases)]
    for i in numeric:
        yield _at(i, np.zeros_like), f"just what comes out when {names[i]} is zero. Is a term with it missing?"
    for i in numeric:
        arrays = [case.args[i] for case in cases]
        if all(a.ndim == 2 and a.shape[0] == a.shape[1] for a in arrays):
            yield _at(i, np.transpose), f"just what comes out when {names[i]} is transposed."
        if all(a.ndim == 3 for a in arrays):
            yield _at(i, lambda a: a[::-1]), f"just what comes out when {names[i]} is read from its last step on."
            yield (
                _at(i, lambda a: np.roll(a, 1, axis=0)),
                (f"just what comes out when each step is given the {names[i]} of the step before it."),
            )
            yield (
                _at(i, lambda a: np.roll(a, -1, axis=0)),
                (f"just what comes out when each step is given the {names[i]} of the step after it."),
            )
        yield _at(i, np.negative), f"just what comes out when {names[i]} has the other sign."
    for i, j in itertools.combinations(numeric, 2):
        if all(case.args[i].shape == case.args[j].shape for case in cases):
            yield _exchange(i, j), f"just what comes out when {names[i]} and {names[j]} change places."


def _is_numeric(value: Any) -> bool:
    """Return whether an argument is an array of floating-point numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _at(i: int, change: Callable[[Array], Array]) -> Change:
    """Change argument i."""
    return lambda args: (*args[:i], change(args[i]), *args[i + 1 :])


def _exchange(i: int, j: int) -> Change:
    """Let two arguments change places."""

    def change(args: tuple[Any, ...]) -> tuple[Any, ...]:
        new = list(args)
        new[i], new[j] = args[j], args[i]
        return tuple(new)

    return change


def _wrong_somewhere(i: int, calls: list[Call], expected: list[list[Array]], tolerance: float) -> bool:
    """Return whether output i is an array of the right shape in every case, and wrong in one at least."""
    values = [answer.values[i] if answer.values else "" for answer in calls]
    if not all(isinstance(value, np.ndarray) and value.shape == e[i].shape for value, e in zip(values, expected)):
        return False
    return not all(agrees(np.asarray(value), e[i], tolerance) for value, e in zip(values, expected))


def _outputs_explained(
    problem: Problem,
    change: Change,
    cases: list[Case],
    calls: list[Call],
    expected: list[list[Array]],
    outputs: list[int],
) -> list[int]:
    """List the outputs of which the changed question gives the student's numbers in every case, and others in one."""
    differs: set[int] = set()
    for case, result, right in zip(cases, calls, expected, strict=True):
        given = call(problem.solve, change(case.args), problem.argument_names, tuple(problem.outputs))
        if given.error or given.returned:
            return []
        values = [np.asarray(value) for value in given.values]
        outputs = [i for i in outputs if agrees(values[i], np.asarray(result.values[i]), problem.tolerance)]
        if not outputs:
            return []  # most changes end here, after one case
        differs |= {i for i in outputs if not agrees(values[i], right[i], problem.tolerance)}
    return [i for i in outputs if i in differs]
