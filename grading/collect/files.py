"""Open a file of somebody else's without being led astray, and say its name without being told what to print."""

import os
import re
import stat
from pathlib import Path

from grading.report.pages import clean

WIDTH = 120  # characters of a name that are shown


def plain_file(path: str | Path, most: int) -> bytes:
    """Read a plain file: no link is followed, no pipe waited for, and no more is read than asked.

    Args:
        path: its path.
        most: how many bytes.

    Raises:
        OSError: when there is none.
    """
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(path, "rb", opener=lambda name, given: os.open(name, given | flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "it is no plain file", str(path))
        return file.read(most)


def shown(name: object, most: int = WIDTH) -> str:
    """A name on a line: no codes for terminals, no line breaks, not too long; its ending is kept."""
    name = " ".join(re.sub(r"[\u2028\u2029\ufeff\u200b-\u200f]", "", clean(name)).split())
    return name if len(name) <= most else f"{name[: most - 24]}…{name[-20:]}"
