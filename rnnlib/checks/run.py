"""Run a student's function on cases, and find out which misconception gives the same numbers."""

import contextlib
import copy
import io
import linecache
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlib._types import Array
from rnnlib.checks.compare import NotAnArray, agrees, compare, plain, split
from rnnlib.checks.problem import Case, Misconception, Output, Problem
from rnnlib.checks.verdict import Failure, Verdict


@dataclass
class Call:
    """What came of calling a function once.

    Attributes:
        returned: what it returned, or None when it raised.
        error: the exception, or None.
        changed: names of the arguments that it changed in place.
        said: what it wrote to standard error, and its warnings.
    """

    returned: object = None
    error: BaseException | None = None
    changed: tuple[str, ...] = ()
    said: str = ""


def run(problem: Problem, function: Callable[..., Any], kind: str = "visible", seed: object = 0) -> Verdict:
    """Judge a function.

    Args:
        problem: `Problem`.
        function: the student's function.
        kind: ``"visible"`` or ``"hidden"`` cases.
        seed: as in `Problem.cases`.

    Returns:
        `Verdict`.
    """
    outputs = [Output(name, axes) for name, axes in problem.outputs.items()]
    names = tuple(problem.outputs)
    cases = problem.cases(kind, seed)
    expected = [[plain(value) for value in split(problem.solve(*copy.deepcopy(case.args)), names)] for case in cases]
    calls, failures, said = [], [], ""
    for case, right in zip(cases, expected, strict=True):
        call = _call(function, case.args, problem.argument_names)
        calls.append(call)
        said = said or call.said
        failure = _judge(problem, outputs, case, call, right)
        if failure is not None:
            failures.append(failure)
            if failure.kind == "unwritten":
                break
    written = not failures or failures[0].kind != "unwritten"
    found = _misconceptions(problem, cases, calls, expected) if failures and written else []
    return Verdict(
        problem=problem.name,
        exercise=problem.exercise,
        cases_kind=kind,
        outputs=tuple(problem.outputs),
        cases=len(cases),
        failures=tuple(failures),
        misconceptions=tuple(name for name, _ in found),
        hints=tuple(hint for _, hint in found),
        said=said,
    )


def _call(function: Callable[..., Any], args: tuple[Any, ...], names: tuple[str, ...]) -> Call:
    """Call `function` on copies of `args`; no warning, message or exception of its gets out."""
    ours = copy.deepcopy(args)
    errors = io.StringIO()
    call = Call()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(errors):
        warnings.simplefilter("always")
        try:
            call.returned = function(*ours)
        except (Exception, SystemExit) as error:
            call.error = error
    call.said = "\n".join(filter(None, [errors.getvalue(), *(f"{w.category.__name__}: {w.message}" for w in caught)]))
    call.changed = tuple(name for name, now, before in zip(names, ours, args) if not _unchanged(now, before))
    return call


