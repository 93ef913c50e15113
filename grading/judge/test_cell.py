"""Run one part of a test cell, the visible or the hidden one, with functions that live in the student's process."""

import builtins
import contextlib
import io
from collections.abc import Callable
from typing import Any

from grading.judge.dependencies import names_of
from grading.judge.merge import Test
from grading.judge.verdict import of_hidden_cases, tested
from grading.sandbox.remote import Process
from rnnchecks import CheckFailed, find
from rnnchecks.engine.run import run
from rnnchecks.engine.verdict import Verdict


class Trial:
    """A part of a test.

    Args:
        test: `Test`.
        phase: ``"visible"`` or ``"hidden"``: which part.
        process: the student's.
        imports: import statements of the course, by the name that they bind.
        seconds: how long one call may compute.
        seed: of the hidden cases.
        error: the error that the cell of the function ended with, as in a verdict, or None.
    """

    def __init__(
        self,
        test: Test,
        phase: str,
        process: Process,
        imports: dict[str, str],
        seconds: float,
        seed: str,
        error: dict[str, str] | None,
    ):
        self.test, self.phase, self.process, self.imports = test, phase, process, imports
        self.seconds, self.seed, self.error = seconds, seed, error
        self.code = test.visible if phase == "visible" else test.hidden
        self.defined = True

    def run(self) -> tuple[str, dict[str, Any] | None]:
        """Run it; give what it said, and the record of the test where this part decides it: where it fails.

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
        wanted = sorted(names_of(self.code).loads - names.keys() - set(dir(builtins)))
        for name in wanted:
            if name in self.imports:
                exec(self.imports[name], names)
        for name, kind in self.process.kinds([name for name in wanted if name not in names]).items():
            if kind != "none":
                names[name] = self.process.function(name) if kind == "call" else self.process.get(name)
        self.defined = self.test.function in names
        return names

    def _check(self, name: str, function: Callable[..., Any], cases: str = "visible") -> None:
        """Do as `rnnchecks.check` does, with the course's own seed."""
        problem = find(name)
        if not callable(function):
            raise ValueError(f"expected the function {problem.function_name}, got {type(function).__name__}.")
        self.process.seconds = problem.seconds or self.seconds
        verdict = run(problem, function, cases, self.seed if cases == "hidden" else "", self.seconds)
        if not verdict.passed:
            raise CheckFailed(verdict)
        print(verdict)

    def _failed(self, fault: BaseException, said: str) -> dict[str, Any]:
        """Say why a test was not passed."""
        test, phase = self.test, self.phase
        if isinstance(fault, CheckFailed):
            verdict: Verdict = fault.verdict
            text = of_hidden_cases(verdict) if phase == "hidden" else f"{verdict}\n{said}".rstrip()
            return tested(test, verdict.kind, phase, text, verdict, verdict.failures[0].trace)
        if isinstance(fault, NameError) and not self.defined:
            words = f"{test.function} is not defined."
            if self.error:
                words += f" Its cell stopped: {self.error['type']} {self.error['message']}".rstrip()
            return tested(test, "undefined", phase, words, trace=(self.error["trace"],) if self.error else ())
        word = "failed" if isinstance(fault, AssertionError) else "error"
        if phase == "hidden":
            return tested(test, word, phase, f"{test.function} does not pass a hidden test.")
        words = str(fault) if type(fault) is AssertionError else f"{type(fault).__name__}: {fault}"
        trace = self.process.trace(self.process.error) if self.process.error else ()
        return tested(test, word, phase, f"{words}\n{said}".rstrip(), trace=trace)
