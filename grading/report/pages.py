"""Fill the templates of this folder: whatever comes from a student is text there, never markup."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grading import files
from grading.shown import MARKED, ODD, UNKNOWN, csv_text, escaped, fenced, line

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # of the order of bytes, and so of the encoding


def html(template: str, **values: Any) -> str:
    """Fill a template of a page: every value is escaped."""
    return _html_templates().get_template(template).render(**values)


def markdown(template: str, **values: Any) -> str:
    """Fill a template of a Markdown file: every value is escaped that is not `Raw`."""
    return _markdown_templates().get_template(template).render(**values)


def write(path: Path, text: str) -> Path:
    """Write a page, whole or not at all."""
    return files.write(path, text.encode("utf-8", "replace"))  # a student's folder may have a name that is no UTF-8


def write_table(path: Path, rows: Iterable[Iterable[Any]]) -> Path:
    """Write a CSV file, in UTF-8 with commas, as nbgrader's export does.

    Where a letter is not ASCII, a byte order mark stands first: without it Excel reads a table in the encoding of its
    country. pandas and the csv module of Python skip it with `encoding="utf-8-sig"`. There is no line "sep=,": Excel
    forgets the mark over it, and for all other programs it is a line of the table.
    """
    text = csv_text(rows)
    write(path, text if text.isascii() else MARK + text)
    return path


def code_marks(text: object) -> Markup:
    """Show `what stands between backticks` as code, and everything as text."""
    parts = MARKED.split(_shown(str(text)))
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))


def number(value: float) -> str:
    """Show points: 3, 2.5, 0.25."""
    return f"{round(value, 2):g}"


def _shown(value: Any) -> Any:
    return ODD.sub(UNKNOWN, value) if isinstance(value, str) and not isinstance(value, Markup) else value


@functools.cache
def _html_templates() -> Environment:
    environment = Environment(autoescape=True, finalize=_shown, **_settings())
    environment.filters |= {"number": number, "code_marks": code_marks}
    return environment


@functools.cache
def _markdown_templates() -> Environment:
    environment = Environment(autoescape=False, finalize=escaped, **_settings())
    environment.filters |= {"number": number, "fenced": fenced, "line": line}
    return environment


def _settings() -> dict[str, Any]:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
