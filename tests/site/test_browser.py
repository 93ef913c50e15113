"""Every page opened in Chromium: wide and narrow, light and dark, served and from disk."""

import re
from pathlib import Path

import pytest

from tests.site.visits import SIZES

ROOT = Path(__file__).resolve().parents[2]

PAGES = re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text())

# Text that the mathematics should have replaced.
RAW_TEX = r"""() => {
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walk.nextNode());) {
    if (node.parentElement.closest("pre, code, script, style, mjx-container")) continue;
    if (/\\\(|\\\[|\\\]|\\[a-z]{3,}|\$\$|\$[^$\s][^$]*\$/.test(node.data)) found.push(node.data.trim());
  }
  return found;
}"""
# Leave of each block of code one text, of each formula a letter. Their parts are most of a page's elements, and are
# looked at elsewhere: formulas above, the colours of code in `test_code_has_contrast`. With them axe takes minutes.
FLATTEN = """() => {
  for (const code of document.querySelectorAll("pre")) code.textContent = code.textContent;
  for (const formula of document.querySelectorAll("mjx-container")) formula.textContent = "x";
}"""
# Pictures further down wait until a reader comes near.
ALL_IMAGES = """() => Promise.all([...document.images].filter(i => i.checkVisibility()).map(i => {
  i.loading = "eager";
  return i.complete || new Promise(done => { i.onload = i.onerror = done; });
}))"""
# What sticks out at the right, unless a box around it scrolls.
OVERFLOW = """() => [...document.querySelectorAll("article *, footer *")].filter(e => {
  if (e.getBoundingClientRect().right <= innerWidth + 1 || !e.checkVisibility()) return false;
  for (let box = e.parentElement; box && box !== document.body; box = box.parentElement)
    if (getComputedStyle(box).overflowX !== "visible") return false;
  return true;
}).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""


def barriers(page, part=None):
    """Say what on a page, or a part of it, shuts readers out by WCAG 2.1 AA; empty when nothing grave does."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    found = Axe().run(page, context=part, options=options).response["violations"]
    return "\n".join(
        f"{v['id']}: {v['help']}\n   {n['html'][:150]}\n   {n['failureSummary'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"][:4]
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page(visit, address, name, size, theme):
    visited = visit(f"{address}/{name}.html", size, theme)
    page = visited.page
    assert page.evaluate("document.documentElement.dataset.theme") == theme

    assert not visited.trouble
    assert not [u for u in visited.requests if not u.startswith((address, "data:", "blob:"))]

    assert not page.evaluate(RAW_TEX), "mathematics that was not drawn"
    drawn, written = page.locator("article mjx-container").count(), page.locator("article .math").count()
    assert drawn >= written, f"{written} formulas, {drawn} drawn"

    page.evaluate(ALL_IMAGES)
    shown = "[...document.images].filter(i => i.checkVisibility())"
    broken = page.evaluate(f"{shown}.filter(i => !i.complete || !i.naturalWidth).map(i => i.src)")
    assert not broken
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], page.evaluate(OVERFLOW)

    page.evaluate(FLATTEN)
    assert not barriers(page)


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
