"""Interactive figures: where one stands, what it loads, and the weights of trained nets that it plays with.

A page places one with ::

    ```{interactive} scan
    :over: fig-after-scan
    :weights: hello

    Words that only make sense where the figure can be played with.
    ```

`over` names the static figure, which stays where there is no script, in print and in a PDF; without it the figure
stands by itself. The figure is ``book/_figures/scan.js``, an ES module. A browser refuses modules to a page that is
opened from disk, so the build writes each figure and what it imports as one plain script.

`weights` names what the page of a chapter has handed over, in a cell of its own::

    display({"application/vnd.rnnbook.weights+json": {"name": "hello", "W_xh": W_xh.tolist()}}, raw=True)

It is read from the stored result of the page, so it is there too when nothing ran.
"""

import base64
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from jupyter_cache import get_cache
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

SOURCES = Path(__file__).resolve().parents[2] / "_figures"
MIME = "application/vnd.rnnbook.weights+json"
MOST = 40_000  # bytes of a figure's script, before compression
IMPORT = re.compile(r"^import \{([^}]*)\} from \"\./([\w-]+)\.js\";\n", re.M)
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.M)  # one that has its lines for itself
EXPORT = re.compile(r"^export (?=(?:const|let|function\*?|class) (\w+))", re.M)
logger = logging.getLogger(__name__)


class interactive(nodes.General, nodes.Element):  # noqa: N801, docutils names nodes so
    """The place of an interactive figure."""


class Interactive(SphinxDirective):
    """Place a figure by its name."""

    has_content = True
    required_arguments = 1
    option_spec = {"over": directives.unchanged_required, "weights": directives.unchanged_required}

    def run(self):
        name, weights = self.arguments[0], self.options.get("weights", "")
        if not (SOURCES / f"{name}.js").is_file():
            known = sorted(path.stem for path in SOURCES.glob("*.js"))
            raise self.error(f"interactive: expected the name of a figure, one of {', '.join(known)}, got {name!r}.")
        placed(self.env).setdefault(self.env.docname, []).append((name, weights))
        node = interactive(figure=name, over=self.options.get("over", ""), weights=weights)
        node["ids"].append(f"interactive-{name}")
        node += self.parse_content_to_nodes()
        return [node]


def placed(env):
    """The figures on each page: a dict from the page's name to pairs of figure and weights."""
    if not hasattr(env, "rnnbook_interactive"):
        env.rnnbook_interactive = {}
    return env.rnnbook_interactive


def forget(app, env, page):
    """Drop what an earlier build knew of a page."""
    placed(env).pop(page, None)


def merge(app, env, pages, other):
    """Take over what another process has read."""
    placed(env).update({page: placed(other)[page] for page in pages if page in placed(other)})


def begin_html(self, node):
    """Write what introduces a figure; it is shown once the loader has come."""
    self.body.append('<div class="interactive-words" hidden>')


def end_html(self, node):
    """Write the place, with the scripts that fill it."""
    page = self.builder.get_target_uri(self.builder.current_docname)
    names = [node["figure"]] if not node["weights"] else [f"weights-{node['weights']}", node["figure"]]
    scripts = " ".join(relative_uri(page, f"_static/figures/{name}.js") for name in names)
    attributes = {"data-figure": node["figure"], "data-over": node["over"], "data-scripts": scripts}
    self.body.append("</div>\n" + self.starttag(node, "div", "", CLASS="interactive", **attributes) + "</div>\n")


def skip(self, node):
    """Where nothing can be played with, the static figure stands alone."""
    raise nodes.SkipNode


def load(app, pagename, templatename, context, doctree):
    """Give a page with figures the script that fills their places when a reader comes near."""
    if pagename in placed(app.env):
        app.add_js_file("figures/loader.js", loading_method="defer")


# ---- From modules to one script ----


