"""List what lies in a folder or in a zip, and read one file of it at a time, without unpacking anything to disk.

No name in an archive can lead anywhere then. What a zip says about itself is not believed: its list of names is
measured before it is read, and what it unpacks to while it is read.
"""

import contextlib
import io
import os
import re
import struct
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from grading import door
from grading.collect.encodings import decoded
from grading.door import DEEPEST_OF_ALL, plain_file, walk
from grading.shown import one_line, thinned

MOST_BYTES = 64_000_000  # of one file
MOST_UNPACKED = 256_000_000  # of one student, the zips in their zips among it
MOST_UNPACKED_BY_ALL = 64_000_000_000
MOST_FILES = 50_000  # in one student's zip
MOST_FILES_OF_ALL = 1_000_000  # in the downloads, before a student's zip is opened
MOST_ZIPS = 20  # in one student's zip
A_NAME = 128  # bytes that a file's entry in the list of a zip takes, about
IGNORED = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".venv", "node_modules"}
FAULTS = {
    "link": "it is a link, and could lead anywhere",
    "other": "it is no plain file",
    "deep": "it lies in too many folders",
    "full": f"it holds more than {MOST_FILES_OF_ALL:,} files",
    "closed": "it cannot be entered",
}  # of what `grading.door.walk` finds
LINK, KIND = 0o120000, 0o170000  # in the mode that a zip keeps of a file made under Unix
UTF8, ENCRYPTED = 0x800, 0x1  # flags of a member
UNICODE_PATH = 0x7075  # field of a member: its name in UTF-8, with a checksum of the other one
NOTEBOOK = re.compile(r"\.ipynb(?:\.(?:txt|json))?\s*$", re.IGNORECASE)  # browsers may add an ending


Opened = Callable[[], AbstractContextManager[IO[bytes]]]


class NotTaken(Exception):
    """A file that is not taken; the message says why."""


@dataclass(frozen=True)
class DownloadedFile:
    """A file among the downloads.

    Attributes:
        origin: where it was found, in words.
        parts: names of folders, zips and the file, from the outside in.
        time: when it was written, as the disk or the zip says: year, month, day, hour, minute, second.
        opened: function that gives a stream of its bytes, in a `with` statement.
        fault: why it cannot be taken, whatever it holds.
        path: where it lies on the disk, if it does.
    """

    origin: str
    parts: tuple[str, ...]
    time: tuple[int, ...]
    opened: Opened
    fault: str = ""
    path: Path | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether its name is a notebook's."""
        return bool(NOTEBOOK.search(self.parts[-1]))

    @property
    def is_zip(self) -> bool:
        """Whether its name is a zip's."""
        return self.parts[-1].lower().rstrip().endswith(".zip")


@dataclass
class Budget:
    """How much may still be unpacked; `over`: the budget of all, of which this one is a student's part."""

    left: int
    over: "Budget | None" = None

    def spend(self, size: int) -> None:
        """Take bytes off.

        Raises:
            NotTaken: when there are not so many left.
        """
        self.left -= size
        if self.left < 0:
            raise NotTaken("it unpacks to too much")
        if self.over:
            try:
                self.over.spend(size)
            except NotTaken:
                raise NotTaken("the downloads together unpack to too much; bring them in in parts") from None


def in_folder(folder: Path) -> list[DownloadedFile]:
    """List a folder: `DownloadedFile` for each file, by name."""
    listed = []
    for parts, kind in walk(folder, IGNORED, MOST_FILES_OF_ALL):
        if not parts or _ignored(parts):
            continue
        path = folder.joinpath(*parts)
        parts = tuple(unicodedata.normalize("NFC", part) for part in parts)
        fault, when = FAULTS.get(kind, ""), _written(path)
        listed.append(DownloadedFile("/".join(parts), parts, when, _opener(path, folder), fault, path))
        if len(listed) > MOST_FILES_OF_ALL:
            raise NotTaken(f"it holds more than {MOST_FILES_OF_ALL:,} files")
    return listed