def _unchanged(now: Any, before: Any) -> bool:
    """Say whether an argument, an array or a container of arrays, still holds what it held."""
    if isinstance(before, np.ndarray):
        return now.shape == before.shape and np.array_equal(now, before, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return now.keys() == before.keys() and all(_unchanged(now[key], before[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return len(now) == len(before) and all(map(_unchanged, now, before))
    return callable(before) or now == before


def _judge(problem: Problem, outputs: list[Output], case: Case, call: Call, right: list[Array]) -> Failure | None:
    """Judge one call: None when all is well, else a `Failure`."""
    shapes = tuple((name, _shape(value)) for name, value in zip(problem.argument_names, case.args, strict=True))
    error = call.error
    if error is not None:
        unwritten = isinstance(error, NotImplementedError)
        return Failure(
            kind="unwritten" if unwritten else "error",
            case=case.label,
            message=_other_stub(problem, str(error)) if unwritten else f"{type(error).__name__}: {error}",
            trace=() if unwritten else _trace(error),
            inputs=shapes,
        )
    try:
        values = split(call.returned, tuple(problem.outputs))
    except NotAnArray as fault:
        return Failure(kind="returned", case=case.label, message=str(fault), inputs=shapes)
    sizes = {letter: n for output, a in zip(outputs, right) for letter, n in zip(output.axes, a.shape)}
    tensors = tuple(compare(o, v, r, problem.tolerance, sizes) for o, v, r in zip(outputs, values, right, strict=True))
    if not all(tensor.ok for tensor in tensors):
        return Failure(kind="wrong", case=case.label, tensors=tensors, inputs=shapes)
    if call.changed:
        return Failure(kind="changed", case=case.label, message=", ".join(call.changed), tensors=tensors, inputs=shapes)
    return None


def _other_stub(problem: Problem, said: str) -> str:
    """Name the function whose stub was met, when it is not the one that is checked."""
    exercise, _, name = said.partition(": ")
    return name if exercise == problem.exercise and name != problem.function_name else ""


def _shape(value: object) -> str:
    """Describe an argument by its shape, or by its value if it is small."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} {_shape(array)}" for name, array in value.items()) + "}"
    return "function" if callable(value) else f"{value!r:.40}"


def _trace(error: BaseException) -> tuple[str, ...]:
    """List the lines of the student's own code through which an exception came, innermost last."""
    ours = __name__.rpartition(".")[0].replace(".", "/")
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        path = frame.filename.replace("\\", "/")
        if ours in path or "/site-packages/" in path:
            continue
        source = linecache.getline(frame.filename, frame.lineno or 0).strip()
        lines.append(f"{frame.name}, line {frame.lineno}: {source}" if source else f"{frame.name}, line {frame.lineno}")
    return tuple(lines[-3:])


def _misconceptions(
    problem: Problem, cases: list[Case], calls: list[Call], expected: list[list[Array]]
) -> list[tuple[str, str]]:
    """Find the misconceptions that give exactly what the student's function gave: pairs of name and hint.

    One explains a tensor when it gives the student's numbers in every case, and wrong ones in at least one. It is
    ruled out when it is wrong where the student is right. Those that explain most come first; a second one is added
    when it explains a tensor that the first does not, because people may be mistaken twice.
    """
    student = [_values(problem, call) for call in calls]
    explained = []
    for misconception in (*problem.misconceptions, *problem.combinations):
        wrong = [outcome(problem, misconception.wrong, case) for case in cases]
        tensors = _explained(problem, student, wrong, expected)
        if tensors:
            explained.append((misconception, tensors))
    explained.sort(key=lambda pair: -len(pair[1]))  # stable: ties stay in the order of the catalogue
    found: list[Misconception] = []
    covered: set[str] = set()
    for misconception, tensors in explained:
        if not tensors <= covered and len(found) < 2:
            found.append(misconception)
            covered |= tensors
    return list(dict.fromkeys(pair for misconception in found for pair in misconception.named))


def outcome(problem: Problem, function: Callable[..., Any], case: Case) -> list[Any]:
    """Call a function on one case and list what it gave for each output, as `same_outcome` compares it."""
    return _values(problem, _call(function, case.args, problem.argument_names))


def _values(problem: Problem, call: Call) -> list[Any]:
    """List what a call gave for each output: an array, or what came instead of one, in words."""
    names = tuple(problem.outputs)
    if call.error is not None:
        return [f"raised {type(call.error).__name__}"] * len(names)
    try:
        values = split(call.returned, names)
    except NotAnArray as fault:
        return [str(fault)] * len(names)
    plains: list[Any] = []
    for value in values:
        try:
            plains.append(plain(value))
        except NotAnArray as fault:
            plains.append(str(fault))
    # A change in place is an outcome of its own: right numbers from a spoiled input are not the same answer.
    return plains if not call.changed else [(array, call.changed) for array in plains]


def _explained(
    problem: Problem, student: list[list[Any]], wrong: list[list[Any]], expected: list[list[Array]]
) -> set[str]:
    """Name the outputs that a misconception explains; empty when it is ruled out."""
    explained = set()
    for i, name in enumerate(problem.outputs):
        matches = False
        for s, w, e in zip(student, wrong, expected, strict=True):
            if same_outcome(w[i], e[i], problem.tolerance):
                if not same_outcome(s[i], e[i], problem.tolerance):
                    break  # wrong where the misconception is right: something else is the matter with this tensor
                continue
            if same_outcome(s[i], e[i], problem.tolerance):
                return set()  # right where the misconception is wrong
            if same_outcome(s[i], w[i], problem.tolerance):
                matches = True
            elif not (_overflowed(s[i]) and not _overflowed(w[i])):
                break  # other numbers; an overflow on top of a known fault does not hide that fault
        else:
            if matches:
                explained.add(name)
    return explained


def _overflowed(value: object) -> bool:
    """Say whether an outcome is an array that is not finite."""
    return isinstance(value, np.ndarray) and not np.isfinite(value).all()


def same_outcome(a: object, b: object, tolerance: float) -> bool:
    """Say whether two outcomes are the same: arrays that agree, equal words, or equal changes in place."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return a[1] == b[1] and same_outcome(a[0], b[0], tolerance)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return agrees(np.nan_to_num(a, nan=1e300), np.nan_to_num(b, nan=1e300), tolerance)
    return isinstance(a, str) and isinstance(b, str) and a == b
