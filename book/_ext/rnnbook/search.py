"""Search by section: what the book says where, and which words lead to the section that teaches a term.

Written as a script file, `_static/sections.js`, which a page opened from disk may load as well as one from a server.
Only the search page loads it; `search.js` finds. Where the section that teaches a term is told neither by its title nor
by the term's first link, `search_words.json` names it, and the spellings of readers. Sphinx's own index knows pages,
not sections, and is not made.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

from rnnbook.glossary import ENDS, NUMBER

CHAPTER, OTHER, EXERCISE, REFERENCE = range(4)  # what comes first where a search finds as much in each
KINDS = (
    (re.compile(r"book/\d\d-"), CHAPTER),
    (re.compile(r"exercises/"), EXERCISE),
    (re.compile(r"book/(?:api|bibliography)"), REFERENCE),
)
# Programs, what they print, displayed equations and lists of contents are no sentences to quote from.
PASSED_OVER = (
    nodes.literal_block,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.image,
    addnodes.toctree,
    nodes.title,
)
TEACH_NOTHING = ("sources", "exercises", "check-yourself")  # sections that every chapter has
CONTENTS = "After this chapter you can"
GREEK = dict(alpha="α", beta="β", gamma="γ", lambda_="λ", rho="ρ", sigma="σ", delta="δ", eta="η", theta="θ", phi="φ")
WORDS = Path(__file__).parents[2] / "_data" / "search_words.json"


def in_words(tex):
    """A short formula as it is typed, W_hh; of a long one only that there is one."""
    text = re.sub(r"\\(?:mathrm|mathbf|text|operatorname|mathcal|hat|bar|tilde|vec)\s*\{([^{}]*)\}", r"\1", tex)
    text = re.sub(r"\\(\w+)", lambda m: GREEK.get(m[1], GREEK.get(f"{m[1]}_", m[0])), text)
    text = re.sub(r"([_^])\{(\w+)\}", r"\1\2", text)
    return text if len(text) <= 24 and not re.search(r"[\\{}&]", text) else "…"


def said(node):
    """The text of a paragraph, a caption, a cell of a table: what a reader reads there."""
    if isinstance(node, nodes.math):
        return in_words(node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, PASSED_OVER) or "cell_input" in node.get("classes", ()):
        return ""
    if isinstance(node, addnodes.pending_xref) and node.get("reftype") in ("eq", "numref"):
        return "…"  # the number is not known before the page is written
    if isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite":
        return ""
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(said(child) for child in node.children)


def tidy(text):
    """Text on one line, without the gap that a citation leaves before a full stop."""
    return re.sub(r" (?=[.,;:](?: |$))", "", " ".join(text.split()))


class Index:
    """The sections of the book."""

    def __init__(self, env):
        self.env = env
        self.pages = []  # [address, title, kind]
        self.sections = []  # [page, id, title, text]
        self.at = {}  # where in `sections` a place is, by (docname, id)
        self.entries = []  # of the glossary: (names, place in `sections`, text)
        for docname in sorted(env.found_docs, key=lambda name: (kind_of(name), name)):
            self.add(docname, env.get_doctree(docname))

    def add(self, docname, doctree):
        """Add a page."""
        title = next(doctree.findall(nodes.title), None)
        name = tidy(said_of_title(title)) if title else docname
        self.pages.append([f"{docname}.html", self.numbered(docname, "", name), kind_of(docname)])
        for section in doctree.findall(nodes.section):
            top = section.parent is doctree
            self.keep(docname, "" if top else section["ids"][0], tidy(said_of_title(section[0])), self.text(section))
            for place in section["ids"]:
                self.at[docname, place] = len(self.sections) - 1
        for entry in doctree.findall(nodes.definition_list_item):
            self.add_term(docname, entry)
        if docname == "book/bibliography":
            for work in self.env.get_domain("cite").citations:
                text = tidy(work.formatted_entry.text.render_as("text"))
                self.keep(
                    docname, work.citation_id, text if len(text) <= 110 else f"{text[:110].rpartition(' ')[0]} …", text
                )
        for described in doctree.findall(addnodes.desc):
            for line in described.findall(addnodes.desc_signature):
                if line["ids"] and described["objtype"] not in ("attribute", "property", "data"):
                    text = " ".join(tidy(said(part)) for part in described.findall(nodes.paragraph))
                    self.keep(docname, line["ids"][0], line["ids"][0], text[:400])

    def add_term(self, docname, entry):
        """Add an entry of the glossary, and to which sections its names lead."""
        terms = [term for term in entry.findall(nodes.term) if any(i.startswith("term-") for i in term["ids"])]
        if not terms:
            return
        names = [tidy(term.astext()) for term in terms]
        text = tidy(said(next(entry.findall(nodes.definition))))
        self.keep(docname, terms[0]["ids"][0], " · ".join(names), text)
        self.entries.append((names, len(self.sections) - 1, text))

    def taught(self, names, text):
        """The sections that teach a term, one in each chapter that its entry ends with."""
        end = ENDS.search(f"{text}</p>")
        found = [self.taught_in(int(number), names) for number in NUMBER.findall(end[0])] if end else []
        return [place for place in dict.fromkeys(found) if place is not None]

    def taught_in(self, chapter, names):
        """The section of a chapter that is named for a term; else one that links it first; else the chapter's first."""
        pages = sorted(name for name in self.env.found_docs if name.startswith(f"book/{chapter:02}-"))
        leads = [self.at[page, ""] for page in pages]
        here = sorted({place for (page, id), place in self.at.items() if page in pages and id not in TEACH_NOTHING})
        named = []
        for place in here:
            title = same(re.sub(r"^[\d.]+ ", "", self.sections[place][2]))
            for name in map(same, names):
                if name in title and (title.startswith(name) or len(name) > len(title) / 2):
                    named.append((not title.startswith(name), len(title), place))
        if named:
            return min(named)[2]
        often = {place: sum(same(self.sections[place][3]).count(same(name)) for name in names) for place in here}
        linked = []
        for page in pages:
            first = getattr(self.env, "rnnbook_terms", {}).get(page, {})
            places = [self.at.get((page, first.get(name.lower()))) for name in names]
            linked += [place for place in places if place in here and place not in leads]
        if linked:
            return max(linked, key=often.get)
        # A chapter's lead only names what a section of it explains: the one that speaks of it most.
        most = max(often, key=often.get, default=None)
        return most if often.get(most, 0) > 1 else min(leads, default=None)

    def keep(self, docname, place, title, text):
        """Keep one section."""
        self.sections.append([len(self.pages) - 1, place, self.numbered(docname, place, title), text])
        self.at[docname, place] = len(self.sections) - 1

    def numbered(self, docname, place, title):
        """A title with its number, where it has one."""
        number = self.env.toc_secnumbers.get(docname, {}).get(f"#{place}" if place else "")
        return f"{'.'.join(map(str, number))} {title}" if number else title

    def text(self, section):
        """What stands in a section itself, without what stands in those below it."""
        parts = []
        for child in section.children:
            if not isinstance(child, nodes.section | addnodes.desc | addnodes.glossary):
                parts.append(tidy(said(child)))
        return tidy(" ".join(part for part in parts if part and part != CONTENTS))

    def words(self):
        """Which words lead where: the names of the glossary's terms, and spellings that readers use for them."""
        known, lists = {}, json.loads(WORDS.read_text(encoding="utf-8"))
        for names, entry, text in self.entries:
            said = lists["taught"].get(names[0], [])
            told = [self.place(place) for place in ([said] if isinstance(said, str) else said)]
            places = told or self.taught(names, text)
            for name in names:
                known[name] = places + [entry]
        for name, spellings in lists["spellings"].items():
            known |= {spelling: known[name] for spelling in spellings}
        for said, words in lists["places"].items():
            known |= {word: [self.place(said)] for word in words}
        return known

    def place(self, said):
        """Where in `sections` a place is that `search_words.json` names, as ``book/page#section``."""
        docname, _, place = said.partition("#")
        if (docname, place) not in self.at:
            raise ExtensionError(f"{WORDS.name} names {said}, and the book has no such section.")
        return self.at[docname, place]


