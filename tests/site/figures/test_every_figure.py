"""What holds for every interactive figure: light, late, named, on a phone, in both themes, on paper, by address."""

import re
import shutil

import pytest

from tests.site.figures.conftest import build
from tests.site.figures.names import FIGURES


@pytest.mark.parametrize("name", FIGURES)
def test_a_script_is_light(name):
    from rnnbook.interactive import script

    assert len(script(name).encode()) <= 40_000
    assert not re.search(r"^\s*(//|/\*)", script(name), re.M)  # comments stay in the source


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_fits_a_phone_and_shuts_nobody_out(play, name, theme):
    from axe_playwright_python.sync_playwright import Axe

    figure = play(name, width=390, theme=theme)
    figure.says(r"\w")
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 390
    # preload asks for style sheets in a way that a browser refuses to a page from disk.
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = Axe().run(figure.page, context={"include": [[f"#interactive-{name}"]]}, options=options).response
    assert not [(v["id"], n["html"][:120], n["failureSummary"][:200]) for v in found["violations"] for n in v["nodes"]]
    unnamed = "[...document.querySelectorAll('.rnn-figure :is(input, select)')].filter(c => !c.labels.length).length"
    assert figure.page.evaluate(unnamed) == 0


def test_on_a_page_of_all_figures_each_label_names_a_control_of_its_own_figure(browser, book):
    page = browser.new_page()
    page.goto((book / "lecture.html").as_uri())
    for name in FIGURES:
        page.locator(f"#interactive-{name}").scroll_into_view_if_needed()
        page.locator(f"#interactive-{name} .rnn-figure").wait_for()
    strangers = """() => { const of = node => node?.closest('.rnn-control');
      return [...document.querySelectorAll('.rnn-figure label')].filter(label => of(label.control) !== of(label))
        .map(label => label.textContent); }"""
    assert page.locator(".rnn-figure label").count() > 40 and page.evaluate(strangers) == []
    page.close()


@pytest.mark.parametrize("name", FIGURES)
def test_without_script_and_on_paper_the_printed_figure_stands_alone(browser, book, name):
    for options, media in (({"java_script_enabled": False}, "screen"), ({}, "print")):
        context = browser.new_context(**options)
        page = context.new_page()
        page.goto((book / f"{name}.html").as_uri())
        page.emulate_media(media=media)
        page.locator(f"#fig-{name} img").scroll_into_view_if_needed()
        assert page.locator(f"#fig-{name} img").is_visible() and page.locator(f"#fig-{name} figcaption").is_visible()
        assert not page.get_by_text(f"Words about {name}.").is_visible()
        assert not page.locator(".rnn-figure").is_visible()
        context.close()


def test_nothing_loads_before_it_is_near_the_screen(browser, book):
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((book / "loop.html").as_uri(), wait_until="load")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert not [url for url in asked if "loop.js" in url or "weights-" in url]
    page.locator("#interactive-loop").scroll_into_view_if_needed()
    page.locator("#interactive-loop .rnn-figure").wait_for()
    assert [
        url.rsplit("/", 1)[1] for url in asked if "/figures/" in url and "loader" not in url and ".css" not in url
    ] == ["weights-hello.js", "loop.js"]
    context.close()


def test_a_figure_that_fails_leaves_the_printed_one(browser, book, tmp_path):
    broken = tmp_path / "site"
    shutil.copytree(book, broken)
    (broken / "_static/figures/scan.js").write_text("throw new Error('broken');")
    page = browser.new_page()
    page.goto((broken / "scan.html").as_uri())
    with page.expect_event("console", lambda message: "figures" in message.text or "undefined" in message.text):
        page.locator("#interactive-scan").scroll_into_view_if_needed()
    assert page.locator("#fig-scan img").is_visible()
    page.close()


def test_the_weights_are_written_when_no_page_ran(book):
    before = (book / "_static/figures/weights-hello.js").read_text()
    shutil.rmtree(book)
    said = build(book.parents[1])
    assert "running pages... [" not in said
    assert (book / "_static/figures/weights-hello.js").read_text() == before


def test_a_figure_over_its_printed_one_shows_it_when_asked(play):
    figure = play("scan")
    printed = figure.page.locator("#fig-scan img")
    assert not printed.is_visible() and "Fig. " in figure.box.locator(".rnn-claim").inner_text()
    figure.click("Printed figure")
    assert printed.is_visible() and figure.page.get_by_text("The printed figure.").is_visible()


@pytest.mark.parametrize("name", FIGURES)
def test_an_address_brings_a_setting_back_and_nonsense_is_left_out(play, name):
    key, value, label = {
        "recall": ("stored", "9", "Patterns stored"), "loop": ("gain", "0.5", "Gain"),
        "triangle": ("tau", "3", "Steps in a piece"), "gradients": ("gain", "1.5", "Gain"),
        "gates": ("bias", "3", "Forget bias"), "writes": ("temperature", "0.5", "Temperature"),
        "looking": ("at", "2", "Sound"), "scan": ("T", "16", "Steps T"),
    }[name]  # fmt: skip
    figure = play(name, f"?{name}.{key}={value}&highlight=x")
    assert figure.control(label).input_value() == value
    figure.click("Start again")
    assert figure.control(label).input_value() != value
    for nonsense in ("1e9", "-99", "%3Cb%3E", ""):
        figure = play(name, f"?{name}.{key}={nonsense}&{name}.nothing=1")
        figure.says(r"\w")
