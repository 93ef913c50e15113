"""Judge a student's function on cases, and find out which misconception gives the same numbers."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._types import Array
from rnnlib.checks.call import ERRORS, SECONDS, Call, TooLong, call, described, trace
from rnnlib.checks.compare import agrees, compare, plain, split
from rnnlib.checks.problem import Case, Misconception, Output, Problem
from rnnlib.checks.suppose import suppose
from rnnlib.checks.verdict import Failure, Verdict


def run(
    problem: Problem, function: Callable[..., Any], kind: str = "visible", seed: object = 0, seconds: float = SECONDS
) -> Verdict:
    """Judge a function.

    Args:
        problem: `Problem`.
        function: the student's function.
        kind: ``"visible"`` or ``"hidden"`` cases.
        seed: as in `Problem.cases`.
        seconds: how long one call may compute.

    Returns:
        `Verdict`.
    """
    names = tuple(problem.outputs)
    outputs = [Output(name, axes) for name, axes in problem.outputs.items()]
    cases = problem.cases(kind, seed)
    with np.errstate(**ERRORS):
        right = [[plain(value) for value in split(problem.solve(*copy.deepcopy(c.args)), names)] for c in cases]
    calls, failures, said = [], [], ""
    for case, expected in zip(cases, right, strict=True):
        came = call(function, case.args, problem.argument_names, names, seconds)
        calls.append(came)
        said = said or came.said
        failure = _judge(problem, outputs, case, came, expected)
        if failure is not None:
            failures.append(failure)
            if failure.kind in ("unwritten", "stopped"):
                break
    known: list[tuple[str, str]] = []
    guesses: tuple[str, ...] = ()
    if failures and len(calls) == len(cases):
        known = _misconceptions(problem, cases, calls, right)
        named = {tensor.name for failure in failures for tensor in failure.tensors if tensor.fault}
        guesses = () if known else suppose(problem, cases, calls, right, named)
    return Verdict(
        problem=problem.name,
        exercise=problem.exercise,
        cases_kind=kind,
        outputs=names,
        cases=len(cases),
        failures=tuple(failures),
        misconceptions=tuple(name for name, _ in known),
        hints=tuple(hint for _, hint in known),
        guesses=guesses,
        said=said,
    )


def _judge(problem: Problem, outputs: list[Output], case: Case, came: Call, right: list[Array]) -> Failure | None:
    """Judge one call: None when all is well, else a `Failure`."""
    shapes = tuple((name, _shape(value)) for name, value in zip(problem.argument_names, case.args, strict=True))
    if came.error is not None:
        return _error(problem, case, came, came.error, shapes)
    if came.returned:
        return Failure(kind="returned", case=case.label, message=came.returned, inputs=shapes)
    sizes = {letter: n for output, a in zip(outputs, right) for letter, n in zip(output.axes, a.shape)}
    tensors = tuple(compare(o, v, r, problem.tolerance, sizes) for o, v, r in zip(outputs, came.values, right))
    right_numbers = all(tensor.ok for tensor in tensors)
    if right_numbers and not came.changed:
        return None
    return Failure(
        kind="changed" if right_numbers else "wrong",
        case=case.label,
        tensors=tensors,
        inputs=shapes,
        changed=came.changed,
    )


def _error(
    problem: Problem, case: Case, came: Call, error: BaseException, shapes: tuple[tuple[str, str], ...]
) -> Failure:
    """Say what stopped a call."""
    if isinstance(error, NotImplementedError):
        return Failure(kind="unwritten", case=case.label, message=_other_stub(problem, error), inputs=shapes)
    if came.stopped:
        after = f"after {came.seconds:.0f} s" + ("" if isinstance(error, TooLong) else ", by hand")
        return Failure(kind="stopped", case=case.label, message=after, trace=trace(error), inputs=shapes)
    return Failure(kind="error", case=case.label, message=described(error), trace=trace(error), inputs=shapes)


def _other_stub(problem: Problem, error: BaseException) -> str:
    """Name the function whose stub was met, when it is not the one that is checked."""
    exercise, _, name = described(error).partition(": ")[2].partition(": ")
    return name if exercise == problem.exercise and name != problem.function_name else ""


def _shape(value: object) -> str:
    """Describe an argument by its shape, or by its value if it is small."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} {_shape(array)}" for name, array in value.items()) + "}"
    if isinstance(value, np.random.Generator):
        return "generator"
    return "function" if callable(value) else f"{value!r:.40}"


def _misconceptions(
    problem: Problem, cases: list[Case], calls: list[Call], expected: list[list[Array]]
) -> list[tuple[str, str]]:
    """Find the misconceptions that give exactly what the student's function gave: pairs of name and hint.

    One explains a tensor when it gives the student's numbers in every case, and wrong ones in at least one. It is
    ruled out when it is wrong where the student is right. Those that explain most come first; a second one is added
    when it explains a tensor that the first does not, because people may be mistaken twice.
    """
    student = [_outcomes(problem, came) for came in calls]
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
    return _outcomes(problem, call(function, case.args, problem.argument_names, tuple(problem.outputs)))


def _outcomes(problem: Problem, came: Call) -> list[Any]:
    """List what a call gave for each output: an array, or what came instead of one, in words."""
    n = len(problem.outputs)
    if came.error is not None:
        return [f"raised {type(came.error).__name__}"] * n
    if came.returned:
        return [came.returned] * n
    # A change in place is an outcome of its own: right numbers from a spoiled input are not the same answer.
    return list(came.values) if not came.changed else [(array, came.changed) for array in came.values]


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
