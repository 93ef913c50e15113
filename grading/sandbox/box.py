"""A sandbox that stays warm: bubblewrap round a process that has NumPy loaded and forks, once for each student.

Inside there is no network, no file of the course but rnnlib, no other student and no environment.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.sandbox import cgroup, seccomp
from grading.sandbox.bubblewrap import ENVIRONMENT, FOLDERS, GUEST, LIBRARY, MISSING, SandboxMissing, drawn, inside

GROUP = "a control group of the kernel (version {version})"
WATCHED = "a process that looks twenty times a second, for no control group may be made here"
UNBOUND = "a limit for each process"
TOO_MUCH = "it used more than the {:,.0f} MiB of memory that a submission may use"
TOO_LONG = "it computed for too long, and nothing else stopped it"
STARTING = 120.0  # seconds for the machine, not the student: a busy one must not cost marks


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        call: seconds of computing for one call of a function; a problem that needs more says so itself.
        cell: seconds of computing for one cell.
        notebook: seconds for all cells, waiting included; half as many again for the hidden cases.
        memory: bytes for each process, beyond what is loaded before it starts.
        output: characters that are kept of what a cell prints.
        file: bytes in one file.
        processes: how many at once, threads included.
        submission: bytes of the notebook's file.
        judge: seconds of computing outside the sandbox, to read and to compare what came.
    """

    call: float = 10.0
    cell: float = 120.0
    notebook: float = 600.0
    memory: int = 2 * 2**30
    output: int = 20_000
    file: int = 64 * 2**20
    processes: int = 16
    submission: int = 20 * 2**20
    judge: float = 30.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{field.name}: expected a number above 0, got {value!r}")


