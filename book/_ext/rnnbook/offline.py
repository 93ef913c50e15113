"""Nothing is fetched: MathJax and the icons are served from the site itself, in forms that also load from disk."""

import base64
import re
import shutil
from importlib.metadata import files
from pathlib import Path

import pydata_sphinx_theme

MATHJAX = "mathjax/tex-svg.js"  # one file: it draws with its own outlines, so no font is fetched


def copy_mathjax(app):
    """Copy the one file a page needs out of the 23 MB that the package carries."""
    if app.builder.format != "html":
        return
    source = next(f for f in files("sphinx-mathjax-offline") if f.as_posix().endswith(MATHJAX))
    target = Path(app.outdir) / "_static" / MATHJAX
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source.locate(), target)


def make_icons(app):
    """Write the icons' style sheet with its fonts inside; a page on disk may not load a font file."""
    if app.builder.format != "html":
        return
    vendor = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/vendor/fontawesome"
    (source,) = vendor.glob("*/css/all.min.css")

    def inline(match):
        font = (source.parent / match[1]).read_bytes()
        return f'src:url(data:font/woff2;base64,{base64.b64encode(font).decode()}) format("woff2")'

    sheet = source.read_text(encoding="utf-8")
    sheet = re.sub(r"@font-face{(?![^}]*Font Awesome\\ 6)[^}]*}", "", sheet)  # names kept for old versions
    sheet = re.sub(r"src:url\(([^)]+\.woff2)\)[^;}]*", inline, sheet)
    (Path(app.outdir) / "_static").mkdir(parents=True, exist_ok=True)
    (Path(app.outdir) / "_static/icons.css").write_text(sheet, encoding="utf-8")


def setup(app):
    app.connect("config-inited", lambda app, config: setattr(config, "mathjax_path", MATHJAX))
    app.connect("builder-inited", copy_mathjax)
    app.connect("builder-inited", make_icons)
