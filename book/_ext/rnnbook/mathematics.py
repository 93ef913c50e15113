"""Mathematics is drawn when the book is built: MathJax in an embedded V8 turns TeX into SVG with MathML beside it.

A page then needs no script for its formulas, shows no TeX while it loads, and nothing moves. The outlines of the
letters stand once at the top of the page, and the formulas point at them. What was drawn is kept under `_build/cache`.
"""

import hashlib
import json
import re
from functools import cached_property
from importlib.metadata import files, version
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

PACKAGE = "sphinx-mathjax-offline"  # carries MathJax's components
COMPONENTS = (
    "loader.js",
    "core.js",
    "adaptors/liteDOM.js",
    "input/tex-base.js",
    "input/tex/extensions/ams.js",
    "input/tex/extensions/newcommand.js",
    "output/svg.js",
    "output/svg/fonts/tex.js",
    "a11y/assistive-mml.js",
)
PROGRAM = Path(__file__).with_suffix(".js")
EX = 0.442  # of an em: the height of an x in MathJax's font, in which it measures
OUTLINE = re.compile(r'<path id="([^"]+)" d="([^"]*)">')
logger = logging.getLogger(__name__)


def short(svg):
    """Leave out what a drawing's MathML says as well, and measure in the size of the text, whatever its font."""
    svg = re.sub(r' (?:data-mml-node|data-c|data-mjx-texclass|xmlns(?::\w+)?|focusable|role)="[^"]*"', "", svg)
    svg = svg.replace(' stroke="currentColor" fill="currentColor" stroke-width="0"', "").replace("xlink:href", "href")
    svg = re.sub(r"(-?[\d.]+)ex", lambda match: f"{float(match[1]) * EX:.3f}em", svg)
    return svg.replace("MJX-TEX-", "m-").replace("<math>", '<math xmlns="http://www.w3.org/1998/Math/MathML">')


class Drawer:
    """Draws formulas, and remembers them from build to build.

    Args:
        kept: file for what was drawn.
    """

    def __init__(self, kept: Path):
        self.kept = kept
        program = PROGRAM.read_bytes() + Path(__file__).read_bytes() + version(PACKAGE).encode()
        self.key = hashlib.sha256(program).hexdigest()
        self.formulas: dict[str, str] = {}
        self.outlines: dict[str, str] = {}
        self.new = False
        if kept.is_file():
            data = json.loads(kept.read_text(encoding="utf-8"))
            if data["key"] == self.key:
                self.formulas, self.outlines = data["formulas"], data["outlines"]

    @cached_property
    def engine(self):
        """V8 with MathJax in it; it takes a second to start, so only when a formula is new."""
        from py_mini_racer import MiniRacer

        engine = MiniRacer()
        engine.eval("var window = globalThis, global = globalThis, MathJax = {};")
        paths = {str(file).partition("static/mathjax/")[2]: file.locate() for file in files(PACKAGE)}
        for component in COMPONENTS:
            engine.eval(Path(paths[component]).read_text(encoding="utf-8") + "\n;0")
        engine.eval(PROGRAM.read_text(encoding="utf-8") + "\n;0")
        return engine

    def draw(self, tex: str, display: bool) -> str:
        """Give the HTML of a formula.

        Raises:
            ValueError: if it is no TeX that MathJax knows; says what MathJax says.
        """
        name = f"{int(display)}{tex}"
        if name not in self.formulas:
            svg = self.engine.eval(f"draw({json.dumps(tex)}, {json.dumps(display)})")
            if svg.startswith("error: "):
                raise ValueError(f"{svg.removeprefix('error: ')}, in {tex!r}")
            kind = ' display="true"' if display else ""
            self.formulas[name] = f"<mjx-container{kind}>{short(svg)}</mjx-container>"
            self.new = True
        return self.formulas[name]

    def outlines_of(self, html: str) -> str:
        """The outlines that the formulas of a page point at, as a drawing that shows nothing itself."""
        if self.new:
            found = OUTLINE.findall(self.engine.eval("outlines()"))
            self.outlines |= {name.replace("MJX-TEX-", "m-"): path for name, path in found}
        used = sorted(set(re.findall(r'<use[^>]* href="#(m-[^"]+)"', html)))
        if not used:
            return ""
        paths = "".join(f'<path id="{name}" d="{self.outlines[name]}"/>' for name in used)
        return f'<svg class="outlines" aria-hidden="true" width="0" height="0"><defs>{paths}</defs></svg>'

    def keep(self) -> None:
        """Write down what is new."""
        if self.new:
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            data = {"key": self.key, "formulas": self.formulas, "outlines": self.outlines}
            self.kept.write_text(json.dumps(data), encoding="utf-8")
        if "engine" in self.__dict__:
            self.engine.close()  # or its threads keep the build from ending
            del self.engine


def drawn(translator, node, tex, display):
    """The HTML of a node's formula; a warning, which ends the build, where it cannot be drawn."""
    try:
        return translator.builder.app.rnnbook_drawer.draw(tex, display)
    except ValueError as error:
        logger.warning("mathematics: %s", error, location=node)
        return ""


def visit_math(self, node):
    """A formula in the text."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(drawn(self, node, node.astext(), False) + "</span>")
    raise nodes.SkipNode


def visit_displaymath(self, node):
    """An equation with its number, which is also a link to it."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    self.body.append(drawn(self, node, aligned(node), True))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def aligned(node):
    """The TeX of an equation, with what Sphinx lets authors leave out: several lines are several equations."""
    if node["nowrap"]:
        return node.astext()
    parts = [part for part in node.astext().split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part for part in parts]
    return parts[0] if len(parts) == 1 else r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"


def add_outlines(app, pagename, templatename, context, doctree):
    """Give a page's template the outlines that its formulas need."""
    context["outlines"] = app.rnnbook_drawer.outlines_of(context.get("body", ""))


def setup(app):
    app.add_html_math_renderer("drawn", (visit_math, None), (visit_displaymath, None))
    app.connect("config-inited", lambda app, config: setattr(config, "html_math_renderer", "drawn"))
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", add_outlines)
    app.connect("build-finished", lambda app, error: app.rnnbook_drawer.keep())


def prepare(app):
    """Open what earlier builds drew."""
    app.rnnbook_drawer = Drawer(Path(app.outdir).parent / "cache" / "mathematics.json")
