"""Fingerprints of a piece of code that renaming, reformatting and new comments do not change.

The code is read as a tree, and the tree as a row of tokens. Every run of `K` tokens is hashed, its variables numbered
as they come in it. Of every `W` hashes in a row the smallest is kept: the winnowing of Schleimer, Wilkerson and Aiken
(2003, Proceedings of SIGMOD, pages 76 to 85, doi 10.1145/872757.872770). Whatever two pieces share that is at least
`K + W - 1` tokens long leaves a fingerprint in both.
"""

import ast
import builtins
import hashlib
import itertools
import re
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

K, W = 8, 4
LONGEST = 100_000  # characters of a cell that is read
MOST_READ = 150_000  # characters of a notebook's code, or of an answer, that are read; an honest one has a fifth of it
REST = "other code"
BUILTINS = frozenset(dir(builtins))
Token = tuple[str, str | None]  # what it is, and the variable in it
MAGIC = re.compile(r"^([ \t]*+)[%!?].*|^([ \t]*+)(?!#).*\?$", re.MULTILINE)  # within a line: over lines it is quadratic


@dataclass
class Piece:
    """What a student wrote for one task.

    Attributes:
        source: its text.
        prints: dict from fingerprint to the lines of the source that made it.
    """

    source: str
    prints: dict[bytes, set[int]] = field(default_factory=lambda: defaultdict(set))

    def read(self, tokens: list[tuple[Token, int]], window: int = W, given: Collection[bytes] = ()) -> None:
        """Take fingerprints, but for those given, of a row of tokens: pairs of (what, variable or None) and a line."""
        for value, run in winnowed([token for token, _ in tokens], window):
            if value not in given:
                self.prints[value] |= {line for _, line in tokens[run]}


def pieces(
    sources: Iterable[str],
    functions: Collection[str],
    known: Collection[str] = (),
    window: int = W,
    given: Collection[bytes] = (),
) -> dict[str, Piece]:
    """Take a notebook's code apart.

    Args:
        sources: list of the text of its code cells, in order.
        functions: names of the functions that were asked for.
        known: other names that mean something by themselves, such as those that the course's own cells bring.
        window: of how many hashes one is kept; 1 keeps all.
        given: fingerprints that are not the student's own and do not count.

    Returns:
        Dict from function to `Piece`; under `REST` are the other statements that hold anything of the student's own. A
        function that is written twice counts as it was written last. A cell that is no Python is left out, and so is
        what comes after `MOST_READ` characters.
    """
    kept, rest = BUILTINS | set(known) | set(functions), _Rest()
    found: dict[str, Piece] = {}
    for source in within(sources):
        tree = parsed(source)
        if tree is None:
            continue
        kept |= _imported(tree)
        lines = source.split("\n")
        for statement in itertools.filterfalse(_is_text, tree.body):
            name = statement.name if isinstance(statement, ast.FunctionDef) else ""
            asked = name in functions
            piece = Piece("\n".join(lines[statement.lineno - 1 : statement.end_lineno]) if asked else "")
            piece.read(list(_tokens(statement, kept, statement.lineno)), window, given)
            if asked:
                found[name] = piece
            elif piece.prints and not isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):  # `pass`: a magic
                rest.add(statement, lines, piece.prints)
        rest.end_cell()
    return {**found, REST: rest.piece()} if rest.lines else found


def within(sources: Iterable[str]) -> Iterator[str]:
    """The cells that are read: the first `MOST_READ` characters' worth."""
    left = MOST_READ
    for source in sources:
        left -= len(source)
        if left < 0:
            return
        yield source


