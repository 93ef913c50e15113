"""The files of a project that a Python program rests on: what it imports, what that imports, and so on.

Read from the source, without running it. Imports inside functions count. Where a package offers names that it fetches
when they are asked for (a `__getattr__` in its `__init__.py`), the package is asked where a name comes from; a program
that takes such a package whole, ``import package``, rests on what it then asks of it by name, or where that cannot be
seen, on all of it.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from digests import statements, tree_of


def closure(starts: Iterable[Path], root: Path) -> set[Path]:
    """Find the files that programs rest on, with themselves.

    Args:
        starts: Python files below `root`.
        root: the folder that packages are imported from.

    Returns:
        Paths below `root`. What is imported from elsewhere is left out.
    """
    found: set[Path] = set()
    new = set(starts)
    while new:
        found.add(path := new.pop())
        state = path.stat()
        new |= _of_file(path, root, state.st_mtime_ns, state.st_size) - found
    return found


@cache
def _of_file(path: Path, root: Path, written: int, size: int) -> frozenset[Path]:
    """The files that a file imports itself, and those of the packages that it lies in; read once for each state."""
    package = ".".join(path.parent.relative_to(root).parts)
    return frozenset(imported(path.read_bytes(), root, package) | (_files(package, root) - {path}))


def imported(source: str | bytes, root: Path, package: str = "") -> set[Path]:
    """Find the files below `root` that a program imports itself.

    Args:
        source: the program.
        root: the folder that packages are imported from.
        package: the package that the program is a module of, for imports with leading dots.

    Raises:
        SyntaxError: when it is no Python.
    """
    found: set[Path] = set()
    tree = tree_of(source)
    for module, name, bound in _imports(tree, package):
        found |= _files(module, root)
        if (init := _file(module, root)) is None or init.name != "__init__.py":
            continue
        if name is None:
            asked = _asked_of(tree, bound) if _fetches(init) else set()
            for one in asked or ():
                found |= (
                    set() if one.startswith("__") else _files(f"{module}.{one}", root) or _fetched(module, one, root)
                )
            found |= set(init.parent.rglob("*.py")) if asked is None else set()
        elif inner := _files(f"{module}.{name}", root):
            found |= inner
        elif _fetches(init):
            found |= _fetched(module, name, root)
    return found


def _asked_of(tree: ast.AST, bound: str) -> set[str] | None:
    """What a program takes from a package that it has under a name; None where it may take anything."""
    owners = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == bound]
    if not bound or not all(id(node) in owners for node in uses):
        return None
    return {owners[id(node)] for node in uses}


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[str, str | None, str]]:
    """Give the module of each import, and the name that is taken from it; None for the module itself.

    Then also the name that the module has in the program; empty where it is a part of another's.
    """
    for node in statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, alias.asname or ("" if "." in alias.name else alias.name)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield module, None if alias.name == "*" else alias.name, ""


def _file(module: str, root: Path) -> Path | None:
    """The file of a module below `root`."""
    path = root.joinpath(*module.split("."))
    return next((p for p in (path / "__init__.py", path.with_suffix(".py")) if module and p.is_file()), None)


def _files(module: str, root: Path) -> set[Path]:
    """The file of a module and those of the packages that it lies in; nothing where the project has no such module."""
    if _file(module, root) is None:
        return set()
    parts = module.split(".")
    files = (_file(".".join(parts[: i + 1]), root) for i in range(len(parts)))
    return {file for file in files if file is not None}


@cache
def _fetches(init: Path) -> bool:
    """Whether a package fetches names when they are asked for: whether its `__init__.py` makes a `__getattr__`."""
    for statement in ast.parse(init.read_bytes()).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__":
            return True
        if isinstance(statement, ast.Assign):
            names = {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            if "__getattr__" in names:
                return True
    return False


@cache
def _fetched(package: str, name: str, root: Path) -> set[Path]:
    """The files behind a name that a package fetches; where it cannot say whence, all of the package."""
    thing = getattr(import_module(package), name, None)
    files = _files(getattr(thing, "__module__", None) or "", root)
    return files or set(root.joinpath(*package.split(".")).rglob("*.py"))
