"""Every interactive figure played as a person would: by mouse, by keyboard, by touch, on a small book made for it.

Its weights are drawn at random, but for the speller, whose two l's a test looks at.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
FIGURES = {"recall": "", "loop": "hello", "triangle": "", "gradients": "", "gates": "counter", "writes": "alice",
           "looking": "phones", "scan": ""}  # fmt: skip
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_nb", "rnnbook.execution", "rnnbook.interactive"]
nb_execution_mode = "cache"
nb_execution_timeout = 60
suppress_warnings = ["mystnb.unknown_mime_type"]
html_theme = "basic"
html_static_path = ["_static"]
html_css_files = ["theme.css"]
numfig = True
root_doc = "index"
exclude_patterns = ["_build"]
"""
# What the figures take from the book's theme.
THEME = """
* { box-sizing: border-box }
.body { max-width: 45rem; margin: auto }
html { --pst-color-text-base: #222832; --pst-color-text-muted: #48566b; --pst-color-background: #fff; --pst-color-border: #d1d5da;
  background: var(--pst-color-background); color: var(--pst-color-text-base) }
html[data-theme="dark"] { --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af; --pst-color-background: #14181e;
  --pst-color-border: #48566b }
html[data-theme="dark"] a { color: #7cb1f7 }
"""
HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
WEIGHTS = '''
# Weights

```{code-cell} ipython3
:tags: [remove-cell]

import numpy as np
from rnnlib import GRU, LSTM, RNN, LanguageModel, Linear
from rnnlib.data import Vocabulary
from rnnlib.models import EncoderDecoder
from rnnlib.attention import AdditiveAttention
from rnnlib.bidirectional import Bidirectional
from rnnlib.layers import Embedding
from rnnlib.optim import Adam
from rnnlib.training import train

def hand(name, params, short=True, **about):
    numbers = {key.split(".")[-1] if short else key: array.tolist() for key, array in params.items()}
    numbers = numbers if short else {"net": numbers}
    display({"application/vnd.rnnbook.weights+json": {"name": name, **about, **numbers}}, raw=True)

rng = np.random.default_rng(0)
letters = Vocabulary("hello")
ids = letters.encode("hello")[:, None]
speller = LanguageModel(RNN(4, 8, rng=rng), Linear(8, 4, rng=rng))
train(speller, [(ids[:-1], ids[1:])], Adam(speller.params, lr=0.01), epochs=250, progress=False)
hand("hello", speller.params, symbols=list(letters.symbols))
counter = LanguageModel(LSTM(4, 4, rng=rng), Linear(4, 4, rng=rng))
hand("counter", counter.params, symbols=list("SabE"))
symbols = list("\\n 'Aabceilt")
writer = LanguageModel(GRU(len(symbols), 6, rng=rng), Linear(6, len(symbols), rng=rng))
hand("alice", writer.params, symbols=symbols, unit=2, tracks="speech")
E, H = 3, 4
reader = EncoderDecoder(
    source=Embedding(27, E, rng=rng), target=Embedding(8, E, rng=rng), decoder=GRU(E, H, rng=rng),
    encoder=Bidirectional(GRU(E, H // 2, rng=rng), GRU(E, H // 2, rng=rng)),
    attention=AdditiveAttention(H, H, H, rng=rng), mix=Linear(2 * H, H, rng=rng), out=Linear(H, 8, rng=rng), start=1)
hand("phones", reader.params, short=False, letters=["<pad>", *"abcdefghijklmnopqrstuvwxyz"],
     phones=["<pad>", "<s>", "</s>", "P", "ER", "F", "EH", "K"],
     words={"perfection": ["P", "ER", "F", "EH", "K"], "peck": ["P", "EH", "K"]})
```
'''


def page_of(name, weights):
    """A page with a figure far below its top."""
    over = f":over: fig-{name}\n" if name == "scan" else ""
    options = over + (f":weights: {weights}\n" if weights else "")
    filler = "\n\n".join("A line that fills the screen." for _ in range(120))
    printed = f"```{{figure}} picture.png\n:name: fig-{name}\n:alt: A printed figure.\n\nThe printed figure.\n```\n"
    return f"# {name}\n\n{filler}\n\n{printed}\n```{{interactive}} {name}\n{options}\nWords about {name}.\n```\n\nAfter it.\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small book with a page for each figure, built once."""
    root = tmp_path_factory.mktemp("figures")
    (root / "conf.py").write_text(CONF)
    (root / "weights.md").write_text(HEAD + WEIGHTS)
    for name, weights in FIGURES.items():
        (root / f"{name}.md").write_text(page_of(name, weights))
    (root / "index.md").write_text("# Book\n\n```{toctree}\nweights\n" + "\n".join(FIGURES) + "\n```\n")
    shutil.copytree(ROOT / "book/_static/figures", root / "_static/figures")
    (root / "_static/theme.css").write_text(THEME)
    import matplotlib.image

    matplotlib.image.imsave(root / "picture.png", [[0.0, 1.0]])
    build(root)
    return root / "_build" / "html"