@cache
def bundle(name):
    """One expression of plain JavaScript that evaluates to what a module exports.

    Each module becomes a function that is called once, so names of different modules cannot meet. Comments stay behind.

    Args:
        name: of a module in ``book/_figures``, which imports only by ``import { a, b } from "./other.js";``.

    Raises:
        ValueError: when a module imports or exports in another way, or modules import each other in a circle.
    """
    order, parts = [], {}

    def visit(name, above):
        if name in above:
            raise ValueError(f"book/_figures: modules import each other in a circle: {' > '.join([*above, name])}.")
        if name in parts:
            return
        source = (SOURCES / f"{name}.js").read_text(encoding="utf-8")
        for _, other in IMPORT.findall(source):
            visit(other, [*above, name])
        body = IMPORT.sub(lambda m: f"const {{{m[1].replace(' as ', ': ')}}} = m_{m[2].replace('-', '_')};\n", source)
        body = COMMENT.sub("", body)
        exported = [match[1] for match in EXPORT.finditer(body)]
        body = EXPORT.sub("", body)
        if left := re.search(r"^(?:import|export)\b.*", body, re.M):
            raise ValueError(f"book/_figures/{name}.js: expected only named imports and exports, got {left[0]!r}.")
        parts[name] = f"(() => {{\n{body}return {{ {', '.join(exported)} }};\n}})()"
        order.append(name)

    visit(name, [])
    lines = [f"const m_{other.replace('-', '_')} = {parts[other]};" for other in order[:-1]]
    return "\n".join(["(() => {", '"use strict";', *lines, f"return {parts[name]};", "})()"])


def script(name):
    """The script of a figure, as it is served; a ValueError where it is heavier than a figure may be."""
    text = f"rnnbookFigures.figures[{json.dumps(name)}] = {bundle(name)};\n"
    if (size := len(text.encode())) > MOST:
        raise ValueError(
            f"book/_figures/{name}.js: expected at most {MOST:,} bytes with what it imports, got {size:,}."
        )
    return text


# ---- Weights ----


def handed_over(app):
    """What the pages with stored results hand over: a dict from name to the rest."""
    cached, found = get_cache(app.config.nb_execution_cache_path), {}
    records = {record.hashkey: record for record in cached.list_cache_records()}
    for key, _ in getattr(app.env, "rnnbook_results", {}).values():
        if key not in records:
            continue
        for cell in cached.get_cache_bundle(records[key].pk).nb.cells:
            for output in cell.get("outputs", ()):
                if data := output.get("data", {}).get(MIME):
                    data = dict(data)
                    found[data.pop("name")] = data
    return found


def packed(value):
    """A value as JSON that a script unpacks: an array of floats becomes whole numbers of 16 bits, and their unit.

    The largest of an array is off by 1.5e-5 of itself at most, which no figure can show.
    """
    if isinstance(value, dict):
        return {name: packed(part) for name, part in value.items()}
    array = np.asarray(value) if isinstance(value, list) else None
    if array is None or array.dtype.kind != "f":
        return value
    unit = float(np.abs(array).max()) / 32767 or 1.0
    integers = np.round(array / unit).astype("<i2")
    return {"shape": list(array.shape), "unit": unit, "i16": base64.b64encode(integers.tobytes()).decode()}


def write_scripts(app, error):
    """Write the scripts of all figures of the book, and of the weights that they play with."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static/figures"
    folder.mkdir(parents=True, exist_ok=True)
    pairs = {pair for pairs in placed(app.env).values() for pair in pairs}
    for name in sorted({name for name, _ in pairs}):
        (folder / f"{name}.js").write_text(script(name), encoding="utf-8")
    wanted = {weights for _, weights in pairs if weights}
    found = handed_over(app) if wanted else {}
    for name in sorted(wanted):
        if name not in found:
            logger.warning("interactive: no page hands over weights named %s", name)
            continue
        text = json.dumps(packed(found[name]), ensure_ascii=False, separators=(",", ":"))
        (folder / f"weights-{name}.js").write_text(
            f"rnnbookFigures.weights[{json.dumps(name)}] = {text};\n", encoding="utf-8"
        )


def setup(app):
    app.add_node(interactive, html=(begin_html, end_html), latex=(skip, None), text=(skip, None))
    app.add_directive("interactive", Interactive)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", load)
    app.connect("build-finished", write_scripts)
