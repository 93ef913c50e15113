"""The one door in: opens and lists what a student handed in, and what lies in downloads.

Nothing else in `grading` opens, reads or lists a path below submitted/ or in a download; a test watches for that. A
file is opened step by step from a folder that is ours, so that nothing on the way can be, or meanwhile become, a link.
It has to be a plain file, whose size is asked before it is read; and its name may hold any bytes.
"""

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from grading.shown import listed, one_line

MOST, LARGEST, TOGETHER, DEEPEST = 40, 5 * 2**20, 20 * 2**20, 4  # of the files beside a notebook
MOST_FOLDERS = 400  # beside a notebook that are looked into
DEEPEST_OF_ALL = 50  # folders in one another that are entered anywhere
MOST_ENTRIES = 2000  # in one student's folder; where there are more, none is looked at
SMALL = 1000  # bytes of what nbgrader puts beside a notebook
NBGRADERS = ("timestamp.txt", "submission_secret.txt")
# Faults of the disk, or of the machine, which would meet everybody's files; all others are one file's own.
OF_ALL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
PLAIN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
FOLDER = PLAIN | getattr(os, "O_DIRECTORY", 0)
STEPWISE = os.open in os.supports_dir_fd  # not under Windows, where there are no links without rights of their own


class NoFile(Exception):
    """There is no file to judge; the message says why, in words for the student."""


@dataclass(frozen=True)
class Entry:
    """Something in a folder: its name, and what it is: ``"file"``, ``"folder"``, ``"link"`` or ``"other"``."""

    name: str
    kind: str


@dataclass
class Beside:
    """What lies beside a notebook.

    Attributes:
        files: the bytes of those that are taken, by their path in the folder, with ``/``.
        notes: in sentences, what is taken, and what is not and why.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


# ---- To open and to list --------------------------------------------------------------------------------------------


def plain_file(path: str | Path, most: int, base: Path | None = None) -> bytes:
    """Read a plain file: no link is followed, no pipe waited for, and no more is read than asked.

    Args:
        path: its path.
        most: how many bytes.
        base: a folder above it that is ours; between it and the file nothing may be a link. None: only the file itself
            may be none.

    Raises:
        OSError: when there is none.
    """
    with stream(path, base) as file:
        return file.read(min(most, os.fstat(file.fileno()).st_size + 1))


def stream(path: str | Path, base: Path | None = None) -> IO[bytes]:
    """Open a plain file, for a `with` statement; the arguments, and what is raised, as for `plain_file`."""
    number = _opened(Path(path), base, os.O_RDONLY | PLAIN | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(None, "it is no plain file", str(path))
    return open(number, "rb")


def _opened(path: Path, base: Path | None, flags: int) -> int:
    """Open a path, each folder below the base by itself; return the number of the open file."""
    if base is None or not STEPWISE:
        if base is not None and any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        return os.open(path, flags)
    *folders, last = path.relative_to(base).parts or (".",)
    at = os.open(base, os.O_RDONLY | (FOLDER & ~getattr(os, "O_NOFOLLOW", 0)))
    try:
        for step in folders:
            below = os.open(step, os.O_RDONLY | FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(last, flags, dir_fd=at)
    finally:
        os.close(at)


def entries(folder: Path, base: Path | None = None, most: int = MOST_ENTRIES) -> list[Entry] | None:
    """List a folder, by name: list of `Entry`; None where there are more than `most` of them.

    Raises:
        OSError: when it is no folder, or a link to one.
    """
    if not STEPWISE:
        with os.scandir(folder) as found:
            seen = [Entry(one.name, _kind(one)) for one in itertools.islice(found, most + 1)]
    else:
        number = _opened(folder, base, os.O_RDONLY | FOLDER)
        try:
            with os.scandir(number) as found:
                seen = [Entry(one.name, _kind(one)) for one in itertools.islice(found, most + 1)]
        finally:
            os.close(number)
    return sorted(seen, key=lambda one: one.name) if len(seen) <= most else None


def walk(
    folder: Path, left_out: Container[str] = (), most: int = MOST_ENTRIES
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what lies in a folder and below it, by name: its path in parts, and its kind, but for folders themselves.

    A folder is yielded, as ``"deep"``, ``"full"`` or ``"closed"``, where it is not entered.

    Args:
        folder: where to look; it is ours.
        left_out: names that are passed over.
        most: how many entries a folder may have.
    """
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        above = waiting.pop()
        if len(above) > DEEPEST_OF_ALL:
            yield above, "deep"
            continue
        try:
            found = entries(folder.joinpath(*above), folder, most)
        except OSError:
            yield above, "closed"
            continue
        if found is None:
            yield above, "full"
            continue
        kept = [one for one in found if one.name not in left_out]
        yield from (((*above, one.name), one.kind) for one in kept if one.kind != "folder")
        waiting += [(*above, one.name) for one in reversed(kept) if one.kind == "folder"]


