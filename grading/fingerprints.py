"""Fingerprints of a piece of code that renaming, reformatting and new comments do not change.

The code is read as a tree, and the tree as a row of tokens. Every run of `K` tokens is hashed, its variables numbered
as they come in it. Of every `W` hashes in a row the smallest is kept: the winnowing of Schleimer, Wilkerson and Aiken
(2003, Proceedings of SIGMOD, pages 76 to 85, doi 10.1145/872757.872770). Whatever two pieces share that is at least
`K + W - 1` tokens long leaves a fingerprint in both.
"""

import ast
import builtins
import hashlib
import re
import warnings
from collections import defaultdict
from dataclasses import dataclass, field

K, W = 8, 4
LONGEST = 100_000  # characters of a cell that is read
REST = "other code"
BUILTINS = frozenset(dir(builtins))
MAGIC = re.compile(r"^(\s*)[%!?].*|^(\s*)(?!#).*\?$", re.MULTILINE)


@dataclass
class Piece:
    """What a student wrote for one task.

    Attributes:
        source: its text.
        tokens: list of (what, name or None, line of the source).
        prints: dict from fingerprint to the lines of the source that made it.
    """

    source: str
    tokens: list
    prints: dict = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self):
        for value, tokens in winnowed(self.tokens):
            self.prints[value] |= {line for _, _, line in tokens}


def pieces(sources, functions, known=frozenset()):
    """Take a notebook's code apart.

    Args:
        sources: list of the text of its code cells, in order.
        functions: names of the functions that were asked for.
        known: other names that mean something by themselves, such as those of the course's own functions.

    Returns:
        Dict from function to `Piece`; what is in none of them is under `REST`. A function that is written twice counts
        as it was written last. A cell that is no Python is left out.
    """
    kept, found, rest, others = BUILTINS | set(known) | set(functions), {}, "", []
    for source in sources:
        tree = parsed(source)
        if tree is None:
            continue
        kept |= _imported(tree)
        lines = source.split("\n")
        for statement in tree.body:
            text = "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
            tokens = list(_tokens(statement, kept, statement.lineno))
            if isinstance(statement, ast.FunctionDef) and statement.name in functions:
                found[statement.name] = Piece(text, tokens)
            elif not isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):  # a magic became a `pass`
                start = rest.count("\n") + 2 if rest else 0
                rest += f"\n\n{text}" if rest else text
                others += [(what, name, line + start) for what, name, line in tokens]
    return {**found, REST: Piece(rest, others)} if others else found


def prose(text):
    """Take an answer in words apart: its tokens are its words."""
    words = [
        (word.lower(), None, number)
        for number, line in enumerate(text.split("\n"))
        for word in re.findall(r"[\w$\\]+", line)
    ]
    return Piece(text, words)


def parsed(source):
    """Read a cell as Python, IPython's own lines left out; None where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's remarks on their code are not for the instructor's screen
        for text in (source, MAGIC.sub(r"\1\2pass", source)) if len(source) < LONGEST else ():
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def winnowed(tokens):
    """Pick fingerprints: pairs of a hash and the tokens that it stands for."""
    runs = [tokens[i : i + K] for i in range(max(len(tokens) - K + 1, min(len(tokens), 1)))]
    hashes = [_hash(run) for run in runs]
    picked = set()
    for start in range(max(len(hashes) - W + 1, min(len(hashes), 1))):
        window = range(start, min(start + W, len(hashes)))
        picked.add(min(window, key=lambda i: (hashes[i], -i)))
    return [(hashes[i], runs[i]) for i in sorted(picked)]


def _hash(run):
    """Hash tokens; a variable counts by where it came up first among them."""
    order = {}
    text = "\n".join(what if name is None else f"{what}{order.setdefault(name, len(order))}" for what, name, _ in run)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _imported(tree):
    """Names that an import brings in: they are spelled alike everywhere."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _tokens(node, kept, first):
    """Read a tree from the root on: docstrings, annotations and decorators do not count.

    Args:
        node: of the tree.
        kept: names that stay as they are; others are variables.
        first: line on which the piece begins.
    """
    stack = [(node, first)]
    while stack:  # not by recursion: a student's expression may be deeper than Python's stack
        node, line = stack.pop()
        line = getattr(node, "lineno", line)
        if isinstance(node, ast.expr_context):
            continue
        yield (*_token(node, kept), line - first)
        stack.extend((child, line) for child in reversed(list(_children(node))))


def _token(node, kept):
    """What a node is called, and the variable in it, if any."""
    kind = type(node).__name__
    if isinstance(node, ast.Name):
        return (f"={node.id}", None) if node.id in kept else ("Name", node.id)
    if isinstance(node, ast.arg):
        return "arg", node.arg
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (f"{kind}={node.name}", None) if node.name in kept else (kind, node.name)
    if isinstance(node, ast.Attribute):
        return f".{node.attr}", None
    if isinstance(node, ast.keyword):
        return f"keyword {node.arg}", None
    if isinstance(node, ast.Constant):
        large = isinstance(node.value, int) and node.value.bit_length() > 64  # may have too many digits to print
        return ("large number" if large else f"{node.value!r:.60}"), None
    return kind, None


def _children(node):
    """The parts of a node that say what it computes."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment", "type_params"):
            continue
        parts = value if isinstance(value, list) else [value]
        if name == "body" and parts and _is_text(parts[0]):
            parts = parts[1:]
        yield from (part for part in parts if isinstance(part, ast.AST))


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
