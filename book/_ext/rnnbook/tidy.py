"""Of what an earlier build or the theme leaves in the site, only what this book has stays."""

import shutil
from pathlib import Path


def tidy(app, error):
    """Remove pages that left the book, and what the theme copies and no page asks for."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = {f"{name}.html" for name in app.env.found_docs} | {"index.html", "search.html", "genindex.html"}
    for path in out.rglob("*.html"):
        if path.relative_to(out).as_posix() not in pages and "_static" not in path.parts:
            path.unlink()
    shutil.rmtree(out / "_static/vendor/fontawesome", ignore_errors=True)
    for path in (out / "_static").rglob("*.map"):
        path.unlink()
    for name in ("searchtools.js", "language_data.js"):  # of Sphinx's own search
        (out / "_static" / name).unlink(missing_ok=True)


def setup(app):
    app.connect("build-finished", tidy, priority=920)  # at the end
