"""The mark of a claim: the page names it, and the reader finds its control and its record on the page *What holds*.

1. ``{claim}`gradients.starts.adding` `` prints the claim's own sentence, and the mark.
2. ``{mark}`gradients.starts.adding` `` prints the mark alone, beside words that say no more than the claim does.
3. ``{effect}`gradients.starts.adding` `` prints the size of the effect in the record, with its interval.
4. ```` ```{what-holds} ```` lists every claim with its control, its record, and links to the places that make it.

A claim that no experiment makes is an error. Where the record has not tried it, the mark says so.
"""

import os
from functools import cache

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from experiments import claims, record

PAGE = "book/what-holds"


class places(nodes.General, nodes.Element):
    """Stands for the links to all places that make a claim, until every page has been read."""


def kept(env):
    """The record of the experiments as they are; a page that shows it depends on it."""
    depend(env, record.PATH)
    return current()


@cache
def current():
    """The same, read once a build: which record belongs to an experiment is asked of the sources of all."""
    return record.current()


def depend(env, path):
    """Read the page at hand again when a file changes."""
    env.note_dependency(os.path.relpath(path, env.srcdir))


def anchor(name):
    """The place of a claim on the page of claims."""
    return nodes.make_id(f"claim-{name}")


def number(value):
    """Three digits, with a true minus, and no power of ten that a reader has to undo."""
    if value and not 0.001 <= abs(value) < 1e6:
        return f"{value:.1e}".replace("-", "−")
    digits = max(0, 2 - len(str(int(abs(value)))) + (abs(value) < 1)) if value else 0
    return f"{value:,.{min(digits + (abs(value) < 0.1), 3)}f}".replace("-", "−")


class Mark(SphinxRole):
    """A mark, with the sentence before it or without."""

    def __init__(self, with_sentence):
        super().__init__()
        self.with_sentence = with_sentence

    def run(self):
        try:
            claim = claims.find(self.text)
        except ValueError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        depend(self.env, claims.experiment_of(claim.name).__file__)
        said = record.standing(kept(self.env), claim.name)
        marks = self.env.rnnbook_marks = getattr(self.env, "rnnbook_marks", {})
        here = marks.setdefault(self.env.docname, [])
        place = nodes.make_id(f"mark-{claim.name}-{sum(name == claim.name for name, _ in here) + 1}")
        here.append((claim.name, place))
        told = f"held {said['held']} times of {said['of']}" if said else "not yet tried on fresh seeds"
        link = nodes.reference(
            "",
            "",
            nodes.superscript("", f"{said['held']}/{said['of']}" if said else "untried"),
            internal=True,
            refuri="",
            reftitle=f"Claim {claim.name}: {told}",
            ids=[place],
            classes=["claim-mark"],
        )
        link["claim"] = claim.name
        sentence = nodes.inline("", claim.sentence, classes=["claim"])
        return [sentence, link] if self.with_sentence else [link], []


class Effect(SphinxRole):
    """The size of an effect, with its interval over the repetitions."""

    def run(self):
        said = record.standing(kept(self.env), self.text)
        if not said or "effect" not in said:
            return [nodes.inline("", "(not yet measured)")], []
        mean, low, high = (number(said["effect"][key]) for key in ("mean", "low", "high"))
        return [nodes.inline("", f"{mean} (interval: {low} to {high})", classes=["effect"])], []


class WhatHolds(SphinxDirective):
    """Every claim of the book, by experiment."""

    def run(self):
        shown, found = [], kept(self.env)
        for name, experiment in claims.modules().items():
            depend(self.env, experiment.__file__)
            question = (experiment.__doc__ or "").partition("\n")[0]
            section = nodes.section(ids=[nodes.make_id(f"experiment-{name}")], names=[name])
            section += nodes.title("", question)
            section += nodes.paragraph("", *told_of(name, found.get(name), experiment))
            section += [self.item(claim, record.standing(found, claim.name)) for claim in experiment.CLAIMS]
            shown.append(section)
        return shown

    def item(self, claim, said):
        """One claim: sentence, control, record, places."""
        body = nodes.container(ids=[anchor(claim.name)], classes=["what-holds"])
        so_far = "" if said and said["of"] >= record.REPETITIONS else " so far"
        held = f"Held {said['held']} of {said['of']} times{so_far}." if said else "Not yet tried on fresh seeds."
        body += nodes.paragraph("", "", nodes.strong("", claim.sentence))
        line = nodes.paragraph("", f"{held} Control: {claim.control}. ")
        if said and "effect" in said:
            mean, low, high = (number(said["effect"][key]) for key in ("mean", "low", "high"))
            line += nodes.Text(f"Effect ({claim.unit}): {mean}, interval {low} to {high}. ")
        line += places("", claim=claim.name)
        body += line
        return body


def told_of(name, entry, experiment):
    """When and with what an experiment was repeated."""
    if not entry:
        return [nodes.Text("This experiment is in its pages only; it has not been repeated yet.")]
    versions = ", ".join(f"{what} {which}" for what, which in entry["versions"].items())
    each = f"{experiment.SEEDS} fresh seed{'s' if experiment.SEEDS > 1 else ''} each"
    text = f"Repeated {len(entry['runs'])} times, {each}; last on {entry['date']} with {versions}; "
    return [
        nodes.Text(text),
        nodes.literal("", f"make claims NAME={name}"),
        nodes.Text(f"; digest {entry['digest'][:8]}."),
    ]


def resolve(app, doctree, docname):
    """Turn marks into links to the page of claims, and its placeholders into links back."""
    if app.builder.name == "linkcheck":
        return
    target = PAGE if PAGE in app.env.found_docs else docname
    for link in list(doctree.findall(lambda node: isinstance(node, nodes.reference) and "claim" in node)):
        link["refuri"] = f"{relative(app, docname, target)}#{anchor(link['claim'])}"
        del link.attributes["claim"]
    marks = getattr(app.env, "rnnbook_marks", {})
    for place in list(doctree.findall(places)):
        found = [(doc, at) for doc, made in sorted(marks.items()) for name, at in made if name == place["claim"]]
        links = [nodes.Text("It stands in " if found else "No page says it.")]
        for number_, (doc, at) in enumerate(found):
            title = app.env.titles[doc].astext()
            uri = f"{relative(app, docname, doc)}#{at}"
            links += [
                nodes.Text(", ") if number_ else nodes.Text(""),
                nodes.reference("", title, internal=True, refuri=uri),
            ]
        place.replace_self([*links, nodes.Text("." if found else "")])


def relative(app, docname, target):
    """The address of a page as seen from another; of the page itself, nothing."""
    return "" if docname == target else app.builder.get_relative_uri(docname, target)


def purge(app, env, docname):
    """Forget the marks of a page that is read again."""
    getattr(env, "rnnbook_marks", {}).pop(docname, None)


def merge(app, env, docnames, other):
    """Take over the marks of pages that another process has read."""
    marks = env.rnnbook_marks = getattr(env, "rnnbook_marks", {})
    marks.update({name: made for name, made in getattr(other, "rnnbook_marks", {}).items() if name in docnames})


def write_again(app, env):
    """The page of claims links to all marks, so it is written whenever any page was read."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app):
    app.add_node(places)
    app.add_role("claim", Mark(True))
    app.add_role("mark", Mark(False))
    app.add_role("effect", Effect())
    app.add_directive("what-holds", WhatHolds)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", resolve)
