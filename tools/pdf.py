"""Make one PDF of the built book, with the browser that the site's tests use.

    python tools/pdf.py      # _build/book.pdf

Chromium prints page after page in the order of the contents, each numbered on from the one before; printing the book as
one page would take it gigabytes. pypdf joins the prints, makes links from page to page lead there, and the headings
bookmarks: a part of the book, its chapters, their sections. What can only be done on a screen is left out, and so are
links to files that are not in the PDF. With BOOK_ADDRESS=https://host/path those lead to the published book instead.
"""

import os
import re
import sys
from html import escape, unescape
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
SITE, GOAL = ROOT / "_build" / "html", ROOT / "_build" / "book.pdf"
PRINTED = ROOT / "_build" / "pdf"
SECONDS = 300  # for printing one page on a busy machine
INSIDE = "https://inside.invalid/"  # stands before the name of a place until its sheet is known
ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.S)
DROPPED = re.compile(
    r'<a class="headerlink".*?</a>|<script\b.*?</script>|<button\b.*?</button>|<img\b[^>]*\bin-dark\b[^>]*>'
    r'|<p class="(?:minutes|go-on)".*?</p>',
    re.S,
)
HEADING = re.compile(r'<section[^>]*\sid="([^"]+)"[^>]*>\s*(?:<span id="[^"]*"></span>\s*)*<h([123])>(.*?)</h\2>', re.S)
STYLE = """
  html { counter-reset: page %d; }
  .bd-article h1 { display: block !important; font-size: 22pt; }  /* the theme prints it elsewhere on its pages */
  .pdf-cover { height: 230mm; display: flex; flex-direction: column; justify-content: center; break-after: page; }
  .pdf-cover svg { width: 34mm; height: 34mm; }
  .pdf-cover .pdf-title { font: 600 34pt/1.15 var(--text-face); margin: 10mm 0; }
  .bd-article .pdf-part { font-size: 13pt; color: var(--quiet); margin: 0 0 4mm; }
  .pdf-places { break-before: page; font-size: 4pt; }
  .bd-article .pdf-contents { list-style: none; padding: 0; }
  .bd-article .pdf-contents li { max-width: none; display: flex; justify-content: space-between; gap: 1em; }
  .bd-article .pdf-contents li.pdf-1 { padding-left: 6mm; }
  .bd-article .pdf-contents li.pdf-caption { font-weight: 600; margin-top: 3mm; }
"""
Parts = list[tuple[str, list[tuple[str, int]]]]


# ---- From a page of the site to one for paper ----


def contents() -> Parts:
    """The parts of the book: a caption, and pages with their depth, as ``_toc.yml`` has them."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts: Parts = [("", [(toc["root"], 0)])]
    for part in toc["parts"]:
        pages = []
        for chapter in part["chapters"]:
            pages += [(chapter["file"], 0), *((section["file"], 1) for section in chapter.get("sections", ()))]
        parts.append((part["caption"], pages))
    return parts


def book_title() -> str:
    """The title of the book."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]


def name(page: str, place: str = "") -> str:
    """The name of a place, or of the top of a page, in the PDF."""
    return page.replace("/", "-") + (f"--{place}" if place else "")


def link(page: str, href: str, pages: set[str], address: str) -> str:
    """Where a link of a page leads in the PDF; empty where it would lead to a file that is not in it."""
    if re.match(r"[a-z][a-z0-9+.-]*:", href):
        return href
    path, _, place = href.partition("#")
    target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else f"{page}.html"
    if (other := target.removesuffix(".html")) in pages:
        return INSIDE + name(other, place)
    return f"{address}/{target}" + (f"#{place}" if place else "") if address else ""


