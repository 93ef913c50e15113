"""From page to page: the chapters beside a chapter, minutes to read, and where a work is cited."""

import re

from docutils import nodes

CHAPTER = re.compile(r"(?:book|exercises)/(\d\d)-")
WORDS_A_MINUTE = 200  # of a text with formulas
SHORT = 400  # words: a shorter page says no minutes
CITED = re.compile(r'<div class="citation"[^>]* id="([^"]+)"[^>]*>.*?(?=</div>)', re.S)


def chapters(app):
    """The first page of each chapter, by its number."""
    found = {}
    for name in sorted(app.env.found_docs, reverse=True):
        if (match := CHAPTER.match(name)) and name.startswith("book/"):
            found[int(match[1])] = name
    return found


def minutes(doctree):
    """Minutes that reading a page takes; 0 where it is short."""
    words = sum(len(paragraph.astext().split()) for paragraph in doctree.findall(nodes.paragraph))
    return 0 if words < SHORT else round(words / WORDS_A_MINUTE)


def complete(app, pagename, templatename, context, doctree):
    """Add to a page what is said of its place."""
    if doctree is None:
        return
    if match := CHAPTER.match(pagename):
        known, number, beside = chapters(app), int(match[1]), []
        for kind, other in (("Chapter before", number - 1), ("Next chapter", number + 1)):
            if other in known:
                title = app.env.titles[known[other]].astext()
                beside.append((kind, context["pathto"](known[other]), f"{other}. {title}"))
        context["chapters_beside"] = beside
    if match and (time := minutes(doctree)):
        said = f'<p class="minutes">{time} minutes to read</p>'
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{said}", 1)
    if 'class="citation"' in context["body"]:
        context["body"] = CITED.sub(lambda work: work[0] + cited(app, context, work[1]), context["body"])


def cited(app, context, place):
    """The line that says which chapters cite a work."""
    domain = app.env.get_domain("cite")
    keys = {entry.key for entry in domain.citations if entry.citation_id == place}
    pages = {reference.docname for reference in domain.citation_refs if keys & {t.key for t in reference.targets}}
    found = {int(match[1]): name for name in sorted(pages) if (match := CHAPTER.match(name))}
    if not found:
        return ""
    links = ", ".join(f'<a href="{context["pathto"](name)}">{number}</a>' for number, name in sorted(found.items()))
    return f'<div class="cited">Cited in chapter{"s" if len(found) > 1 else ""}\u00a0{links}.</div>\n'


def setup(app):
    app.connect("html-page-context", complete, priority=400)
