"""Call a student's function so that nothing it does gets out: no exception, no endless loop, no flood of words.

What it returns is read at once and copied: nothing that the function does later can change it.
"""

import contextlib
import copy
import io
import linecache
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from rnnchecks.engine.compare import NotAnArray, plain, split
from rnnchecks.engine.problem import spread
from rnnlib._types import Array

SECONDS = 10.0  # of computing, for one call
OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep  # this package: no line of it is the student's
PRINTED = 20_000  # characters of one call that are shown
# NumPy's own defaults: a course's answers must not depend on what a notebook has set.
ERRORS: dict[str, Any] = dict(divide="warn", over="warn", under="ignore", invalid="warn")


class TooLong(BaseException):
    """The function computed for longer than `SECONDS`. No ``except Exception`` of the student's catches it."""


@dataclass
class Call:
    """What came of calling a function once.

    Attributes:
        values: for each output an array of ours, or in words what came instead of one.
        returned: why the outputs cannot be told apart, in words; empty when they can.
        error: the exception, or None.
        writes_into: names of the arguments that it wrote into.
        said: what it wrote to standard error, and its warnings.
        seconds: how long it ran.
    """

    values: tuple[Array | str, ...] = ()
    returned: str = ""
    error: BaseException | None = None
    writes_into: tuple[str, ...] = ()
    said: str = ""
    seconds: float = 0.0

    @property
    def stopped(self) -> bool:
        """Whether it was still running when it was stopped, by the clock or by hand."""
        return isinstance(self.error, TooLong | KeyboardInterrupt)


def call(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    names: tuple[str, ...],
    outputs: tuple[str, ...],
    seconds: float = SECONDS,
) -> Call:
    """Call `function` on copies of `args`, made for this call: what it writes into them spoils no other call.

    Args:
        function: the student's function, or one of the catalogue's.
        args: the arguments.
        names: their names.
        outputs: names of the outputs.
        seconds: how long it may compute.

    Returns:
        `Call`.
    """
    ours = fresh(args)
    result, returned, errors = Call(), None, _Limited(io.StringIO())
    start = time.perf_counter()
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stderr(errors),
        contextlib.redirect_stdout(_Limited(sys.stdout)),
        np.errstate(**ERRORS),
    ):
        warnings.simplefilter("always")
        try:
            with _at_most(seconds):
                returned = function(*ours)
        except BaseException as error:  # SystemExit too, and whatever a student derives from it
            result.error = error
        if result.error is None:
            try:
                result.values = _read(returned, outputs)
            except NotAnArray as fault:
                result.returned = str(fault)
    result.seconds = time.perf_counter() - start
    heard = (f"{warning.category.__name__}: {warning.message}" for warning in caught)
    result.said = "\n".join(filter(None, [errors.stream.getvalue(), *heard]))
    result.writes_into = tuple(name for name, now, before in zip(names, ours, args) if not unchanged(now, before))
    return result


def fresh(value: Any) -> Any:
    """Copy arguments: arrays with the gaps that they have in memory, which `copy.deepcopy` closes."""
    kind = type(value)
    if kind is dict:
        return {name: fresh(one) for name, one in value.items()}
    if kind is list or kind is tuple:
        return kind(map(fresh, value))
    if kind is not np.ndarray or value.dtype.kind == "O":
        return copy.deepcopy(value)
    return spread(value) if not value.flags.forc and value.dtype.kind == "f" else value.copy(order="K")


def _read(returned: Any, outputs: tuple[str, ...]) -> tuple[Array | str, ...]:
    """Read each output into an array of ours, or say in words what it is instead.

    Raises:
        NotAnArray: when there are too few outputs, or too many.
    """
    values: list[Array | str] = []
    for value in split(returned, outputs):
        try:
            values.append(plain(value))
        except NotAnArray as fault:
            values.append(str(fault))
    return tuple(values)


def unchanged(now: Any, before: Any) -> bool:
    """Return whether an argument, an array or a container of arrays, still holds what it held."""
    if isinstance(before, np.random.Generator) or callable(before):
        return True  # to draw from a generator changes it, and is what it is for
    if type(now) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        if now.shape != before.shape or now.dtype != before.dtype:
            return False
        # The bytes are compared first, which is quicker; equal numbers may have other bytes, as 0 and -0 do.
        return now.tobytes() == before.tobytes() or np.array_equal(now, before, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return now.keys() == before.keys() and all(unchanged(now[key], before[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(now) == len(before) and all(map(unchanged, now, before))
    return now is before or bool(now == before)


def trace(error: BaseException) -> tuple[str, ...]:
    """List the lines of the student's own code through which an exception came, innermost last."""
    elsewhere: tuple[str, ...] | None = getattr(error, "came_through", None)
    if elsewhere is not None:  # it was raised in a process of the student's own, where a grader runs their code
        return elsewhere
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(OURS) or "/site-packages/" in frame.filename.replace("\\", "/"):
            continue
        source = linecache.getline(frame.filename, frame.lineno or 0).strip()
        lines.append(f"{frame.name}, line {frame.lineno}: {source}" if source else f"{frame.name}, line {frame.lineno}")
    return tuple(lines[-3:])


def in_words(error: BaseException, most: int = 400) -> str:
    """Say what an exception says, whatever its ``__str__`` does."""
    try:
        text = str(error)
    except BaseException:
        text = "an exception that cannot be printed"
    return f"{type(error).__name__}: {text if len(text) <= most else text[:most] + ' ...'}"


class _Limited(io.TextIOBase):
    """A stream that passes on the first `PRINTED` characters, and then says that there were more."""

    def __init__(self, stream: Any):
        self.stream, self.left = stream, PRINTED

    def write(self, text: str) -> int:
        if self.left > 0:
            self.stream.write(text[: self.left])
            if len(text) > self.left:
                self.stream.write(f"\n... and more: of what one call prints, {PRINTED:,} characters are shown.\n")
        self.left -= len(text)
        return len(text)

    def flush(self) -> None:
        self.stream.flush()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop what computes for longer: time spent waiting, as in a debugger or on a busy machine, does not count.

    Where the system has no such clock, or outside the main thread, it runs until somebody stops it.
    """
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    previous = signal.signal(signal.SIGVTALRM, stop)
    # Again and again: the first may be swallowed by a bare `except:`.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