def _kind(entry: "os.DirEntry[str]") -> str:
    try:
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "other"
    except OSError:
        return "other"


# ---- What a student handed in --------------------------------------------------------------------------------------


def read(path: Path, base: Path, most: int) -> bytes:
    """Read a file that came from a student.

    A link is refused: it could lead out of the student's folder, to the solution. So is what is no plain file: a pipe
    would be waited for without end.

    Args:
        path: the file.
        base: a folder above it that is ours; between it and the file nothing may be a link.
        most: bytes to read; what is longer is read no further.

    Raises:
        NoFile: when it is no such file; FileNotFoundError where there is none.
    """
    called = one_line(path.name)
    try:
        return plain_file(path, most, base)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in OF_ALL:
            raise
        if any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
            raise NoFile(f"{called} is a link, or lies in one; hand in the file itself") from error
        raise NoFile(f"{called} cannot be opened: {getattr(error, 'strerror', error)}") from error


def others(folder: Path, base: Path, ending: str) -> list[str]:
    """Names of the files of a kind in a student's folder, as they are."""
    try:
        return [one.name for one in entries(folder, base) or () if one.name.endswith(ending)]
    except OSError:
        return []


def small(folder: Path, base: Path, name: str) -> bytes | None:
    """Read what nbgrader, or an import, put beside a notebook; None where there is nothing of that kind."""
    try:
        data = plain_file(folder / name, SMALL + 1, base)
    except (OSError, ValueError):
        return None
    return data if len(data) <= SMALL else None


def is_there(path: Path, base: Path | None) -> bool:
    """Whether there is a plain file, and no link on the way to it."""
    try:
        plain_file(path, 0, base)
    except (OSError, ValueError):
        return False
    return True


def beside(notebook: Path, base: Path) -> Beside:
    """Read what lies beside a notebook, for it to import, to run or to load.

    Args:
        notebook: the notebook's own place, which is left out.
        base: as in `read`.
    """
    found, refused, room = Beside(), [], TOGETHER
    with contextlib.suppress(OSError):
        if entries(notebook.parent, base) is None:
            found.notes.append(f"What lies beside the notebook, more than {MOST_ENTRIES:,} files, was not looked at.")
    for name in _below(notebook.parent, base):
        path = notebook.parent / name
        if path == notebook or name in NBGRADERS:
            continue
        try:
            if len(found.files) == MOST:
                raise NoFile(f"at most {MOST} files are taken")
            if not name.isprintable() or len(name) > 200 or "\\" in name:
                raise NoFile("its name is none that every system knows")
            data = read(path, base, LARGEST + 1)
            if len(data) > min(LARGEST, room):
                raise NoFile(f"at most {LARGEST >> 20} MiB of a file and {TOGETHER >> 20} MiB of all are taken")
        except (NoFile, FileNotFoundError) as error:
            refused.append((name, str(error)))
            continue
        found.files[name], room = data, room - len(data)
    if found.files:
        found.notes.append(f"Beside the notebook lay, and was there when it ran: {listed(found.files)}.")
    found.notes += [
        f"Beside the notebook lies {one_line(name)}, which was not looked at: {one_line(why)}."
        for name, why in refused[:3]
    ]
    if refused[3:]:
        found.notes.append(f"Beside the notebook lie {len(refused) - 3} more that were not looked at.")
    return found


def _below(folder: Path, base: Path) -> list[str]:
    """List the files below a folder, as paths in it, but for hidden ones and what Python compiled."""
    paths: list[str] = []
    waiting: list[tuple[str, ...]] = [()]
    for above in waiting:  # which grows meanwhile
        with contextlib.suppress(OSError):
            for one in entries(folder.joinpath(*above), base) or ():
                if one.name.startswith(".") or one.name == "__pycache__":
                    continue
                if one.kind != "folder":
                    paths.append("/".join((*above, one.name)))
                elif len(above) < DEEPEST and len(waiting) < MOST_FOLDERS:
                    waiting.append((*above, one.name))
    return sorted(paths)[: 10 * MOST]
