"""From page to page: the chapters beside a chapter, minutes to read, and where a work is cited.

`` {minutes}`4` `` prints how long reading chapter 4 takes, with the pages in its folder; `` {minutes}`exercise 4` ``
what the tasks of its exercise are allowed together, as the table at the top of the notebook has it.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from rnnbook import syllabus

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


def count(app, doctree):
    """Keep how many words a page has."""
    kept = app.env.rnnbook_words = getattr(app.env, "rnnbook_words", {})
    kept[app.env.docname] = sum(len(paragraph.astext().split()) for paragraph in doctree.findall(nodes.paragraph))


def uncounted(app, env, added, changed, removed):
    """Pages that an earlier build read before words were counted: they are read again."""
    return set(env.found_docs) - set(getattr(env, "rnnbook_words", {})) - added - changed


def forget(app, env, page):
    """Drop what an earlier build knew of a page."""
    getattr(env, "rnnbook_words", {}).pop(page, None)
    getattr(env, "rnnbook_minutes", set()).discard(page)


def merge(app, env, pages, other):
    """Take over what another process has read."""
    words = getattr(other, "rnnbook_words", {})
    env.rnnbook_words = getattr(env, "rnnbook_words", {}) | {page: words[page] for page in pages if page in words}
    env.rnnbook_minutes = getattr(env, "rnnbook_minutes", set()) | getattr(other, "rnnbook_minutes", set())


def write_again(app, env):
    """A page that gives the minutes of others is written whenever one was read."""
    return [page for page in getattr(env, "rnnbook_minutes", ()) if page in env.found_docs]


def minutes(env, page):
    """Minutes that reading a page takes; 0 where it is short."""
    words = getattr(env, "rnnbook_words", {}).get(page, 0)
    return 0 if words < SHORT else round(words / WORDS_A_MINUTE)


def chapter_minutes(env, number):
    """Minutes that reading a chapter takes, with the pages in its folder."""
    pages = [name for name in env.found_docs if re.match(rf"book/{number:02}-[^/]*(?:/|$)", name)]
    return sum(minutes(env, page) for page in pages)


class reading(nodes.Inline, nodes.TextElement):  # noqa: N801, docutils names nodes so
    """Stands for the minutes of a chapter, until every page has been read."""


class Minutes(SphinxRole):
    """The minutes of a chapter or of an exercise."""

    def run(self):
        match = re.fullmatch(r"(exercise )?(\d+)", self.text)
        notebooks = syllabus.pages(self.env, syllabus.EXERCISE) if match and match[1] else {}
        if not match or (match[1] and int(match[2]) not in notebooks):
            text = f"minutes: expected the number of a chapter, or 'exercise' and a number, got {self.text!r}."
            return [], [self.inliner.reporter.error(text, line=self.lineno)]
        if match[1]:
            exercise = syllabus.read_exercise(Path(self.env.doc2path(notebooks[int(match[2])])))
            return [nodes.inline("", f"{exercise.minutes}\u00a0min")], []
        asking = self.env.rnnbook_minutes = getattr(self.env, "rnnbook_minutes", set())
        asking.add(self.env.docname)
        return [reading("", chapter=int(match[2]))], []


def resolve(app, doctree, page):
    """Print minutes, now that every page has been read."""
    for place in list(doctree.findall(reading)):
        place.replace_self(nodes.inline("", f"{chapter_minutes(app.env, place['chapter'])}\u00a0min"))


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
    if match and (time := minutes(app.env, pagename)):
        said = f'<p class="minutes">{time} minutes to read, without equations and programs</p>'
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
    app.add_node(reading)
    app.add_role("minutes", Minutes())
    app.connect("env-get-outdated", uncounted)
    app.connect("doctree-read", count)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", resolve)
    app.connect("html-page-context", complete, priority=400)
