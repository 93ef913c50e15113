"""What the book needs of Sphinx beyond _config.yml.

1. The cache of executed pages is named by what results depend on, so a change of the library runs them again.
2. Chapter, figure and equation numbers follow the file name: book/03-bptt.md is chapter 3.
3. MathJax and the icons are served from the site itself, in forms that also load from disk.
4. Launch buttons appear when BOOK_REPOSITORY=owner/name says where the book is published.
5. The glossary's Chinese terms are marked as Chinese, for a voice that reads the page aloud; its chapters are links.
"""

import base64
import hashlib
import os
import platform
import re
import shutil
from importlib.metadata import files
from pathlib import Path

import pydata_sphinx_theme
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

CHAPTER = re.compile(r"(\d\d)-[^/]*$")
MATHJAX = "mathjax/tex-svg.js"  # one file: it draws with its own outlines, so no font is fetched


def execution_key(root: Path) -> str:
    """Hash of all that a page's results depend on besides the page: library, data, versions, Python."""
    digest = hashlib.sha256(platform.python_version().encode())
    folders = ("rnnlib", "rnnchecks", "book/_data")
    sources = (p for f in folders for p in root.glob(f"{f}/**/*") if p.is_file() and "__pycache__" not in p.parts)
    for path in sorted([root / "requirements.txt", *sources]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def set_cache(app, config):
    """Name the cache; Sphinx reads every page again when the name changes, and older caches go."""
    caches = Path(app.outdir).parent / "cache"
    current = caches / execution_key(Path(app.srcdir))
    for old in caches.glob("*"):
        if old != current:
            shutil.rmtree(old, ignore_errors=True)
    config.nb_execution_cache_path = str(current)


def set_repository(app, config):
    """Offer Binder, Colab and a link to the source, where the source has a public address."""
    repository = os.environ.get("BOOK_REPOSITORY", "")
    if not repository:
        return
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"BOOK_REPOSITORY must read owner/name, but is {repository!r}.")
    config.html_theme_options |= {
        "repository_url": f"https://github.com/{repository}",
        "repository_branch": os.environ.get("BOOK_BRANCH", "main"),
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }


def offer_colab_for_notebooks_only(app, pagename, templatename, context, doctree):
    """Drop Colab's button from the chapters: it opens .ipynb files, and a chapter is a text file."""
    if not app.env.doc2path(pagename).endswith(".ipynb"):
        for group in context.get("header_buttons", []):
            if group.get("label") == "launch-buttons":
                group["buttons"] = [button for button in group["buttons"] if button["text"] != "Colab"]


def number_by_file_name(assign):
    """Wrap Sphinx's numbering: the first number of a page NN-name becomes NN."""

    def assign_section_numbers(self, env):
        old = env.toc_secnumbers
        assign(self, env)
        for docname, numbers in env.toc_secnumbers.items():
            match = CHAPTER.search(docname)
            if not match:
                continue

            def renumber(number, chapter=int(match[1])):
                return (chapter, *number[1:]) if number else number

            env.toc_secnumbers[docname] = {anchor: renumber(n) for anchor, n in numbers.items()}
            for node in [env.titles[docname], *env.tocs[docname].findall()]:
                if getattr(node, "get", None) and node.get("secnumber"):
                    node["secnumber"] = renumber(tuple(node["secnumber"]))
        return [docname for docname, numbers in env.toc_secnumbers.items() if numbers != old.get(docname)]

    return assign_section_numbers


def finish_glossary(app, pagename, templatename, context, doctree):
    """Say of the glossary's Chinese terms that they are Chinese; link the chapters that its entries end with."""
    if ' glossary">' not in context.get("body", ""):
        return
    chapters = {int(m[1]): name for name in app.env.found_docs if (m := re.fullmatch(r"book/(\d\d)-[^/]*", name))}

    def link(match):
        if not (chapter := chapters.get(int(match[1]))):
            return match[0]
        return f'<a class="reference internal" href="{context["pathto"](chapter)}">{match[0]}</a>'

    def links(match):
        return re.sub(r"(?:[Cc]hapters? )?(\d+)", link, match[0])

    body = re.sub(r"<dt( id=[^>]*>[^<]*[\u4e00-\u9fff])", r'<dt lang="zh-Hans"\1', context["body"])
    context["body"] = re.sub(r"Chapters? [^<.]*(?=\.</p>)", links, body)


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


class AuthorYearStyle(UnsrtStyle):
    """Entries sorted by author and year, to match citations by author and year."""

    default_sorting_style = "author_year_title"


def setup(app):
    register_plugin("pybtex.style.formatting", "author_year_sorted", AuthorYearStyle)
    # The collector in use is a subclass that counts its own way; Sphinx's own count is the one wrapped.
    TocTreeCollectorWithStyles.assign_section_numbers = number_by_file_name(TocTreeCollector.assign_section_numbers)
    app.connect("config-inited", set_cache)
    app.connect("config-inited", set_repository, priority=100)
    app.connect("html-page-context", offer_colab_for_notebooks_only, priority=900)  # after the theme made its buttons
    app.connect("html-page-context", finish_glossary)
    app.connect("builder-inited", copy_mathjax)
    app.connect("builder-inited", make_icons)
    app.connect("build-finished", tidy)
    app.connect("config-inited", lambda app, config: setattr(config, "mathjax_path", MATHJAX))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
