"""Write the cells of made-up students: right answers, misconceptions of the catalogue, and other mishaps."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from grading.release.solution import BEGIN, END
from rnnchecks.engine.problem import Misconception, Problem

# An answer to an open question, of which a program can only say that there is one.
PROSE = "I measured it above. The numbers fall by about the same factor at every step, so a product is behind them."


def right(cell_source: str) -> str:
    """The course's own answer: a solution cell without its marks."""
    return "\n".join(line for line in cell_source.split("\n") if line.strip() not in (BEGIN, END))


def noisy(cell_source: str) -> str:
    """The course's own answer by somebody who prints, warns and logs at every call."""
    tree = ast.parse(cell_source)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        noise = f"""
            print("{function.name} was called")
            warnings.warn("is this still the way to do it?", stacklevel=1)
            logging.warning("{function.name} was called")
        """
        after_docstring = 1 if ast.get_docstring(function) is not None else 0
        function.body[after_docstring:after_docstring] = ast.parse(textwrap.dedent(noise)).body
    return "import logging\nimport warnings\n\nlogging.basicConfig()\n\n\n" + ast.unparse(tree)


def reference(problem: Problem) -> str:
    """The catalogue's answer, which needs no other function of the student's."""
    return rewritten(problem.solve, problem.function_name)


def mistaken(problem: Problem, misconception: Misconception) -> str:
    """A wrong answer of the catalogue, as a student would have written it."""
    return rewritten(misconception.wrong, problem.function_name)


def returns_nothing(problem: Problem) -> str:
    """The catalogue's answer, printed at the end where it should have been returned."""
    return _wrapped(problem, "print('the result:', result)")


def writes_into_argument(problem: Problem) -> str | None:
    """The catalogue's answer, which leaves its first array doubled: a right one. None when it takes no array."""
    for name, value in zip(problem.argument_names, problem.cases()[0].args, strict=True):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            given = ", ".join(f"{name} / 2" if each == name else each for each in problem.argument_names)
            body = f"{name} *= 2\nreturn _answer({given})"
            return rewritten(problem.solve, "_answer") + "\n\n\n" + _defined(problem, body)
    return None


def stops(problem: Problem) -> str:
    """An answer that stops with an error when it is called."""
    return _defined(problem, "steps = []\nreturn steps[0]")


def unreadable(problem: Problem) -> str:
    """An answer with a parenthesis too few: the cell does not even define the function."""
    return _defined(problem, "return (1 + (2)")


def ends_process(problem: Problem) -> str:
    """An answer whose cell ends the process that runs the notebook."""
    return _defined(problem, "return None") + "\n\n\nimport os\nos._exit(1)"


def rewritten(function: Callable[..., Any], name: str) -> str:
    """Source of a function of a catalogue under another name, with all that it uses.

    The catalogues cannot be imported where students' code is marked, so what it uses of them comes along, each under a
    name of its own, ``_rnn_step`` for ``rnn_step``: the student may define that one too. Switches that
    `functools.partial` has set (see `rnnchecks.engine.faults`) are resolved.
    """
    parts = _Parts(name)
    parts.add(function, name)
    return "\n".join([*sorted(parts.imports), "", "", "\n\n\n".join(parts.texts)]).lstrip()


class _Parts:
    """What a made-up answer consists of: imports, and texts of definitions in an order in which they can stand."""

    def __init__(self, taken: str):
        self.imports: set[str] = set()
        self.texts: list[str] = []
        self.names: dict[Any, str] = {"the answer itself": taken}

    def add(self, function: Any, name: str) -> None:
        """Add a function under a name, after what it uses."""
        switches = getattr(function, "keywords", {})
        function = getattr(function, "func", function)
        module = sys.modules[function.__module__]
        tree = _Resolved(switches).visit(ast.parse(textwrap.dedent(inspect.getsource(function))))
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef) or function.__closure__:
            raise ValueError(f"{function.__qualname__} of {module.__name__} is not a plain function.")
        definition.decorator_list, definition.name, definition.returns = [], name, None
        for node in ast.walk(definition):
            if isinstance(node, ast.arg):
                node.annotation = None  # its types would have to be imported
        definition = _Solved(module).visit(definition)
        names = [node for node in ast.walk(definition) if isinstance(node, ast.Name)]
        own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}
        for node in names:
            if node.id not in own and hasattr(module, node.id):
                node.id = self._used(getattr(module, node.id), node.id, module)
        self.texts.append(ast.unparse(definition))

    def _used(self, value: Any, name: str, module: ModuleType) -> str:
        """Bring along what a function uses; return its name in the answer."""
        if isinstance(value, ModuleType):
            self.imports.add(f"import {value.__name__} as {name}")
            return name
        where = getattr(value, "__module__", None) or module.__name__
        if (where, name) in self.names:
            return self.names[where, name]
        own = f"_{name.lstrip('_')}"
        while own in self.names.values():
            own += "_"
        self.names[where, name] = own
        if not where.startswith("rnnchecks"):
            self.imports.add(f"from {where} import {name} as {own}")
        elif inspect.isfunction(value):
            self.add(value, own)
        else:
            self.texts.append(f"{own} = {value!r}")
        return own


class _Solved(ast.NodeTransformer):
    """Write out what a catalogue asks of a problem: its reference, by its own name, or a plain value."""

    def __init__(self, module: ModuleType):
        self.module = module

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        value = getattr(self.module, node.value.id, None) if isinstance(node.value, ast.Name) else None
        if not isinstance(value, Problem):
            return self.generic_visit(node)
        if node.attr == "solve":
            return ast.Name(value.function_name, ast.Load())
        return ast.parse(repr(getattr(value, node.attr)), mode="eval").body


class _Resolved(ast.NodeTransformer):
    """Take switches out of a function: of each ``a if switch else b`` only what holds remains."""

    def __init__(self, switches: Mapping[str, Any]):
        self.switches = switches

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        kept = [(a, d) for a, d in zip(node.kwonlyargs, node.kw_defaults) if a.arg not in self.switches]
        node.kwonlyargs, node.kw_defaults = [a for a, _ in kept], [d for _, d in kept]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        holds = self._holds(node.test)
        return self.generic_visit(node) if holds is None else self.visit(node.body if holds else node.orelse)

    def visit_If(self, node: ast.If) -> Any:
        holds = self._holds(node.test)
        if holds is None:
            return self.generic_visit(node)
        return [self.visit(statement) for statement in (node.body if holds else node.orelse)]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.switches[node.id]) if node.id in self.switches else node

    def _holds(self, test: ast.expr) -> bool | None:
        """Say whether a condition is a switch that is on, one that is off, or something else (None)."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            holds = self._holds(test.operand)
            return None if holds is None else not holds
        return self.switches.get(test.id) if isinstance(test, ast.Name) else None


def _wrapped(problem: Problem, body: str) -> str:
    """A function that calls the catalogue's answer, keeps its result, and goes on as told."""
    call = f"result = _answer({', '.join(problem.argument_names)})"
    return rewritten(problem.solve, "_answer") + "\n\n\n" + _defined(problem, f"{call}\n{body}")


def _defined(problem: Problem, body: str) -> str:
    """A function of the student's name and arguments with a given body."""
    head = f"def {problem.function_name}({', '.join(problem.argument_names)}):\n"
    return head + textwrap.indent(body, "    ")
