"""Call functions that live in the student's process as if they were here.

What comes back was built on this side from plain data. An exception becomes one of the same name and words, and an
array that the function changed is changed here, too: rnnchecks judges both as it does in a notebook.
"""

import contextlib
import functools
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from grading.sandbox.guest import wire
from grading.sandbox.guest.shared import text
from grading.sandbox.guest.values import Garbled, NotSendable, Values, taken_back
from grading.sandbox.reply import Error, change, error_of, places_of, raised
from rnnchecks.engine.call import TooLong

SCOPES = ("<module>", "<lambda>", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
Encoded = tuple[Any, list[bytes]]  # what `Values.encode` makes
STALE = 100  # replies to questions of before; an honest process sends none
BUSY, SLACK = 4, 5.0  # on a busy machine, a second of computing takes longer; and seconds for all else


class Gone(TooLong):
    """The student's process died, or did not answer. A check stops at once, as it does for a loop without end."""


class StudentProcess:
    """A student's process, seen from the grader's side.

    Args:
        sock: socket to it.
        until: when its time is up, on the clock of `time.monotonic`.
        seconds: how long one call may compute.

    Attributes:
        seconds: the same; it can be changed.
        fault: why it is of no more use: ``""``, ``"died"``, ``"timed out"`` or ``"garbled"``.
        error: what stopped the last call, or None.
        remarks: what did nothing in the last cell, as the process says; it may say anything.
        interrupted: whether a person asked the grader to stop, in the middle of a call.
    """

    def __init__(self, sock: socket.socket, until: float, seconds: float):
        self.sock, self.until, self.seconds = sock, until, seconds
        self.values = Values(self._handle)
        self.fault, self.interrupted, self.count = "", False, 0
        self.error: Error | None = None
        self.lines: dict[str, list[str]] = {}  # of each cell, by its label
        self.remarks: Any = []

    def cell(self, source: str, label: str, seconds: float) -> tuple[str, Error | None]:
        """Run a cell; give what it printed, and what stopped it.

        Raises:
            Gone: when that ended the process.
        """
        self.lines[label], self.remarks = source.splitlines(), []
        reply, _ = self._ask({"do": "cell", "source": source, "label": label, "seconds": seconds}, seconds)
        self.remarks = reply.get("remarks")
        return text(reply.get("output")), error_of(reply.get("error"))

    def put(self, files: dict[str, bytes]) -> None:
        """Write files into the folder that the process works in.

        Args:
            files: their bytes, by names that lead nowhere else.
        """
        self._ask({"do": "put", "names": list(files)}, 10.0, list(files.values()))

    def kinds(self, names: list[str]) -> dict[str, str]:
        """Say what names stand for: ``"call"`` (a function), ``"value"`` or ``"none"``."""
        reply, _ = self._ask({"do": "kinds", "names": names}, 1.0)
        found = reply.get("kinds")
        found = found if isinstance(found, dict) else {}
        return {name: found[name] if found.get(name) in ("call", "value") else "none" for name in names}

    def get(self, name: str) -> Any:
        """Fetch what a name stands for."""
        return self._result({"do": "get", "name": name}, (), {})

    def function(self, name: str) -> Callable[..., Any]:
        """Give a function that calls the student's function of that name."""

        def proxy(*args: Any, **kwargs: Any) -> Any:
            return self._result({"do": "call", "name": name}, args, kwargs)

        proxy.__name__ = name
        return proxy

    def answering(self, name: str, call: Encoded) -> Callable[..., Any]:
        """Give a function that calls the student's function of that name with arguments that are encoded already.

        Args:
            name: of the function.
            call: the arguments, encoded, with nothing in them that is lent. Those that it is called with are the same.
        """
        return lambda *args: self._result({"do": "call", "name": name}, args, {}, call)

    def together(self, name: str, calls: list[Encoded]) -> list[Callable[..., Any]]:
        """Ask for several calls of the student's function of that name in one message, when the first is wanted.

        The process makes the arguments of each call when it is its turn, bounds each by itself, and answers each by
        itself. It sees the arguments of all calls before it answers the first: none of them may be a secret.

        Args:
            name: of the function.
            calls: the arguments of each call, encoded, with nothing in them that is lent.

        Returns:
            For each call a function that takes its arguments, and gives or raises what the call gave or raised. They
            are called in this order.
        """
        message = {"do": "calls", "name": name, "seconds": self.seconds, "counts": [len(blobs) for _, blobs in calls]}
        first, alone = self.count + 1, self.function(name)
        self.count += len(calls)
        skipped: list[bool] = []

        def answer(place: int, *args: Any) -> Any:
            if not skipped:
                with _unheard():
                    now = self._now()
                    with self._minding():
                        if place == 0:
                            trees, blobs = [tree for tree, _ in calls], [blob for _, parts in calls for blob in parts]
                            self._send({**message, "n": first}, trees, blobs, now, self.seconds)
                        reply, parts = self._wait(first + place, now, self.seconds)
                    if reply.get("skipped") is not True:
                        return self._read(reply, parts, args)
                skipped.append(True)  # and so are those after it, in replies that nobody waits for
            return alone(*args)

        return [functools.partial(answer, place) for place in range(len(calls))]

    def _handle(self, number: int, args: tuple, kwargs: dict) -> Any:
        """Call a function that the student's function returned."""
        return self._result({"do": "call", "id": number}, args, kwargs)

    def _result(self, message: dict, args: tuple, kwargs: dict, call: Encoded | None = None) -> Any:
        """Ask for a call, whose arguments may be encoded already; return what it gave, or raise what it raised."""
        first = self.values.count
        with _unheard():
            try:  # what was lent for the call is known until its answer is read: it may be what came back
                reply, blobs = self._ask({**message, "seconds": self.seconds}, self.seconds, (args, kwargs), call)
                return self._read(reply, blobs, args)
            finally:
                for number in range(first, self.values.count):
                    self.values.lent.pop(number, None)

    def _read(self, reply: dict, blobs: list[bytes], args: tuple) -> Any:
        """Read the answer to a call; return what it gave, or raise what it raised."""
        try:
            value, changed = self.values.decode(reply["data"], blobs) if reply.get("data") is not None else (None, [])
            for place, new in zip(places_of(reply.get("changed"), len(args)), changed):
                change(args[place], new)
        except (Garbled, ValueError, TypeError, KeyError) as error:
            raise self._gone("garbled") from error
        sys.stderr.write(text(reply.get("said")))  # the check listens, and passes on what it likes
        self.error = error_of(reply.get("error"))
        if self.error is not None:
            raise raised(self.error, reply["error"].get("bases"), self.trace(self.error))
        return value

    def trace(self, error: Error) -> tuple[str, ...]:
        """List the student's lines that an error came through, the innermost last; the lines are from our own copy."""
        told = []
        for name, label, line in error.frames:
            lines = self.lines.get(label, [])
            if 0 < line <= len(lines) and (name in SCOPES or any(name in text for text in lines)):
                told.append(f"{name}, line {line}: {lines[line - 1].strip()[:200]}")
        return tuple(told[-3:])

    def _ask(
        self, message: dict, seconds: float, data: Any = None, encoded: Encoded | None = None
    ) -> tuple[dict, list[bytes]]:
        """Send a question and wait for its answer; serve what is asked of us in the meantime."""
        self.count += 1
        number, now = self.count, self._now()
        with self._minding():
            self._send({**message, "n": number}, *(encoded or self.values.encode(data)), now, seconds)
            return self._wait(number, now, seconds)

    def _now(self) -> float:
        """The time, while there is some left.

        Raises:
            Gone: when there is none, or the process is gone already.
        """
        if self.fault:
            raise Gone
        now = time.monotonic()
        if now >= self.until:
            raise self._gone("timed out")
        return now

    def _deadline(self, now: float, seconds: float) -> float:
        """When an answer is waited for no longer.

        The process keeps to its time by itself, in seconds of computing; this is for one that does not.
        """
        return min(self.until, now + BUSY * seconds + SLACK)

    def _send(self, message: dict, tree: Any, blobs: list[bytes], now: float, seconds: float) -> None:
        """Send a question."""
        wire.send(self.sock, {**message, "data": tree}, blobs, self._deadline(now, seconds) - now)

    def _wait(self, number: int, now: float, seconds: float) -> tuple[dict, list[bytes]]:
        """Wait for the answer to the question of a number."""
        deadline = self._deadline(now, seconds)
        for _ in range(STALE):
            reply, blobs = wire.receive(self.sock, max(0.0, deadline - time.monotonic()))
            while reply.get("do") == "back":
                self._serve(reply, blobs, deadline)
                reply, blobs = wire.receive(self.sock, max(0.0, deadline - time.monotonic()))
            if reply.get("n") == number:
                return reply, blobs
        raise wire.Lost("garbled")

    @contextlib.contextmanager
    def _minding(self) -> Iterator[None]:
        """Remember why the process is of no more use, where something goes wrong with a message.

        Raises:
            Gone: when the process is gone, or late, or sends what no honest one would.
        """
        try:
            yield
        except wire.Lost as lost:
            raise self._gone({"closed": "died", "late": "timed out", "garbled": "garbled"}[lost.how]) from lost
        except Garbled as error:
            raise self._gone("garbled") from error
        except (NotSendable, wire.MessageTooLarge):  # what a check passes always crosses; so this is the course's fault
            raise
        except KeyboardInterrupt:
            self.fault, self.interrupted = "garbled", True
            raise
        except BaseException:  # stopped in the middle of a message: nobody knows what comes next
            self.fault = self.fault or "timed out"
            raise

    def _serve(self, asked: dict, blobs: list[bytes], deadline: float) -> None:
        """Call a function of ours that was passed to the student's, and send what it gave."""
        value, error = None, None
        number = asked.get("id")
        if type(number) is not int or not 0 <= number < self.values.count:
            raise wire.Lost("garbled")
        function = self.values.lent.get(number, taken_back)
        try:
            args, kwargs = self.values.decode(asked.get("data"), blobs)
            value = function(*args, **{str(name): given for name, given in kwargs.items()})
        except Gone:
            raise
        except Garbled:
            raise
        except Exception as fault:
            bases = [kind.__name__ for kind in type(fault).__mro__ if kind.__module__ == "builtins"]
            error = {"type": type(fault).__name__, "message": str(fault)[:2000], "bases": bases}
        tree, parts = self.values.encode(value)
        message = {"do": "answer", "error": error, "data": tree}
        wire.send(self.sock, message, parts, max(0.1, deadline - time.monotonic()))

    def _gone(self, fault: str) -> Gone:
        self.fault = fault
        return Gone()


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Of our own lines nobody needs to hear that an error came through, even where it was stopped in one."""
    try:
        yield
    except BaseException as error:
        error.came_through = getattr(error, "came_through", ())  # type: ignore[attr-defined]
        raise
