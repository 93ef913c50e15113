"""Modules that a student's machine has and this one has not: a cell that imports one goes on without it.

What is called of such a module in a cell does nothing: ``drive.mount(...)`` of Colab, a style of a plotting library.
In a function that a check calls it is the error that it would be.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from typing import Any

OURS = ("rnnlib", "rnnchecks", "grading")  # what is not there of these is not there on purpose
NAME = "__when_absent__"  # a student's cell finds the shell's method under this name


def there(name: str) -> bool:
    """Say whether a module can be imported."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


class Guard(ast.NodeTransformer):
    """Put each import at the top of a cell where its failing can be heard.

    Within ``try`` it stays as it is: whoever wrote that has an answer of their own.
    """

    def __init__(self, shell: Any):
        self.shell = shell
        shell.user_ns_hidden[NAME] = None

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Look at a cell's own statements, and at no function's."""
        self.shell.user_ns[NAME] = self.missed
        node.body = [one for line in node.body for one in self.guarded(line)]
        return node

    def guarded(self, line: ast.stmt) -> list[ast.stmt]:
        """An import, name by name, each with what follows where the module is not there."""
        if not isinstance(line, ast.Import | ast.ImportFrom) or getattr(line, "module", "") == "__future__":
            return [line]
        return [self.one(line, alias) for alias in line.names]

    def one(self, line: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
        """One name's import."""
        alone: ast.stmt
        if isinstance(line, ast.Import):
            alone, module, bound = ast.Import([alias]), alias.name, alias.asname or alias.name.partition(".")[0]
        else:
            alone = ast.ImportFrom(line.module, [alias], line.level)
            module, bound = "." * line.level + (line.module or ""), alias.asname or alias.name
        missed = ast.Call(ast.Name(NAME, ast.Load()), [ast.Constant(module), ast.Constant(bound)], [])
        heard = ast.ExceptHandler(ast.Name("ModuleNotFoundError", ast.Load()), None, [ast.Expr(missed)])
        guard = ast.Try([alone], [heard], [], [])
        for node in ast.walk(guard):
            ast.copy_location(node, line)
        return guard

    def missed(self, module: str, bound: str) -> None:
        """Put something in the place of a module, or go on raising where another one is missing."""
        error: Any = sys.exc_info()[1]
        if module.partition(".")[0] in OURS or not f"{module}.".startswith(f"{error.name}."):
            raise error
        self.shell.remark("module", module)
        if bound != "*":
            self.shell.user_ns[bound] = Absent(module, self.shell)


class Absent:
    """Stand for something of a module that is not there."""

    def __init__(self, module: str, shell: Any):
        self.__dict__.update(_module=module, _shell=shell)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._used()

    def __call__(self, *args: Any, **kwargs: Any) -> "Absent":
        return self._used()

    def __setattr__(self, name: str, value: Any) -> None:
        self._used()

    def __enter__(self) -> "Absent":
        return self._used()

    def __exit__(self, *error: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        self._used()
        return iter(())

    def __getitem__(self, key: Any) -> "Absent":
        return self._used()

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"<{self._module} is not here>"

    def _used(self) -> "Absent":
        if not self._shell.running:
            raise ModuleNotFoundError(f"No module named {self._module!r}", name=self._module)
        return self
