"""Each page of a chapter can be taken along as a notebook that runs where the course is installed.

A page is a MyST notebook, whose roles and directives only this book understands. In the notebook that is offered beside
it, `{eq}`, `{numref}`, `{cite}` and their like are the words that the page has, and measured numbers are those of this
build. The code is the page's own, cell by cell.
"""

import json
import os
import re
from pathlib import Path

import jupytext
import nbformat
from jupyter_cache import get_cache
from pybtex.database import parse_file

from experiments import claims, record
from rnnbook.claims import number
from rnnbook.head import address

CHAPTER = re.compile(r"book/\d\d-[^/]*(?:/[^/]+)?")
ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
NAMED = re.compile(r"(.*?)\s*<([^>]*)>", re.S)
INCLUDED = re.compile(r"^```\{literalinclude\} (\S+)\n(?:.*\n)*?```$", re.M)
MATHS = re.compile(r"^```\{math\}\n(?::label: *(\S+)\n)?(.*?)^```$", re.S | re.M)
BOX = re.compile(r"^(:{3,}|`{3,})\{(\w[\w-]*)\} *([^\n]*)\n((?::[\w-]+:[^\n]*\n)*)(.*?)^\1$", re.S | re.M)
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?![a-z]+:)([^)\s]*)\)")
COMMENT = re.compile(r"^%.*\n?|^\([\w-]+\)=\n", re.M)
EQUATION = re.compile(r'id="equation-([\w-]+)">(?:(?!<div ).)*?class="eqno">\s*\(([\d.]+)\)', re.S)
FIGURE = re.compile(r'<figure[^>]*\bid="([\w-]+)".*?class="caption-number">\s*([^<]*?)\s*<', re.S)
HEAD = """\
*{title}* is a page of the book *{book}*, as a notebook{where}. It runs where the whole course is installed, on the \
kernel of its `.venv`. Numbers in the text are those of the build that made it; what you compute yourself stands below \
the cells.\
"""
OF_THE_BOOK = re.compile(r'"(?:\.\./)?_data/')  # a file of the course that a page opens
AT_HOME = """\
# The page reads files of the course by their names as they are seen from `{folder}`.
import os
from pathlib import Path

import rnnlib

os.chdir(Path(rnnlib.__file__).parents[1] / "{folder}")\
"""


def name(page):
    """Where the notebook of a page lies in the site; None where there is none."""
    return f"{page}.ipynb" if CHAPTER.fullmatch(page) else None


def offer(app, pagename, templatename, context, doctree):
    """Put the notebook into the page's list of downloads."""
    if doctree is not None and name(pagename):
        context["ipynb_source"] = name(pagename)


class Words:
    """What stands in a notebook for the roles of a page.

    Args:
        numbers: dict from the name of an equation or figure to what the book calls it.
        works: the bibliography's entries.
        glued: dict from a name to the measured value, as the page's cells gave it.
    """

    def __init__(self, numbers, works, glued):
        self.numbers, self.works, self.glued = numbers, works, glued

    def role(self, match):
        """The words for one role."""
        kind, text = match[1], match[2]
        shown, target = NAMED.fullmatch(text).groups() if NAMED.fullmatch(text) else ("", text)
        if kind in ("term", "ref", "download", "path"):
            return shown or target
        if kind in ("eq", "numref"):
            return shown or self.numbers.get(target, target)
        if kind.startswith("cite"):
            return self.cited(text.split(","), kind == "cite:p")
        if kind == "glue:text":
            return self.value(*text.partition(":")[::2])
        if kind == "claim":
            return claims.find(text).sentence
        if kind == "mark":
            return ""
        if kind == "effect" and (said := record.standing(record.current(), text)) and "effect" in said:
            mean, low, high = (number(said["effect"][key]) for key in ("mean", "low", "high"))
            return f"{mean} (interval: {low} to {high})"
        return f"`{text}`"

    def value(self, key, form):
        """A measured number, in the form that the page asks for."""
        value = self.glued.get(key, key)
        try:
            return format(float(value), form).replace("-", "\u2212") if form else value
        except ValueError:
            return value

    def cited(self, keys, in_brackets):
        """Works by their authors and years."""
        found = []
        for key in map(str.strip, keys):
            people = [" ".join(p.prelast_names + p.last_names) for p in self.works[key].persons.get("author", [])]
            who = people[0] + " et al." if len(people) > 2 else " and ".join(people)
            year = self.works[key].fields.get("year", "")
            found.append(f"{who.replace('{', '').replace('}', '')} {year}" if in_brackets else f"{who} ({year})")
        return f"({'; '.join(found)})" if in_brackets else ", ".join(found)

    def prose(self, text, page):
        """A text of the page without roles and directives."""
        text = MATHS.sub(self.equation, COMMENT.sub("", text))
        while (plain := BOX.sub(self.box, text)) != text:
            text = plain
        text = ROLE.sub(self.role, text)
        return LINK.sub(lambda match: linked(page, match[1], match[2]), text).strip()

    def equation(self, match):
        """A displayed equation, with its number."""
        known = self.numbers.get(match[1], "").strip("()")
        tag = rf"\tag{{{known}}}" if known else ""
        return f"$$\n{match[2].strip()}\n{tag}\n$$"

    def box(self, match):
        """A box as a quotation; what only a page can show is left out."""
        if match[2] not in ("admonition", "note", "warning", "tip", "container"):
            return ""
        lines = [f"**{match[3]}**", "", *match[5].strip().splitlines()] if match[3] else match[5].strip().splitlines()
        return "\n".join(f"> {line}".rstrip() for line in lines)


