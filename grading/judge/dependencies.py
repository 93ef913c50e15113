"""The names that a cell takes from the cells before it, and those that it gives to the cells after it."""

import ast
import copy
import functools
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 50_000  # characters of a cell that is worth reading


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
        nodes = list(ast.walk(ast.parse(source)))
        top = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
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


def changes(names: Iterable[str], above: list[str], below: list[str]) -> bool:
    """Say whether cells below a place may change what some names stand for there, or what those depend on.

    Args:
        names: the names.
        above, below: cells above and below the place.
    """
    read = [(cell, found) for cell in above if (found := names_of(cell)) is not None]
    wanted: set[str] = set(names)
    before = -1
    while len(wanted) > before:
        before = len(wanted)
        wanted |= {name for _, found in read if found.binds & wanted for name in found.loads}
    fixed = {name for _, found in read for name in found.fixed}
    brought = {pair for cell, _ in read for pair in imports(cell)}
    for cell in below:
        found = names_of(cell)
        if found is None:
            if len(cell) > LONGEST:
                return True  # who knows; the others are no Python, so they change nothing
            continue
        again = {name for name, line in imports(cell) if (name, line) in brought}
        if (found.binds - again) & wanted or found.touches & wanted - fixed:
            return True
    return False


def _within(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """List the functions and classes in a cell, and those in them."""
    for child in table.get_children():
        yield child
        yield from _within(child)
