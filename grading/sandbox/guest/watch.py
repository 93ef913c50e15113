"""One bound for all that a submission holds, where the kernel gives no group for it: the first process adds it up.

It sees the processes of the sandbox and its folders. Memory that a process shares with the first one, which has loaded
the modules, is not the student's and is taken off.
"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

EVERY = 0.05  # seconds between two looks
SPACE = 4  # so many times the memory may be set apart by all processes together
FILES = 100_000  # in the folders; each takes memory of the kernel's own
SOCKET = {"sockets:": 2**19, "TCP:": 2**23}  # bytes that can wait in one, and in one of TCP beyond that
KIB = 1024


class Watch:
    """Look at what a submission uses.

    Args:
        memory: bytes that it may use.
        folders: where it can write, all in memory.
        processes: where the kernel lists the processes.
    """

    def __init__(self, memory: int, folders: Sequence[str], processes: str | Path = "/proc"):
        self.memory, self.folders, self.processes = memory, folders, Path(processes)
        self.held, self.space = sizes((self.processes / "self/status").read_text())
        self.before = [self.inside(folder) for folder in folders]

    def over(self) -> bool:
        """Say whether it uses more than it may."""
        held, space, files = self.in_sockets(), 0, 0
        me = {"1", str(os.getpid())}
        for path in self.processes.glob("[0-9]*/status"):
            with contextlib.suppress(OSError, ValueError):  # it has just ended
                if path.parent.name not in me:
                    one, apart = sizes(path.read_text())
                    held += max(0, one - self.held)
                    space += max(0, apart - self.space)
        for folder, (size, number) in zip(self.folders, self.before, strict=True):
            now = self.inside(folder)
            held, files = held + max(0, now[0] - size), files + now[1] - number
        return held > self.memory or space > SPACE * self.memory or files > FILES

    def in_sockets(self) -> int:
        """Say what may wait in the sockets of the sandbox's network, which nobody says exactly."""
        counts = (self.processes / "self/net/sockstat").read_text().split()
        found = {kind: int(counts[counts.index(kind) + 2]) for kind in ("sockets:", "TCP:") if kind in counts}
        return sum(number * SOCKET[kind] for kind, number in found.items())

    def inside(self, folder: str) -> tuple[int, int]:
        """Count the bytes and the files in a folder."""
        of = os.statvfs(folder)
        return (of.f_blocks - of.f_bfree) * of.f_frsize, of.f_files - of.f_ffree


def sizes(status: str) -> tuple[int, int]:
    """Read from the status of a process what it holds, alone or with its children, and its address space, in bytes."""
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    held, space = (
        sum(int(found[name].split()[0]) for name in names if name in found)
        for names in (("RssAnon", "RssShmem", "VmSwap", "VmPTE"), ("VmSize",))
    )
    return held * KIB, space * KIB
