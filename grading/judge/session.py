"""A student's process that can be had again: where it ended, a new one runs the cells above once more."""

import time
from collections.abc import Callable

from grading.sandbox.box import TOO_LONG, Box, Limits, SandboxMissing
from grading.sandbox.remote import Gone, StudentProcess
from grading.sandbox.reply import Error

OVER = "All its processes together wanted more memory than a submission may use, and one of them was ended for it."


class NoTime(Exception):
    """The notebook's time is up."""


class Session:
    """One submission's time in the sandbox.

    Args:
        limits: `Limits`.
        open_box: gives a warm sandbox: ``open_box(anew)``, where `anew` asks for a new one.
        began: when the submission's time began, on the clock of `time.monotonic`.
        files: what was handed in beside the notebook, by name.

    Attributes:
        until: when its time is up, on the same clock.
        starting: seconds that it took to start the last process.
        code: dict from the place of a cell that was run to what was run.
        process: the student's, or None.
        bound: what bounds the memory of all its processes together; empty while none has been started.
        over: whether they wanted more of it.
    """

    def __init__(
        self, limits: Limits, open_box: Callable[[bool], Box], began: float, files: dict[str, bytes] | None = None
    ):
        self.limits, self.open_box, self.files = limits, open_box, files or {}
        self.until, self.starting = began + limits.notebook, 0.0
        self.code: dict[int, str] = {}
        self.process: StudentProcess | None = None
        self.bound, self.over = "", False
        self._box: Box | None = None
        self._deadly: set[int] = set()  # places of cells that ended the process: no other one runs them
        self._done = 0  # the place up to which this process has run the cells
        self._anew = False  # whether to go on in a new one

    @property
    def time_is_up(self) -> bool:
        """Whether nothing more is run."""
        return time.monotonic() > self.until

    def extend(self, seconds: float) -> None:
        """Set the time anew: so many seconds from now."""
        self.until = time.monotonic() + seconds
        if self.process is not None:
            self.process.until = self.until

    def renew(self) -> None:
        """Have the next step go on in a new process."""
        self._anew = True

    def run(self, place: int, code: str) -> tuple[str, Error | None]:
        """Run a cell after those above it; return what it printed, and what stopped it.

        Raises:
            NoTime: when no time is left to begin.
            Gone: when the cell ended the process; `post_mortem` says how.
        """
        self.code[place] = code
        process = self.above(place)
        self._done = place + 1
        try:
            return process.cell(code, f"<cell {place}>", self.limits.cell)
        except Gone:
            self._deadly.add(place)
            raise

    def above(self, place: int) -> StudentProcess:
        """Return a process in which the cells above a place have been run, all but those that end it.

        Raises:
            NoTime: when no time is left.
        """
        while True:
            process = self.process
            if process is None or process.fault or self._anew:
                if self.time_is_up:
                    raise NoTime
                process = self._start()
                self._done, self._anew = 0, False
            while self._done < place and not process.fault:
                at = self._done
                self._done += 1
                if at in self.code and at not in self._deadly:
                    try:
                        process.cell(self.code[at], f"<cell {at}>", self.limits.cell)
                    except Gone:
                        self._deadly.add(at)
            if not process.fault:
                return process

    def _start(self) -> StudentProcess:
        """Start the student's process, in a new sandbox where something is wrong with the warm one."""
        start = time.monotonic()
        spoilt = self.end()
        for anew in (spoilt, True):
            self._box = self.open_box(anew)
            try:
                sock = self._box.start(self.limits)
                self.bound = self._box.bound
                break
            except OSError as error:
                fault = error
        else:
            raise SandboxMissing(f"The sandbox does not start a student's process: {fault}.")
        self.starting = time.monotonic() - start
        self.until += self.starting  # which is the machine's, and not the student's
        self.process = StudentProcess(sock, self.until, self.limits.call)
        if self.files:
            self.process.put(self.files)
        return self.process

    def post_mortem(self, where: str) -> tuple[str, str]:
        """Clear away a process that is of no more use; say what became of it: an outcome, and a sentence.

        Args:
            where: what was run, in words.
        """
        assert self.process is not None and self._box is not None
        fault = self.process.fault
        self.process.sock.close()
        self.process = None
        try:
            ending = self._box.end()
            self.over |= self._box.over
        except OSError:
            ending = "the sandbox ended with it"
            self._box = self.open_box(True)
        if fault == "timed out" or ending == TOO_LONG:
            return "timed out", f"In {where} the process did not come to its end in time, and was stopped."
        if fault == "garbled":
            return "died", f"In {where} the process sent what no notebook sends, and was ended."
        return "died", f"In {where} the process ended: {ending}."

    def end(self) -> bool:
        """End the student's process; say whether the sandbox is of no more use."""
        if self.process is None or self._box is None:
            return False
        self.process.sock.close()
        self.process = None
        try:
            self._box.end()
        except OSError:
            return True
        self.over |= self._box.over
        return False
