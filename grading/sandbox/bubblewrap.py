"""The walls of the sandbox: the command that bubblewrap is called with, as root or as an ordinary user."""

import functools
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import rnnlib
from grading.sandbox.program import sandbox_program

GUEST, LIBRARY = Path(__file__).resolve().parent / "guest", Path(rnnlib.__file__).resolve().parent
FOLDERS = {"/tmp": 256 * 2**20, "/dev/shm": 64 * 2**20}  # what a student can write to, and how much
NEEDED = ("--size", "--perms", "--seccomp", "--info-fd", "--remount-ro")  # options of bubblewrap's
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "share/zoneinfo", "share/fonts")  # of /usr and of /
PYTHON = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg", "share/zoneinfo")  # of a folder into which Python is installed
# What the kernel says of the whole machine, and no notebook needs to know.
OF_THE_MACHINE = tuple(f"/proc/{name}" for name in (
    "cmdline", "config.gz", "diskstats", "kallsyms", "key-users", "keys", "locks", "modules", "partitions",
    "sched_debug", "swaps", "sysrq-trigger", "timer_list", "zoneinfo"))  # fmt: skip
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
MISSING = """\
The sandbox cannot be started, and without it a student's code would run with your rights. {why}
`make setup` brings it along for Linux on x86_64 and aarch64.
On Debian or Ubuntu:  sudo apt install bubblewrap
On Fedora:            sudo dnf install bubblewrap
Where programs of ordinary users may make no name spaces (Ubuntu 24.04, some containers), allow it for bubblewrap:
an AppArmor profile for /usr/bin/bwrap with `userns,`, or: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0
On macOS and Windows there is no bubblewrap: mark in a Linux container or virtual machine.
Only for notebooks that you trust: --unsandboxed, which every verdict then says."""


class SandboxMissing(Exception):
    """No sandbox can be had on this machine; the message says how to get one."""


def inside(folder: Path, tells: int, filters: int) -> list[str]:
    """The command that a program is put behind to run it in the sandbox.

    Args:
        folder: where files for the sandbox can be put.
        tells: file descriptor to which bubblewrap tells the number of the first process.
        filters: file descriptor from which bubblewrap reads the filter of system calls.

    Raises:
        SandboxMissing: when there is no bubblewrap, or one that knows less than is needed.
    """
    program = sandbox_program()
    if program is None:
        raise SandboxMissing(MISSING.format(why="bubblewrap (the program bwrap) is not installed."))
    bwrap, has = program.path, options(program.path)
    if missing := [option for option in NEEDED if option not in has]:
        why = f"{bwrap} does not know {', '.join(missing)}: it is too old. Version 0.7 or later is needed."
        raise SandboxMissing(MISSING.format(why=why))
    command = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--hostname", "notebook", "--seccomp", str(filters), "--info-fd", str(tells)]
    command += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
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
    command += ["--proc", "/proc", "--dev", "/dev"]
    # First these: Python, too, may lie below /tmp.
    for writable, size in FOLDERS.items():
        command += ["--perms", "1777", "--size", str(size), "--tmpfs", writable]
    seen = bound()
    parents = {parent for path in [*seen, Path("/box/lib/rnnlib")] for parent in path.parents}
    for parent in sorted(parents - {Path("/"), *map(Path, FOLDERS)}):  # which bubblewrap would make for root alone
        command += ["--perms", "0755", "--dir", str(parent)]
    for path in seen:
        link = path.is_symlink() and any(path.resolve().is_relative_to(other) for other in seen)
        command += ["--symlink", os.readlink(path), str(path)] if link else ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind", str(LIBRARY), "/box/lib/rnnlib"]
    for hidden in answer_folders(list(map(str, seen))):
        command += ["--perms", "0755", "--tmpfs", hidden, "--remount-ro", hidden]
    for path in sorted(GUEST.glob("*.py")):
        command += ["--ro-bind", str(path), f"/box/{path.name}"]
    command += ["--ro-bind", str(drawn(folder)), "/box/matplotlib"]
    nothing = folder / "nothing"
    nothing.touch(0o644)
    for name in OF_THE_MACHINE:
        if Path(name).exists():
            command += ["--ro-bind", str(nothing), name]
    # /dev belongs to whoever made the sandbox, and so, for an ordinary user, to the student's code.
    for closed in ("/dev/pts", "/dev", "/"):
        command += ["--remount-ro", closed]
    return [*command, "--chdir", "/tmp", "--", *drop]


def bound() -> list[Path]:
    """List what is seen in the sandbox under its own path, read-only: what Python needs, and the system's programs.

    Of a folder such as /usr or /usr/local not the whole, because others keep things there: an exchange, a course.
    """
    prefixes = {Path(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    prefixes |= {path.resolve() for path in prefixes}
    places = [Path("/usr", name) for name in SYSTEM]
    places += [prefix / name for prefix in sorted(prefixes - {Path("/usr")}) for name in PYTHON]
    places += [Path("/", name) for name in SYSTEM if Path("/", name).is_dir()]
    places += [Path("/etc/ld.so.cache"), Path("/etc/alternatives"), *map(Path, site.getsitepackages())]
    chosen: list[Path] = []
    for path in sorted(path for path in set(places) if path.exists()):
        if not any(path.is_relative_to(other) for other in chosen if not other.is_symlink()):
            chosen.append(path)
    return chosen


def exposed(paths: Iterable[Path]) -> list[Path]:
    """Say which of some folders students' code could look into, because they lie in one that the sandbox shows."""
    shown = [path.resolve() for path in bound()]
    return [path for path in paths if any(path.resolve().is_relative_to(place) for place in shown)]


def answer_folders(roots: list[str]) -> list[str]:
    """List the folders with right answers that lie below what is mounted, by each path under which they are seen there.

    Nothing mounts `rnnchecks`. But it may be installed into a Python, this one or another, or lie in a course that is
    kept below /usr; and an rnnlib from before it was a package of its own has it inside.
    """
    packages = [f"{above}python3*/*-packages" for above in ("", "lib*/", "local/lib*/")]
    places = {LIBRARY.parent, *map(Path, sys.path)}
    places |= {folder for root in roots for pattern in packages for folder in Path(root).glob(pattern)}
    folders = {(place / name).resolve() for place in places for name in ("rnnchecks", "rnnlib/checks")}
    pairs = [(folder, Path(root)) for folder in folders if folder.is_dir() for root in roots]
    seen = [root / f.relative_to(root.resolve()) for f, root in pairs if f.is_relative_to(root.resolve())]
    return sorted(map(str, seen))


def drawn(folder: Path) -> Path:
    """Make a folder with matplotlib's list of fonts, so that not every sandbox looks for them anew."""
    import matplotlib.font_manager  # which makes the list where there is none

    goal = folder / "matplotlib"
    goal.mkdir(exist_ok=True)
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
    """Find a program of util-linux, which root needs to drop its rights, where the sandbox has its programs."""
    path = shutil.which(program, path=ENVIRONMENT["PATH"])
    if path is None:
        raise SandboxMissing(MISSING.format(why=f"To drop root's rights, {program} (of util-linux) is needed."))
    return path
