"""Run one part of a test cell, the visible or the hidden one, with functions that live in the student's process."""

import builtins
import contextlib
import functools
import io
from collections.abc import Callable
from typing import Any

from grading.judge import hidden
from grading.judge.dependencies import names_of
from grading.judge.merge import TestCell
from grading.judge.verdict import TEXT, CellError, Tensor, TestResult
from grading.sandbox.guest.values import Values, taken_back
from grading.sandbox.remote import Encoded, StudentProcess
from rnnchecks import CheckFailed, find
from rnnchecks.engine.call import fresh
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.prepare import KEPT, Prepared
from rnnchecks.engine.run import run
from rnnchecks.engine.verdict import Verdict

LARGE = 2**18  # bytes of the arguments of a case: larger ones are not kept twice


class TestCellRun:
    """The run of a part of a test cell.

    Attributes:
        writes_into: names of the arguments that the function was seen to write into.

    Args:
        test: `TestCell`.
        phase: ``"visible"`` or ``"hidden"``: which part.
        process: the student's.
        imports: import statements of the course, by the name that they bind.
        seconds: how long one call may compute.
        seed: of the hidden cases.
        error: the error that the cell of the function ended with, or None.
    """

    __test__ = False  # this is none of pytest's

    def __init__(
        self,
        test: TestCell,
        phase: str,
        process: StudentProcess,
        imports: dict[str, str],
        seconds: float,
        seed: str,
        error: CellError | None,
    ):
        self.test, self.phase, self.process, self.imports = test, phase, process, imports
        self.seconds, self.seed, self.error = seconds, seed, error
        self.code = test.visible if phase == "visible" else test.hidden
        self.defined = True
        self.own: dict[str, Callable[..., Any]] = {}  # the student's functions, by their names
        self.writes_into: tuple[str, ...] = ()

    def run(self) -> tuple[str, TestResult | None]:
        """Run it; return what it said, and what came of the test where this part decides it: where it fails.

        The process may be of no more use afterwards: it is for the caller to look.
        """
        said = io.StringIO()
        fault: BaseException | None = None
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                exec(self.code, self._names())
            except BaseException as error:  # whatever a student's function can raise
                fault = error
        if self.process.interrupted or isinstance(fault, KeyboardInterrupt):
            raise KeyboardInterrupt
        return said.getvalue(), None if fault is None else self._failed(fault, said.getvalue())

    def _names(self) -> dict[str, Any]:
        """Give a test cell the names that it uses: `check`, what the course imports, and the student's."""
        names: dict[str, Any] = {"check": self._check}
        wanted = sorted(self._loads() - names.keys() - set(dir(builtins)))
        for name in wanted:
            if name in self.imports:
                exec(self.imports[name], names)
        for name, kind in self.process.kinds([name for name in wanted if name not in names]).items():
            if kind != "none":
                names[name] = self.process.function(name) if kind == "call" else self.process.get(name)
                if kind == "call":
                    self.own[name] = names[name]
        self.defined = self.test.function in names
        return names

    def _check(self, name: str, function: Callable[..., Any], cases: str = "visible") -> None:
        """Do as `rnnchecks.check` does, with the course's own seed, and without what is there for practice alone."""
        problem = find(name)
        if not callable(function):
            raise ValueError(f"expected the function {problem.function_name}, got {type(function).__name__}.")
        self.process.seconds = problem.seconds or self.seconds
        kind, seed = ("hidden", self.seed) if cases == "hidden" else ("marked", "")
        own = next((known for known, one in self.own.items() if one is function), None)
        ask = functools.partial(self._ask, own, kind) if own else None
        verdict = run(problem, function, kind, seed, self.seconds, ask)
        if self.phase == "visible":  # of a hidden case it could tell something
            self.writes_into += tuple(name for name in verdict.writes_into if name not in self.writes_into)
        if not verdict.passed:
            raise CheckFailed(verdict)
        print(verdict)

    def _ask(self, name: str, kind: str, prepared: Prepared) -> list[Callable[..., Any]]:
        """Give for each case a function that asks the student's function for the answer to it.

        The visible cases, which anybody can look up, are asked in one message. Of the hidden ones a function sees none
        before it has answered those above it.
        """
        calls = _encoded(prepared)
        whole = [call for call in calls if call is not None]
        if kind == "marked" and len(whole) == len(calls) and not isinstance(prepared.problem, MeasuredProblem):
            return self.process.together(name, whole)
        plain = self.process.function(name)
        return [plain if call is None else self.process.answering(name, call) for call in calls]

    def _loads(self) -> frozenset[str]:
        """The names that the cell reads."""
        names = names_of(self.code)
        return names.loads if names else frozenset()

    def _failed(self, fault: BaseException, said: str) -> TestResult:
        """Say why a test was not passed."""
        test, phase = self.test, self.phase
        if isinstance(fault, CheckFailed):
            verdict: Verdict = fault.verdict
            if phase == "hidden":
                return result(test, verdict.kind, phase, hidden.told(verdict), verdict)
            return result(test, verdict.kind, phase, f"{verdict}\n{said}".rstrip(), verdict, verdict.failures[0].trace)
        if isinstance(fault, NameError) and not self.defined:
            words = f"{test.function} is not defined."
            if self.error:
                words += f" Its cell stopped: {self.error.type} {self.error.message}".rstrip()
            return result(test, "undefined", phase, words, trace=(self.error.trace,) if self.error else ())
        outcome = "failed" if isinstance(fault, AssertionError) else "error"
        if phase == "hidden":
            return result(test, outcome, phase, f"{test.function} {hidden.FAILS}.")
        words = str(fault) if type(fault) is AssertionError else f"{type(fault).__name__}: {fault}"
        trace = self.process.trace(self.process.error) if self.process.error else ()
        return result(test, outcome, phase, f"{words}\n{said}".rstrip(), trace=trace)


