"""A sandbox that stays warm: bubblewrap round a process that has NumPy loaded and forks, once for each student.

Inside there is no network, no file of the course but rnnlib without its checks, no other student and no environment.
"""

import dataclasses
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import rnnlib

HERE, LIBRARY = Path(__file__).resolve().parent, Path(rnnlib.__file__).resolve().parent
PARTS = ("worker.py", "student.py", "barrier.py", "values.py", "wire.py")
FOLDERS = {"/tmp": 256 * 2**20, "/dev/shm": 64 * 2**20}  # what a student can write to, and how much
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
TOO_LONG = "it computed for too long, and nothing else stopped it"
STARTING = 120.0  # seconds for the machine, not the student: a busy one must not cost marks
MISSING = """\
The sandbox cannot be started, and without it a student's code would run with your rights. {why}
On Debian or Ubuntu:  sudo apt install bubblewrap
On Fedora:            sudo dnf install bubblewrap
Where programs of ordinary users may make no name spaces (Ubuntu 24.04, some containers), allow it for bubblewrap:
an AppArmor profile for /usr/bin/bwrap with `userns,`, or: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0
On macOS and Windows there is no bubblewrap: mark in a Linux container or virtual machine.
Only for notebooks that you trust: --unsandboxed, which every verdict then says."""


class SandboxMissing(Exception):
    """No sandbox can be had on this machine; the message says how to get one."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        call: seconds of computing for one call of a function; a problem that needs more says so itself.
        cell: seconds of computing for one cell.
        notebook: seconds for everything, waiting included.
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

    def __post_init__(self):
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
        self.sandboxed, self.loaded = sandboxed, set()
        self.folder = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
        self.control, theirs = socket.socketpair()
        command = inside(Path(self.folder.name)) if sandboxed else []
        around = {} if sandboxed else {**os.environ, **ENVIRONMENT, "MPLCONFIGDIR": str(drawn(Path(self.folder.name)))}
        program = ["/box/worker.py", str(theirs.fileno()), "/box/lib"] if sandboxed else [
            str(HERE / "worker.py"), str(theirs.fileno()), str(LIBRARY.parent)]  # fmt: skip
        with theirs, tempfile.TemporaryFile() as said:
            self.process = subprocess.Popen(
                [*command, sys.executable, "-I", "-B", *program],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=around,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this
            )
            theirs.close()
            try:
                self._order({"do": "load", "names": []})
            except OSError as error:
                self.close()
                said.seek(0)
                why = said.read().decode(errors="replace").strip()[-500:]
                raise SandboxMissing(MISSING.format(why=f"bubblewrap says: {why}\n")) from error

    def load(self, names: frozenset[str]) -> None:
        """Load modules that students' cells import, before anybody's process is started."""
        if names - self.loaded:
            self._order({"do": "load", "names": sorted(names - self.loaded)})
            self.loaded |= names

    def start(self, limits: Limits) -> socket.socket:
        """Start a student's process; return the socket to it.

        Raises:
            OSError: when the sandbox does not answer.
        """
        ours, theirs = socket.socketpair()
        bounds = {name: int(getattr(limits, name)) for name in ("memory", "output", "file", "processes")}
        order = {"do": "start", "limits": {**bounds, "cpu": int(limits.notebook) + 1}, "folder": "/tmp"}
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
            os.killpg(self.process.pid, signal.SIGKILL)  # with bubblewrap dies all that is inside
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
        return f"it crashed ({signal.Signals(-code).name})"
    return f"it ended itself, with exit code {code}"


def inside(folder: Path) -> list[str]:
    """The command that a program is put behind to run it in the sandbox.

    Args:
        folder: where files for the sandbox can be put.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxMissing(MISSING.format(why="bubblewrap (the program bwrap) is not installed."))
    has = options(bwrap)
    command = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--hostname", "box"]
    drop = []
    if os.geteuid() == 0:
        # Limits on processes do not bind root, so the sandbox is made by root and then runs as a user that nobody
        # else is. Only root can make it so: an ordinary user might not get to a Python in root's own folder.
        user = str(2_000_000_000 + os.getpid())
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]
        drop = [needed("setpriv"), "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs"]
        drop += ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]
    else:
        command += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
        command += ["--disable-userns"] if "--disable-userns" in has else []
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev"]
    python = {os.path.realpath(p) for p in (sys.base_prefix, sys.prefix)} | {sys.base_prefix, sys.prefix}
    python = sorted(path for path in python if not path.startswith("/usr/"))
    parents = {parent for path in [*python, "/box/lib/rnnlib", "/etc/ld.so.cache"] for parent in Path(path).parents}
    for parent in sorted(parents - {Path("/")}):  # which bubblewrap would make for root alone
        command += ["--perms", "0755", "--dir", str(parent)]
    for path in python:
        command += ["--ro-bind", path, path]
    command += ["--ro-bind", str(LIBRARY), "/box/lib/rnnlib"]
    # Where rnnlib is installed into Python itself, it is seen there, too.
    seen = {LIBRARY, *(Path(path, "rnnlib") for path in sys.path)}
    hidden = [path / "checks" for path in seen if any(path.is_relative_to(p) for p in ("/usr", *python))]
    for path in ["/box/lib/rnnlib/checks", *(str(path) for path in hidden if path.is_dir())]:
        command += ["--perms", "0755", "--tmpfs", path, "--remount-ro", path]
    for name in PARTS:
        command += ["--ro-bind", str(HERE / name), f"/box/{name}"]
    command += ["--ro-bind", str(drawn(folder)), "/box/matplotlib"]
    for path, size in FOLDERS.items():
        command += ["--perms", "1777", *(["--size", str(size)] if "--size" in has else []), "--tmpfs", path]
    return [*command, "--remount-ro", "/", "--chdir", "/tmp", "--", *drop]


def drawn(folder: Path) -> Path:
    """Make a folder with matplotlib's list of fonts, so that not every sandbox looks for them anew."""
    import matplotlib.font_manager  # which makes the list where there is none

    goal = folder / "matplotlib"
    goal.mkdir()
    for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        shutil.copy(path, goal)
    for path in (folder, goal, *goal.iterdir()):
        path.chmod(0o755)
    return goal


@functools.cache
def options(bwrap: str) -> str:
    """What this version of bubblewrap says of its options."""
    return subprocess.run([bwrap, "--help"], capture_output=True, text=True).stdout


def needed(program: str) -> str:
    """Find a program of util-linux, which root needs to drop its rights."""
    path = shutil.which(program)
    if path is None:
        raise SandboxMissing(MISSING.format(why=f"To drop root's rights, {program} (of util-linux) is needed."))
    return path
