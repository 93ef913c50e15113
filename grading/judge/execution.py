"""The order of marking: a submission's cells run in order, and the course's tests each in its place."""

import dataclasses
import time

from grading.judge import hidden, magics
from grading.judge.clock import Clock, OwnTimeUp
from grading.judge.dependencies import may_change, names_of
from grading.judge.hints import manners_of
from grading.judge.merge import Plan, StudentCell, TestCell
from grading.judge.session import NoTime, Session
from grading.judge.test_cell import TestCellRun, result
from grading.judge.verdict import CellError, CellRecord, Seconds, TestResult
from grading.sandbox.box import Limits
from grading.sandbox.remote import Gone
from grading.sandbox.reply import Error
from grading.shown import one_line

RANK = ("graded", "timed out", "died")  # the worst that happened is the status
REASON = 300  # characters
WHOLE = 25  # cells of which all may be kept that one may print; of all together no more is
MOST_NOTES = 100  # on what did nothing
NO_TIME = "The notebook's time was up."


class Execution:
    """Carry out a plan.

    Args:
        plan: what to run.
        limits: `Limits`.
        seed: of the hidden cases.
        session: where it runs.
        clock: of the judge's own computing.

    Attributes:
        cells, status, reason: as in a verdict.
    """

    def __init__(self, plan: Plan, limits: Limits, seed: str, session: Session, clock: Clock):
        self.plan, self.limits, self.seed, self.session, self.clock = plan, limits, seed, session, clock
        self.cells: list[CellRecord] = []
        self.status, self.reason = "graded", ""
        self.tests = [(place, step) for place, step in enumerate(plan.steps) if isinstance(step, TestCell)]
        self._said: dict[str, str] = {}  # by each test's visible part
        self._decided: dict[str, TestResult] = {}
        self._whole: set[str] = set()  # the tests of which the last part has been run
        self._written: dict[str, dict[str, None]] = {}  # arguments that each test's function wrote into
        self._taken: dict[str, float] = {}  # seconds of each test
        self._cell_seconds, self._room = 0.0, WHOLE * limits.output

    def run(self) -> None:
        """Go through the plan, for as long as the judge itself may compute."""
        try:
            self._go_through()
        except OwnTimeUp:
            self._worst("timed out", self.clock.words)
            for _, test in self.tests:
                if test.id not in self._whole and test.id not in self._decided:
                    self._decided[test.id] = result(test, "timed out", "visible", self.clock.words)

    def _go_through(self) -> None:
        """Go through the plan.

        What a cell prints is kept, so no hidden case may be seen by a function before the last cell has run: it could
        write down what it sees for a later cell to print. Where a later cell has changed what a function depends on,
        the hidden part of its test is run in a new process, at the place of the test.
        """
        for place, step in enumerate(self.plan.steps):
            if isinstance(step, StudentCell):
                self.cells.append(self._cell(place, step))
            elif step.visible.strip():
                self._said[step.id] = self._test(place, step, "visible")
        left = [(place, test) for place, test in self.tests if test.hidden.strip() and test.id not in self._decided]
        late = self.session.time_is_up
        self.session.extend(self.limits.notebook / 2)  # a slow cell costs no function above it
        changed = [test.id for place, test in left if late or self._changed_below(place, test)]
        for _, test in left:
            if test.id not in changed:
                self._test(len(self.plan.steps), test, "hidden")
        if changed:
            self.session.renew()
        for place, test in left:
            if test.id in changed:
                self._test(place, test, "hidden")

    def results(self) -> list[TestResult]:
        """What came of each test."""
        return [self._result(test) for _, test in self.tests]

    def seconds(self, began: float) -> Seconds:
        """What it took, from when the submission's time began."""
        return Seconds(self.session.starting, self._cell_seconds, sum(self._taken.values()), time.monotonic() - began)

    def _result(self, test: TestCell) -> TestResult:
        cases = "hidden" if test.hidden.strip() else "visible"
        found = self._decided.get(test.id) or result(test, "passed", cases, self._said.get(test.id, ""))
        written = tuple(self._written.get(test.id, ()))
        taken = round(self._taken.get(test.id, 0.0), 4)
        beside = manners_of(test.problem, written)
        return dataclasses.replace(found, seconds=taken, writes_into=written, beside=beside)

    def _cell(self, place: int, step: StudentCell) -> CellRecord:
        """Run a cell; return the record of it."""
        status, output, error = "not run", "", None
        if step.needed:
            start = time.monotonic()
            try:
                status, output, error = self._run(place, step)
            except NoTime:
                self._worst("timed out", NO_TIME)
            else:
                self._cell_seconds += time.monotonic() - start
        return CellRecord(step.id, "answer" if step.answer else "other", status, output, error, step.source)

    def _run(self, place: int, step: StudentCell) -> tuple[str, str, CellError | None]:
        """Run a cell; return its status, what it printed, and what stopped it.

        Raises:
            NoTime: when no time is left.
        """
        if self.session.time_is_up:
            raise NoTime
        try:
            output, error = self.session.run(place, step.source)
        except Gone:
            status, words = self.session.post_mortem(f"cell {step.id}")
            self._worst(status, words)
            return status, "", CellError("", words, "")
        output = self._kept(output)
        if self.session.process is not None:
            noted = magics.notes(step.id, self.session.process.remarks)
            self.plan.notes += noted[: max(0, MOST_NOTES - len(self.plan.notes))]
        if error is None:
            return "ok", output, None
        if error.too_long:
            doing = "waiting" if error.message.startswith("still waiting") else "running"
            self._worst("timed out", f"Cell {step.id} was still {doing} after {self.limits.cell:g} s.")
        return "timed out" if error.too_long else "error", output, self._stopped(error)

    def _kept(self, output: str) -> str:
        """What is kept of what a cell printed; who knows what wrote it."""
        kept = output[: min(self.limits.output + 100, self._room)]
        self._room -= len(kept)
        return kept if self._room or not output else f"{kept}\n... and more than is kept of all cells"

    def _stopped(self, error: Error) -> CellError:
        process = self.session.process
        return CellError(error.type, error.message, "\n".join(process.trace(error)) if process else "")

    def _changed_below(self, place: int, test: TestCell) -> bool:
        """Say whether a cell below a test may change what the test's function does."""
        steps, code = enumerate(self.plan.steps), self.session.code
        codes = [(at, code.get(at, "")) for at, step in steps if isinstance(step, StudentCell)]
        names = names_of(test.hidden)
        above = [self.plan.read.python(text) or "" for at, text in codes if at < place]
        below = [self.plan.read.python(text) for at, text in codes if at > place]
        known = [text for text in below if text is not None]
        return names is None or len(known) < len(below) or may_change(names.loads, above, known, self.plan.read)

    def _test(self, place: int, test: TestCell, phase: str) -> str:
        """Run a part of a test; return what it said. Where this part decides the test, what came of it is kept."""
        start = time.monotonic()
        try:
            process = self.session.above(place)
        except NoTime:
            self._worst("timed out", NO_TIME)
            self._decided[test.id] = result(test, "timed out", phase, NO_TIME)
            return ""
        error = next((cell.error for cell in self.cells if cell.id == test.function and cell.error), None)
        part = TestCellRun(test, phase, process, self.plan.imports, self.limits.call, self.seed, error)
        said, found = part.run()
        self._written.setdefault(test.id, {}).update(dict.fromkeys(part.writes_into))
        if process.fault:
            outcome, words = self.session.post_mortem(test.function)
            words = hidden.ended(outcome, test.function) if phase == "hidden" else words
            self._worst(outcome, words)
            found = result(test, outcome, phase, words)
        self.clock.check()
        if phase == "hidden" or not test.hidden.strip():
            self._whole.add(test.id)
        if found is not None:
            self._decided[test.id] = found
        self._taken[test.id] = self._taken.get(test.id, 0.0) + time.monotonic() - start
        return said

    def _worst(self, status: str, reason: str) -> None:
        """Remember the worst that happened."""
        if RANK.index(status) > RANK.index(self.status):
            self.status, self.reason = status, one_line(reason, REASON)