@functools.lru_cache(maxsize=KEPT)
def _encoded(prepared: Prepared) -> list[Encoded | None]:
    """Encode the arguments of each case, once for the class; None where they are large, or are lent."""
    encoded: list[Encoded | None] = []
    for case in prepared.cases:
        values = Values(taken_back)
        tree, blobs = values.encode((fresh(case.args), {}))  # as each call has them
        encoded.append(None if values.count or sum(map(len, blobs)) > LARGE else (tree, blobs))
    return encoded


def result(
    test: TestCell,
    outcome: str,
    cases: str,
    text: str,
    found: Verdict | None = None,
    trace: tuple[str, ...] = (),
) -> TestResult:
    """Say what came of a test: all of its points where it is passed, and else none.

    Args:
        test: `TestCell`.
        outcome: one of `grading.judge.verdict.OUTCOMES`.
        cases: ``"visible"`` or ``"hidden"``: which decided.
        text: what the student may read of it.
        found: the check's own verdict, where there is one.
        trace: lines of the student's code.
    """
    failure = found.failures[0] if found and found.failures else None
    # What is wrong with a result may tell the numbers of a case; how many cases fail, a function can choose.
    tensors = failure.tensors if failure and failure.kind == "wrong" and cases == "visible" else ()
    failing = len(found.failures) if found and cases == "visible" else int(failure is not None)
    return TestResult(
        id=test.id,
        function=test.function,
        problem=test.problem,
        points=test.points,
        earned=test.points if outcome == "passed" else 0.0,
        outcome=outcome,
        cases=cases,
        text=text if len(text) <= TEXT else text[:TEXT] + " ...",
        misconceptions=tuple(found.misconceptions) if found else (),
        hints=tuple(found.hints) if found else (),
        trace="\n".join(trace),
        case=failure.case if failure else "",
        failing=failing,
        tried=found.cases if found else 0,
        tensors=tuple(Tensor(tensor.name, tensor.status, tensor.detail) for tensor in tensors),
    )
