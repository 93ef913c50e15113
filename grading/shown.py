"""The one door out: makes the words of others safe for each place where they appear, and prints on the screen.

A student's words reach an instructor on the screen, in pages, in Markdown, in formgrader's notebook, in tables, in the
log. In each of these places something else is dangerous, so each has a function here, and nothing else in `grading`
prints or writes such words: a test sees to it. `grading.report.pages` fills templates with what is escaped here.
"""

import contextlib
import csv
import io
import itertools
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable
from typing import IO, Any
from xml.sax.saxutils import escape

ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Control characters, lone surrogates, and marks that would show text in another order than it has.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
UNSEEN = re.compile(r"[\u2028\u2029\ufeff\u200b-\u200f\u2060-\u2064\u00ad\u061c]")
BYTE = re.compile("[\udc80-\udcff]")  # how Python keeps a byte of a file's name that is no UTF-8
UNLETTERED = re.compile(r"[^\x00-\x7f\w]{100,}")  # where accents may be piled upon a letter
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
MARKED = re.compile(r"`([^`\n]+)`")
SPECIAL = re.compile(r"[\\`*_{}\[\]()#+!|~$<>&@]")
# What begins a formula in a spreadsheet, or is taken for it in full width and its like (NFKC), where a cell may begin.
FORMULA = re.compile(
    r"(^|[;|\n])((?:[^\S\n]|[\"'\u200b-\u200f\u2060\ufeff])*"
    r"[=+\-@\u2212\u207a-\u207c\u208a-\u208c\u2a75\u2a76\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])"
)
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # "_x003D_" is "=" to a spreadsheet that reads a workbook
WIDTH = 120  # characters of a name that are shown
SCREEN = 120  # columns of a screen that does not say how wide it is
OF_LOG = 200  # columns of the log
LONGEST = 2000  # characters of what is one line before it is wrapped
CELL = 32_767  # characters of a cell of a table, for Excel


class Raw(str):
    """Text of a Markdown page that is markup already."""


# ---- Wherever it goes ---------------------------------------------------------------------------------------------