def same(words):
    """Words as they are compared: without case, hyphens, the s of a plural, and with the s of -ise and -isation."""
    parts = re.findall(r"\w+", re.sub(r"[-\u2010\u2011\u2019']", "", words.lower()))
    parts = [
        re.sub(r"(?<=[a-z]{3}i)z(?=e|ation|ing)", "s", re.sub(r"(?<=[a-z]{2}[a-rt-z])s$", "", part)) for part in parts
    ]
    return f" {' '.join(parts)} "


def said_of_title(title):
    """The text of a heading."""
    return "".join(said(child) for child in title.children)


def kind_of(docname):
    """What kind of page it is."""
    return next((kind for pattern, kind in KINDS if pattern.match(docname)), OTHER)


def write_index(app, error):
    """Write what the search page loads."""
    if error is not None or app.builder.format != "html":
        return
    index = Index(app.env)
    whole = {"pages": index.pages, "sections": index.sections, "words": index.words()}
    path = Path(app.outdir) / "_static" / "sections.js"
    path.write_text(f"rnnbookSections({json.dumps(whole, ensure_ascii=False)});\n", encoding="utf-8")


def replace_sphinx(app):
    """Have Sphinx make no index of its own."""
    app.builder.search = False


def add_page(app):
    """Have the search page made."""
    yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", replace_sphinx)
    app.connect("html-collect-pages", add_page)
    app.connect("build-finished", write_index, priority=890)
