"""The glossary's Chinese terms are marked as Chinese, for a voice that reads the page aloud; its chapters are links.

"Chapter 5" at the end of an entry leads to the section of that chapter that names the term first, and explains it.
"""

import re
from html import unescape

from docutils import nodes
from sphinx import addnodes

ENDS = re.compile(r"Chapters?[ \u00a0][^<.]*(?=\.</p>)")
NUMBER = re.compile(r"(?:[Cc]hapters?[ \u00a0])?(\d+)")


def note_terms(app, doctree):
    """Remember in which section a page first links each term."""
    first = {}
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.get("reftype") == "term":
            section = reference.parent
            while section is not None and not (isinstance(section, nodes.section) and section["ids"]):
                section = section.parent
            first.setdefault(reference["reftarget"].lower(), section["ids"][0] if section is not None else "")
    known = app.env.rnnbook_terms = getattr(app.env, "rnnbook_terms", {})
    known[app.env.docname] = first


def forget(app, env, docname):
    """Forget a page that is read again or gone."""
    getattr(env, "rnnbook_terms", {}).pop(docname, None)


def rewrite(app, env):
    """Name the pages whose links follow what other pages say, whenever any page was read."""
    return [name for name in ("book/glossary", "book/bibliography") if name in env.found_docs]


def finish_glossary(app, pagename, templatename, context, doctree):
    """Say of the glossary's Chinese terms that they are Chinese; link the chapters that its entries end with."""
    if ' glossary">' not in context.get("body", ""):
        return
    body = re.sub(r"<dt( id=[^>]*>[^<]*[\u4e00-\u9fff])", r'<dt lang="zh-Hans"\1', context["body"])
    entries = re.split(r"(?<=</dd>)", body)
    context["body"] = "".join(linked(entry, app.env, context["pathto"]) for entry in entries)


def linked(entry, env, pathto):
    """An entry whose chapters are links."""
    names = [unescape(re.sub(r"<[^>]*>", "", name)).strip() for name in re.findall(r"<dt[^>]*>(.*?)<a", entry, re.S)]

    def link(match):
        pages = sorted(name for name in env.found_docs if name.startswith(f"book/{int(match[1]):02}-"))
        if not pages:
            return match[0]
        for page in pages:
            first = getattr(env, "rnnbook_terms", {}).get(page, {})
            if place := next((first[name.lower()] for name in names if name.lower() in first), ""):
                return f'<a class="reference internal" href="{pathto(page)}#{place}">{match[0]}</a>'
        return f'<a class="reference internal" href="{pathto(pages[0])}">{match[0]}</a>'

    return ENDS.sub(lambda end: NUMBER.sub(link, end[0]), entry)


def setup(app):
    app.connect("doctree-read", note_terms)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", rewrite)
    app.connect("html-page-context", finish_glossary)
