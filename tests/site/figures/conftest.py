"""A small book with a page for each interactive figure, and a figure to play with.

Its weights are drawn at random, but for the speller, whose two l's a test looks at.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.site.figures.names import FIGURES

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
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
html { --pst-color-text-base: #222832; --pst-color-text-muted: #48566b;
  --pst-color-background: #fff; --pst-color-border: #d1d5da;
  background: var(--pst-color-background); color: var(--pst-color-text-base) }
html[data-theme="dark"] { --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af;
  --pst-color-background: #14181e; --pst-color-border: #48566b }
html[data-theme="dark"] a { color: #7cb1f7 }
"""
HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
WEIGHTS = """
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
"""


def page_of(name, weights):
    """A page with a figure far below its top."""
    over = f":over: fig-{name}\n" if name == "scan" else ""
    options = over + (f":weights: {weights}\n" if weights else "")
    filler = "\n\n".join("A line that fills the screen." for _ in range(120))
    printed = f"```{{figure}} picture.png\n:name: fig-{name}\n:alt: A printed figure.\n\nThe printed figure.\n```\n"
    placed = f"```{{interactive}} {name}\n{options}\nWords about {name}.\n```\n"
    return f"# {name}\n\n{filler}\n\n{printed}\n{placed}\nAfter it.\n"


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """A small book with a page for each figure, built once."""
    root = tmp_path_factory.mktemp("figures")
    (root / "conf.py").write_text(CONF)
    (root / "weights.md").write_text(HEAD + WEIGHTS)
    for name, weights in FIGURES.items():
        (root / f"{name}.md").write_text(page_of(name, weights))
    every = "\n\n".join(f"```{{interactive}} {name}\n:weights: {weights}\n```" if weights else
                        f"```{{interactive}} {name}\n```" for name, weights in FIGURES.items())  # fmt: skip
    (root / "lecture.md").write_text(f"# All on one page\n\n{every}\n")
    (root / "index.md").write_text("# Book\n\n```{toctree}\nweights\nlecture\n" + "\n".join(FIGURES) + "\n```\n")
    shutil.copytree(ROOT / "book/_static/figures", root / "_static/figures")
    (root / "_static/theme.css").write_text(THEME)
    import matplotlib.image

    matplotlib.image.imsave(root / "picture.png", [[0.0, 1.0]])
    build(root)
    return root / "_build" / "html"


def build(root):
    """Build the small book, warnings as errors; give what Sphinx said."""
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

    def word(self, words, n=0):
        """Where the drawing says something: the middle of the label number n that reads so."""
        self.picture.scroll_into_view_if_needed()
        box = self.picture.locator("text", has_text=re.compile(f"^{words}$")).nth(n).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start, end):
        """Hold the mouse down from one point of the screen to another."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=5)
        self.page.mouse.up()

    def tap(self, point):
        """Touch a point of the screen."""
        self.page.touchscreen.tap(*point)

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
