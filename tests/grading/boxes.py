"""A student's process in a warm sandbox, for the tests of what it can do."""

import contextlib
import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grading.sandbox.box import Limits
from grading.sandbox.remote import StudentProcess

ROOT = Path(__file__).resolve().parents[2]


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


AS_NOBODY = """
mkdir -p "$1" && mount -t tmpfs tmpfs "$1" && mkdir "$1/python" && mount --bind "$2" "$1/python" || exit 99
top=/$(echo "$2" | cut -d/ -f2)
if [ "$(stat -c %a "$top")" = 700 ]; then  # Python lies in a folder of root's: here, and only here, others may enter
    mount -t tmpfs -o mode=755 tmpfs "$top" && mkdir -p "$2" && mount --bind "$1/python" "$2" || exit 99
fi
mkdir "$1/home" && chmod 777 "$1/home" "$1" || exit 99
shift 2
exec setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH=/usr/bin:/bin HOME="$TMP/home" "$@"
"""
PROGRAM = """
import json, os, sys, time
sys.path.insert(0, {root!r})
from grading.sandbox.box import Box, Limits
from grading.sandbox.remote import Gone, StudentProcess
assert os.getuid() != 0
told, box = [], Box()
for cells in json.load(sys.stdin):
    process = StudentProcess(box.start(Limits(**{limits!r})), time.monotonic() + 60, 30.0)
    for cell in cells:
        try:
            output, error = process.cell(cell, "<cell 0>", 30.0)
            told.append(error.type if error else output.strip())
        except Gone:
            told.append(process.fault)
    process.sock.close()
    told.append(box.end())
told.append(box.bound)
box.close()
print(json.dumps(told))
"""


def as_ordinary_user(students, tmp_path, **limits):
    """Run cells in the sandbox of a grader that is an ordinary user.

    Args:
        students: for each of several students in turn, the cells to run; or cells, for one student.
        tmp_path: a temporary folder.
        **limits: of `Limits`.

    Returns:
        What `student` gives for each cell, and after the cells of each of several how it ended; last, what bounds it.
    """
    several = not isinstance(students[0], str)
    cells = [[textwrap.dedent(cell) for cell in one] for one in (students if several else [students])]
    command = [sys.executable, "-c", PROGRAM.format(root=str(ROOT), limits=limits)]
    away = Path("/mnt") / tmp_path.name
    around = {**os.environ, "TMP": str(away)}
    if os.geteuid() == 0:
        command = ["unshare", "--mount", "sh", "-c", AS_NOBODY, "sh", str(away), sys.base_prefix, *command]
    done = subprocess.run(
        command, input=json.dumps(cells), capture_output=True, text=True, timeout=300, env=around, check=False
    )
    if done.returncode == 99 or "unshare" in done.stderr.partition("\n")[0]:
        pytest.skip(f"no mounts of its own here: {done.stderr}")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return told if several else told[:-2]
