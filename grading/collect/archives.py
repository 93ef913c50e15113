"""Find the notebooks in a folder, and in the zips in it, without unpacking anything to disk.

No name in an archive can lead anywhere then; and what unpacks to too much is refused while it is read.
"""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOST_BYTES = 64_000_000  # of one file
MOST_UNPACKED = 4_000_000_000  # of all together
MOST_FILES = 50_000
IGNORED = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini"}
LINK, KIND = 0o120000, 0o170000  # in the mode that a zip keeps of a file made under Unix


class NotTaken(Exception):
    """A file that is not taken; the message says why."""


@dataclass(frozen=True)
class Download:
    """A notebook among the downloads.

    Attributes:
        origin: where it was found, in words.
        parts: folders, archives and its name, from the outside in.
        data: its bytes.
        time: when it was written: year, month, day, hour, minute, second.
    """

    origin: str
    parts: tuple[str, ...]
    data: bytes
    time: tuple[int, ...]


@dataclass
class _Budget:
    files: int = MOST_FILES
    unpacked: int = MOST_UNPACKED


def notebooks(folder: Path, refused: list[tuple[str, str]]) -> Iterator[Download]:
    """Go through a folder, or a zip; yield a `Download` for each notebook.

    Args:
        folder: its path.
        refused: list to which pairs (origin, reason) are added for whatever else is there.
    """
    budget = _Budget()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        parts = path.relative_to(folder).parts
        origin = "/".join(parts) or path.name
        if IGNORED & set(parts) or (path.is_dir() and not path.is_symlink()):
            continue
        try:
            if path.is_symlink() or not path.is_file():
                raise NotTaken("it is a link, and could lead anywhere")
            if path.suffix.lower() == ".zip":
                with zipfile.ZipFile(path) as archive:
                    inside = (*parts[:-1], path.stem) if parts else ()
                    yield from _unpacked(archive, inside, origin, budget, refused)
            elif path.suffix.lower() != ".ipynb":
                raise NotTaken("it is no notebook")
            elif path.stat().st_size > MOST_BYTES:
                raise NotTaken(f"it is larger than {MOST_BYTES:,} bytes")
            else:
                yield Download(origin, parts, path.read_bytes(), time.localtime(path.stat().st_mtime)[:6])
        except NotTaken as reason:
            refused.append((origin, str(reason)))
        except (OSError, zipfile.BadZipFile) as error:
            refused.append((origin, f"it cannot be read ({error})"))


def _unpacked(
    archive: zipfile.ZipFile,
    parts: tuple[str, ...],
    origin: str,
    budget: _Budget,
    refused: list[tuple[str, str]],
    nested: bool = False,
) -> Iterator[Download]:
    """Go through a zip, and through the zips in it, but no deeper."""
    for member in archive.infolist():
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or IGNORED & set(inside.parts):
            continue
        where = f"{origin}: {member.filename}"
        try:
            data = _read(archive, member, inside, budget)
            if inside.suffix.lower() == ".ipynb":
                yield Download(where, (*parts, *inside.parts), data, member.date_time)
            elif nested:
                raise NotTaken("a zip in a zip in a zip is not opened")
            else:
                with zipfile.ZipFile(io.BytesIO(data)) as inner:
                    names = (*parts, *inside.parts[:-1], inside.stem)
                    yield from _unpacked(inner, names, where, budget, refused, nested=True)
        except NotTaken as reason:
            refused.append((where, str(reason)))
        except Exception as error:  # a damaged archive may raise anything, and the others must be read
            refused.append((where, f"it cannot be unpacked ({error})"))


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inside: PurePosixPath, budget: _Budget) -> bytes:
    """Read a member, however much it claims to hold.

    Raises:
        NotTaken: when it is nothing that we take, or too much.
    """
    budget.files -= 1
    if budget.files < 0:
        raise NotTaken(f"the downloads hold more than {MOST_FILES:,} files")
    if inside.is_absolute() or ".." in inside.parts or re.match("[A-Za-z]:", member.filename):
        raise NotTaken("its name leads out of the archive")
    if member.external_attr >> 16 & KIND == LINK:
        raise NotTaken("it is a link, and could lead anywhere")
    if inside.suffix.lower() not in (".ipynb", ".zip"):
        raise NotTaken("it is no notebook")
    with archive.open(member) as stream:
        data = stream.read(MOST_BYTES + 1)
    budget.unpacked -= len(data)
    if len(data) > MOST_BYTES:
        raise NotTaken(f"it unpacks to more than {MOST_BYTES:,} bytes")
    if budget.unpacked < 0:
        raise NotTaken(f"the downloads unpack to more than {MOST_UNPACKED:,} bytes")
    return data