class Box:
    """A warm sandbox.

    Args:
        sandboxed: False: the same processes without bubblewrap, for notebooks that are trusted.

    Attributes:
        bound: what bounds the memory that a submission uses, in words.
        over: whether the last student's processes wanted more of it.
        left: what the last student left that cannot be removed.

    Raises:
        SandboxMissing: when bubblewrap is not there, or may not do its work.
    """

    def __init__(self, sandboxed: bool = True):
        self.sandboxed, self.over = sandboxed, False
        self.loaded: set[str] = set()
        self.folder = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
        self.work = Path(self.folder.name) / "work"  # of each student in turn, where there are no walls
        self.group = cgroup.make() if sandboxed else None
        watched = WATCHED if sandboxed else UNBOUND
        self.bound = watched if self.group is None else GROUP.format(version=self.group.version)
        self.memory, self.ended, self.first = 0, 0, 0
        self.process: subprocess.Popen[bytes] | None = None
        self.left: list[str] = []
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        """Start the first process, and wait until it answers."""
        folder = Path(self.folder.name)
        with contextlib.ExitStack() as files:
            self.control, theirs = socket.socketpair()
            files.enter_context(theirs)
            said = files.enter_context(tempfile.TemporaryFile())
            told, tells = (files.enter_context(open(fd, mode)) for fd, mode in zip(os.pipe(), ("rb", "wb")))
            passed = [theirs.fileno(), tells.fileno()]
            if self.sandboxed:
                filters = files.enter_context(tempfile.TemporaryFile())
                try:
                    filters.write(seccomp.here())
                except ValueError as error:
                    raise SandboxMissing(MISSING.format(why=f"For this machine there is none: {error}.")) from error
                filters.seek(0)
                passed.append(filters.fileno())
                command = inside(folder, tells.fileno(), filters.fileno())
                around, program, library = {}, "/box/init.py", "/box/lib"
            else:
                command, program, library = [], str(GUEST / "init.py"), str(LIBRARY.parent)
                around = {**os.environ, **ENVIRONMENT, "MPLCONFIGDIR": str(drawn(folder))}
            self.process = subprocess.Popen(
                [*command, sys.executable, "-I", "-B", program, str(theirs.fileno()), library],
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=around,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this
            )
            theirs.close()
            tells.close()
            try:
                self.first = json.load(told)["child-pid"] if self.sandboxed else self.process.pid
                self._order({"do": "load", "names": []})
            except (OSError, ValueError) as error:
                self.process.kill()
                self.process.wait()
                said.seek(0)
                why = said.read().decode(errors="replace").strip()[-500:]
                raise SandboxMissing(MISSING.format(why=f"bubblewrap says: {why}\n")) from error

    def load(self, names: frozenset[str]) -> None:
        """Load modules that students' cells import, before anybody's process is started."""
        new = sorted(names - self.loaded)
        for at in range(0, len(new), 200):
            self._order({"do": "load", "names": new[at : at + 200]})
        self.loaded |= names

    def start(self, limits: Limits) -> socket.socket:
        """Start a student's process; return the socket to it.

        Raises:
            OSError: when the sandbox does not answer.
        """
        if self.left:
            self._shut()
            self._open()
            loaded, self.loaded, self.left = frozenset(self.loaded), set(), []
            self.load(loaded)
        ours, theirs = socket.socketpair()
        bounds = {name: int(getattr(limits, name)) for name in ("memory", "output", "file", "processes")}
        folder = "/tmp/work" if self.sandboxed else str(self.work)
        order: dict[str, Any] = {"do": "start", "limits": bounds | {"cpu": 2 * int(limits.notebook + 1)}}
        order |= {"folder": folder, "folders": list(FOLDERS), "watched": self.bound == WATCHED}
        self.memory, self.over, doors = bounds["memory"], False, []
        with theirs:
            try:
                if self.group is not None:
                    self.group.bound(bounds["memory"], bounds["processes"])
                    self.ended, doors = self.group.ended(), self.group.doors()
                answer = self._order(order, [theirs.fileno(), *doors])
            finally:
                for door in doors:
                    os.close(door)
        if "fault" in answer:
            raise OSError(answer["fault"])
        return ours

    def end(self) -> str:
        """End the student's processes and remove what they left; say how the first one ended.

        Raises:
            OSError: when that cannot be done. The sandbox is of no more use then.
        """
        # Of what cannot be removed nothing reaches the next student, who gets other walls: see `start`.
        answer = self._order({"do": "end", "folders": list(FOLDERS)}, seconds=30)
        shutil.rmtree(self.work, ignore_errors=True)
        self.over = answer["over"] or (self.group is not None and self.group.ended() > self.ended)
        self.left = answer["left"]
        if self.over and answer["ends"][:1] == [-signal.SIGKILL]:
            return TOO_MUCH.format(self.memory / 2**20)
        return ending(answer["ends"][0]) if answer["ends"] else ""

    def close(self) -> None:
        """End the sandbox and everything in it."""
        self._shut()
        if self.group is not None:
            self.group.close()
        self.folder.cleanup()

    def _shut(self) -> None:
        """End the processes in it."""
        if self.process is None:
            return
        self.control.close()
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # with the first process dies all that is inside
                os.kill(self.first or self.process.pid, signal.SIGKILL)
            self.process.kill()
        self.process.wait()
        self.process, self.first = None, 0

    def _order(self, order: dict, sent: Sequence[int] = (), seconds: float = STARTING) -> dict:
        """Have the first process do something."""
        self.control.settimeout(seconds)
        socket.send_fds(self.control, [json.dumps(order).encode()], list(sent))
        answer = self.control.recv(2**16)
        if not answer:
            raise ConnectionError("the sandbox ended")
        return json.loads(answer)


def ending(code: int) -> str:
    """Say in words how a process ended."""
    if code == -signal.SIGKILL:
        return "it was killed"
    if code == -signal.SIGXCPU:
        return TOO_LONG
    if code < 0:
        known = -code in {number.value for number in signal.Signals}
        return f"it crashed ({signal.Signals(-code).name if known else f'signal {-code}'})"
    return f"it ended itself, with exit code {code}"