class Page:
    """A page of the book, made ready for paper.

    Attributes:
        headings: name, level and text of each heading.
        links: the names of all places in the book to which it leads.
    """

    def __init__(self, page: str, pages: set[str], address: str) -> None:
        whole = (SITE / f"{page}.html").read_text(encoding="utf-8")
        outlines = re.search(r'<svg class="outlines".*?</defs></svg>', whole, re.S)
        self.outlines = outlines[0] if outlines else ""
        self.name, self.links = name(page), set()
        text = DROPPED.sub("", ARTICLE.search(whole)[1])
        found = HEADING.findall(text)
        self.headings = [(name(page, place), int(level), words(said)) for place, level, said in found]

        def anchor(match: re.Match) -> str:
            goal = link(page, unescape(match[2]), pages, address)
            if goal.startswith(INSIDE):
                self.links.add(goal.removeprefix(INSIDE))
            return f'{match[1]}href="{escape(goal)}"' if goal else match[1]

        text = re.sub(r'(<a\b[^>]*?\s)href="([^"]*)"', anchor, text)
        text = re.sub(r'(\s)id="(?!m-)([^"]*)"', lambda m: f'{m[1]}id="{name(page, m[2])}"', text)
        text = re.sub(r'(<img\b[^>]*?\ssrc=")([^":]*)"', lambda m: f'{m[1]}{on_disk(page, m[2])}"', text)
        # Paper cannot be opened: answers and hints are, and the code behind a figure or a tick is left out.
        text = re.sub(r"<details(?![^>]*\b(?:code|tick|open)\b)", "<details open", text)
        self.text = text.replace(' loading="lazy"', "")

    def html(self, before: int, part: str, wanted: set[str]) -> str:
        """The page for the printer.

        Args:
            before: number of the sheet before its first.
            part: caption of the part of the book that it begins, or empty.
            wanted: names of places whose sheets are asked for. A last sheet, which is thrown away, leads to each.
        """
        here = {self.name, *re.findall(r'\sid="([^"]+)"', self.text)} & wanted
        places = "".join(f'<a href="#{place}">x</a> ' for place in sorted(here))
        head = f'<p class="pdf-part">{escape(part)}</p>' if part else ""
        top = f'<div id="{self.name}">{head}{self.text}</div>'
        return frame(before, f'{self.outlines}{top}<div class="pdf-places">{places}</div>')


def words(markup: str) -> str:
    """The text of a heading."""
    markup = re.sub(r"<mjx-assistive-mml>|<svg\b.*?</svg>", "", markup, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())


def on_disk(page: str, source: str) -> str:
    """The address of a picture, as a page for the printer sees it."""
    return os.path.relpath((SITE / page).parent / source, PRINTED).replace(os.sep, "/")


def frame(before: int, body: str) -> str:
    """A page for the printer, in the site's style."""
    static = os.path.relpath(SITE / "_static", PRINTED).replace(os.sep, "/")
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-theme="light">\n<head>\n<meta charset="utf-8" />\n'
        f'<link rel="stylesheet" href="{static}/site.css" /><link rel="stylesheet" href="{static}/type-late.css" />\n'
        f"<style>{STYLE % before}</style>\n</head>\n<body>\n"
        '<div class="bd-main"><div class="bd-content"><div class="bd-article-container">'
        f'<article class="bd-article">{body}</article></div></div></div></body></html>'
    )


def front(parts: Parts, made: dict[str, Page], sheets: dict[str, int]) -> str:
    """The cover and the contents.

    Args:
        parts: what `contents` gives.
        made: the pages by their names in the book.
        sheets: the sheet of each of them, where it is known.
    """
    lines = []
    for caption, pages in parts:
        lines += [f'<li class="pdf-caption">{escape(caption)}</li>'] if caption else []
        for page, depth in pages:
            said, sheet = made[page].headings[0][2], sheets.get(name(page), 999)
            link_ = f'<a href="{INSIDE}{name(page)}">{escape(said)}</a>'
            lines.append(f'<li class="pdf-{depth}">{link_}<span>{sheet}</span></li>')
    mark = (ROOT / "book" / "_static" / "mark.svg").read_text(encoding="utf-8")
    cover = f'<div class="pdf-cover">{mark}<p class="pdf-title">{escape(book_title())}</p></div>'
    return frame(0, f'{cover}<h1>Contents</h1><ul class="pdf-contents">{"".join(lines)}</ul>')


# ---- From prints to one PDF ----


