"""Read tables as spreadsheets save them: with any separator, in any encoding, with lines too short or empty."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from grading.collect.encodings import IN_TABLES, decoded
from grading.course import UsageError
from grading.door import plain_file

MOST = 16_000_000  # bytes of a table
SEPARATORS = (";", "\t", ",")
BY_SHEET = "In a spreadsheet: Save as, CSV UTF-8."


@dataclass(frozen=True)
class Line:
    """A line of a table.

    Attributes:
        number: of its first line in the file, from 1 on.
        cells: its texts, without spaces around them, and without empty ones at the end.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table that was read.

    Attributes:
        lines: those that hold anything.
        separator: what stood between the cells.
        guessed: name of the encoding, where nothing but the look of the words speaks for it; else empty.
    """

    lines: tuple[Line, ...]
    separator: str
    guessed: str = ""


def read_table(path: Path, called: str) -> Table:
    """Read a table.

    Args:
        path: of a CSV file.
        called: what to call it in messages.

    Returns:
        `Table`.

    Raises:
        UsageError: when it cannot be read; the message has the line, where there is one.
    """
    try:
        data = plain_file(path, MOST + 1)
    except OSError as error:
        raise UsageError(f"{called} cannot be read: {error.strerror or error}.") from error
    if len(data) > MOST:
        raise UsageError(f"{called} is larger than {MOST:,} bytes; a table of a class is not.")
    text, guessed = _text(data, called)
    told = re.match(r'\s*"?sep=(.)"?[;,\t]*(?:\r\n|\r|\n|$)', text)  # a first line that Excel reads and hides
    skipped = told[0].count("\n") if told else 0
    text = text[told.end() :] if told else text
    separator = told[1] if told else _separator(text)
    lines, reader = [], csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for row in reader:
            cells = [unicodedata.normalize("NFC", cell).strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                lines.append(Line(start + skipped, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{called}, line {start + skipped}: it is no line of a table ({error}). {BY_SHEET}") from error
    return Table(tuple(lines), separator, guessed)


def _text(data: bytes, called: str) -> tuple[str, str]:
    """Decode a file."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return _without_nul(data.decode(encoding), called), ""
            except UnicodeDecodeError as error:
                raise UsageError(
                    f"{called} is damaged: it says that it is {encoding}, and is not. {BY_SHEET}"
                ) from error
    for encoding, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
        if zeros and zeros.count(0) > len(zeros) / 2 and len(data) % 2 == 0:
            return _without_nul(data.decode(encoding, "replace"), called), ""
    (text,), encoding, certain = decoded([data], IN_TABLES)
    return _without_nul(text, called), "" if certain else encoding


def _without_nul(text: str, called: str) -> str:
    if "\0" in text:
        raise UsageError(f"{called} is no table of text: it holds zero bytes. {BY_SHEET}")
    return text


def _separator(text: str) -> str:
    """Tell what stands between the cells: the separator that stands, outside of quotes, in the most lines."""
    bare = [line for line in re.sub(r'"[^"]*"', "", text).splitlines() if line.strip()]
    counts = {separator: sum(separator in line for line in bare) for separator in SEPARATORS}
    most = max(counts.values())
    return next(separator for separator in (*SEPARATORS, ",") if counts[separator] == most) if most else ","
