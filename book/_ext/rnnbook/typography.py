"""Numbers and names in the text look like print, whoever wrote them: a person, or a program that measured them.

A minus is a minus and no hyphen, a power of ten is set as a power, and a line does not break between a name and its
number, before a unit, or between a formula and the comma after it. Code and what a program printed stay as they are.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

MINUS, SPACE, THIN = "\u2212", "\u00a0", "\u202f"
NEGATIVE = re.compile(r"(?<![\w.\-\u2013/])-(?=\.?\d)")
POWER = re.compile(
    r"(?<![\w.])(?P<sign>[-\u2212]?)(?P<digits>\d+(?:\.\d+)?)e(?P<minus>[-\u2212]?)\+?0*(?P<exponent>\d+)(?!\w)"
)
NAMES = "[Cc]hapter|[Ss]ection|[Ff]igure|[Tt]able|[Ee]xercise|[Ss]tep|[Ss]eed|[Pp]age|[Qq]uestion|[Ww]eek"
NAMED = re.compile(rf"\b((?:{NAMES})s?) (?=\d)")
UNIT = re.compile(r"(?<=\d) (?=%|kB\b|MB\b|GB\b|ms\b|s\b|bits?\b)")
EQUAL = re.compile(r"(?<=[=\u2248<>\u2264\u2265]) (?=[\d\u2212])")
CLOSING = re.compile(r"[)\]\u201d\u2019]*[,.;:!?)\]]+[)\]\u201d\u2019]*")
VERBATIM = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.doctest_block,
)


def exact(text):
    """Text with true minus signs and spaces that do not break."""
    text = NEGATIVE.sub(MINUS, text)
    for pattern in (UNIT, EQUAL):
        text = pattern.sub(SPACE, text)
    return NAMED.sub(rf"\1{SPACE}", text)


def powers(text):
    """Split text at its powers of ten; give the nodes that say the same, with the powers raised."""
    parts, end = [], 0
    for match in POWER.finditer(text):
        sign = MINUS if match["sign"] else ""
        before = "10" if match["digits"] == "1" else f"{match['digits']}{THIN}\u00d7{THIN}10"
        parts.append(nodes.Text(exact(text[end : match.start()] + sign + before)))
        raised = (MINUS if match["minus"] else "") + match["exponent"]
        parts.append(nodes.superscript("", raised))
        end = match.end()
    rest = exact(text[end:])
    return [*parts, nodes.Text(rest)] if rest else parts


def is_prose(text):
    """Whether a text is neither code, nor output, nor a formula."""
    node = text.parent
    while node is not None and not isinstance(node, VERBATIM):
        node = node.parent
    return node is None


class SetNumbers(SphinxPostTransform):
    """Set numbers as print has them."""

    default_priority = 800  # after measured numbers and references were put in
    formats = ("html",)

    def run(self, **kwargs):
        for text in [node for node in self.document.findall(nodes.Text) if is_prose(node)]:
            new = powers(text.astext())
            if [node.astext() for node in new] != [text.astext()]:
                text.parent.replace(text, new)
        for formula in [*self.document.findall(nodes.math), *self.document.findall(nodes.superscript)]:
            self.hold(formula)

    def hold(self, formula):
        """Keep the punctuation that follows a formula on its line."""
        parent = formula.parent
        place = parent.index(formula) + 1
        if place == len(parent) or not isinstance(after := parent[place], nodes.Text):
            return
        if match := CLOSING.match(after.astext()):
            held = nodes.inline("", "", formula.deepcopy(), nodes.Text(match[0]), classes=["held"])
            rest = after.astext()[match.end() :]
            parent.replace(formula, held)
            parent.replace(after, [nodes.Text(rest)] if rest else [])


def setup(app):
    app.add_post_transform(SetNumbers)
