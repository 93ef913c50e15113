"""Recognise a slip that holds for some sizes only: a size as a number, a step that may not be there, a bare squeeze.

What such a function returns, or stops with, tells nothing: it is right in some cases, and fails in others in a way that
anything may have. The slip is proved by mending it: one place of the source is changed, and all is right.
"""

import ast
import copy
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np

from rnnchecks.engine.borrowed import right_everywhere, right_somewhere
from rnnchecks.engine.prepare import Prepared

TRIES = 200  # of mending a place: each is a call at least
Change = Callable[[Any], object]

SIZE = (
    "a-size-written-as-a-number",
    "In your function the number {old} stands for a size. It is right for some arrays only, and the check has others. "
    "Which array knows how large it is?",
)
INDEX = (
    "a-step-that-may-not-be-there",
    "Your function looks at place {old} of an array, whatever its length. A sequence may have a single step, a batch a "
    "single row. Which place is always there?",
)
SQUEEZE = (
    "squeeze-without-an-axis",
    "A squeeze that is not told its axis drops every axis of length 1, also that of a batch of one row or of a single "
    "unit. Which axis do you want to be rid of?",
)


def mended(prepared: Prepared, function: Any, seconds: float) -> list[tuple[str, str]]:
    """Name the slip of a function that is right as soon as one place of it is mended.

    Args:
        prepared: what is known of the problem's cases.
        function: the student's function, which is wrong. Without its source nothing is named.
        seconds: how long one call may compute.

    Returns:
        The name and the hint of the slip, or nothing.
    """
    tree = _source(function)
    if tree is None or not right_somewhere(prepared, function, seconds):
        return []
    for (name, hint), old, changed in itertools.islice(_changed(tree, _sizes(prepared, function)), TRIES):
        again = _compiled(changed, function)
        if again is not None and right_everywhere(prepared, again, seconds):
            return [(name, hint.format(old=old))]
    return []


def _source(function: Any) -> ast.Module | None:
    """Return the syntax tree of a plain function, if its source is there to be read."""
    if not isinstance(function, FunctionType) or function.__closure__:
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        return None
    tree.body[0].decorator_list = []
    return tree


def _sizes(prepared: Prepared, function: Any) -> list[str]:
    """List the sizes of the arguments as a program would write them; of those alike in every case, the first."""
    seen: dict[tuple[int, ...], str] = {}
    for i, name in enumerate(inspect.signature(function).parameters):
        arrays = [case.args[i] for case in prepared.cases] if i < len(prepared.problem.argument_names) else []
        if arrays and all(isinstance(a, np.ndarray) and a.ndim == arrays[0].ndim for a in arrays):
            for axis in range(arrays[0].ndim):
                seen.setdefault(tuple(a.shape[axis] for a in arrays), f"{name}.shape[{axis}]")
    return [text for sizes, text in seen.items() if len(set(sizes)) > 1]


def _changed(tree: ast.Module, sizes: list[str]) -> Iterator[tuple[tuple[str, str], object, ast.Module]]:
    """Yield a slip, what stands in its place and a copy of the tree in which it is mended."""
    for number, node in enumerate(ast.walk(tree)):
        for slip, old, change in _changes(node, sizes):
            again = copy.deepcopy(tree)
            change(list(ast.walk(again))[number])
            yield slip, old, ast.fix_missing_locations(again)
    numbers = [node.value for node in _nodes(tree) if _may_be_a_size(node)]
    for value, text in itertools.product(sorted({v for v in numbers if numbers.count(v) > 1}), sizes):
        again = copy.deepcopy(tree)
        for node in [node for node in _nodes(again) if _may_be_a_size(node) and node.value == value]:
            _become(node, _expression(text))
        yield SIZE, value, ast.fix_missing_locations(again)


def _may_be_a_size(node: Any) -> bool:
    """Return whether a node is a whole number above 1."""
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value > 1


def _changes(node: Any, sizes: list[str]) -> Iterator[tuple[tuple[str, str], object, Change]]:
    """Yield a slip, what stands in its place and a function that mends it in a copy of the node."""
    if isinstance(node, ast.Call) and _is_bare_squeeze(node):
        for axis in range(3):
            yield SQUEEZE, "", partial(_told, ast.keyword("axis", ast.Constant(axis)))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and type(node.slice.value) is int:
        if node.slice.value > 0:
            yield INDEX, node.slice.value, lambda n: setattr(n, "slice", ast.Constant(0))
    elif _may_be_a_size(node):
        for text in sizes:
            yield SIZE, node.value, partial(_become, other=_expression(text))


def _is_bare_squeeze(node: ast.Call) -> bool:
    """Return whether a call is that of a squeeze which is told no axis."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "squeeze" or node.keywords:
        return False
    of_numpy = isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy")
    return len(node.args) == of_numpy  # np.squeeze(a), or a.squeeze()


def _nodes(tree: ast.Module) -> list[Any]:
    """List the nodes of a tree."""
    return list(ast.walk(tree))


def _expression(text: str) -> ast.AST:
    """Return the syntax tree of an expression."""
    return ast.parse(text, mode="eval").body


def _told(keyword: ast.keyword, call: ast.Call) -> None:
    """Give a call one more keyword."""
    call.keywords.append(keyword)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another, in place."""
    node.__class__, node.__dict__ = other.__class__, other.__dict__


def _compiled(tree: ast.Module, function: FunctionType) -> Any:
    """Define the function anew among the names that it knows; None where that fails."""
    scope = dict(function.__globals__)
    try:
        exec(compile(tree, "<mended>", "exec"), scope)  # the student's own code, but for one place
    except Exception:
        return None
    return scope[function.__name__] if function.__name__ in scope else None
