"""A reader is never lost, nothing moves or flashes while a page loads, and what a link means shows itself.

Tried on the page with the most equations and on pages that are no chapter.
"""

import pytest

from tests.site.visits import SIZES

CHAPTER = "book/03-bptt/derivation"
LIT = "[...document.querySelectorAll('.bd-toc-nav a[aria-current]')].map(link => link.hash.slice(1))"
WIDEST = """() => Math.max(...[...document.querySelectorAll("article section > p")].slice(0, 40).flatMap(paragraph => {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 12)));
  const text = paragraph.textContent.replace(/\\s+/g, " ").trim();
  return paragraph.querySelector("mjx-container, code") || lines.size < 3 ? [] : [text.length / (lines.size - 0.5)];
}))"""


def settle(page):
    """Let the page follow a scroll: two frames."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_the_contents_light_the_section_that_is_read(visit, address):
    page = visit(f"{address}/{CHAPTER}.html").page
    sections = page.evaluate("[...document.querySelectorAll('.bd-toc-nav a')].map(link => link.hash.slice(1))")
    assert len(sections) > 6
    for name in sections:  # a jump
        page.evaluate("name => document.getElementById(name).scrollIntoView({behavior: 'instant'})", name)
        settle(page)
        assert page.evaluate(LIT) in ([name], [sections[-1]]), name
    page.evaluate("document.getElementById('check-yourself').scrollIntoView({behavior: 'instant'})")
    page.evaluate("window.scrollBy({top: -300, behavior: 'instant'})")  # a scroll
    page.wait_for_function(f"() => {LIT}[0] === 'the-same-with-rnnlib'")
    box = page.evaluate(
        """() => { const side = document.querySelector(".bd-sidebar-secondary").getBoundingClientRect();
        const link = document.querySelector(".bd-toc-nav a[aria-current]").getBoundingClientRect();
        return link.top >= side.top && link.bottom <= side.bottom; }"""
    )
    assert box, "the lit line of the contents is not in sight"


def test_the_sidebar_shows_the_page(visit, address):
    page = visit(f"{address}/book/for-contributors.html").page
    for _ in range(3):
        seen = page.evaluate(
            """() => { const side = document.querySelector(".bd-sidebar-primary").getBoundingClientRect();
            const link = [...document.querySelectorAll(".bd-sidebar-primary a.current")].pop().getBoundingClientRect();
            return link.top >= side.top && link.bottom <= Math.min(side.bottom, innerHeight); }"""
        )
        assert seen, page.url
        page.locator("a.left-prev").click()
        page.wait_for_load_state("load")


def test_a_tap_in_the_drawer_closes_it(visit, address):
    page = visit(f"{address}/{CHAPTER}.html", "phone").page
    page.locator(".secondary-toggle:visible").first.click()
    link = page.locator(".bd-toc-nav a[href='#check-yourself']")
    link.scroll_into_view_if_needed()
    link.click()
    assert not page.evaluate("document.getElementById('pst-secondary-sidebar-checkbox').checked")
    page.locator(".primary-toggle:visible").first.click()
    page.wait_for_function(
        """() => { const link = document.querySelector(".bd-sidebar-primary a.current").getBoundingClientRect();
        return link.top >= 0 && link.bottom <= innerHeight; }"""
    )


def test_the_start_page_goes_on_where_a_reader_stopped(visit, address):
    page = visit(f"{address}/{CHAPTER}.html").page
    page.evaluate("document.getElementById('check-yourself').scrollIntoView({behavior: 'instant'})")
    settle(page)
    assert (
        page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.reading-progress > div')).transform).a")
        > 0.5
    )
    page.goto(f"{address}/book/index.html")
    page.locator(".go-on a").click()
    page.wait_for_url(f"{address}/{CHAPTER}.html#check-yourself")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_paint_has_the_readers_colours(browser, address, theme, script):
    context = browser.new_context(color_scheme=theme, java_script_enabled=script)
    page = context.new_page()
    page.route("**/*.js*", lambda route: route.abort())  # nothing but what stands in the page itself
    page.goto(f"{address}/{CHAPTER}.html", wait_until="commit")
    page.wait_for_selector("h1", state="attached")
    picture = page.screenshot(clip={"x": 640, "y": 5, "width": 1, "height": 1})
    context.close()
    from io import BytesIO

    from matplotlib import image

    light = float(image.imread(BytesIO(picture))[0, 0, :3].mean())
    assert (light > 0.9) if theme == "light" else (light < 0.2)


def test_nothing_moves_when_figures_arrive(visit, address):
    page = visit(f"{address}/{CHAPTER}.html").page
    assert page.evaluate(
        "[...document.querySelectorAll('article img')].every(i => i.width && i.getAttribute('height'))"
    )
    assert page.evaluate("document.querySelectorAll('article mjx-container svg').length") > 50
    assert "MathJax" not in page.evaluate("[...document.scripts].map(script => script.src + script.text).join()")


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_lines_are_no_longer_than_75_characters(browser, address, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}.html")
    page.evaluate("document.fonts.ready")
    assert page.evaluate(WIDEST) <= 80  # a mean over lines of which the last is short, so a little above
    context.close()


@pytest.mark.parametrize(
    "target", ["../glossary.html#term-gradient", "#equation-bptt-daffine", "../bibliography.html#"]
)
def test_what_a_link_means_is_shown_on_focus(visit, address, target):
    page = visit(f"{address}/{CHAPTER}.html").page
    link = page.locator(f"article a[href^='{target}']:not(.headerlink)").first
    page.keyboard.press("Tab")  # focus by keyboard is focus that shows
    link.focus()
    tip = page.locator("[role=tooltip]")
    tip.wait_for()
    assert len(tip.text_content().strip()) > 20
    assert link.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    assert tip.count() == 0


def test_folds_say_what_they_hold(visit, address):
    page = visit(f"{address}/{CHAPTER}.html").page
    names = page.locator("article summary").all_text_contents()
    assert names and not [name for name in names if "code cell" in name]
    assert [name for name in names if name.startswith("How figure 3.")]
    assert [name for name in names if "autograd agrees" in name]
    assert page.locator("article summary[aria-label]").count() == 0


@pytest.mark.parametrize("size", SIZES)
def test_focus_is_seen_on_every_control(visit, address, size):
    page = visit(f"{address}/{CHAPTER}.html", size).page
    page.keyboard.press("Tab")
    unseen = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, a[href], input")].filter(e => {
          if (!e.checkVisibility() || e.closest(".skip-link")) return false;
          e.focus({preventScroll: true});
          const style = getComputedStyle(e);
          return document.activeElement === e && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2);
        }).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert not unseen, "\\n".join(unseen)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_shows_one_picture_and_its_caption(visit, address, theme):
    page = visit(f"{address}/{CHAPTER}.html", theme=theme).page
    shown = page.evaluate(
        """() => [...document.querySelectorAll("article figure:has(figcaption)")]
          .filter(figure => figure.checkVisibility()).map(figure => [
          [...figure.querySelectorAll("img")].filter(image => image.checkVisibility()).length,
          figure.querySelector("figcaption").checkVisibility()])"""
    )
    assert shown and all(found == [1, True] for found in shown), shown
    dark = page.locator("article figure img.in-dark").first
    assert dark.is_visible() == (theme == "dark")
