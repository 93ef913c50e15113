"""Every page opened in Chromium: wide and narrow, light and dark, served and from disk."""

import re
from pathlib import Path

import pytest

from tests.site.visits import FLATTEN, RAW_TEX, SIZES, barriers

ROOT = Path(__file__).resolve().parents[2]

PAGES = re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text())

# Give the last text of a kind that is in sight a colour.
PAINT = """([kind, colour]) => {
  [...document.querySelectorAll(kind)].findLast(e => e.checkVisibility()).style.color = colour;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page(looks, address, name, size, theme):
    look = looks(name, size)[theme]
    assert look.theme == theme

    assert not look.trouble
    assert not [u for u in look.requests if not u.startswith((address, "data:", "blob:"))]

    assert not look.raw_tex, "mathematics that was not drawn"
    assert look.formulas_drawn >= look.formulas_written

    assert not look.broken_pictures
    assert look.width <= SIZES[size][0], look.overflow

    assert not look.barriers


def test_a_faint_text_is_a_barrier_wherever_it_stands(visit, address):
    """Though of the texts that look the same only one is measured."""
    page = visit(f"{address}/book/03-bptt.html").page
    page.evaluate(FLATTEN)
    assert not barriers(page)
    for place in ("article p", "article p code span", "article li a", ".bd-sidebar-primary a"):
        page.evaluate(PAINT, [place, "#ccc"])
        assert "color-contrast" in barriers(page), place
        page.evaluate(PAINT, [place, ""])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_has_contrast(visit, address, theme):
    """Code is plain text above: its coloured parts are most of a page's elements, and the same colours everywhere."""
    longest = max(PAGES, key=lambda name: (ROOT / f"{name}.md").read_text().count("\n") if "book/" in name else 0)
    assert not barriers(visit(f"{address}/{longest}.html", theme=theme).page, {"include": [["pre"]]})


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk(visit, site, name):
    visited = visit((site / f"{name}.html").as_uri())
    assert not visited.trouble
    assert not [u for u in visited.requests if not u.startswith(("file:", "data:", "blob:"))]
    assert not visited.page.evaluate(RAW_TEX)
    for font in ("900 16px 'Font Awesome 6 Free'", "16px 'Book Serif'"):
        assert visited.page.evaluate("font => document.fonts.check(font)", font), font


def test_the_start_page_leads_to_the_book(visit, address):
    page = visit(f"{address}/{PAGES[-1]}.html").page
    page.goto(f"{address}/index.html")
    page.wait_for_url(f"{address}/book/index.html")


def test_the_keyboard_reaches_the_text_first(visit, address):
    page = visit(f"{address}/{PAGES[0]}.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_a_reader_can_change_the_theme(visit, address):
    page = visit(f"{address}/{PAGES[0]}.html", theme="light").page
    for _ in range(3):  # auto, light, dark
        page.locator(".theme-switch-button:visible").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            return
    pytest.fail("three clicks did not bring the dark theme")
