"""What bounds a student's process: its memory, processes and files, and of one call the time and the words.

A call that may do anything is run here; whatever it raises becomes plain data.
"""

import contextlib
import io
import math
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

# The one below `signal.signal`, where there is one: to give each number a name takes most of the time of that.
handle: Callable[..., Any] = getattr(sys.modules.get("_signal"), "signal", signal.signal)


class TooLong(BaseException):
    """Something computed for longer than it may. No ``except Exception`` of the student's catches it."""


def limit(limits: dict[str, int], inside: bool) -> None:
    """Bound what this process and its children may use; nothing can raise these bounds again."""
    space = limits["memory"]
    with contextlib.suppress(OSError):  # what the first process has loaded takes room, too
        space += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    bounds = {"AS": space, "FSIZE": limits["file"], "CPU": limits["cpu"], "NOFILE": 256, "CORE": 0}
    bounds |= {"SIGPENDING": 1024, "MSGQUEUE": 0}
    if inside:
        bounds["NPROC"] = limits["processes"]
    for name, value in bounds.items():
        # A stricter bound is set already, or the system has none.
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def attempt(function: Callable[[], Any], seconds: float) -> tuple[Any, dict[str, Any] | None]:
    """Call a function that may do anything; return what it returned, and what stopped it as plain data."""
    value, error = timed(function, seconds)
    return value, None if error is None else as_data(error)


def timed(function: Callable[[], Any], seconds: float) -> tuple[Any, BaseException | None]:
    """Call a function that may do anything; return what it returned, and the exception that stopped it."""

    def stop(number: int, frame: FrameType | None) -> None:
        # On a busy machine the clock on the wall runs faster than the work: it counts only for one that sleeps.
        worked, passed = time.process_time() - before[0], time.monotonic() - before[1]
        if number == signal.SIGVTALRM or worked < passed / 10:
            raise TooLong(f"still {'running' if number == signal.SIGVTALRM else 'waiting'} after {seconds:g} s")

    def watch(seconds: float) -> None:
        for clock, number in ((signal.ITIMER_VIRTUAL, signal.SIGVTALRM), (signal.ITIMER_REAL, signal.SIGALRM)):
            if seconds:
                handle(number, stop)
            signal.setitimer(clock, seconds, 0.5)  # again and again: `except:` may swallow one
        # Whoever swallows them all is ended by the kernel.
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = math.ceil(time.process_time() + seconds) + 1 if seconds else hard
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))

    before = time.process_time(), time.monotonic()
    try:
        try:
            watch(seconds)
            return function(), None
        finally:
            watch(0)
    except BaseException as error:  # SystemExit too, and whatever a student derives from it
        watch(0)  # one may have rung on the way out
        return None, error


def as_data(error: BaseException) -> dict[str, Any]:
    """Say what an exception is: its type, the builtin types that it is one of, its words, the student's lines."""
    unreadable = isinstance(error, SyntaxError)  # of which the line and the place in it are to be shown
    message = timed(lambda: "".join(traceback.format_exception_only(error)) if unreadable else str(error), 1.0)[0]
    message = message.strip()[:2000] if isinstance(message, str) else "an exception that cannot be printed"
    frames = []
    walk = error.__traceback__
    while walk is not None:
        if walk.tb_frame.f_code.co_filename.startswith("<cell "):
            frames.append([walk.tb_frame.f_code.co_name, walk.tb_frame.f_code.co_filename, walk.tb_lineno])
        walk = walk.tb_next
    kind = type(error)
    bases = (
        ["TooLong"] if kind is TooLong else [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    )
    return {"type": kind.__name__, "bases": bases, "message": message, "frames": frames[-20:]}


class Sink(io.TextIOBase):
    """Keep the first characters of what is written, and count the rest."""

    encoding = "utf-8"

    def __init__(self, most: int):
        self.parts: list[str] = []
        self.left, self.more = most, 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.left > 0:
            self.parts.append(text[: self.left])
        self.more += max(0, len(text) - max(0, self.left))
        self.left -= len(text)
        return len(text)

    def text(self) -> str:
        more = f"\n... and {self.more:,} characters more" if self.more else ""
        return "".join(self.parts) + more