def build(root):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", str(root), str(root / "_build/html")]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                   "HOME": str(root), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Figure:
    """A figure in the browser, opened from disk and scrolled to."""

    def __init__(self, context, book, name, query="", theme="light"):
        self.name, self.page, self.trouble = name, context.new_page(), []
        self.page.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.trouble.append(str(e)))
        self.page.goto((book / f"{name}.html").as_uri() + query)
        self.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        self.box = self.page.locator(f"#interactive-{name} .rnn-figure")
        self.page.locator(f"#interactive-{name}").scroll_into_view_if_needed()
        self.box.wait_for()
        self.picture = self.box.locator("svg")

    def says(self, pattern):
        """Wait until the figure says something."""
        from playwright.sync_api import expect

        expect(self.box.locator(".rnn-says")).to_have_text(re.compile(pattern))

    def control(self, name):
        return self.box.get_by_label(name, exact=False).first

    def press(self, name, *keys):
        """Move a control by the keyboard alone."""
        self.control(name).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, words):
        self.box.get_by_role("button", name=words, exact=True).click()

    def at(self, x, y):
        """A point of the drawing, in shares of its width and height, on the screen."""
        self.picture.scroll_into_view_if_needed()
        box = self.picture.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def drag(self, start, end):
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=5)
        self.page.mouse.up()

    def tap(self, x, y):
        self.page.touchscreen.tap(*self.at(x, y))

    def setting(self, key):
        """What the address says; None where it says nothing."""
        link = self.box.get_by_role("link", name="Address of this setting")
        return parse_qs(urlsplit(link.get_attribute("href")).query).get(f"{self.name}.{key}", [None])[0]


@pytest.fixture
def play(browser, book):
    """Open figures; nothing may go wrong in the console."""
    opened, contexts = [], []

    def open_figure(name, query="", width=1280, theme="light", **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, has_touch=True, **options))
        opened.append(Figure(contexts[-1], book, name, query, theme))
        return opened[-1]

    yield open_figure
    for context in contexts:
        context.close()
    assert not [trouble for figure in opened for trouble in figure.trouble]


# ---- Every figure ----


@pytest.mark.parametrize("name", FIGURES)
def test_a_script_is_light(name):
    from rnnbook.interactive import script

    assert len(script(name).encode()) <= 40_000


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_fits_a_phone_and_shuts_nobody_out(play, name, theme):
    from axe_playwright_python.sync_playwright import Axe

    figure = play(name, width=390, theme=theme)
    figure.says(r"\w")
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 390
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    found = Axe().run(figure.page, context={"include": [[f"#interactive-{name}"]]}, options=options).response
    assert not [(v["id"], n["html"][:120], n["failureSummary"][:200]) for v in found["violations"] for n in v["nodes"]]
    unnamed = "[...document.querySelectorAll('.rnn-figure :is(input, select)')].filter(c => !c.labels.length).length"
    assert figure.page.evaluate(unnamed) == 0


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
    assert [url.rsplit("/", 1)[1] for url in asked if "/figures/" in url and "loader" not in url and ".css" not in url] == ["weights-hello.js", "loop.js"]
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
        "recall": ("stored", "9", "Patterns stored"), "loop": ("gain", "0.5", "Gain"), "triangle": ("tau", "3", "Steps in a piece"),
        "gradients": ("gain", "1.5", "Gain"), "gates": ("bias", "3", "Forget bias"), "writes": ("temperature", "0.5", "Temperature"),
        "looking": ("at", "2", "Sound"), "scan": ("T", "16", "Steps T"),
    }[name]  # fmt: skip
    figure = play(name, f"?{name}.{key}={value}&highlight=x")
    assert figure.control(label).input_value() == value
    figure.click("Start again")
    assert figure.control(label).input_value() != value
    for nonsense in ("1e9", "-99", "%3Cb%3E", ""):
        figure = play(name, f"?{name}.{key}={nonsense}&{name}.nothing=1")
        figure.says(r"\w")


# ---- Each figure, by mouse, by keyboard, by touch ----


