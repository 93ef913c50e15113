"""Write a file so that it is whole or as it was before, whatever happens meanwhile."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def _no_link(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def readable(data: Mapping[str, Any]) -> str:
    """Write JSON for people to read, too: a line for each field, and for each item of a list.

    With `indent`, json leaves its fast writer for one of plain Python, which takes ten times as long.

    Raises:
        ValueError: when it holds a number that JSON has not.
    """
    lines = []
    for name, value in data.items():
        text = json.dumps(value, allow_nan=False)
        if isinstance(value, list | tuple) and value:
            text = "[\n  " + ",\n  ".join(json.dumps(one, allow_nan=False) for one in value) + "\n ]"
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write(path: Path, data: bytes, lasting: bool = False) -> Path:
    """Write a file in one step.

    Args:
        path: where; folders that are missing are made.
        data: what it is to hold.
        lasting: whether to wait until the disk has it. What can be made again from a verdict need not be waited for.

    Returns:
        The path.

    Raises:
        OSError: when it cannot be written; the file is as it was then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}.part")
    try:
        with open(part, "wb", opener=_no_link) as file:
            file.write(data)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    return path
