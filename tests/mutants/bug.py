"""A bug that is put into rnnlib: which module has it, and what is changed in the module's source or in the module."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Bug:
    """One bug.

    Attributes:
        name: what is wrong, in words.
        module: the full name of the module that has it.
        tests: names of the test files that should notice it, the quickest first.
        change: takes the module's syntax tree, and returns the one with the bug.
        patch: takes the module as it was loaded, and puts the bug into it.
    """

    name: str
    module: str
    tests: tuple[str, ...]
    change: Callable[[ast.Module], ast.Module] | None = None
    patch: Callable[[ModuleType], None] | None = None


def replace(tree: ast.Module, old: str, new: str) -> ast.Module:
    """Replace the one place in a program that reads as `old`.

    What is the same under other names of variables is the same: a place counts as `old` if its names can be exchanged
    for those of `old` one by one. A place with the very names goes before.

    Args:
        tree: the program, which stays as it is.
        old: an expression or a statement.
        new: what stands there instead, in the names of `old`.

    Raises:
        LookupError: when there is no such place, or more than one.
    """
    become = _parsed(new)
    tree, pattern = copy.deepcopy(tree), _parsed(old, as_statement=isinstance(become, ast.stmt))
    places = [(node, names) for node in ast.walk(tree) if (names := same(pattern, node)) is not None]
    exact = [(node, names) for node, names in places if all(a == b for a, b in names.items())]
    found = exact or places
    if len(found) != 1:
        raise LookupError(f"{len(found)} places, not one, read as `{old}`. The code has changed: write the bug anew.")
    ((place, names),) = found
    become = _Renamed(names).visit(become)
    if isinstance(getattr(place, "ctx", None), ast.Store):
        for node in [become, *getattr(become, "elts", [])]:
            node.ctx = ast.Store()
    place.__class__, place.__dict__ = become.__class__, become.__dict__
    return ast.fix_missing_locations(tree)


def same(pattern: ast.AST, node: ast.AST) -> dict[str, str] | None:
    """Compare two programs; return which names of the first stand for which of the second, or None if they differ."""
    names: dict[str, str] = {}

    def equal(a: object, b: object) -> bool:
        if isinstance(a, ast.AST):
            if type(a) is not type(b):
                return False
            if isinstance(a, ast.Name):
                return names.setdefault(a.id, b.id) == b.id
            return all(equal(getattr(a, f, None), getattr(b, f, None)) for f in a._fields if f != "ctx")
        if isinstance(a, list):
            return isinstance(b, list) and len(a) == len(b) and all(map(equal, a, b))
        return type(a) is type(b) and a == b

    return names if equal(pattern, node) and len(set(names.values())) == len(names) else None


class _Renamed(ast.NodeTransformer):
    """Gives variables the names that they have where the bug is put."""

    def __init__(self, names: dict[str, str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


def _parsed(text: str, as_statement: bool = False) -> ast.AST:
    """The tree of an expression, or else of a statement."""
    (statement,) = ast.parse(text).body
    return statement.value if isinstance(statement, ast.Expr) and not as_statement else statement


def file_of(module: str) -> Path:
    """The file of a module of rnnlib."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def modules(*folders: str) -> Iterator[str]:
    """The names of the modules that lie in folders of the project, without packages' own files."""
    for folder in folders:
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.stem != "__init__":
                yield ".".join([*Path(folder).parts, path.stem])
