"""What a student's process says of a call, read on this side: an exception, and how arguments were changed.

It may say anything. What is made of it here is plain data and exceptions of our own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.sandbox.guest.shared import exception, text
from grading.sandbox.guest.values import WORDS
from rnnchecks.engine.call import TooLong


@dataclass(frozen=True)
class Error:
    """What stopped a cell or a call.

    Attributes:
        type: name of the exception's type.
        message: its words.
        frames: the student's lines that it came through: function, label of the cell, line.
        too_long: whether it was stopped because it computed for too long.
    """

    type: str
    message: str
    frames: tuple[tuple[str, str, int], ...] = ()
    too_long: bool = False


def raised(error: Error, bases: Any, trace: tuple[str, ...]) -> BaseException:
    """Make an exception of what the student's process said of one: of a builtin type where it was one."""
    if error.too_long:
        late = TooLong()
        late.came_through = trace  # type: ignore[attr-defined]
        return late
    names = [name for name in bases if isinstance(name, str)] if isinstance(bases, list) else []
    return exception(error.type, names, error.message, came_through=trace)


def error_of(error: Any) -> Error | None:
    """Read what the student's process says of an exception; it may say anything."""
    if error is None:
        return None
    error = error if isinstance(error, dict) else {}
    frames = error.get("frames")
    frames = [f for f in frames[-20:] if isinstance(f, list) and len(f) == 3] if isinstance(frames, list) else []
    return Error(
        type=WORDS.sub("_", text(error.get("type")))[:60] or "Exception",
        message=text(error.get("message"))[:2000],
        frames=tuple((text(name)[:60], text(label), line) for name, label, line in frames if type(line) is int),
        too_long=error.get("bases") == ["TooLong"],
    )


def places_of(value: Any, most: int) -> list[int]:
    """Read the places of arguments that were changed."""
    return [n for n in value if type(n) is int and 0 <= n < most] if isinstance(value, list) else []


def change(ours: Any, new: Any) -> None:
    """Change an argument as the student's function changed its copy of it."""
    if isinstance(ours, np.ndarray) and isinstance(new, np.ndarray):
        if ours.shape != new.shape and ours.size == new.size:
            ours.shape = new.shape
        ours[...] = new
    elif isinstance(ours, dict) and isinstance(new, dict):
        for key in [key for key in ours if key not in new]:
            del ours[key]
        for key, value in new.items():
            _put(ours, key, value)
    elif isinstance(ours, list) and isinstance(new, list):
        ours[len(new) :] = []
        for i, value in enumerate(new):
            if i < len(ours):
                _put(ours, i, value)
            else:
                ours.append(value)
    elif isinstance(ours, tuple) and isinstance(new, tuple):
        for one, other in zip(ours, new):
            change(one, other)


def _put(ours: Any, key: Any, new: Any) -> None:
    """Change what a container holds: an array in place, because somebody else may hold it, too."""
    old = ours.get(key) if isinstance(ours, dict) else ours[key]
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and (old.shape, old.dtype) == (new.shape, new.dtype):
        old[...] = new
    else:
        ours[key] = new
