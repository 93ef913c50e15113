"""One submission's time in the sandbox: its cells run in order, and the course's tests each in its place."""

import time
from collections.abc import Callable
from typing import Any

from grading.judge import magics
from grading.judge.dependencies import changes, names_of
from grading.judge.merge import Plan, Run, Test
from grading.judge.test_cell import Trial
from grading.judge.verdict import tested
from grading.sandbox.box import TOO_LONG, Box, Limits, SandboxMissing
from grading.sandbox.remote import Error, Gone, Process

RANK = ("graded", "timed out", "died")  # the worst that happened is the status
NO_TIME = "The notebook's time was up."
OVER = "All its processes together wanted more memory than a submission may use, and one of them was ended for it."


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
        files: what was handed in beside the notebook, by name.

    Attributes:
        cells, tests, seconds, status, reason: as in a verdict.
    """

    def __init__(
        self,
        plan: Plan,
        limits: Limits,
        seed: str,
        box: Callable[[bool], Box],
        began: float,
        files: dict[str, bytes],
    ):
        self.files = files
        self.plan, self.limits, self.seed, self.open_box, self.began = plan, limits, seed, box, began
        self.until = began + limits.notebook
        self.box: Box | None = None
        self.bound = ""  # what bounds the memory of all its processes
        self.process: Process | None = None
        self.deadly: set[int] = set()  # steps that ended the process
        self.code: dict[int, str] = {}
        self.cells: list[dict[str, Any]] = []
        self.tests: list[dict[str, Any]] = []
        self.done = 0  # steps that this process has behind it
        self.anew = False  # whether to go on in a new one
        self.taken: dict[str, float] = {}  # seconds of each test
        self.status, self.reason, self.seconds = "graded", "", {"start": 0.0, "cells": 0.0, "tests": 0.0, "total": 0.0}

    def hold(self) -> None:
        """Go through the plan.

        What a cell prints is kept, so no hidden case may be seen by a function before the last cell has run: it could
        write down what it sees for a later cell to print. Where a later cell has changed what a function depends on,
        the hidden part of its test is run in a new process, at the place of the test.
        """
        visible, said = [], {}
        for index, step in enumerate(self.plan.steps):
            if isinstance(step, Run):
                self.cells.append(self._cell(index, step))
            else:
                said[step.id], record = self._tried(index, step, "visible") if step.visible.strip() else ("", None)
                visible.append((index, step, record))
        left = [(index, step) for index, step, record in visible if record is None and step.hidden.strip()]
        late = time.monotonic() > self.until
        self.until = time.monotonic() + self.limits.notebook / 2  # a slow cell costs no function above it
        if self.process is not None:
            self.process.until = self.until
        changed = [(index, step) for index, step in left if late or self._changed_below(index, step)]
        end = len(self.plan.steps)
        hidden = {step.id: self._tried(end, step, "hidden")[1] for index, step in left if (index, step) not in changed}
        self.anew = bool(changed)
        hidden |= {step.id: self._tried(index, step, "hidden")[1] for index, step in changed}
        for _, step, record in visible:
            phase = "hidden" if step.hidden.strip() else "visible"
            record = record or hidden.get(step.id) or tested(step, "passed", phase, said[step.id])
            record["seconds"] = round(self.taken.get(step.id, 0.0), 4)
            self.tests.append(record)
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
        self._over()
        return False

    def _start(self) -> None:
        """Start the student's process, in a new sandbox where something is wrong with the warm one."""
        start = time.monotonic()
        spoilt = self.end()
        for anew in (spoilt, True):
            self.box = self.open_box(anew)
            try:
                sock = self.box.start(self.limits)
                self.bound = self.box.bound
                break
            except OSError as error:
                fault = error
        else:
            raise SandboxMissing(f"The sandbox does not start a student's process: {fault}.")
        passed = time.monotonic() - start
        self.seconds["start"] += passed
        self.until += passed  # which is the machine's, and not the student's
        self.process = Process(sock, self.until, self.limits.call)
        if self.files:
            self.process.put(self.files)

    def _ready(self, index: int) -> Process:
        """Give a process in which the cells above a step have been run.

        Raises:
            Gone: when no time is left.
        """
        while True:
            if self.process is None or self.process.fault or self.anew:
                if time.monotonic() > self.until:
                    raise Gone
                self._start()
                self.done, self.anew = 0, False
            while self.done < index and not self.process.fault:
                at, step = self.done, self.plan.steps[self.done]
                self.done += 1
                if isinstance(step, Run) and at in self.code and at not in self.deadly:
                    try:
                        self.process.cell(self.code[at], f"<cell {at}>", self.limits.cell)
                    except Gone:
                        self.deadly.add(at)
            if not self.process.fault:
                return self.process

    def _changed_below(self, index: int, test: Test) -> bool:
        """Say whether a cell below a test may change what the test's function does."""
        codes = [(at, self.code.get(at, "")) for at, step in enumerate(self.plan.steps) if isinstance(step, Run)]
        above = [self.plan.read.python(code) or "" for at, code in codes if at < index]
        below = [self.plan.read.python(code) for at, code in codes if at > index]
        return None in below or changes(names_of(test.hidden).loads, above, below, self.plan.read)

    def _cell(self, index: int, step: Run) -> dict[str, Any]:
        """Run a cell; give the record of it."""
        kind = "answer" if step.answer else "other"
        record = {"id": step.id, "kind": kind, "status": "not run", "output": "", "error": None, "source": step.source}
        if not step.needed:
            return record
        start = time.monotonic()
        if start > self.until:
            self._worst("timed out", NO_TIME)
            return record
        self.code[index] = step.source
        try:
            process = self._ready(index)
        except Gone:
            self._worst("timed out", NO_TIME)
            return record
        self.done = index + 1
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
        self.plan.notes += magics.notes(step.id, process.remarks)
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
            self._over()
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

    def _over(self) -> None:
        """Say once where not a process alone, but all together wanted more memory than there is for them."""
        if self.box.over and OVER not in self.plan.notes:
            self.plan.notes.append(OVER)

    def _worst(self, status: str, reason: str) -> None:
        """Remember the worst that happened."""
        if RANK.index(status) > RANK.index(self.status):
            self.status, self.reason = status, reason

    def _tried(self, index: int, test: Test, phase: str) -> tuple[str, dict[str, Any] | None]:
        """Run a part of a test; give what it said, and the record of the test where this part decides it."""
        start = time.monotonic()
        try:
            process = self._ready(index)
        except Gone:
            self._worst("timed out", NO_TIME)
            return "", tested(test, "timed out", phase, NO_TIME)
        error = next((cell["error"] for cell in self.cells if cell["id"] == test.function and cell["error"]), None)
        trial = Trial(test, phase, process, self.plan.imports, self.limits.call, self.seed, error)
        said, record = trial.run()
        if process.fault:
            word, words = self._fallen(test.function)
            record = tested(test, word, phase, words)
        passed = time.monotonic() - start
        self.seconds["tests"] += passed
        self.taken[test.id] = self.taken.get(test.id, 0.0) + passed
        return said, record
