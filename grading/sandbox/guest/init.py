"""The program inside the sandbox. Its first process runs no student's code: it loads modules and forks, once a student.

`python -I init.py FD RNNLIB`: the number of the socket to the grader, and the folder with rnnlib. It is started by
`grading.sandbox.box`. Of this package it has what lies beside it there: student with shell, absent, limits, seccomp,
values and wire.
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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import student  # noqa: E402

sys.path.pop(0)

INSIDE = os.getpid() == 1  # in a process space of our own, where all other processes are the student's


def first(control):
    """Serve the grader until it hangs up: load modules, start a student's process, end it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # without a handler, no signal of a student's reaches process 1
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no process of the same user looks into this one
    students = []
    furnished()
    student.shell.made()
    while True:
        text, fds, _, _ = socket.recv_fds(control, 2**16, 1)
        if not text:
            os._exit(0)
        order = json.loads(text)
        if order["do"] == "load":
            for name in order["names"]:
                load(name)
            answer = {}
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
            furnished()
        control.sendall(json.dumps(answer).encode())


def furnished():
    """Put matplotlib's list of fonts where matplotlib looks for it, which must be a folder that can be written to."""
    if INSIDE:
        shutil.copytree("/box/matplotlib", os.environ["MPLCONFIGDIR"])


def load(name):
    """Import a module that the course's notebook imports."""
    with contextlib.suppress(Exception):  # the student's cell will say so
        importlib.import_module(name)


def end(students):
    """End every process of a student; return what became of each of `students`: its exit code, or minus a signal."""
    ends = {}
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


def emptied(folders):
    """Empty the folders that a student could write to, but for Python where it lies there; list what stays."""
    left = []
    for folder in folders:
        mounted = []
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


def remove(folder, mounted):
    """Remove what is in a folder, but for what is mounted below it; list what cannot be removed."""
    left = []
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


def without_answers():
    """Put stand-ins where notebooks find `check`: in rnnchecks, and for those handed out earlier in rnnlib.checks."""
    # A student's own module may have such a name.
    for name in ("student", "absent", "limits", "seccomp", "shell", "values", "wire"):
        del sys.modules[name]
    for name in ("rnnchecks", "rnnlib.checks"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(check=lambda *args, **kwargs: None, when_written=student.when_written)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    without_answers()
    first(socket.socket(fileno=int(sys.argv[1])))
