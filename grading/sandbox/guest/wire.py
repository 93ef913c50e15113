"""Frames between the grader and the student's process: two lengths, a JSON header, and the bytes of arrays.

The other side may be an attacker: every length has a cap, every wait a deadline, and a header is only ever JSON. What
the header says of values is for `grading.sandbox.guest.values`. This file runs on both sides.
"""

import contextlib
import json
import select
import socket
import struct
import time
from typing import Any

HEADER, BODY = 4 * 2**20, 128 * 2**20  # bytes of one frame


class MessageTooLarge(Exception):
    """A frame that is too large to be sent."""


class Lost(Exception):
    """The other side is gone, late, or sends what no honest one would. `how` is ``closed``, ``late`` or ``garbled``."""

    def __init__(self, how: str):
        super().__init__(how)
        self.how = how


def send(sock: socket.socket, message: dict, blobs: list[bytes], seconds: float | None = None) -> None:
    """Send a message.

    Args:
        sock: stream socket.
        message: what JSON can say.
        blobs: bytes that go with it.
        seconds: how long the other side may take to read it; None: as long as it likes.

    Raises:
        MessageTooLarge: when it is; nothing is sent then.
        Lost: when the other side does not take it.
    """
    header = json.dumps({**message, "sizes": [len(blob) for blob in blobs]}).encode()
    body = sum(map(len, blobs))
    if len(header) > HEADER or body > BODY:
        raise MessageTooLarge(f"{(len(header) + body) / 2**20:.0f} MiB in one message")
    if seconds is not None and seconds <= 0:
        raise Lost("late")
    data = b"".join([struct.pack(">II", len(header), body), header, *blobs])
    try:
        if seconds is not None:
            _set(sock, 0.0)
            with contextlib.suppress(BlockingIOError):
                data = data[sock.send(data) :]  # mostly all of it, at once
        if data:
            _set(sock, seconds)
            sock.sendall(data)
    except TimeoutError as error:
        raise Lost("late") from error
    except OSError as error:
        raise Lost("closed") from error


def receive(sock: socket.socket, seconds: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
    """Wait for a message: what it says, and the bytes that go with it.

    Raises:
        Lost: when none came in time, or something else came.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    header, body = struct.unpack(">II", _read(sock, 8, deadline))
    if header > HEADER or body > BODY:
        raise Lost("garbled")
    raw = _read(sock, header + body, deadline)
    try:
        message = json.loads(raw[:header])
        sizes = message.pop("sizes")
        if not all(type(n) is int and n >= 0 for n in sizes) or sum(sizes) != body:
            raise Lost("garbled")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Lost("garbled") from error
    blobs, at = [], header
    for n in sizes:
        blobs.append(raw[at : at + n])
        at += n
    return message, blobs


def _read(sock: socket.socket, n: int, deadline: float | None) -> bytes:
    """Read n bytes."""
    parts = []
    _set(sock, None if deadline is None else 0.0)
    while n:
        try:
            part = sock.recv(min(n, 2**20))
        except BlockingIOError:
            _wait(sock, deadline)
            continue
        except OSError as error:
            raise Lost("closed") from error
        if not part:
            raise Lost("closed")
        parts.append(part)
        n -= len(part)
        if n and deadline is not None and time.monotonic() >= deadline:
            raise Lost("late")
    return b"".join(parts)


def _wait(sock: socket.socket, deadline: float | None) -> None:
    """Wait until there is something to read, or the other side is gone."""
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise Lost("late")
    ready = select.poll()
    ready.register(sock, select.POLLIN)
    ready.poll(None if left is None else 1000 * left)


def _set(sock: socket.socket, seconds: float | None) -> None:
    """Set how long the socket waits, where that is another time: each setting asks the kernel."""
    if sock.gettimeout() != seconds:
        sock.settimeout(seconds)
