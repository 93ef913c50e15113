"""The judge's own time: what a student sends may keep it busy for so long, and no longer.

In this process runs nothing of a student's. So its seconds of computing are what it takes to read, to build and to
compare what they sent, and a busy machine does not add to them.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from rnnchecks.engine.call import TooLong

AGAIN = 0.5  # seconds until it rings again: one may be swallowed by what catches everything
WORDS = "To read and to compare what it sent took the judge itself more than {:g} s, and it stopped."


class OwnTimeUp(TooLong):
    """The judge has computed for too long over one submission. To a check it is a call that was stopped."""


class Clock:
    """A bound of this process's computing.

    Args:
        seconds: how long it may compute.

    Attributes:
        is_up: whether it has computed for longer.
        words: what is said of that.
    """

    def __init__(self, seconds: float):
        self.seconds, self.is_up, self.words = seconds, False, WORDS.format(seconds)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Raise `OwnTimeUp` within when the time is up; where the system has no such clock, never."""
        if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = signal.signal(signal.SIGPROF, self._ring)
        signal.setitimer(signal.ITIMER_PROF, self.seconds, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, previous)

    def check(self) -> None:
        """Raise `OwnTimeUp` where it was swallowed."""
        if self.is_up:
            raise OwnTimeUp

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.is_up = True
        raise OwnTimeUp
