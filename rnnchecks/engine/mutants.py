"""Small faults planted in a function's source, one at a time or two: the checks must notice each of them.

A mutant is made from the syntax tree: an operator exchanged, a term or a factor dropped, a transpose dropped, an index,
an axis or a constant moved by one, a call replaced by its argument, a statement left out, a loop run in the other
direction.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.run import passes

SECONDS = 0.5  # of computing, for one call; a mutant may run for ever
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult}
COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
PLAIN_CALLS = {"tanh", "exp", "log", "sqrt", "abs", "ascontiguousarray"}  # f(x) -> x


def survivors(problem: Problem, equivalent: Collection[tuple[str, str]] = ()) -> tuple[int, list[str]]:
    """Count the mutants of a problem's reference, and list those that no case notices.

    Args:
        problem: `Problem`.
        equivalent: pairs of problem name and description of mutants that compute the same, and are left out.

    Returns:
        Number of mutants, and the descriptions of those that pass the visible and the hidden cases. There are none of a
        problem that measures what came back: it has no reference.
    """
    if isinstance(problem, MeasuredProblem):
        return 0, []
    total, alive = 0, []
    for description, mutant in mutants(problem.solve):
        if (problem.name, description) in equivalent:
            continue
        total += 1
        if all(passes(problem, mutant, kind, seconds=SECONDS) for kind in ("visible", "hidden")):
            alive.append(description)
    return total, alive


def mutants(function: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield pairs of a description and a mutated copy of `function`.

    The description names line, fault and new source, so that an equivalent mutant can be listed by it.
    """
    for _, spoil in _faults(_parsed(function)):
        description, mutated = spoil()
        yield description, _compiled(mutated, function)


def double_mutants(function: Callable[..., Any], every: int = 1) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield pairs of a description and a copy of `function` with two faults, the second one further on in the source.

    Where the second is made from what the first has left of an expression, it may be one that no single fault makes.

    Args:
        function: a right function.
        every: how many are counted for each that is made, because there are as many as pairs of single faults.
    """
    counted = 0
    for number, spoil in _faults(_parsed(function)):
        first, once = spoil()
        for place, spoil_again in _faults(once):
            if place > number:
                counted += 1
                if counted % every == 0:
                    second, twice = spoil_again()
                    yield f"{first}; {second}", _compiled(twice, function)


def _parsed(function: Callable[..., Any]) -> ast.Module:
    """Return the syntax tree of a function, without its decorators."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition: Any = tree.body[0]
    definition.decorator_list = []
    return tree


def _faults(tree: ast.Module) -> Iterator[tuple[int, Callable[[], tuple[str, ast.Module]]]]:
    """Yield for each fault the place of its node, and a function that returns its description and a spoiled copy."""
    definition: Any = tree.body[0]

    def spoil(number: int, node: ast.AST, what: str, change: Callable[..., object]) -> tuple[str, ast.Module]:
        mutated = copy.deepcopy(tree)
        target = list(ast.walk(mutated.body[0]))[number]
        change(target)
        ast.fix_missing_locations(mutated)
        return _description(definition, node, target, what), mutated

    for number, node in enumerate(ast.walk(definition)):
        for what, change in _changes(node):
            yield number, partial(spoil, number, node, what, change)


def _changes(node: Any) -> Iterator[tuple[str, Callable[..., object]]]:
    """List the ways to spoil one node, as pairs of a name and a function that changes a copy of it in place."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield "operator", lambda n: setattr(n, "op", OPERATORS[type(n.op)]())
        yield "left side only", lambda n: _become(n, n.left)
        yield "right side only", lambda n: _become(n, n.right)
    if isinstance(node, ast.AugAssign):
        yield "overwrite", _overwrite
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", lambda n: _become(n, n.operand)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield "comparison", lambda n: n.ops.__setitem__(0, COMPARISONS[type(n.ops[0])]())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "constant + 1", lambda n: setattr(n, "value", n.value + 1)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "no transpose", lambda n: _become(n, n.value)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
        yield "index - 1", lambda n: setattr(n, "slice", ast.BinOp(n.slice, ast.Sub(), ast.Constant(1)))
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in PLAIN_CALLS and node.args:
            yield f"no {name}", lambda n: _become(n, n.args[0])
        if name == "reversed":
            yield "forward loop", lambda n: _become(n, n.args[0])
        if any(keyword.arg == "keepdims" for keyword in node.keywords):
            yield "no keepdims", _drop_keepdims
    if isinstance(node, ast.For):
        yield "first turn only", lambda n: n.body.append(ast.Break())
    if isinstance(node, ast.FunctionDef | ast.For):
        for i, statement in enumerate(node.body):
            if isinstance(statement, ast.AugAssign | ast.Assign | ast.Expr) and not _is_docstring(statement):
                yield f"without `{ast.unparse(statement)}`", lambda n, i=i: n.body.__setitem__(i, ast.Pass())


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn `node` into a copy of `other`, in place."""
    node.__class__ = other.__class__
    node.__dict__ = copy.deepcopy(other).__dict__


def _overwrite(node: Any) -> None:
    """Turn ``a += b`` into ``a = b``, which stays in place for arrays: ``a[...] = b`` would keep the shape."""
    target, value = node.target, node.value
    node.__class__ = ast.Assign
    node.__dict__ = {"targets": [target], "value": value, "lineno": 1, "col_offset": 0}


def _drop_keepdims(node: ast.Call) -> None:
    """Take ``keepdims=...`` out of a call."""
    node.keywords = [keyword for keyword in node.keywords if keyword.arg != "keepdims"]


def _is_docstring(statement: ast.stmt) -> bool:
    """Return whether a statement is a bare string."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _description(definition: ast.FunctionDef, node: ast.AST, target: ast.AST, what: str) -> str:
    """Name a mutant by its line, its fault and its new source."""
    line = getattr(node, "lineno", definition.lineno)
    text = "" if isinstance(node, ast.FunctionDef | ast.For) else f": `{ast.unparse(node)}` -> `{ast.unparse(target)}`"
    return f"line {line}: {what}{text}"


def _compiled(tree: ast.Module, function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a mutated definition among the globals of the original."""
    scope = dict(function.__globals__)
    exec(compile(tree, f"<mutant of {function.__name__}>", "exec"), scope)  # our own source, spoiled on purpose
    return scope[function.__name__]
