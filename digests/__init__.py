"""Digests of the files that a computation rests on: of what a program means, and not of its bytes.

The book executes a page again, and the grader judges a submission again, when something that the result rests on has
changed. A comment, a docstring or the shape of a line changes no result, so a Python file is named by its syntax tree
without them, and any other file by its bytes. `digests.imports` finds the files that a program rests on.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["of_bytes", "of_file", "of_source", "statements", "tree_of"]

BLOCKS = ("body", "orelse", "finalbody")  # of statements


def of_bytes(data: bytes) -> str:
    """Name bytes: a digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def of_source(source: str | bytes) -> str:
    """Name what a Python program does: a digest of its syntax tree without comments, docstrings and line numbers.

    Raises:
        SyntaxError: when it is no Python.
    """
    return of_bytes(ast.dump(tree_of(source)).encode())


def tree_of(source: str | bytes) -> ast.Module:
    """The syntax tree of a program without docstrings and other texts that nothing is done with, and without what only
    type checkers read.

    Raises:
        SyntaxError: when it is no Python.
    """
    tree = ast.parse(source)
    for statement in statements(tree):
        for name in BLOCKS:
            if block := getattr(statement, name, None):
                kept = [inner for inner in block if not (_is_text(inner) or _is_for_checkers(inner))]
                setattr(statement, name, kept or [ast.copy_location(ast.Pass(), block[0])])
    return tree


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Give a program and all its statements, those inside others after these. Expressions are not looked into."""
    new = [tree]
    while new:
        yield (node := new.pop())
        new += [inner for name in (*BLOCKS, "handlers", "cases") for inner in getattr(node, name, ())]


def of_file(path: Path) -> str:
    """Name a file by what it means; "absent" where there is none.

    A Python file that cannot be parsed is named by its bytes.
    """
    try:
        state = path.stat()
    except OSError:
        return "absent"
    return _of_file(path, state.st_mtime_ns, state.st_size)


@cache
def _of_file(path: Path, written: int, size: int) -> str:
    """Name a file, once for each state that it has while this process lives."""
    data = path.read_bytes()
    if path.suffix == ".py":
        try:
            return of_source(data)
        except (SyntaxError, ValueError):
            pass  # as bytes, like any other file
    return of_bytes(data)


def _is_text(statement: ast.AST) -> bool:
    """Whether a statement is a text that nothing is done with."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_for_checkers(statement: ast.AST) -> bool:
    """Whether a statement is ``if TYPE_CHECKING:`` with nothing for the other case."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    return getattr(statement.test, "attr", getattr(statement.test, "id", "")) == "TYPE_CHECKING"
