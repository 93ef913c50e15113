"""What readers take along: a page as a notebook that runs, and the book as one PDF whose links stay inside it."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import jupytext
import nbformat
from bs4 import BeautifulSoup

from tests.site.test_pages import show

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
SPEC = spec_from_file_location("pdf", ROOT / "tools" / "pdf.py")
SPEC.loader.exec_module(pdf := module_from_spec(SPEC))
QUICK = "book/04-gradients/product"  # the page that runs for the shortest time
RAW = re.compile(r"\{[a-z:]+\}`|^[`:]{3,}|^% |\]\((?![a-z]+:)[^)]*\)", re.M)


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


# ---- Notebooks ----


def test_every_page_of_a_chapter_offers_itself_as_a_notebook_with_its_own_code(chapters):
    offered = 0
    for path, page in chapters.items():
        if not (match := re.fullmatch(r"(book/\d\d-.*)\.html", show(path))):
            continue
        links = [a["href"] for a in page.select("a[href$='.ipynb']") if "/_sources/book/" in a["href"]]
        assert len(links) == 1, show(path)
        notebook = nbformat.read(path.parent / links[0], as_version=4)
        nbformat.validate(notebook)
        own = code(jupytext.read(ROOT / f"{match[1]}.md", fmt="md:myst"))
        there = code(notebook)
        assert there[len(there) - len(own) :] == own, show(path)
        assert len(there) - len(own) == any(re.search(r'"(\.\./)?_data/', text) for text in own), show(path)
        for cell in notebook.cells:
            text = re.sub(r"^```(?:python)?\n.*?^```$", "", cell.source, flags=re.S | re.M)  # a program is as it is
            left = RAW.search(text) if cell.cell_type == "markdown" else None
            assert not left, f"{show(path)}: {left and text[left.start() :][:80]!r}"
        offered += 1
    assert offered >= 20


def test_a_program_that_a_page_shows_from_its_file_stands_in_its_notebook(site):
    notebook = nbformat.read(site / "_sources/book/03-bptt/program.ipynb", as_version=4)
    program = (ROOT / "book/03-bptt/program.py").read_text(encoding="utf-8")
    assert any(program in cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_words_of_a_notebook_are_those_of_the_page(site):
    from rnnbook.notebooks import Words

    text = " ".join(cell.source for cell in nbformat.read(site / f"_sources/{QUICK}.ipynb", as_version=4).cells)
    assert (
        re.search(r"\\tag\{4\.\d+\}", text) and re.search(r"\*\*Figure\s4\.", text) and re.search(r"\(4\.\d+\)", text)
    )
    words = Words({"one": "(4.1)", "fig-a": "Figure 4.2"}, {}, {"gain": "-0.25", "name": "tanh", "big": "12345.6"})
    page = (
        "% a comment\n(place)=\nBy {eq}`one` and {numref}`fig-a`, {glue:text}`gain:.1f` or {glue:text}`big:,.0f` "
        "of {glue:text}`name`; {term}`nats <nat>`."
    )
    assert words.prose(page, QUICK) == "By (4.1) and Figure 4.2, \u22120.2 or 12,346 of tanh; nats."
    box = ":::{admonition} Note\n:class: result\n\nSee [this](x.md).\n:::\n\n```{interactive} scan\nPlay.\n```\n"
    assert words.prose(box, QUICK) == "> **Note**\n>\n> See this."
    assert words.prose("```{math}\n:label: one\nx = 1\n```", QUICK) == "$$\nx = 1\n\\tag{4.1}\n$$"


def test_a_notebook_runs_where_the_course_is_installed(site, tmp_path):
    """In a folder that knows nothing of the course."""
    from nbclient import NotebookClient

    notebook = nbformat.read(site / f"_sources/{QUICK}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(o.get("text", "") for c in notebook.cells for o in c.get("outputs", ()))
    assert "autograd agrees" in printed


def test_a_notebook_that_reads_the_books_files_goes_where_they_are(site):
    pages = [path for path in (site / "_sources/book").rglob("*.ipynb") if "_data/" in path.read_text(encoding="utf-8")]
    assert pages
    for path in pages:
        first, *rest = code(nbformat.read(path, as_version=4))
        exec(first.replace("os.chdir(", "goal = ("), scope := {})
        for wanted in re.findall(r'"((?:\.\./)?_data/[^"]+)"', "\n".join(rest)):
            assert (scope["goal"] / wanted).is_file()


# ---- One PDF ----

PARTS = [("", [("book/index", 0)]), ("Chapters", [("book/04-gradients", 0), (QUICK, 1)])]


def outline(reader, items=None):
    """The bookmarks: a dict from title to sheet and bookmarks below."""
    found, last = {}, None
    for item in reader.outline if items is None else items:
        if isinstance(item, list):
            found[last][1].update(outline(reader, item))
        else:
            last = item.title
            found[last] = (reader.get_destination_page_number(item) + 1, {})
    return found


def test_the_pdf_has_numbers_bookmarks_contents_and_links_that_agree(site, browser, tmp_path, monkeypatch):
    """In a book of three pages; `make pdf` looks at the links of the whole one."""
    from pypdf import PdfReader

    monkeypatch.setattr(pdf, "PRINTED", tmp_path / "prints")
    pdf.print_book(browser, PARTS, tmp_path / "book.pdf")
    reader = PdfReader(tmp_path / "book.pdf")
    texts = [" ".join(sheet.extract_text().split()) for sheet in reader.pages]

    found = outline(reader)
    ((chapter, (sheet, inside)),) = found["Chapters"][1].items()
    assert chapter == "4. When gradients vanish and explode" and "Summary" in inside
    (page,) = [said for said in inside if said.endswith("The product of Jacobians")]
    assert "The bound" in inside[page][1]
    for said, at in ((chapter, sheet), (page, inside[page][0]), ("The bound", inside[page][1]["The bound"][0])):
        assert said in texts[at - 1], f"{said} is not on sheet {at}"
        assert re.search(rf"(?m)^{at}$", reader.pages[at - 1].extract_text()), f"sheet {at} does not say its number"
        assert said == "The bound" or f"{said} {at}" in texts[1], texts[1]
    answer = BeautifulSoup((site / f"{QUICK}.html").read_text(encoding="utf-8"), "html.parser").select_one(".answer p")
    assert " ".join(answer.find(string=True).split()) in " ".join(texts), "an answer stays closed on paper"

    links, outside = pdf.links_of(tmp_path / "book.pdf")
    assert links > 10  # most lead to pages that these three are without
    assert all(goal.startswith("https://") and not goal.startswith(pdf.INSIDE) for goal in outside), outside
    numbers = {sheet.indirect_reference.idnum: number for number, sheet in enumerate(reader.pages, 1)}
    goals = [numbers[link["/Dest"][0].idnum] for link in pdf.annotations(reader.pages[1]) if "/Dest" in link]
    assert goals == [next(iter(found.values()))[0], sheet, inside[page][0]]


def test_a_link_out_of_the_pdf_needs_a_published_book():
    pages = {"book/01-history", QUICK}
    assert pdf.link(QUICK, "../01-history.html#elman", pages, "") == pdf.INSIDE + "book-01-history--elman"
    assert pdf.link(QUICK, "#the-bound", pages, "") == pdf.INSIDE + "book-04-gradients-product--the-bound"
    assert pdf.link(QUICK, "../course-for-students.zip", pages, "") == ""
    assert pdf.link(QUICK, "../x.zip", pages, "https://example.org/c") == "https://example.org/c/book/x.zip"
    assert pdf.link(QUICK, "https://doi.org/1", pages, "") == "https://doi.org/1"
