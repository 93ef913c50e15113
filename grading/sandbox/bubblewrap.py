"""The walls of the sandbox: the command that bubblewrap is called with, as root or as an ordinary user."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import rnnlib

GUEST, LIBRARY = Path(__file__).resolve().parent / "guest", Path(rnnlib.__file__).resolve().parent
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


def inside(folder: Path, info: int) -> list[str]:
    """The command that a program is put behind to run it in the sandbox.

    Args:
        folder: where files for the sandbox can be put.
        info: file descriptor to which bubblewrap writes the number of the first process.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxMissing(MISSING.format(why="bubblewrap (the program bwrap) is not installed."))
    has = options(bwrap)
    command = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--info-fd", str(info)]
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
        root = Path("/", name)
        if root.is_symlink():
            command += ["--symlink", os.readlink(root), str(root)]
        elif root.is_dir():
            command += ["--ro-bind", str(root), str(root)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev"]
    prefixes = {os.path.realpath(p) for p in (sys.base_prefix, sys.prefix)} | {sys.base_prefix, sys.prefix}
    python = sorted(path for path in prefixes if not path.startswith("/usr/"))
    parents = {parent for path in [*python, "/box/lib/rnnlib", "/etc/ld.so.cache"] for parent in Path(path).parents}
    # First these: Python, too, may lie below /tmp.
    for path, size in FOLDERS.items():
        command += ["--perms", "1777", *(["--size", str(size)] if "--size" in has else []), "--tmpfs", path]
    parents -= {Path("/"), *map(Path, FOLDERS)}
    for parent in sorted(parents):  # which bubblewrap would make for root alone
        command += ["--perms", "0755", "--dir", str(parent)]
    for path in python:
        command += ["--ro-bind", path, path]
    command += ["--ro-bind", str(LIBRARY), "/box/lib/rnnlib"]
    # Where rnnlib is installed into Python itself, it is seen there, too.
    seen = {LIBRARY, *(Path(path, "rnnlib") for path in sys.path)}
    hidden = [path / "checks" for path in seen if any(path.is_relative_to(p) for p in ("/usr", *python))]
    for path in ["/box/lib/rnnlib/checks", *(str(path) for path in hidden if path.is_dir())]:
        command += ["--perms", "0755", "--tmpfs", path, "--remount-ro", path]
    for part in sorted(GUEST.glob("*.py")):
        command += ["--ro-bind", str(part), f"/box/{part.name}"]
    command += ["--ro-bind", str(drawn(folder)), "/box/matplotlib"]
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
