"""Finds the parts of a text that measure, compare or name a cause, and carry no mark of a claim.

A part is a paragraph, a list, a table, a figure (caption and alternative text together), a box, an entry of the
glossary, a cell of a notebook, a note of a docstring. It is covered by ``{claim}``, ``{mark}`` or ``{effect}``; where
it has no measured number also by a citation; or by a comment before it, ``% no claim: reason``, where there is
nothing that chance decides.
"""

import ast
import json
import re
from dataclasses import dataclass

MARK = re.compile(r"\{(claim|mark|effect)\}`")
CITED = re.compile(r"\{cite(:\w+)?\}`")
EXEMPT = re.compile(r"^% no claim: (.*)$")
NUMBERS = re.compile(r"\{glue:text\}`")
WORDS = re.compile(
    r"\b(because|therefore|hence|reasons?|decide[sd]?|cause[sd]?|due to|owing to|better|worse|best|worst|"
    r"faster|slower|beats?|wins?|outperforms?|on average|usually|"
    r"(more|less|fewer|larger|smaller|higher|lower|longer|shorter|wider|narrower|weaker|stronger)\b"
    r"[^.;:]{0,60}\bthan)\b",
    re.I,
)
FENCE = re.compile(r"^(`{3,}|:{3,})(\{[\w:-]+\})?")
OPTIONS = re.compile(r"- \(a\) ")  # of a question: some of them are wrong
PROSE_BOXES = {"{admonition}", "{note}", "{warning}", "{tip}", "{margin}", "{dropdown}"}


@dataclass(frozen=True)
class Part:
    """A part of a text.

    Attributes:
        line: where it begins, from 1.
        text: its words, without code.
        reason: of the comment before it; empty where there is none.
    """

    line: int
    text: str
    reason: str = ""

    @property
    def needs_a_mark(self):
        """Whether it measures, compares or names a cause, and nothing covers it."""
        if MARK.search(self.text) or self.reason:
            return False
        return bool(NUMBERS.search(self.text) or (WORDS.search(self.text) and not CITED.search(self.text)))


def parts_of_page(source):
    """The parts of a MyST page, in order."""
    lines, found, i, reason = source.splitlines(), [], 0, ""
    if lines and lines[0] == "---":
        i = lines.index("---", 1) + 1
    while i < len(lines):
        start = i
        if match := EXEMPT.match(lines[i]):
            reason, i = match[1], i + 1
            continue
        if fence := FENCE.match(lines[i]):
            end = next((j for j in range(i + 1, len(lines)) if lines[j].rstrip() == fence[1]), len(lines))
            text = fenced(fence[2], lines[i + 1 : end], lines[i][fence.end() :].strip())
            i = end + 1
        elif not lines[i].strip() or lines[i][0] in "#%" or re.match(r"^\([\w-]+\)=$", lines[i]):
            i += 1
            continue
        else:
            while i < len(lines) and lines[i].strip() and not FENCE.match(lines[i]) and not EXEMPT.match(lines[i]):
                i += 1
            text = "\n".join(lines[start:i])
        if text and not OPTIONS.match(text):
            found.append(Part(start + 1, text, reason))
        reason = ""
    return found


def fenced(directive, body, title=""):
    """The words in a fenced block: of a cell its caption and alternative text, of a box all, of anything else none."""
    text = "\n".join(body)
    if directive == "{code-cell}":
        head = re.match(r"---\n(.*?)\n---", text, re.S)
        kept = re.findall(r"^( +)(?:caption|alt): *[|>]?-?\n((?:\1 +.*\n?|\n)+)", head[1] + "\n", re.M) if head else []
        return "\n".join(words for _, words in kept)
    if directive in PROSE_BOXES and title != "This page":
        return "\n".join(line for line in body if not line.startswith(":"))
    return text if directive and directive.startswith("{glue:figure") else ""


def parts_of_glossary(source):
    """The entries of the glossary."""
    block = re.search(r"```\{glossary\}\n(.*?)\n```", source, re.S)
    first = source.count("\n", 0, block.start(1)) + 1
    return [
        Part(first + block[1].count("\n", 0, m.start()), m[0])
        for m in re.finditer(r"\S.*?(?=\n\n\S|\Z)", block[1], re.S)
    ]


def parts_of_notebook(source):
    """The cells of text of a notebook; the line is the cell's number."""
    cells = json.loads(source)["cells"]
    return [Part(i, "".join(c["source"])) for i, c in enumerate(cells, 1) if c["cell_type"] == "markdown"]


def parts_of_program(source):
    """The notes in the docstrings of a program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            found += [
                Part(getattr(node, "lineno", 1), m[1]) for m in re.finditer(r"^Notes:\n((?: +.*\n?|\n)+)", text, re.M)
            ]
    return found
