"""Small faults made from the syntax tree of every module: an operator exchanged, a term, an index, a statement lost.

The faults are those that the exercises' checks are tried with. A fault is named by its function and by what it does to
which text, not by a line, so that the same ones are drawn as long as a function stays as it is.
"""

import ast
import copy
import hashlib
from collections.abc import Iterator
from functools import cache, partial

from rnnchecks.engine.mutants import _changes as faults
from tests.mutants.bug import Bug, file_of, modules
from tests.mutants.written import TESTED_BY

FOLDERS = ("rnnlib", "rnnlib/kernels", "rnnlib/models")
# What draws or saves, and what only says what an argument should be.
LEFT_OUT = {"plotting", "diagrams", "cell_diagrams", "convert", "saving", "intervals"}
PRIVATE = {"_types", "_validate", "_torch_validate", "_readonly", "_repr", "_parameters", "_attributes", "_tree"}
RECURRENT = {"rnn", "lstm", "gru", "_recurrent"}


def tests_of(module: str) -> tuple[str, ...]:
    """The test files that should notice a fault in a module, the quickest first."""
    short = module.removeprefix("rnnlib.")
    if short in RECURRENT or short.startswith("kernels."):
        return (
            "steps",
            "recurrent",
            "rnn",
            "lstm",
            "gru",
            "recurrent_inputs",
            "text_batches",
            "torch_parity",
            "between_passes",
        )
    own = TESTED_BY.get(short, short).split()
    others = ("recurrent", "models", "sequence_models", "transformer", "between_passes")
    return (*own, *(name for name in others if name not in own))


@cache
def generic() -> list[Bug]:
    """All faults, in an order that looks random and stays: any first few of them are a sample."""
    names = [name for name in modules(*FOLDERS) if name.rpartition(".")[2] not in LEFT_OUT | PRIVATE]
    bugs = [bug for name in names for bug in _of_module(name)]
    return sorted(bugs, key=lambda bug: hashlib.sha256(bug.name.encode()).hexdigest())


def _of_module(module: str) -> Iterator[Bug]:
    """The faults of a module."""
    tree = ast.parse(file_of(module).read_bytes())
    places = {id(node): number for number, node in enumerate(ast.walk(tree))}
    seen: dict[str, int] = {}
    for function, node in _nodes(tree):
        for which, (what, _) in enumerate(faults(node)):
            text = what if "`" in what else f"{what} of `{ast.unparse(node)}`"
            name = f"{module}.{function}: {text}"
            seen[name] = seen.get(name, 0) + 1
            name += f" ({seen[name]})" if seen[name] > 1 else ""

            yield Bug(name, module, tests_of(module), change=partial(_spoiled, place=places[id(node)], which=which))


def _spoiled(tree: ast.Module, place: int, which: int) -> ast.Module:
    """Put one of the faults of one node, which are counted, into a copy of a tree."""
    tree = copy.deepcopy(tree)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == place)
    list(faults(node))[which][1](node)
    return ast.fix_missing_locations(tree)


def _nodes(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The nodes inside functions that decide what is computed: no annotations, no messages of errors."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Raise | ast.Assert | ast.JoinedStr | ast.arguments):
            continue
        if isinstance(child, ast.ClassDef):
            yield from _nodes(child, f"{function}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            yield f"{function}{child.name}", child
            for statement in child.body:
                yield f"{function}{child.name}", statement
                yield from _nodes(statement, f"{function}{child.name}")
        elif isinstance(child, ast.AnnAssign):
            continue
        elif function and not function.endswith("."):
            yield function, child
            yield from _nodes(child, function)
