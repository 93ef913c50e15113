"""The program inside the sandbox. Its first process runs no student's code: it loads modules and forks, once a student.

`python -I init.py FD RNNLIB`: the number of the socket to the grader, and the folder with rnnlib. It is started by
`grading.sandbox.box`. Of this package it has what lies beside it there: student, limits, seccomp, shared, values, wire.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import student  # noqa: E402

sys.path.pop(0)

INSIDE = os.getpid() == 1  # in a process space of our own, where all other processes are the student's


def serve(control: socket.socket) -> None:
    """Serve the grader until it hangs up: load modules, start a student's process, end it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # without a handler, no signal of a student's reaches process 1
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no process of the same user looks into this one
    students: list[int] = []
    furnish()
    while True:
        text, fds, _, _ = socket.recv_fds(control, 2**16, 1)
        if not text:
            os._exit(0)
        order = json.loads(text)
        if order["do"] == "load":
            for name in order["names"]:
                load(name)
            answer: dict[str, Any] = {}
            gc.collect()
            gc.freeze()  # what no collection touches stays shared between the processes
        elif order["do"] == "start":
            pid = os.fork()
            if pid == 0:
                os.setpgid(0, 0)
                control.close()
                student.run(socket.socket(fileno=fds[0]), order, INSIDE)
            with contextlib.suppress(OSError):  # both do it, and whoever is first does it in time
                os.setpgid(pid, pid)
            os.close(fds[0])
            students.append(pid)
            answer = {"pid": pid}
        else:
            answer = {"ends": end(students), "left": [] if not INSIDE else emptied(order["folders"])}
            students.clear()
            furnish()
        control.sendall(json.dumps(answer).encode())


def furnish() -> None:
    """Put matplotlib's list of fonts where matplotlib looks for it, which must be a folder that can be written to."""
    if INSIDE:
        shutil.copytree("/box/matplotlib", os.environ["MPLCONFIGDIR"])


def load(name: str) -> None:
    """Import a module that the course's notebook imports."""
    with contextlib.suppress(Exception):  # the student's cell will say so
        importlib.import_module(name)


def end(students: list[int]) -> list[int]:
    """End every process of a student; return what became of each of `students`: its exit code, or minus a signal."""
    ends: dict[int, int] = {}
    while True:
        # Minus one is everybody but this process; without walls, it is the student's group alone that may be meant.
        for group in [-1] if INSIDE else [-pid for pid in students if pid not in ends]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(group, signal.SIGKILL)
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return [ends[pid] for pid in students if pid in ends]
        ends[pid] = os.waitstatus_to_exitcode(status)


def emptied(folders: Iterable[str]) -> list[str]:
    """Empty the folders that a student could write to, but for Python where it lies there; list what stays."""
    left: list[str] = []
    for folder in folders:
        mounted: list[str] = []
        for path, inner, _ in os.walk(folder):
            for name in list(inner):
                place = os.path.join(path, name)
                if os.path.ismount(place):
                    mounted.append(place)
                    inner.remove(name)
                elif not os.path.islink(place):
                    with contextlib.suppress(PermissionError):  # a folder on the way to Python is root's
                        os.chmod(place, 0o700)  # or nobody could look into it
        left += remove(folder, mounted)
    tables = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
    return left + [table for table in tables if os.path.exists(table) and len(Path(table).read_text().splitlines()) > 1]


def remove(folder: str, mounted: list[str]) -> list[str]:
    """Remove what is in a folder, but for what is mounted below it; list what cannot be removed."""
    left: list[str] = []
    for entry in os.scandir(folder):
        if entry.path in mounted:
            continue
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
        elif any(path.startswith(f"{entry.path}/") for path in mounted):
            left += remove(entry.path, mounted)
        else:
            shutil.rmtree(entry.path, ignore_errors=True)
            left += [entry.path] if os.path.exists(entry.path) else []
    return left


def without_answers() -> None:
    """Put a module in place of rnnlib.checks, which holds the answers: in it, `check` does nothing."""
    for part in Path(__file__).parent.glob("*.py"):  # a student's own module may have the name of one of ours
        sys.modules.pop(part.stem, None)
    checks = types.ModuleType("rnnlib.checks")
    checks.__dict__.update(check=lambda *args, **kwargs: None, when_written=student.when_written)
    sys.modules["rnnlib.checks"] = checks


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    without_answers()
    serve(socket.socket(fileno=int(sys.argv[1])))