class _Rest:
    """Statements of many cells, one below the other; several on one line are that line once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.prints: dict[bytes, set[int]] = defaultdict(set)
        self.last, self.shift = 0, 0

    def add(self, statement: ast.stmt, lines: list[str], prints: dict[bytes, set[int]]) -> None:
        """Put a statement below the others; `prints` has its fingerprints, by its own lines."""
        first = statement.lineno
        if first > self.last:  # else it begins on the line where the one before ended
            self.lines += [""] if self.lines else []
            self.shift = len(self.lines) - first
            self.lines.append(lines[first - 1])
        self.lines += lines[max(first, self.last) : statement.end_lineno]
        self.last = statement.end_lineno or first
        for value, own in prints.items():
            self.prints[value] |= {line + first + self.shift for line in own}

    def end_cell(self) -> None:
        """Begin to count lines anew."""
        self.last = 0

    def piece(self) -> Piece:
        """All of it as a `Piece`."""
        return Piece("\n".join(self.lines), self.prints)


def names(sources: Iterable[str]) -> set[str]:
    """List the names that a notebook's cells bring: what they import, and the functions and classes they define."""
    trees = [tree for source in sources if (tree := parsed(source))]
    defined = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return defined.union(*map(_imported, trees))


def prose(text: str, window: int = W, given: Collection[bytes] = ()) -> Piece:
    """Take an answer in words apart: its tokens are its words. What is `given` is not the student's own."""
    answer, lines = Piece(text), enumerate(text[:MOST_READ].split("\n"))
    tokens: list[tuple[Token, int]] = [
        ((word.lower(), None), i) for i, line in lines for word in re.findall(r"[\w$\\]+", line)
    ]
    answer.read(tokens, window, given)
    return answer


def parsed(source: str) -> ast.Module | None:
    """Read a cell as Python, IPython's own lines left out; None where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's remarks on their code are not for the instructor's screen
        for magics in (False, True) if len(source) < LONGEST else ():
            try:
                return ast.parse(MAGIC.sub(r"\1\2pass", source) if magics else source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def winnowed(tokens: list[Token], window: int = W) -> list[tuple[bytes, slice]]:
    """Pick fingerprints: pairs of a hash and the slice of the tokens that it stands for."""
    hashes = [_hash(tokens[i : i + K]) for i in range(max(len(tokens) - K + 1, 1))] if tokens else []
    picked: set[int] = set()
    for start in range(max(len(hashes) - window + 1, min(len(hashes), 1))):
        picked.add(min(range(start, min(start + window, len(hashes))), key=lambda i: (hashes[i], -i)))
    return [(hashes[i], slice(i, i + K)) for i in sorted(picked)]


def _hash(run: list[Token]) -> bytes:
    """Hash tokens; a variable counts by where it came up first among them."""
    order: dict[str, int] = {}
    text = "\n".join(what if name is None else f"{what}{order.setdefault(name, len(order))}" for what, name in run)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _imported(tree: ast.AST) -> set[str]:
    """Names that an import brings in: they are spelled alike everywhere."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _tokens(node: ast.AST, kept: Collection[str], first: int) -> Iterator[tuple[Token, int]]:
    """Read a tree from the root on: docstrings, annotations and decorators do not count.

    Args:
        node: of the tree.
        kept: names that stay as they are; others are variables.
        first: line of the cell that is line 0 of the piece.

    Yields:
        Pairs of (what, variable or None) and a line of the piece.
    """
    stack = [(node, first)]
    while stack:  # not by recursion: a student's expression may be deeper than Python's stack
        node, line = stack.pop()
        line = getattr(node, "lineno", line)
        if isinstance(node, ast.expr_context):
            continue
        yield _token(node, kept), line - first
        stack.extend((child, line) for child in reversed(list(_children(node))))


def _token(node: ast.AST, kept: Collection[str]) -> Token:
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


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that say what it computes."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment", "type_params"):
            continue
        parts = value if isinstance(value, list) else [value]
        yield from (part for part in parts if isinstance(part, ast.AST) and not _is_text(part))


def _is_text(node: object) -> bool:
    """Whether a statement is a text and nothing else: a docstring, or what somebody wrote in place of a comment."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