def printed(chromium, html: str, label: str):
    """Let Chromium print a page; give a reader of the PDF."""
    from pypdf import PdfReader

    PRINTED.mkdir(parents=True, exist_ok=True)
    source, goal = PRINTED / f"{label}.html", PRINTED / f"{label}.pdf"
    source.write_text(html, encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(SECONDS * 1000)
    page = context.new_page()
    page.goto(source.as_uri(), wait_until="load")
    page.pdf(path=goal, prefer_css_page_size=True)
    context.close()
    return PdfReader(goal)


def annotations(sheet) -> list:
    """The links of a sheet."""
    return [kept.get_object() for kept in sheet.get("/Annots", ())]


def print_book(chromium, parts: Parts, goal: Path) -> None:
    """Print pages of the built book into one PDF.

    Args:
        chromium: a browser that Playwright has started.
        parts: what `contents` gives.
        goal: of the PDF.
    """
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, Fit, FloatObject, NameObject, NullObject

    address = os.environ.get("BOOK_ADDRESS", "").rstrip("/")
    names = {page for _, pages in parts for page, _ in pages}
    made = {page: Page(page, names, address) for page in names}
    wanted = set().union(*(page.links for page in made.values()), map(name, names))
    wanted |= {place for page in made.values() for place, _, _ in page.headings}

    before = len(printed(chromium, front(parts, made, {}), "front").pages)
    prints, sheets, heights = [], {}, {}
    for caption, pages in parts:
        for number, (page, _) in enumerate(pages):
            reader = printed(chromium, made[page].html(before, "" if number else caption, wanted), name(page))
            for place, goal_ in reader.named_destinations.items():
                place = place.lstrip("/")
                sheets[place] = before + reader.get_destination_page_number(goal_) + 1
                heights[place] = float(goal_.top)
            before += len(reader.pages) - 1
            prints.append((reader, len(reader.pages) - 1))
    reader = printed(chromium, front(parts, made, sheets), "front")
    prints.insert(0, (reader, len(reader.pages)))

    book = PdfWriter()
    for reader, count in prints:
        for sheet in reader.pages[:count]:
            # Chromium leads to a place that it saw by its name, and to another by an address.
            kept = ArrayObject(a for a in sheet.get("/Annots", ()) if "/Dest" not in a.get_object())
            sheet[NameObject("/Annots")] = kept
            book.add_page(sheet)
    for sheet in book.pages:
        for annotation in annotations(sheet):
            uri = annotation.get("/A", {}).get("/URI", "")
            if uri.startswith(INSIDE) and (place := uri.removeprefix(INSIDE)) in sheets:
                del annotation["/A"]
                where = [NameObject("/XYZ"), NullObject(), FloatObject(heights[place]), NullObject()]
                target = book.pages[sheets[place] - 1].indirect_reference
                annotation[NameObject("/Dest")] = ArrayObject([target, *where])
    for caption, pages in parts:
        first = sheets[name(pages[0][0])] - 1
        above = [book.add_outline_item(title=caption, page_number=first)] if caption else []
        for page, depth in pages:
            at = above[: 1 + depth] if caption else []
            for place, level, said in made[page].headings:
                at = at[: bool(caption) + depth + level - 1]
                fit = Fit.xyz(top=heights[place])
                parent = at[-1] if at else None
                mark = {"title": said, "page_number": sheets[place] - 1, "parent": parent, "fit": fit}
                at.append(book.add_outline_item(**mark, is_open=False))
            above = at[: bool(caption) + depth + 1] if not depth else above
    book.add_metadata({"/Title": book_title()})
    book.compress_identical_objects()
    book.write(goal)


def links_of(path: Path) -> tuple[int, set[str]]:
    """How many links of a PDF lead to a place in it, and the addresses to which the others lead."""
    from pypdf import PdfReader

    found = [annotation for sheet in PdfReader(path).pages for annotation in annotations(sheet)]
    return sum("/Dest" in one for one in found), {one["/A"]["/URI"] for one in found if "/URI" in one.get("/A", {})}


def main() -> int:
    """Print the book, and say what became of it."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tools"))
    import browser as browsers

    if (program := browsers.find()) is None:
        print(browsers.MISSING)
        return 1
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, chromium_sandbox=not root, args=arguments)
        print_book(chromium, contents(), GOAL)
        chromium.close()
    inside, outside = links_of(GOAL)
    print(f"{GOAL.relative_to(ROOT)}: {GOAL.stat().st_size / 2**20:.1f} MB, {inside:,} links inside")
    if lost := sorted(goal for goal in outside if goal.startswith(INSIDE) or not re.match("https?:|mailto:", goal)):
        print(f"These links lead nowhere: {', '.join(lost)}")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
