"""The program inside the sandbox. Its first process runs no student's code: it loads modules and forks, once a student.

`python -I init.py FD RNNLIB`: the number of the socket to the grader, and the folder with rnnlib. It is started by
`grading.sandbox.box`. Of this package it has what lies beside it there: stand_ins, student with shell and
missing_modules, limits, shared, values, watch, wire.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import stand_ins  # noqa: E402
import student  # noqa: E402
import watch  # noqa: E402

sys.path.pop(0)

DEEPEST = 100  # folders in one another that are removed; for more it takes minutes, and a new sandbox a second
INSIDE = os.getpid() == 1  # in a process space of our own, where all other processes are the student's


def serve(control: socket.socket) -> None:
    """Serve the grader until it hangs up: load modules, start a student's process, end it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # without a handler, no signal of a student's reaches process 1
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # where memory runs out, this goes first, and so does all that it starts
            Path("/proc/self/oom_score_adj").write_text("1000")
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no process of the same user looks into this one
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # the grader's own bound is not the students'
    students: list[int] = []
    watched: watch.Watch | None = None
    over, before = False, counters()
    furnish()
    student.shell.made()
    while True:
        if watched and not select.select([control], [], [], watch.EVERY)[0]:
            if watched.over():
                watched, over = None, True
                kill(students, {})
            continue
        text, fds, _, _ = socket.recv_fds(control, 2**16, 3)
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
            over, before = False, counters()
            watched = watch.Watch(order["limits"]["memory"], order["folders"]) if order["watched"] else None
            answer = start(control, order, fds, students)
        else:
            answer = {"ends": end(students), "over": over}
            answer["left"] = [] if not INSIDE else emptied(order["folders"])
            answer["left"] += [name for name, text in counters().items() if text != before[name]]
            watched = None
            students.clear()
            if not answer["left"]:  # else the next student gets another sandbox
                furnish()
        control.sendall(json.dumps(answer).encode())


def start(control: socket.socket, order: dict[str, Any], fds: list[int], students: list[int]) -> dict[str, Any]:
    """Start a student's process, in the groups whose doors were sent with the order; say what became of it."""
    waits, lets = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        for fd in (control.detach(), lets, *fds[1:]):
            os.close(fd)
        if os.read(waits, 1):  # none of its memory is held before it is in the groups
            os.close(waits)
            student.run(socket.socket(fileno=fds[0]), order, INSIDE)
        os._exit(1)
    with contextlib.suppress(OSError):  # both do it, and whoever is first does it in time
        os.setpgid(pid, pid)
    students.append(pid)
    try:
        for door in fds[1:]:
            os.write(door, str(pid).encode())
        os.write(lets, b"x")
        return {"pid": pid}
    except OSError as error:
        return {"fault": f"it cannot be put into its group: {error.strerror}"}
    finally:
        for fd in (waits, lets, *fds):
            os.close(fd)


def counters() -> dict[str, str]:
    """Read what the kernel counts of the sandbox's own network: a number there could be a message to the next one."""
    if not INSIDE:
        return {}
    places = [Path("/proc/self/net", name) for name in ("dev", "snmp", "snmp6", "netstat")]
    return {f"counts in {place.name}": place.read_text() for place in places if place.exists()}


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
        kill(students, ends)
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return [ends[pid] for pid in students if pid in ends]
        ends[pid] = os.waitstatus_to_exitcode(status)


def kill(students: list[int], ends: dict[int, int]) -> None:
    """Kill what a student started: all but this process; without walls, the groups alone that have not ended."""
    for group in [-1] if INSIDE else [-pid for pid in students if pid not in ends]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(group, signal.SIGKILL)


def emptied(folders: Iterable[str]) -> list[str]:
    """Empty the folders that a student could write to, but for Python where it lies there; list what stays."""
    left: list[str] = []
    for folder in folders:
        mounted: list[str] = []
        for path, inner, files in os.walk(folder):
            if path.count("/") > DEEPEST:
                return [folder]
            mounted += [place for name in files if os.path.ismount(place := os.path.join(path, name))]
            for name in list(inner):
                place = os.path.join(path, name)
                if os.path.ismount(place):
                    mounted.append(place)
                    inner.remove(name)
                elif not os.path.islink(place):
                    with contextlib.suppress(PermissionError):  # a folder on the way to Python is root's
                        os.chmod(place, 0o700)  # or nobody could look into it
        left += remove(folder, mounted)
        forgotten(folder)
    tables = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
    return left + [table for table in tables if os.path.exists(table) and len(Path(table).read_text().splitlines()) > 1]


def forgotten(folder: str) -> None:
    """Set back what a folder says of itself: its mode, its words and its times, all of which could be a message."""
    with contextlib.suppress(PermissionError):  # it is root's, and no student's
        os.chmod(folder, 0o1777)
    with contextlib.suppress(OSError, AttributeError):  # not every file system has them
        for name in os.listxattr(folder):
            os.removexattr(folder, name)
    os.utime(folder)  # also what was read in the future, which no reading sets back
    for device in Path("/dev").iterdir():  # they are the machine's own, and anybody may say that it is used now
        if device.is_char_device():
            with contextlib.suppress(OSError):
                os.utime(device)


def remove(folder: str, mounted: list[str]) -> list[str]:
    """Remove what is in a folder, but for what is mounted below it; list what cannot be removed."""
    left: list[str] = []
    for entry in os.scandir(folder):
        if entry.path in mounted:
            continue
        if not entry.is_dir(follow_symlinks=False):
            try:
                os.unlink(entry.path)
            except OSError:
                left.append(entry.path)
        elif any(path.startswith(f"{entry.path}/") for path in mounted):
            left += remove(entry.path, mounted)
        else:
            shutil.rmtree(entry.path, ignore_errors=True)
            left += [entry.path] if os.path.exists(entry.path) else []
    return left


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    stand_ins.put()
    serve(socket.socket(fileno=int(sys.argv[1])))
