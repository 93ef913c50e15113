"""One submission's time in the sandbox: its cells run in order, and the course's tests each in its place."""

import builtins
import contextlib
import io
import time
from collections.abc import Callable
from typing import Any

from grading import magics
from grading.call import Error, Gone, Process
from grading.merge import Plan, Run, Test
from grading.names import names_of
from grading.sandbox import TOO_LONG, Box, Limits, SandboxMissing
from grading.verdicts import of_hidden_cases, tested
from rnnlib.checks import CheckFailed, find
from rnnlib.checks.run import run
from rnnlib.checks.verdict import Verdict

RANK = ("graded", "timed out", "died")  # the worst that happened is the status
NO_TIME = "The notebook's time was up."


class Sitting:
    """Carry out a plan.

    Where the student's process ends, the next step starts it again: the cells above are run once more, all but those
    that ended it, and the other tests go on.

    Args:
        plan: what to run.
        limits: `Limits`.
        seed: of the hidden cases.
        box: gives a warm sandbox: ``box(anew)``, where `anew` asks for a new one.
        began: when the submission's time began, on the clock of `time.monotonic`.

    Attributes:
        cells, tests, seconds, status, reason: as in a verdict.
    """

    def __init__(self, plan: Plan, limits: Limits, seed: str, box: Callable[[bool], Box], began: float):
        self.plan, self.limits, self.seed, self.open_box, self.began = plan, limits, seed, box, began
        self.until = began + limits.notebook
        self.box: Box | None = None
        self.process: Process | None = None
        self.deadly: set[int] = set()  # steps that ended the process
        self.code: dict[int, str] = {}
        self.cells: list[dict[str, Any]] = []
        self.tests: list[dict[str, Any]] = []
        self.defined = True  # whether the function of the test that runs is there
        self.status, self.reason, self.seconds = "graded", "", {"start": 0.0, "cells": 0.0, "tests": 0.0, "total": 0.0}

    def hold(self) -> None:
        """Go through the plan."""
        for index, step in enumerate(self.plan.steps):
            if isinstance(step, Run):
                self.cells.append(self._cell(index, step))
            else:
                self.tests.append(self._test(index, step))
        self.seconds["total"] = time.monotonic() - self.began

    def end(self) -> bool:
        """End the student's process; say whether the sandbox is of no more use."""
        if self.process is None:
            return False
        self.process.sock.close()
        self.process = None
        try:
            self.box.end()
        except OSError:
            return True
        return False

    def _start(self) -> None:
        """Start the student's process, in a new sandbox where something is wrong with the warm one."""
        start = time.monotonic()
        spoilt = self.end()
        for anew in (spoilt, True):
            self.box = self.open_box(anew)
            try:
                sock = self.box.start(self.limits)
                break
            except OSError as error:
                fault = error
        else:
            raise SandboxMissing(f"The sandbox does not start a student's process: {fault}.")
        self.process = Process(sock, self.until, self.limits.call)
        self.seconds["start"] += time.monotonic() - start

    def _ready(self, index: int) -> Process:
        """Give a process in which the cells above a step have been run.

        Raises:
            Gone: when no time is left.
        """
        while self.process is None or self.process.fault:
            if time.monotonic() > self.until:
                raise Gone
            self._start()
            for above, step in enumerate(self.plan.steps[:index]):
                if isinstance(step, Run) and step.needed and above not in self.deadly:
                    try:
                        self.process.cell(self.code[above], f"<cell {above}>", self.limits.cell)
                    except Gone:
                        self.deadly.add(above)
                        break
        return self.process

    def _cell(self, index: int, step: Run) -> dict[str, Any]:
        """Run a cell; give the record of it."""
        kind = "answer" if step.answer else "other"
        record = {"id": step.id, "kind": kind, "status": "not run", "output": "", "error": None, "source": step.source}
        if not step.needed:
            return record
        start = time.monotonic()
        self.code[index], magic = magics.python(step.source)
        if magic:
            self.plan.notes.append(f"Cell {step.id}: {', '.join(magic)} does nothing in a marking.")
        try:
            process = self._ready(index)
        except Gone:
            self._worst("timed out", NO_TIME)
            return record
        try:
            output, error = process.cell(self.code[index], f"<cell {index}>", self.limits.cell)
            record["output"] = output[: self.limits.output + 100]  # who knows what wrote it
        except Gone:
            self.deadly.add(index)
            record["status"], words = self._fallen(f"cell {step.id}")
            error = Error("", words)
        else:
            record["status"] = "ok" if error is None else "timed out" if error.too_long else "error"
            if record["status"] == "timed out":
                self._worst("timed out", f"Cell {step.id} was {error.message}.")
        if error is not None:
            trace = "\n".join(process.trace(error))
            record["error"] = {"type": error.type, "message": error.message, "trace": trace}
        self.seconds["cells"] += time.monotonic() - start
        return record

    def _fallen(self, where: str) -> tuple[str, str]:
        """Say what became of a process that is of no more use: a word, and a sentence."""
        fault, process = self.process.fault, self.process
        process.sock.close()
        try:
            ending = self.box.end()
        except OSError:
            ending = "the sandbox ended with it"
            self.box = self.open_box(True)
        self.process = None
        fault = "timed out" if ending == TOO_LONG else fault
        word = "died" if fault == "lost" else fault
        words = {
            "died": f"In {where} the process ended: {ending}.",
            "timed out": f"In {where} the process did not come to its end in time, and was stopped.",
            "lost": f"In {where} the process sent what no notebook sends, and was ended.",
        }[fault]
        self._worst(word, words)
        return fault if fault != "lost" else "died", words

    def _worst(self, status: str, reason: str) -> None:
        """Remember the worst that happened."""
        if RANK.index(status) > RANK.index(self.status):
            self.status, self.reason = status, reason

    def _test(self, index: int, test: Test) -> dict[str, Any]:
        """Run a test; give the record of it."""
        try:
            self._ready(index)
        except Gone:
            self._worst("timed out", NO_TIME)
            return tested(test, "timed out", "visible", NO_TIME)
        start = time.monotonic()
        record = self._decided(test)
        record["seconds"] = round(time.monotonic() - start, 4)
        self.seconds["tests"] += record["seconds"]
        return record

    def _decided(self, test: Test) -> dict[str, Any]:
        """Run the two parts of a test until one fails."""
        phase, text = "visible", ""
        for phase, code in (("visible", test.visible), ("hidden", test.hidden)):
            if not code.strip():
                continue
            said = io.StringIO()
            fault: BaseException | None = None
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                try:
                    exec(code, self._names(test, code))
                except BaseException as error:  # whatever a student's function can raise
                    fault = error
            if self.process.interrupted or isinstance(fault, KeyboardInterrupt):
                raise KeyboardInterrupt
            if self.process.fault:
                word, words = self._fallen(test.function)
                return tested(test, word, phase, words)
            if fault is not None:
                return self._failed(test, phase, fault, said.getvalue())
            if phase == "visible":
                text = said.getvalue()
        return tested(test, "passed", phase, text)

    def _names(self, test: Test, code: str) -> dict[str, Any]:
        """Give a test cell the names that it uses: `check`, what the course imports, and the student's."""
        names: dict[str, Any] = {"check": self._check}
        wanted = sorted(names_of(code).loads - names.keys() - set(dir(builtins)))
        for name in wanted:
            if name in self.plan.imports:
                exec(self.plan.imports[name], names)
        for name, kind in self.process.kinds([name for name in wanted if name not in names]).items():
            if kind != "none":
                names[name] = self.process.function(name) if kind == "call" else self.process.get(name)
        self.defined = test.function in names
        return names

    def _check(self, name: str, function: Callable[..., Any], cases: str = "visible") -> None:
        """Do as `rnnlib.checks.check` does, with the course's own seed."""
        problem = find(name)
        if not callable(function):
            raise ValueError(f"expected the function {problem.function_name}, got {type(function).__name__}.")
        self.process.seconds = problem.seconds or self.limits.call
        verdict = run(problem, function, cases, self.seed if cases == "hidden" else "", self.limits.call)
        if not verdict.passed:
            raise CheckFailed(verdict)
        print(verdict)

    def _failed(self, test: Test, phase: str, fault: BaseException, said: str) -> dict[str, Any]:
        """Say why a test was not passed."""
        if isinstance(fault, CheckFailed):
            verdict: Verdict = fault.verdict
            text = of_hidden_cases(verdict) if phase == "hidden" else f"{verdict}\n{said}".rstrip()
            return tested(test, verdict.kind, phase, text, verdict, verdict.failures[0].trace)
        if isinstance(fault, NameError) and not self.defined:
            words = f"{test.function} is not defined."
            error = next((c["error"] for c in self.cells if c["id"] == test.function and c["error"]), None)
            if error:
                words += f" Its cell stopped: {error['type']} {error['message']}".rstrip()
            return tested(test, "undefined", phase, words, trace=(error["trace"],) if error else ())
        word = "failed" if isinstance(fault, AssertionError) else "error"
        if phase == "hidden":
            return tested(test, word, phase, f"{test.function} does not pass a hidden test.")
        words = str(fault) if type(fault) is AssertionError else f"{type(fault).__name__}: {fault}"
        trace = self.process.trace(self.process.error) if self.process.error else ()
        return tested(test, word, phase, f"{words}\n{said}".rstrip(), trace=trace)
