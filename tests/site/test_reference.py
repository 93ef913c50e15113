"""The reference pages and the chapters lead to each other."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = re.findall(r"file: *book/(\d\d-[^/\s]+)$", (ROOT / "_toc.yml").read_text(), re.M)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_links_to_its_objects_and_they_link_back(site, pages, name):
    links = [urlsplit(a["href"]) for a in pages[site / f"book/{name}.html"].select("p.taught-here a")]
    assert links, "no line In rnnlib: put {taught-here} into the chapter"
    for link in links:
        # The place is the line with the signature, or the first paragraph of a module.
        place = pages[site / "book" / link.path].find(id=link.fragment).parent
        assert place.select_one(f'a[href="../{name}.html"]'), f"{link.fragment} does not lead back"


def test_docstrings_are_rendered(site):
    """No syntax of a docstring is left as text."""
    left = re.compile(r"^ *(Args|Attributes): \w|``|:(doc|ref|py:\w+|class|func):`|::$", re.M)
    pages = sorted((site / "book/api").glob("*.html"))
    assert pages
    for path in pages:
        article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
        assert article.select("dl.py"), f"{path.name} shows nothing"
        for code in article.find_all("pre"):
            code.extract()
        found = left.search(article.get_text())
        assert not found, f"{path.name}: {article.get_text()[found.start() - 60 : found.end() + 60]!r}"
