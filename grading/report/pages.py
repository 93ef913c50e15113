"""Fill the templates of grading/templates: whatever comes from a student is text, never markup."""

import csv
import functools
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grading import files

MARKED = re.compile(r"`([^`\n]+)`")
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Control characters, lone surrogates, and marks that would show text in another order than it has.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
SPECIAL = re.compile(r"[\\`*_{}\[\]()#+!|~$<>&@]")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# What begins a formula in a spreadsheet, or is taken for it in full width and its like (NFKC), where a cell may begin.
FORMULA = re.compile(
    r"(^|[;|\n])((?:[^\S\n]|[\"'\u200b\ufeff])*[=+\-@\u2212\u207a-\u207c\u208a-\u208c\u2a75\u2a76\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])"
)
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # of the order of bytes, and so of the encoding


class Raw(str):
    """Text of a Markdown page that is markup already."""


def html(template: str, **values: Any) -> str:
    """Fill a template of a page: every value is escaped."""
    return _html_templates().get_template(template).render(**values)


def markdown(template: str, **values: Any) -> str:
    """Fill a template of a Markdown file: every value is escaped that is not `Raw`."""
    return _markdown_templates().get_template(template).render(**values)


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


def write(path: Path, text: str) -> Path:
    """Write a page, whole or not at all."""
    return files.write(path, text.encode("utf-8", "replace"))  # a student's folder may have a name that is no UTF-8


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


def write_table(path: Path, rows: Iterable[Iterable[Any]]) -> Path:
    """Write a CSV file, in UTF-8 with commas, as nbgrader's export does.

    Where a letter is not ASCII, a byte order mark stands first: without it Excel reads a table in the encoding of its
    country. pandas and the csv module of Python skip it with `encoding="utf-8-sig"`. There is no line "sep=,": Excel
    forgets the mark over it, and for all other programs it is a line of the table.
    """
    text = csv_text(rows)
    write(path, text if text.isascii() else MARK + text)
    return path


def _cell(cell: Any) -> Any:
    """A cell as text that begins no formula; numbers as they are, and an empty text for None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return FORMULA.sub(r"\1'\2", "" if cell is None else clean(cell).replace("\t", " "))


def code_marks(text: object) -> Markup:
    """Show `what stands between backticks` as code, and everything as text."""
    parts = MARKED.split(_shown(str(text)))
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))


def number(value: float) -> str:
    """Show points: 3, 2.5, 0.25."""
    return f"{round(value, 2):g}"


def fenced(text: str) -> Raw:
    """Put text into a block of code that nothing in it can end."""
    longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return Raw(f"{fence}\n{text.rstrip()}\n{fence}")


def line(text: object) -> Raw:
    """Put the course's own words, which may hold `code`, on a line of Markdown."""
    parts = MARKED.split(_one_line(text))
    return Raw("".join(f"`{part}`" if i % 2 else SPECIAL.sub(_escape, part) for i, part in enumerate(parts)))


def _shown(value: Any) -> Any:
    return ODD.sub(UNKNOWN, value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _escaped(value: Any) -> str:
    return value if isinstance(value, Raw) else SPECIAL.sub(_escape, ODD.sub(UNKNOWN, _one_line(value)))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _escape(found: re.Match[str]) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found[0], "\\" + found[0])


@functools.cache
def _html_templates() -> Environment:
    environment = Environment(autoescape=True, finalize=_shown, **_settings())
    environment.filters |= {"number": number, "code_marks": code_marks}
    return environment


@functools.cache
def _markdown_templates() -> Environment:
    environment = Environment(autoescape=False, finalize=_escaped, **_settings())
    environment.filters |= {"number": number, "fenced": fenced, "line": line}
    return environment


def _settings() -> dict[str, Any]:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
