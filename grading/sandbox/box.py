"""A sandbox that stays warm: bubblewrap round a process that has NumPy loaded and forks, once for each student.

Inside there is no network, no file of the course but rnnlib without its checks, no other student and no environment.
"""

import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.bubblewrap import ENVIRONMENT, FOLDERS, GUEST, LIBRARY, MISSING, SandboxMissing, drawn, inside

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
    """

    call: float = 10.0
    cell: float = 120.0
    notebook: float = 600.0
    memory: int = 2 * 2**30
    output: int = 20_000
    file: int = 64 * 2**20
    processes: int = 16
    submission: int = 20 * 2**20

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{field.name}: expected a number above 0, got {value!r}")


class Box:
    """A warm sandbox.

    Args:
        sandboxed: False: the same processes without bubblewrap, for notebooks that are trusted.

    Raises:
        SandboxMissing: when bubblewrap is not there, or may not do its work.
    """

    def __init__(self, sandboxed: bool = True):
        self.sandboxed = sandboxed
        self.loaded: set[str] = set()
        self.folder = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
        self.control, theirs = socket.socketpair()
        info, info_out = os.pipe()
        command = inside(Path(self.folder.name), info_out) if sandboxed else []
        around = {} if sandboxed else {**os.environ, **ENVIRONMENT, "MPLCONFIGDIR": str(drawn(Path(self.folder.name)))}
        program = ["/box/init.py", str(theirs.fileno()), "/box/lib"] if sandboxed else [
            str(GUEST / "init.py"), str(theirs.fileno()), str(LIBRARY.parent)]  # fmt: skip
        with theirs, tempfile.TemporaryFile() as output:
            self.process = subprocess.Popen(
                [*command, sys.executable, "-I", "-B", *program],
                pass_fds=[theirs.fileno(), info_out],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=around,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this
            )
            theirs.close()
            os.close(info_out)
            self.first = 0
            try:
                with open(info) as file:
                    self.first = json.load(file)["child-pid"] if sandboxed else self.process.pid
                self._order({"do": "load", "names": []})
            except (OSError, ValueError) as error:
                self.close()
                output.seek(0)
                why = output.read().decode(errors="replace").strip()[-500:]
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
        ours, theirs = socket.socketpair()
        bounds = {name: int(getattr(limits, name)) for name in ("memory", "output", "file", "processes")}
        order = {"do": "start", "limits": {**bounds, "cpu": 2 * int(limits.notebook + 1)}, "folder": "/tmp"}
        if not self.sandboxed:
            order["folder"] = self.folder.name
        with theirs:
            self._order(order, theirs)
        return ours

    def end(self) -> str:
        """End the student's processes and remove what they left; say how the first one ended.

        Raises:
            OSError: when that cannot be done. The sandbox is of no more use then.
        """
        answer = self._order({"do": "end", "folders": list(FOLDERS)}, seconds=30)
        if answer["left"]:
            raise OSError(f"a student left {', '.join(answer['left'][:3])}")
        return ending(answer["ends"][0]) if answer["ends"] else ""

    def close(self) -> None:
        """End the sandbox and everything in it."""
        self.control.close()
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # with the first process dies all that is inside
                os.kill(self.first or self.process.pid, signal.SIGKILL)
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def _order(self, order: dict, sent: socket.socket | None = None, seconds: float = STARTING) -> dict:
        """Have the first process do something."""
        self.control.settimeout(seconds)
        socket.send_fds(self.control, [json.dumps(order).encode()], [sent.fileno()] if sent else [])
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
