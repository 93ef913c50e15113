"""Folds say what they hold: the code behind a figure, a check against autograd, the answer to a question.

1. A hidden cell's fold is named after what the cell makes; `mystnb: {code_prompt_show: ...}` in the cell gives it
   another name.
2. A cell that only says how closely a second computation agrees becomes a tick of one line, which opens to its code.
3. An admonition of the class `dropdown`, such as an answer, is a fold too: no script is needed to open it.
"""

import re
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

UNNAMED = re.compile(r"^(?:Show|Hide) code cell \w+$")
AGREES = re.compile(r"^(?P<what>.*?): ?(?P<who>.*\bagrees? within) (?P<number>\d[\d.]*(?:e[-+]\d+)?)$")
CALLS_AGREE = re.compile(r"^(?!def ).*\bagrees?\w*\(", re.M)
RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
DEFINES = re.compile(r"^(?:def|class) (\w+)", re.M)


class Fold(nodes.General, nodes.Element):
    """What is shown only when a reader asks for it; `summary` is plain text, `classes` say which kind it is."""


def visit_fold(self, node):
    """Open the fold."""
    classes = " ".join(["fold", *node["classes"]])
    self.body.append(f'<details class="{classes}">\n<summary>{escape(node["summary"])}</summary>\n')


def depart_fold(self, node):
    """Close the fold."""
    self.body.append("</details>\n")


def listed(words):
    """Words as a sentence has them: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def code_name(code, figures, printed):
    """Say what a piece of code does.

    Args:
        code: its text.
        figures: numbers of the figures that it draws, such as "3.2".
        printed: whether it prints something that is shown.
    """
    if figures:
        return (
            f"How figure{'s' if len(figures) > 1 else ''} {listed(figures)} {'are' if len(figures) > 1 else 'is'} drawn"
        )
    if re.match(r"(?:import|from) ", code):
        return "What this page imports and sets up"
    if CALLS_AGREE.search(code):
        return "The check against a second computation"
    if printed:
        return "How this output is computed"
    if names := DEFINES.findall(code):
        return f"The code of {listed(names[:3])}" + (" and more" if len(names) > 3 else "")
    return "How the numbers below are computed"


class NameFolds(SphinxPostTransform):
    """Give every fold its name and its kind."""

    default_priority = 650  # after the cells' outputs are chosen and hidden
    formats = ("html",)

    def run(self, **kwargs):
        for node in list(self.document.findall(HideCodeCellNode)):
            self.replace(node)
        for node in list(self.document.findall(nodes.admonition)):
            if "dropdown" in node["classes"]:
                title = node.next_node(nodes.title)
                kind = "answer" if title.astext().startswith("Answer") else "aside"
                fold = Fold("", summary=title.astext(), classes=[kind], ids=node["ids"])
                node.remove(title)
                fold.extend(node.children)
                node.replace_self(fold)

    def replace(self, hidden):
        """Put a fold in the place of a hidden cell's wrapping."""
        cell = hidden.parent
        code = "\n".join(block.astext() for block in hidden.findall(nodes.literal_block))
        shown = [child for child in cell.children if child is not hidden]
        lines = [line for child in shown for line in child.astext().splitlines() if line.strip()]
        matches = [AGREES.match(line) for line in lines]
        fold = Fold("", summary="", classes=["code"])
        fold.extend(hidden.children)
        if lines and all(matches) and not any(child.next_node(nodes.figure) for child in shown):
            fold["classes"] = ["tick"]
            fold["summary"] = "; ".join(tick(match) for match in matches)
            for child in shown:
                cell.remove(child)
        elif not UNNAMED.match(hidden["prompt_show"]):
            fold["summary"] = hidden["prompt_show"]
        else:
            fold["summary"] = code_name(code, self.numbers(shown), bool(lines))
        hidden.replace_self(fold)

    def numbers(self, shown):
        """Numbers of the figures that a cell shows."""
        known = self.env.toc_fignumbers.get(self.env.docname, {}).get("figure", {})
        ids = [name for child in shown for figure in child.findall(nodes.figure) for name in figure["ids"]]
        return [".".join(map(str, known[name])) for name in ids if name in known]


def tick(match):
    """One line of agreement, in words that stand by themselves and a number as print has it."""
    number = match["number"]
    if float(number) == 0:
        return f"{match['what'].strip()}: {match['who'].removesuffix(' within')} exactly"
    digits, _, exponent = number.partition("e")
    raised = str(int(exponent or 0)).translate(RAISED)
    return f"{match['what'].strip()}: {match['who']} {digits}\u202f\u00d7\u202f10{raised}"


def setup(app):
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_post_transform(NameFolds)
