"""What a page's head says to browsers, to search engines and to whoever gets a link to the page.

No script holds up the text: all wait until it is there. Each page describes itself by its first sentences. Where
BOOK_ADDRESS=https://host/path says at which address the book is published, pages name their address and a picture,
and a site map, robots.txt and a page for what is not there are written.
"""

import os
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes

LENGTH, ENOUGH = 200, 60  # of a description, in characters; what is longer is cut off where it is shown
PICTURE = "_static/card.png"
ROOT_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Refresh" content="0; url={start}" />
<title>{title}</title>
{head}
</head>
<body><p>The book begins at <a href="{start}">{title}</a>.</p></body>
</html>
"""


def address():
    """Where the book is published, without a slash at its end; empty where it is not said.

    Raises:
        ValueError: if it is no address of a site.
    """
    given = os.environ.get("BOOK_ADDRESS", "").rstrip("/")
    if given and not (urlsplit(given).scheme in ("http", "https") and urlsplit(given).netloc):
        raise ValueError(f"BOOK_ADDRESS must be an address such as https://host/path, but is {given!r}.")
    return given


def description(doctree):
    """The first sentences of a page, as many as fit."""
    for paragraph in doctree.findall(nodes.paragraph):
        if not isinstance(paragraph.parent, nodes.section):
            continue
        copy = paragraph.deepcopy()
        for formula in list(copy.findall(nodes.math)):
            formula.replace_self(nodes.Text(re.sub(r"[\\{}$]", "", formula.astext())))
        text = " ".join(copy.astext().split())
        if len(text) < 40:
            continue
        sentences, kept = re.split(r"(?<=[.!?]) (?=[A-Z])", text), ""
        for sentence in sentences:
            if len(kept) >= ENOUGH and len(kept) + len(sentence) >= LENGTH:
                break
            kept = f"{kept} {sentence}".strip()
        return kept if len(kept) <= LENGTH else kept[: LENGTH - 2].rsplit(" ", 1)[0] + " \u2026"
    return ""


def tags(title, said, page):
    """The tags that describe a page; `page` is its path in the site."""
    site = address()
    found = [f'<meta name="description" content="{escape(said)}" />'] if said else []
    found += [
        f'<meta property="og:title" content="{escape(title)}" />',
        '<meta property="og:type" content="article" />',
    ]
    if said:
        found.append(f'<meta property="og:description" content="{escape(said)}" />')
    if site:
        found += [
            f'<link rel="canonical" href="{site}/{page}" />',
            f'<meta property="og:url" content="{site}/{page}" />',
            f'<meta property="og:image" content="{site}/{PICTURE}" />',
            '<meta name="twitter:card" content="summary_large_image" />',
        ]
    return "\n".join(found)


def describe(app, pagename, templatename, context, doctree):
    """Complete the head of a page."""
    for script in context.get("script_files", []):
        if getattr(script, "filename", None):
            if "async" not in script.attributes:
                script.attributes["defer"] = "defer"
        elif (body := getattr(script, "attributes", {}).get("body", "")).startswith("DOCUMENTATION_OPTIONS"):
            # The theme's own, which sets options that one of the waiting scripts makes.
            script.attributes["body"] = f"document.addEventListener('DOMContentLoaded', () => {{ {body} }});"
    if doctree is None:
        return
    title = re.sub(r"<[^>]*>", "", context.get("title", ""))
    if pagename == app.config.root_doc:
        context["title"], title = app.config.html_title, app.config.html_title
        context["docstitle"] = ""
    context["metatags"] = context.get("metatags", "") + tags(title, description(doctree), f"{pagename}.html")


def write_files(app, error):
    """Write the pages that belong to an address and not to the book."""
    if error is not None or app.builder.format != "html":
        return
    out, site = Path(app.outdir), address()
    start = f"{app.config.root_doc}.html"
    said = re.search(r'<meta name="description" content="([^"]*)"', (out / start).read_text(encoding="utf-8"))
    head = tags(app.config.html_title, unescape(said[1]) if said else "", start)
    (out / "index.html").write_text(
        ROOT_PAGE.format(start=start, title=escape(app.config.html_title), head=head), encoding="utf-8"
    )
    names = ("sitemap.xml", "robots.txt", "404.html")
    if not site:
        for name in names:
            (out / name).unlink(missing_ok=True)
        return
    pages = "".join(f"<url><loc>{site}/{name}.html</loc></url>\n" for name in sorted(app.env.found_docs))
    (out / names[0]).write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n',
        encoding="utf-8",
    )
    (out / names[1]).write_text(f"User-agent: *\nAllow: /\nSitemap: {site}/sitemap.xml\n", encoding="utf-8")
    (out / names[2]).write_text(
        ROOT_PAGE.replace('<meta http-equiv="Refresh" content="0; url={start}" />\n', "")
        .replace("<body><p>The book begins at", "<body><h1>There is no such page</h1>\n<p>The book begins at")
        .format(
            start=f"{site}/{start}",
            title=escape(app.config.html_title),
            head='<meta name="robots" content="noindex" />',
        ),
        encoding="utf-8",
    )


def setup(app):
    app.connect("html-page-context", describe, priority=950)  # after every other extension named its scripts
    app.connect("build-finished", write_files, priority=930)
