"""One bound for all that a submission holds: a control group of the kernel, for its memory and its processes.

What counts is everything that is held in its name: the memory of all its processes, files in memory, what waits in
pipes and sockets, and the kernel's own notes of files and processes. Where it has no more, the kernel ends one of its
processes, and no other.

A group is made beside or below the one that the grader is in, so that whatever bounds the grader bounds the group, too.
Where that may not be done (an ordinary user mostly may not), there is none: see `grading.sandbox.guest.watch`.
"""

import contextlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

NAME = "grading-"
WANTED = ("memory", "pids")


@dataclass(frozen=True)
class Group:
    """A control group.

    Attributes:
        version: 1 or 2, of the kernel's interface.
        memory, pids: its folders; with version 2 they are one.
    """

    version: int
    memory: Path
    pids: Path

    @property
    def folders(self) -> list[Path]:
        """Its folders, each once."""
        return list(dict.fromkeys((self.memory, self.pids)))

    def bound(self, memory: int, processes: int) -> None:
        """Set how many bytes and how many processes there may be.

        Raises:
            OSError: when that cannot be done.
        """
        _write(self.pids / "pids.max", processes)
        if self.version == 2:
            _write(self.memory / "memory.max", memory)
            with contextlib.suppress(OSError):  # a kernel without swap
                _write(self.memory / "memory.swap.max", 0)
            return
        both = self.memory / "memory.memsw.limit_in_bytes"  # with swap; never less than the one without
        if both.exists():
            _write(both, -1)
        _write(self.memory / "memory.limit_in_bytes", memory)
        if both.exists():
            _write(both, memory)
        with contextlib.suppress(OSError):
            _write(self.memory / "memory.kmem.tcp.limit_in_bytes", memory // 16)  # is counted apart

    def doors(self) -> list[int]:
        """Open the files to which the number of a process is written that is to be in the group.

        Whoever holds them can put a process of its own into it; the caller closes them.

        Raises:
            OSError: when that cannot be done.
        """
        return [os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for folder in self.folders]

    def ended(self) -> int:
        """Count the processes that the kernel has ended since there is the group, because no memory was left."""
        words = ("memory.oom_control", "memory.events")[self.version - 1]
        return _count((self.memory / words).read_text(), "oom_kill")

    def close(self) -> None:
        """Remove it; nothing may be in it any more."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


def make(processes: Path = Path("/proc")) -> Group | None:
    """Make a group; None where that may not be done.

    Args:
        processes: where the kernel says what is mounted, and in which groups this process is.
    """
    tidy(processes)
    for version, homes in _homes(processes):
        name = f"{NAME}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        group = Group(version, homes[0] / name, homes[-1] / name)
        try:
            for folder in group.folders:
                folder.mkdir()
            group.bound(2**30, 16)
            for door in group.doors():
                os.close(door)
            group.ended()
        except (OSError, ValueError):
            group.close()
            continue
        return group
    return None


def tidy(processes: Path = Path("/proc")) -> None:
    """Remove the groups of graders that were killed before they could."""
    for home in {home for _, homes in _homes(processes) for home in homes}:
        for folder in home.glob(f"{NAME}*-*"):
            if not (processes / folder.name.split("-")[1]).exists():
                with contextlib.suppress(OSError):  # something is in it still
                    folder.rmdir()


def _homes(processes: Path) -> list[tuple[int, list[Path]]]:
    """Find where groups may be made: versions, and their folders for memory and for processes."""
    try:
        mounts = (processes / "self/mountinfo").read_text()
        groups = (processes / "self/cgroup").read_text()
    except OSError:  # no Linux
        return []
    found = [(2, _second(mounts, groups)), (1, _first(mounts, groups))]
    return [(version, homes) for version, homes in found if homes is not None]


def _first(mounts: str, groups: str) -> list[Path] | None:
    """Find the folders of this process's own groups, in version 1."""
    homes = []
    for wanted in WANTED:
        own = next((path for n, names, path in _lines(groups) if n != "0" and wanted in names.split(",")), None)
        seen = [(root, at) for kind, root, at, words in _mounted(mounts) if kind == "cgroup" and wanted in words]
        if own is None or not seen:
            return None
        homes.append(_below(*seen[0], own))
    return homes


def _second(mounts: str, groups: str) -> list[Path] | None:
    """Find the innermost folder above this process that passes memory and processes on to its groups, in version 2."""
    own = next((path for n, _, path in _lines(groups) if n == "0"), None)
    seen = [(root, at) for kind, root, at, _ in _mounted(mounts) if kind == "cgroup2"]
    if own is None or not seen:
        return None
    root, at = seen[0]
    inner = _below(root, at, own)
    for home in (inner, *inner.parents):
        if not home.is_relative_to(at):
            return None
        with contextlib.suppress(OSError):
            passed = (home / "cgroup.subtree_control").read_text().split()
            if set(WANTED) <= set(passed) and os.access(home / "cgroup.procs", os.W_OK):
                return [home]
    return None


def _lines(groups: str) -> list[tuple[str, str, str]]:
    """Read /proc/self/cgroup: number, names, and path of each group."""
    return [(n, names, path) for n, names, path in (line.split(":", 2) for line in groups.splitlines())]


def _mounted(mounts: str) -> list[tuple[str, str, Path, list[str]]]:
    """Read /proc/self/mountinfo: kind, root and place of what is mounted, and the words of its kind."""
    found = []
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(), right.split()
        found.append((kinds[0], fields[3], Path(fields[4]), kinds[-1].split(",")))
    return found


def _below(root: str, at: Path, own: str) -> Path:
    """Find where a group lies in the file system, of which in a container a part is mounted."""
    inner = own if root == "/" else own.removeprefix(root)
    place = at / inner.strip("/")
    return place if place.is_dir() else at


def _write(path: Path, number: int) -> None:
    path.write_text(f"{number}\n")


def _count(text: str, name: str) -> int:
    """Find a count in lines of a name and a number.

    Raises:
        ValueError: when there is none.
    """
    for line in text.splitlines():
        words = line.split()
        if words[:1] == [name]:
            return int(words[1])
    raise ValueError(f"no {name}")