def _ignored(parts: tuple[str, ...]) -> bool:
    """Whether a file is none that a person wrote; macOS puts a "._x" beside an "x"."""
    return bool(IGNORED & set(parts)) or parts[-1].startswith("._")


def _written(path: Path) -> tuple[int, ...]:
    """When a file was written; nothing where it says what no clock can."""
    try:
        return time.localtime(max(0, path.lstat().st_mtime))[:6]
    except (OSError, OverflowError, ValueError):
        return ()


def _opener(path: Path, folder: Path) -> Opened:
    return lambda: io.BytesIO(plain_file(path, MOST_BYTES + 1, folder))


def in_zip(
    archive: zipfile.ZipFile,
    origin: str,
    parts: tuple[str, ...],
    opened: Callable[[int], Opened],
    most: int = MOST_FILES,
) -> tuple[list[DownloadedFile], str]:
    """List a zip: `DownloadedFile` for each file.

    Args:
        archive: the open `zipfile.ZipFile`.
        origin: where the zip was found, in words; empty for the downloads themselves.
        parts: names that lead to it.
        opened: function from the number of a member to a function that gives a stream of its bytes.
        most: how many files it may hold.

    Returns:
        List of `DownloadedFile`, and the name of the encoding of its names, where that is a guess.

    Raises:
        NotTaken: when there are more.
    """
    members = archive.infolist()
    if len(members) > most:
        raise NotTaken(f"it holds more than {most:,} files")
    names, guessed = _names(members)
    listed = []
    for number, (member, name) in enumerate(zip(members, names)):
        inside = PurePosixPath(name.replace("\\", "/"))
        if (
            not inside.parts
            or name.endswith(("/", "\\"))
            or IGNORED & set(inside.parts)
            or inside.name.startswith("._")
        ):
            continue
        where, within = f"{origin}: {name}" if origin else name, inside.parts
        fault = ""
        if len(within) > DEEPEST_OF_ALL:
            fault, within = FAULTS["deep"], (*within[:2], within[-1])
        elif inside.is_absolute() or ".." in inside.parts or re.match("[A-Za-z]:", name):
            fault = "its name leads out of the archive"
        elif member.external_attr >> 16 & KIND == LINK:
            fault = "it is a link, and could lead anywhere"
        elif member.flag_bits & ENCRYPTED:
            fault = "it needs a password"
        listed.append(DownloadedFile(where, (*parts, *within), member.date_time, opened(number), fault))
    return listed, guessed