def linked(page, text, target):
    """A link of a page: to the published book, or, where it is not published, the words alone."""
    if not address() or not target:
        return text
    path, _, place = target.partition("#")
    goal = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    return f"[{text}]({address()}/{os.path.splitext(goal)[0]}.html{'#' + place if place else ''})"


def made(path, page, words, book):
    """The notebook of a page.

    Args:
        path: of its source.
        page: its name, such as ``book/05-lstm``.
        words: a `Words`.
        book: the book's title.
    """
    source = jupytext.read(path, fmt="md:myst")
    where = f", from [{address()}/{page}.html]({address()}/{page}.html)" if address() else ""
    title = re.search(r"^# (.+)$", source.cells[0].source, re.M)
    head = HEAD.format(title=title[1] if title else page, book=book, where=where)
    cells = [nbformat.v4.new_markdown_cell(head)]
    if any(OF_THE_BOOK.search(cell.source) for cell in source.cells):
        cells.append(nbformat.v4.new_code_cell(AT_HOME.format(folder=os.path.dirname(page))))
    for cell in source.cells:
        if cell.cell_type == "markdown":
            # A program that the page shows from its file stands there as it is: nothing in it is a role or a link.
            texts = INCLUDED.split(cell.source)
            texts[::2] = [words.prose(text, page) for text in texts[::2]]
            texts[1::2] = [
                f"```python\n{(Path(path).parent / name).read_text(encoding='utf-8')}```" for name in texts[1::2]
            ]
            if text := "\n\n".join(filter(None, texts)):
                cells.append(nbformat.v4.new_markdown_cell(text))
            continue
        tags = cell.metadata.get("tags", [])
        hidden = (
            {"source_hidden": True} if {"hide-input", "hide-cell", "remove-cell", "remove-input"} & set(tags) else {}
        )
        metadata = {"tags": tags, **({"jupyter": hidden} if hidden else {})}
        cells.append(nbformat.v4.new_code_cell(cell.source, metadata=metadata))
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if figure.get("caption"):
            called = words.numbers.get(figure.get("name"), "")
            caption = words.prose(figure["caption"], page)
            cells.append(nbformat.v4.new_markdown_cell(f"**{called}** {caption}" if called else caption))
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.validate(notebook)
    return notebook


def numbers_of(out):
    """What the book calls its equations and figures, by their names: ``(4.7)``, ``Figure 4.5``."""
    found = {}
    for path in (out / "book").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {key: f"({said})" for key, said in EQUATION.findall(text)}
        found |= dict(FIGURE.findall(text))
    return found


def glued_of(app, pages):
    """The measured values that each page's cells hand to its text: a dict from page to a dict."""
    cached, found = get_cache(app.config.nb_execution_cache_path), {}
    records = {known.hashkey: known for known in cached.list_cache_records()}
    for page in pages:
        key, _ = getattr(app.env, "rnnbook_results", {}).get(page, (None, None))
        values = found[page] = {}
        for cell in cached.get_cache_bundle(records[key].pk).nb.cells if key in records else ():
            for output in cell.get("outputs", ()):
                if said := output.get("metadata", {}).get("scrapbook", {}).get("name"):
                    text = output["data"].get("application/papermill.record/text/plain", "")
                    values[said] = "".join(text).strip("'\"")
    return found


def write(app, error):
    """Write the notebooks beside the pages' sources."""
    if error is not None or app.builder.format != "html":
        return
    pages = [page for page in sorted(app.env.found_docs) if name(page)]
    out, works = Path(app.outdir), {}
    for bibliography in app.config.bibtex_bibfiles:
        works |= dict(parse_file(str(Path(app.srcdir) / bibliography)).entries)
    numbers, glued = numbers_of(out), glued_of(app, pages)
    for page in pages:
        words = Words(numbers, works, glued[page])
        notebook = made(app.env.doc2path(page), page, words, app.config.html_title)
        goal = out / "_sources" / name(page)
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def setup(app):
    app.connect("html-page-context", offer, priority=100)  # before the theme lists what can be downloaded
    app.connect("build-finished", write, priority=935)