def test_play_the_scan(play):
    figure = play("scan")
    figure.says(r"^0 of 11 joins\. Place 4 holds step 4 alone: \(a, b\) = \(0\.500, 4\.000\)")
    figure.click("Next round")
    figure.says(r"^4 of 11 joins\. Place 4 holds steps 3 to 4: \(a, b\) = \(0\.250, 4\.500\)")
    figure.click("Next join")
    figure.says(r"^5 of 11 joins\. Place 4 holds steps 1 to 4.*b is the state h of step 4")
    for _ in range(6):
        figure.click("Next join")
    figure.says(r"all 8 states after 5 rounds and 11 joins; the loop needs 7 of each")
    assert figure.box.get_by_role("button", name="Next join").is_disabled()
    figure.press("Plan", "ArrowUp")  # doubling
    figure.says(r"^0 of 17 joins")
    figure.press("Joins at the same time", "End")
    rows = figure.box.locator("tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [["one", "by", "one", "7", "7", "7"], ["doubling", "3", "17", "3"], ["pairs", "5", "11", "5"]]
    figure.tap(0.7, 0.1)
    figure.says(r"Place 8 holds")
    figure.drag((0.7, 0.1), (0.15, 0.1))
    figure.says(r"Place 2 holds")
    figure.press("Steps T", "End")
    figure.says(r"of 321 joins")


def test_play_the_loop(play):
    figure = play("loop")
    figure.says(r"^Step 1 of 5, h is read\. Likeliest next: e")
    for _ in range(3):
        figure.click("Step forward")
    figure.says(r"^Step 4 of 5, l is read\. Likeliest next: o.*also came at step 3: those two states are [1-9]")
    figure.press("Gain", "Home")  # without memory the two l's are one
    figure.says(r"those two states are 0\.00 apart")
    figure.click("Start again")
    figure.control("A word").fill("hexlloo!")
    figure.says(r"of 6, h")  # what the net does not know is not let in
    figure.control("A second run").check()
    figure.tap(0.9, 0.1)
    figure.says(r"^Step 6 of 6, o is read.*The run that began with l is 0\.\d+ away; it was [1-9]")
    figure.press("Added to the weight", "Home")
    assert figure.control("Added to the weight").input_value() == "-3"
    figure.page.wait_for_function("location.search.includes('loop.weight=-3')")
    assert figure.setting("word") == "helloo" and figure.setting("two") == "true"


def test_play_the_triangle(play):
    figure = play("triangle")
    figure.says(r"^Loss 7 and use 3: 4 Jacobians between them.*nothing is dropped")
    assert figure.box.locator(".rnn-term").inner_text().count("J") == 4
    figure.press("Steps in a piece", "Home", "ArrowRight")
    figure.says(r"A border lies between them.*With pieces of 2, 24 of 36 pairs are dropped: .*cosine")
    figure.press("Use of W_hh", "End")  # no loss reaches a later use: the loss comes along
    figure.says(r"^Loss 8 and use 8: 0 Jacobians")
    figure.press("Loss at step t", "Home")
    figure.says(r"^Loss 1 and use 1")
    figure.tap(0.25, 0.98)
    figure.says(r"^Loss 8 and use [12]: [67] Jacobians")
    figure.drag((0.25, 0.98), (0.85, 0.98))
    figure.says(r"^Loss 8 and use 7: 1 Jacobian between")


def test_play_the_recall(play):
    figure = play("recall", reduced_motion="reduce")
    figure.says(r"^0 looks, energy .*, (?!0 )\d+ of 144 units wrong\. Load P/N = 0\.028\.$")
    figure.click("Run")  # where motion is unwelcome, at once
    figure.says(r", 0 of 144 units wrong\..* At rest, in the pattern itself")
    figure.tap(0.05, 0.1)
    figure.says(r"^0 looks, energy .*, 1 of 144 units wrong")
    figure.picture.focus()
    figure.page.keyboard.press("ArrowRight")
    figure.says(r"^Row \d+, column \d+: (black|white)\.$")
    figure.page.keyboard.press("Space")
    figure.says(r", 2 of 144 units wrong")
    figure.control("The pen").select_option("black")
    figure.drag((0.02, 0.2), (0.3, 0.2))
    figure.says(r", \d+ of 144 units wrong")
    figure.click("Look at one unit")
    figure.says(r"^1 looks")
    figure.control("What is stored").select_option("alike")
    figure.press("Share of units", "Home")
    figure.click("To the end")  # a picture that was stored does not stay
    figure.says(r"At rest, and \d+ units are wrong: this is not the pattern")


def test_play_the_gradients(play):
    figure = play("gradients")
    figure.says(r"^tanh, gain 1\.00: factor per step 0\.\d+ measured over 32 steps, 0\.762 predicted.*less than a tenth")
    figure.control("Activation").select_option("identity")
    figure.says(r"^identity.* 1\.000 predicted")
    figure.press("Gain", "End")
    figure.says(r"gain 2\.60.*2\.600 predicted.*more than tenfold")
    figure.tap(0.2, 0.5)
    figure.says(r"gain (0|1)\.\d\d: ")
    figure.drag((0.2, 0.5), (0.4, 0.3))
    figure.says(r"gain 2\.\d\d: ")
    figure.press("Lag", "Home")
    figure.says(r"measured over 1 steps")
    first = figure.box.locator(".rnn-says").inner_text()
    figure.click("Another net")
    figure.page.wait_for_function("text => document.querySelector('.rnn-says').textContent !== text", arg=first)
    figure.press("Strength of the input", "End")


def test_play_the_gates(play):
    figure = play("gates")
    figure.says(r"^Forget bias 1\.0: the gate stands at 0\.7311, the time constant is 1 \+ e\^b = 3\.7 steps, and half is left after 2\.2")
    figure.press("Forget bias", "End")
    figure.says(r"^Forget bias 6\.0: the gate stands at 0\.9975")
    figure.tap(0.9, 0.7)
    figure.says(r"After (8|9)\d steps")
    figure.drag((0.9, 0.7), (0.5, 0.7))
    figure.says(r"After (4|5)\d steps")
    assert not figure.control("A string").is_visible()
    figure.control("What to play with").select_option("counter")
    figure.says(r"^Step 10: b is read, \w is expected; the language allows E")
    figure.control("A string").fill("aabxb")
    figure.says(r"^Step 4: b is read")
    figure.press("Symbol read", "Home")
    figure.says(r"^Step 0: S is read, \w is expected; the language allows a")
    figure.control("A string").fill("ba")
    figure.press("Symbol read", "End")
    figure.says(r"no string of the language begins like this")
    figure.click("Find where it fails")
    figure.says(r"The first mistake is at step \d+")
    figure.tap(0.9, 0.3)


def test_play_the_writer(play):
    figure = play("writes", reduced_motion="reduce")
    figure.says(r"^After \u2423: likeliest is .*11 of 11 characters can be drawn; those cut off had 0\.0 %")
    figure.press("Top-k", "Home")
    figure.says(r"1 of 11 characters")
    figure.click("Write one")
    figure.says(r"1 written")
    figure.click("Write on")
    figure.says(r"300 written")
    text = figure.box.locator(".rnn-text").inner_text()
    figure.press("Top-k", "End")
    figure.press("Temperature", "End")
    assert figure.box.locator(".rnn-text").inner_text() != text
    drawn = figure.box.locator(".rnn-text").inner_text()
    figure.click("Other draws")
    assert figure.box.locator(".rnn-text").inner_text() != drawn
    figure.press("Nucleus", "Home")
    figure.says(r"^After .*: likeliest is .* [1-9]\d? of 11 characters")
    figure.box.locator(".rnn-text span").nth(1).tap()
    figure.says(r"^After l: ")
    figure.control("Colour of the text").select_option("unit")
    figure.press("Unit", "Home", "ArrowRight", "ArrowRight")
    figure.says(r"This is the unit that, of all, goes most with speech")
    figure.control("An opening").fill("tic tac?")
    assert figure.control("An opening").input_value() == "tic tac"


def test_play_the_looking(play):
    figure = play("looking")
    figure.says(r"^It says .*; the dictionary has P ER F EH K\. For .* it looks most at \w, letter \d+.* It depends most on \w, letter \d+")
    figure.press("Sound", "Home")
    figure.page.wait_for_function("document.querySelector('.rnn-stage svg').getAttribute('aria-label').includes('Sound 1 ')")
    figure.tap(0.2, 0.3)
    figure.control("A word").last.wait_for()
    figure.box.get_by_label("A word", exact=True).fill("pe3ck")
    figure.says(r"the dictionary has P EH K")
    assert figure.control("A word of the chapter").input_value() == "peck"
    figure.control("Show").select_option("beam")
    figure.says(r"^Width 2: the best is .* The dictionary's P EH K is (in|nowhere)")
    figure.press("Width of the beam", "End")
    figure.says(r"^Width 8")
    assert figure.box.locator("tbody tr").count() == 8
    figure.control("Compare by the mean").check()
    scores = [float(row.split()[-1].replace("\u2212", "-")) for row in figure.box.locator("tbody tr").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
