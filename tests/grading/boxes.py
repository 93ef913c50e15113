"""A student's process in a warm sandbox, for the tests of what it can do."""

import contextlib
import textwrap
import time
from pathlib import Path

from grading.sandbox.box import Limits
from grading.sandbox.remote import StudentProcess


@contextlib.contextmanager
def student(box, **limits):
    """A student's process: a function that runs a cell in it and gives what that printed, or the type of its error."""
    process = StudentProcess(box.start(Limits(**limits)), time.monotonic() + 60, 5.0)

    def cell(source):
        output, error = process.cell(textwrap.dedent(source), "<cell 0>", limits.get("cell", 5.0))
        return error.type if error else output.strip()

    yield cell
    process.sock.close()
    box.end()


def running(words):
    """Say whether some process on the machine has a command line with these words."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if words in path.read_text():
                return True
    return False