def clean(text: object, most: int | None = None) -> str:
    """Make text of a student fit to be shown: no codes for terminals, no character that a page may not hold.

    Args:
        text: whatever they wrote or printed.
        most: how many characters to keep; a note says how many are missing.
    """
    text = ODD.sub(UNKNOWN, ANSI.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")))
    if most is not None and len(text) > most:
        return f"{text[:most]}\n[cut here: {len(text) - most:,} characters more]"
    return text


def thinned(text: str) -> str:
    """Text without hundreds of accents upon one letter, which stand in no language.

    To read a name in a zip, or in a program, Python puts its accents in order, in a time that grows with their square.
    """

    def kept(run: re.Match[str]) -> str:
        return UNKNOWN if sum(map(bool, map(unicodedata.combining, run[0]))) > 100 else run[0]

    return UNLETTERED.sub(kept, text)


def one_line(text: object, most: int = WIDTH) -> str:
    """A name, or a sentence, on one line: no codes for terminals, nothing unseen, not too long; its end is kept.

    Of a file's name that is no UTF-8, the bytes are shown that are none.
    """
    text = BYTE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", str(text))
    text = " ".join(UNSEEN.sub("", clean(text)).split())
    return text if len(text) <= most else f"{text[: most - 24]}…{text[-20:]}"


def listed(things: Iterable[object], most: int = 8) -> str:
    """Name things on a line, as many as it has room for; and how many more there are."""
    things = list(things)
    more = f" and {len(things) - most:,} more" if len(things) > most else ""
    return ", ".join(one_line(one, 60) for one in things[:most]) + more


# ---- On the screen ------------------------------------------------------------------------------------------------


def say(*lines: object, file: IO[str] | None = None) -> None:
    """Print lines: none of them longer than the screen, and no letter that the screen cannot show stops anything."""
    file = sys.stdout if file is None else file
    text = "\n".join(screen(line) for line in lines)
    coding = getattr(file, "encoding", None) or "utf-8"
    print(text.encode(coding, "backslashreplace").decode(coding), file=file, flush=True)


def pass_on(said: IO[bytes], log: IO[str] | None = None) -> None:
    """Write what another process says, as it comes and until it ends, so that a terminal can show it.

    Args:
        said: its standard error.
        log: file to write it to; None: this process's own standard error.
    """
    for line in iter(lambda: said.readline(2**16), b""):
        with contextlib.suppress(OSError, ValueError):  # no room, or closed: whoever speaks must not wait for a reader
            text = screen(line.decode("utf-8", "replace").rstrip("\n"), None if log is None else OF_LOG)
            print(text, file=sys.stderr if log is None else log, flush=True)


def columns() -> int:
    """How wide the screen is."""
    return max(40, shutil.get_terminal_size((SCREEN, 24)).columns)


def screen(text: object, width: int | None = None) -> str:
    """Text for a screen: cleaned, and each line wrapped that would be longer than it."""
    width = columns() if width is None else width
    return "\n".join(part for line in clean(text).split("\n") for part in _wrapped(UNSEEN.sub("", line), width))


def _wrapped(line: str, width: int) -> list[str]:
    """Break a line where it is too long for the screen; what follows stands a little to the right."""
    line = line.expandtabs()
    if len(line) > LONGEST:
        line = f"{line[:LONGEST]} [cut here: {len(line) - LONGEST:,} characters more]"
    if wide(line) <= width:
        return [line]
    indent = " " * min(len(line) - len(line.lstrip()), width // 2)
    lines = [indent]
    for word in line.split():
        while word:
            begun = lines[-1].strip() != ""
            room = width - wide(lines[-1]) - begun
            if wide(word) > room and begun and wide(word) <= width - len(indent) - 2:
                lines.append(indent + "  ")
                continue
            part = _first(word, room)
            lines[-1] += " " * begun + part
            word = word[len(part) :]
            lines += [indent + "  "] if word else []
    return [line.rstrip() for line in lines]


def _first(word: str, room: int) -> str:
    """As much of a word as there is room for."""
    if word.isascii():
        return word[: max(room, 0)]
    ends = itertools.accumulate(map(wide, word))
    return word[: sum(end <= room for end in ends)]


def wide(text: str) -> int:
    """How many columns a text takes: signs of East Asian scripts take two."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def fitted(text: str, width: int) -> str:
    """A name in a column of a table: cut where it is too long, filled with spaces where it is short."""
    text = one_line(text)
    while wide(text) > width:
        text = text.removesuffix("…")[:-1] + "…"
    return text + " " * (width - wide(text))


# ---- In Markdown, and in a notebook's cells of text -----------------------------------------------------------------


def fenced(text: str) -> Raw:
    """Put text into a block of code that nothing in it can end."""
    text = clean(text)
    longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return Raw(f"{fence}\n{text.rstrip()}\n{fence}")


def line(text: object) -> Raw:
    """Put the course's own words, which may hold `code`, on a line of Markdown."""
    parts = MARKED.split(_joined(text))
    return Raw("".join(f"`{part}`" if i % 2 else SPECIAL.sub(_escape, part) for i, part in enumerate(parts)))


def escaped(value: Any) -> str:
    """A value on a line of Markdown: every sign escaped that means something there, unless it is `Raw`."""
    return value if isinstance(value, Raw) else SPECIAL.sub(_escape, _joined(value))


def _joined(value: object) -> str:
    return ODD.sub(UNKNOWN, " ".join(str(value).split()))


def _escape(found: re.Match[str]) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found[0], "\\" + found[0])


# ---- In tables ------------------------------------------------------------------------------------------------------


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Make the text of a CSV file that holds no formula for any spreadsheet.

    Every text is in quotes. That alone does not help where a spreadsheet separates by semicolons, as those of half of
    Europe do: it takes the quotes in the middle of a line for letters. So a text gets an apostrophe before whatever
    would begin a formula, at its own beginning and after each sign that may begin a cell or a line.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return out.getvalue()


def _cell(cell: Any) -> Any:
    """A cell as text that begins no formula; numbers as they are, and an empty text for None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return FORMULA.sub(r"\1'\2", "" if cell is None else clean(cell).replace("\t", " ")[:CELL])


def cell_of_workbook(value: object) -> str:
    """A cell of a workbook, in XML: a number as one, all else as text, which is never a formula."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value!r}</v></c>"
    text = "" if value is None else escape(CODED.sub("_x005F_", clean(value)[:CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"
