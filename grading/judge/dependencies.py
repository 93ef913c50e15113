"""The names that a cell takes from the cells before it, and those that it gives to the cells after it."""

import ast
import copy
import functools
import symtable
from collections.abc import Iterable
from dataclasses import dataclass

from grading.judge import magics

LONGEST = 50_000  # characters of a cell that is worth reading
MOST = 1_000_000  # and of all cells of a notebook, each of which is read twice: that takes two seconds
MOST_MARKS = 1_000_000  # of all cells that IPython translates: characters, times the lines for which it reads a cell
NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # what a cell can raise that is read


@dataclass(frozen=True)
class Names:
    """What a cell does with the notebook's names.

    Attributes:
        loads: it reads these.
        assigned: it gives these a value.
        fixed: it imports these, or defines them as functions and classes: what they stand for is rarely changed.
        touches: it may change what these stand for without giving them a value, as ``x[0] = 1`` or ``f(x)``.
    """

    loads: frozenset[str]
    assigned: frozenset[str]
    fixed: frozenset[str]
    touches: frozenset[str]

    @property
    def binds(self) -> frozenset[str]:
        """All the names that it gives to later cells."""
        return self.assigned | self.fixed


@functools.lru_cache(maxsize=512)  # most cells of a class are the same
def names_of(source: str) -> Names | None:
    """Read a cell's names; None where Python cannot read the cell."""
    if len(source) > LONGEST:
        return None
    try:
        return _names(ast.parse(source), symtable.symtable(source, "cell", "exec"))
    except NO_PYTHON:
        return None


def _names(tree: ast.Module, top: symtable.SymbolTable) -> Names:
    """Find the names in a cell."""
    nodes = list(ast.walk(tree))
    own = top.get_symbols()
    fixed = {symbol.get_name() for symbol in own if symbol.is_imported() or symbol.is_namespace()}
    assigned = {symbol.get_name() for symbol in own if symbol.is_assigned()} - fixed
    inner = [symbol for table in _within(top) for symbol in table.get_symbols() if symbol.is_global()]
    assigned |= {symbol.get_name() for symbol in inner if symbol.is_assigned()}
    loads = {symbol.get_name() for symbol in [*own, *inner] if symbol.is_referenced()}
    steps = [node.value for node in nodes if isinstance(node, ast.Attribute | ast.Subscript)]
    arguments = [argument for node in nodes if isinstance(node, ast.Call) for argument in node.args]
    arguments += [word.value for node in nodes if isinstance(node, ast.Call) for word in node.keywords]
    touches = {node.id for node in [*steps, *arguments] if isinstance(node, ast.Name)}
    return Names(*map(frozenset, (loads, assigned, fixed, touches & loads)))


class CellReader:
    """Reads the cells of one notebook, each once, and no more of them than is worth the time.

    Attributes:
        unread: whether something was too long to be read: nobody knows then what a cell may change.
    """

    def __init__(self) -> None:
        self.left, self.marks, self.unread = MOST, MOST_MARKS, False
        self.codes: dict[str, str | None] = {}
        self.found: dict[str, Names | None] = {}
        self.lines: dict[str, tuple[tuple[str, str], ...]] = {}

    def __call__(self, source: str) -> Names | None:
        """Read a cell's names; None where Python cannot read the cell, or it is too long."""
        if source not in self.found:
            self.left -= len(source)
            late = self.left < 0 or len(source) > LONGEST
            self.unread |= late
            self.found[source] = None if late else names_of(source)
        return self.found[source]

    def python(self, source: str) -> str | None:
        """Give Python with the names that a cell uses and gives: see `grading.judge.magics.python`."""
        if source not in self.codes:
            self.left -= len(source)
            marks = len(magics.MARKS.findall(source)) if len(source) <= LONGEST else magics.MOST + 1
            late = self.left < 0 or marks > magics.MOST
            if not late:
                self.marks -= len(source) * marks
                late = self.marks < 0
            self.codes[source] = None if late else magics.python(source)
        return self.codes[source]

    def imports(self, source: str) -> tuple[tuple[str, str], ...]:
        """List what a cell imports that was read: see `imports`."""
        if source not in self.lines:
            self.lines[source] = imports(source)
        return self.lines[source]


@functools.lru_cache(maxsize=512)
def imports(source: str) -> tuple[tuple[str, str], ...]:
    """List what a cell that Python can read imports: pairs of the name that it binds and a statement that does so."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                alone = copy.copy(node)
                alone.names = [alias]
                found.append(((alias.asname or alias.name).partition(".")[0], ast.unparse(alone)))
    return tuple(found)


def may_change(names: Iterable[str], above: list[str], below: list[str], read: CellReader) -> bool:
    """Say whether cells below a place may change what some names stand for there, or what those depend on.

    Args:
        names: the names.
        above, below: cells above and below the place.
        read: of their notebook.
    """
    cells = {cell: found for cell in above if (found := read(cell)) is not None}
    given = {cell: found for cell in below if (found := read(cell)) is not None}
    if read.unread:
        return True  # who knows; what is no Python changes nothing
    makers: dict[str, list[Names]] = {}
    for found in cells.values():
        for name in found.binds:
            makers.setdefault(name, []).append(found)
    wanted, waiting = set(names), list(names)
    while waiting:  # each name once, however long the chain
        new = {name for found in makers.pop(waiting.pop(), []) for name in found.loads} - wanted
        wanted |= new
        waiting += new
    fixed = {name for found in cells.values() for name in found.fixed}
    brought = {pair for cell, found in cells.items() if found.fixed & wanted for pair in read.imports(cell)}
    for cell, found in given.items():
        again: set[str] = set()
        if found.binds & wanted:
            again = {name for name, line in read.imports(cell) if (name, line) in brought}
        if (found.binds - again) & wanted or found.touches & wanted - fixed:
            return True
    return False


def _within(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    """List the functions and classes in a cell, and those in them, however deep."""
    found: list[symtable.SymbolTable] = []
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        found.append(inner)
        waiting += inner.get_children()
    return found
