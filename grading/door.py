"""The one place that opens what a student handed in: plain files of a bounded size, and no link out of their folder."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from grading.collect.files import plain_file, shown

MOST, LARGEST, TOGETHER, DEEPEST = 40, 5 * 2**20, 20 * 2**20, 4  # of the files beside a notebook
NBGRADERS = ("timestamp.txt", "submission_secret.txt")


class NoFile(Exception):
    """There is no file to judge; the message says why, in words for the student."""


@dataclass
class Beside:
    """What lies beside a notebook.

    Attributes:
        files: the bytes of those that are taken, by their path in the folder, with ``/``.
        notes: in sentences, what is taken, and what is not and why.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


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
    if any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
        raise NoFile(f"{path.name} is a link, or lies in one; hand in the file itself")
    try:
        return plain_file(path, most)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise NoFile(f"{path.name} cannot be opened: {getattr(error, 'strerror', error)}") from error


def beside(notebook: Path, base: Path) -> Beside:
    """Read what lies beside a notebook, for it to import, to run or to load.

    Args:
        notebook: the notebook's own place, which is left out.
        base: as in `read`.
    """
    found, refused, room = Beside(), [], TOGETHER
    if any(step.is_symlink() for step in notebook.parents if base in step.parents):
        return found
    for path in sorted(_below(notebook.parent, DEEPEST), key=str):
        name = path.relative_to(notebook.parent).as_posix()
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
        found.notes.append(f"Beside the notebook lay, and was there when it ran: {_listed(list(found.files))}.")
    found.notes += [
        f"Beside the notebook lies {shown(name)}, which was not looked at: {why}." for name, why in refused[:3]
    ]
    if refused[3:]:
        found.notes.append(f"Beside the notebook lie {len(refused) - 3} more that were not looked at.")
    return found


def _below(folder: Path, depth: int) -> list[Path]:
    """List the files below a folder, but for hidden ones and what Python compiled."""
    paths = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)[: 10 * MOST]
    except OSError:
        return []
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            paths += _below(Path(entry.path), depth - 1) if depth else []
        else:
            paths.append(Path(entry.path))
    return paths[: 10 * MOST]


def _listed(names: list[str]) -> str:
    """Name files, as many as a line has room for."""
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if names[8:] else "")