def _names(members: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """Read the names in a zip. Only some say in which encoding they are; one holds for all others."""
    names: list[str] = []
    unknown: list[tuple[int, bytes]] = []
    for member in members:
        name = member.orig_filename
        if not member.flag_bits & UTF8 and not name.isascii():
            raw = name.encode("cp437")  # as it was before zipfile read it
            if told := _unicode_path(member.extra, raw):
                name = told
            else:
                unknown.append((len(names), raw))
        names.append(name)
    texts, encoding, certain = decoded([raw for _, raw in unknown])
    for (number, _), text in zip(unknown, texts):
        names[number] = text
    return [unicodedata.normalize("NFC", thinned(name)) for name in names], "" if certain else encoding


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in UTF-8 that Windows' packers put beside the other one, if it is still of that one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(field) > 5 and field[1:5] == struct.pack("<I", zlib.crc32(raw)):
            with contextlib.suppress(UnicodeDecodeError):
                return field[5:].decode("utf-8")
    return None


@contextlib.contextmanager
def zip_opened(file: str | Path | IO[bytes], most: int = MOST_FILES) -> Iterator[zipfile.ZipFile]:
    """Open a zip, in a `with` statement.

    Args:
        file: path, or stream that can be moved in.
        most: how many files it may hold, about: its list is not even read when it is much longer.

    Raises:
        NotTaken: when it is none, or holds too much, or anything goes wrong with it within the statement.
    """
    with contextlib.ExitStack() as stack:
        try:
            stream = stack.enter_context(door.stream(file)) if isinstance(file, str | os.PathLike) else file
            parts: Any = zipfile  # its own parts, which ZipFile goes by: so the two cannot disagree
            ending = parts._EndRecData(stream)
            if ending is None:
                raise NotTaken("it is no zip, or only a part of one")
            if ending[parts._ECD_SIZE] > most * A_NAME:
                raise NotTaken(f"it holds more than {most:,} files")
            archive = stack.enter_context(zipfile.ZipFile(stream))
        except Exception as error:  # a damaged archive may raise anything, and the others must be read
            raise _refused(error) from error
        yield archive


def read(found: DownloadedFile, budget: Budget, most: int | None = None) -> bytes:
    """Read a file, however much it claims to hold.

    Args:
        found: `DownloadedFile`.
        budget: `Budget` that it is taken off.
        most: bytes that it may have; by default `MOST_BYTES`.

    Raises:
        NotTaken: when it cannot be read, or is too large.
    """
    most = MOST_BYTES if most is None else most
    if found.fault:
        raise NotTaken(found.fault)
    budget.spend(0)
    try:
        with found.opened() as stream:
            data = stream.read(min(most, budget.left) + 1)
    except Exception as error:
        raise _refused(error) from error
    if len(data) > most:
        raise NotTaken(f"it is larger than {most:,} bytes")
    budget.spend(len(data))
    return data


def inside(found: DownloadedFile, budget: Budget, depth: int = 2) -> list[DownloadedFile]:
    """List a student's zip, and the zips in it, but no deeper.

    Args:
        found: `DownloadedFile`, a zip.
        budget: `Budget` of the student, for the zips in it.
        depth: how many zips in one another are opened.

    Returns:
        List of `DownloadedFile`.

    Raises:
        NotTaken: when it cannot be read.
    """
    if depth == 0:
        raise NotTaken("a zip in a zip in a zip is not opened")
    parts = (*found.parts[:-1], found.parts[-1].rstrip()[: -len(".zip")])
    with _unpacked(found, budget) as archive:
        listed, _ = in_zip(archive, found.origin, parts, lambda number: lambda: _member(found, number, budget))
    if sum(one.is_zip for one in listed) > MOST_ZIPS:
        raise NotTaken(f"it holds more than {MOST_ZIPS} zips")
    files = [one for one in listed if not one.is_zip]
    for one in listed:
        if one.is_zip and not one.fault:
            try:
                files += inside(one, budget, depth - 1)
            except NotTaken as reason:
                files.append(DownloadedFile(one.origin, one.parts, one.time, one.opened, str(reason)))
        elif one.is_zip:
            files.append(one)
        if len(files) > MOST_FILES:
            raise NotTaken(f"it holds more than {MOST_FILES:,} files")
    return files


@contextlib.contextmanager
def _unpacked(found: DownloadedFile, budget: Budget) -> Iterator[zipfile.ZipFile]:
    """Open a zip among the downloads: from the disk, or in memory where it lies in another."""
    if found.fault:
        raise NotTaken(found.fault)
    if found.path:
        with zip_opened(found.path) as archive:
            yield archive
    else:
        with zip_opened(io.BytesIO(read(found, budget))) as archive:
            yield archive


@contextlib.contextmanager
def _member(found: DownloadedFile, number: int, budget: Budget) -> Iterator[IO[bytes]]:
    """Open a zip once more, for one of its members: nothing of it is held in the meantime."""
    with _unpacked(found, budget) as archive, archive.open(archive.infolist()[number]) as stream:
        yield stream


def _refused(error: Exception) -> NotTaken:
    """Say in words what is wrong with an archive or a file."""
    if isinstance(error, NotTaken):
        return error
    if isinstance(error, NotImplementedError):
        return NotTaken("it was packed in a way that cannot be unpacked here; ask for the notebook itself")
    if isinstance(error, RuntimeError) and "password" in str(error):
        return NotTaken("it needs a password")
    if isinstance(error, OSError) and error.strerror:
        return NotTaken(f"it cannot be read ({error.strerror})")
    return NotTaken(f"it is damaged, and cannot be unpacked ({one_line(error, 80) or type(error).__name__})")
