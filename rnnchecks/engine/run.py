"""Judge a student's function on cases, and find out which misconception gives the same numbers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from rnnchecks.catalogue import exercises, modules
from rnnchecks.engine.borrowed import borrowed
from rnnchecks.engine.call import SECONDS, Call, TooLong, call, in_words, trace
from rnnchecks.engine.compare import compare
from rnnchecks.engine.guess import guess
from rnnchecks.engine.manners import remarks
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.mended import mended
from rnnchecks.engine.outcome import outcomes
from rnnchecks.engine.prepare import Prepared, prepare
from rnnchecks.engine.problem import Case, Output, Problem
from rnnchecks.engine.recognise import recognise
from rnnchecks.engine.verdict import Failure, Verdict
from rnnlib._types import Array


def run(
    problem: Problem,
    function: Callable[..., Any],
    kind: str = "visible",
    seed: object = 0,
    seconds: float = SECONDS,
    ask: Callable[[Prepared], Sequence[Callable[..., Any]]] | None = None,
) -> Verdict:
    """Judge a function.

    Args:
        problem: `Problem`.
        function: the student's function.
        kind: ``"visible"``, ``"hidden"`` or ``"marked"`` cases, as in `Problem.cases`.
        seed: as in `Problem.cases`.
        seconds: how long one call may compute.
        ask: gives for each of the cases a function to call in place of `function`, which answers to that case alone;
            they are called in their order, and after a stub, or a call that was stopped, no more.

    Returns:
        `Verdict`.
    """
    prepared = prepare(problem, kind, seed)
    calls: list[Call] = []
    failures: list[Failure] = []
    for result, failure in _judged(prepared, function, seconds, ask):
        calls.append(result)
        if failure is not None:
            failures.append(failure)
            if failure.kind in ("unwritten", "stopped"):
                break
    found: list[tuple[str, str]] = []
    guesses: tuple[str, ...] = ()
    if failures and len(calls) == len(prepared.cases):
        found = _named(prepared, function, kind, seed, seconds, calls)
        if not found and not isinstance(problem, MeasuredProblem):
            faulty = {tensor.name for failure in failures for tensor in failure.tensors if tensor.fault}
            guesses = guess(problem, prepared.cases, calls, prepared.right, faulty)
    everywhere = {name for result in calls for name in result.writes_into}
    written = tuple(name for name in problem.argument_names if name in everywhere)
    return Verdict(
        problem=problem.name,
        exercise=problem.exercise,
        cases_kind=kind,
        outputs=tuple(problem.outputs),
        cases=len(prepared.cases),
        failures=tuple(failures),
        misconceptions=tuple(name for name, _ in found),
        hints=tuple(hint for _, hint in found),
        guesses=guesses,
        writes_into=written,
        beside=remarks(written, problem.minds),
        said=next((result.said for result in calls if result.said), ""),
    )


def passes(
    problem: Problem, function: Callable[..., Any], kind: str = "visible", seed: object = 0, seconds: float = SECONDS
) -> bool:
    """Return whether `run` would call a function right, and stop at the first case that it gets wrong."""
    return all(failure is None for _, failure in _judged(prepare(problem, kind, seed), function, seconds))


def _judged(
    prepared: Prepared,
    function: Callable[..., Any],
    seconds: float,
    ask: Callable[[Prepared], Sequence[Callable[..., Any]]] | None = None,
) -> Iterator[tuple[Call, Failure | None]]:
    """Call a function on one case after another, and judge each call."""
    problem = prepared.problem
    outputs = [Output(name, axes) for name, axes in problem.outputs.items()]
    limit = problem.seconds or seconds
    asked = ask(prepared) if ask else [function] * len(prepared.cases)
    for case, expected, called in zip(prepared.cases, prepared.right, asked, strict=True):
        called = problem.compared(called, case) if isinstance(problem, MeasuredProblem) else called
        result = call(called, case.args, problem.argument_names, tuple(problem.outputs), limit)
        yield result, _judge(problem, outputs, case, result, expected)


def _named(
    prepared: Prepared, function: Callable[..., Any], kind: str, seed: object, seconds: float, calls: list[Call]
) -> list[tuple[str, str]]:
    """Find the misconceptions behind wrong answers: pairs of name and hint.

    What is wrong in a hidden case is looked for in the visible ones, too: some mistakes differ only there.
    """
    problem = prepared.problem
    if isinstance(problem, MeasuredProblem):
        return problem.recognised(calls)
    if kind == "hidden":
        visible = [result for result, _ in _judged(prepare(problem, "visible", seed), function, seconds)]
        prepared, calls = prepare(problem, "all", seed), visible + calls
    found = recognise(prepared, [outcomes(len(problem.outputs), result) for result in calls])
    return found or borrowed(prepared, function, seconds) or mended(prepared, function, seconds)


def _judge(problem: Problem, outputs: list[Output], case: Case, result: Call, right: list[Array]) -> Failure | None:
    """Judge one call: None when all is well, else a `Failure`."""
    if result.error is not None:
        return _error(problem, case, result, result.error)
    if result.returned:
        return Failure(kind="returned", case=case.label, message=result.returned, inputs=_shapes(problem, case))
    if isinstance(problem, MeasuredProblem):
        tensors = problem.tensors(result)
    else:
        sizes = {letter: n for output, a in zip(outputs, right) for letter, n in zip(output.axes, a.shape)}
        tensors = tuple(compare(o, v, r, problem.tolerance, sizes) for o, v, r in zip(outputs, result.values, right))
    if all(tensor.ok for tensor in tensors):
        return None
    return Failure(kind="wrong", case=case.label, tensors=tensors, inputs=_shapes(problem, case))


def _error(problem: Problem, case: Case, result: Call, error: BaseException) -> Failure:
    """Say what stopped a call."""
    shapes = _shapes(problem, case)
    if isinstance(error, NotImplementedError):
        return Failure(kind="unwritten", case=case.label, message=_other_stub(problem, error), inputs=shapes)
    if result.stopped:
        after = f"after {result.seconds:.0f} s" + ("" if isinstance(error, TooLong) else ", by hand")
        return Failure(kind="stopped", case=case.label, message=after, trace=trace(error), inputs=shapes)
    return Failure(kind="error", case=case.label, message=in_words(error), trace=trace(error), inputs=shapes)


def _other_stub(problem: Problem, error: BaseException) -> str:
    """Name the function whose stub was met, when it is another function of the exercise; nothing else is a name."""
    exercise, _, name = in_words(error).partition(": ")[2].partition(": ")
    catalogue = problem.name.partition(".")[0]
    known = modules(catalogue) if exercise == problem.exercise and catalogue in exercises() else ()
    return name if name in known and name != problem.function_name else ""


def _shapes(problem: Problem, case: Case) -> tuple[tuple[str, str], ...]:
    """Describe the arguments of a case: pairs of name and shape."""
    return tuple((name, _shape(value)) for name, value in zip(problem.argument_names, case.args, strict=True))


def _shape(value: object) -> str:
    """Describe an argument by its shape, or by its value if it is small."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} {_shape(array)}" for name, array in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shape, value)) + "]"
    if isinstance(value, np.random.Generator):
        return "generator"
    return "function" if callable(value) else f"{value!r:.40}"
