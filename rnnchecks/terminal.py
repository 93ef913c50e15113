"""Run a notebook's cells without Jupyter, and check the functions that they leave."""

import __future__

import ast
import asyncio
import contextlib
import inspect
import io
import json
import os
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rnnchecks
from rnnchecks.catalogue import problems
from rnnchecks.engine.run import run
from rnnchecks.points import table

STUB = "*Your answer here.*"
# Cell magics whose text is not the notebook's Python.
OTHERS = frozenset(
    "bash sh script perl ruby html markdown latex javascript js svg writefile file system sx cmd".split()
)
MAGIC = re.compile(r"^([ \t]*)(?:[%!].*|.*\?{1,2})$")
TAKEN = re.compile(r"^([ \t]*)(\w+)[ \t]*=[ \t]*[%!].*$")
FEATURES = [getattr(__future__, name).compiler_flag for name in __future__.all_feature_names]
STOPPED = 5  # cells that stopped, of which the words are shown


class NoNotebook(Exception):
    """A file that is no notebook; the message says why."""


def cells(path: str) -> list[tuple[str, str]]:
    """Read a notebook: pairs of a cell's kind and its text.

    Raises:
        NoNotebook: when it is none.
    """
    try:
        found = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise NoNotebook(f"it cannot be opened: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NoNotebook("it is no notebook: expected JSON, as Jupyter writes it") from error
    listed = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise NoNotebook("it is no notebook of format 4: expected a list of cells")
    return [(str(cell.get("cell_type")), _text(cell.get("source"))) for cell in listed if isinstance(cell, dict)]


def inside(catalogue: str, notebook: str, report: str) -> int:
    """Run a notebook, check its functions, and write down how many are right.

    Args:
        catalogue: name of the exercise's problems, such as ``"bptt"``.
        notebook: path of the file.
        report: path of the file to write.
    """
    read = cells(notebook)
    asked: dict[str, Any] = {}
    _silent(asked)
    os.chdir(Path(notebook).resolve().parent)
    sys.path.insert(0, "")  # as in Jupyter, the folder's own files can be imported
    all_of_them = problems(catalogue)
    passed: list[str] = []
    names, stopped = _ran(read[: _last(read, {problem.function_name for problem in all_of_them})])
    _say(stopped)
    for problem in all_of_them:
        function = asked.get(problem.name, names.get(problem.function_name))
        if not callable(function):
            print(f"{problem.function_name:<28} is not defined")
            continue
        verdict = run(problem, function, "visible")
        passed += [problem.function_name] * verdict.passed
        print(verdict)
    worth = table(catalogue)
    earned = sum(worth[name] for name in passed)
    print(f"\nPoints of the checks so far: {earned:g} of {sum(worth.values()):g}.")
    if any(text.strip() == STUB for _, text in read):
        print("The open question has no answer yet.")
    Path(report).write_text(json.dumps({"right": len(passed), "all": len(all_of_them)}))
    return 0


def _silent(asked: dict[str, Any]) -> None:
    """Have the notebook's own checks remember the function that they are given, and say nothing: it is said below."""

    def check(name: str, function: Callable[..., Any], cases: str = "visible") -> None:
        asked[name] = function

    old = types.ModuleType("rnnlib.checks")  # where notebooks that were handed out earlier look for it
    for module in (rnnchecks, old):
        vars(module).update(check=check, when_written=rnnchecks.when_written)
    sys.modules.setdefault("rnnlib.checks", old)


def _last(read: list[tuple[str, str]], functions: set[str]) -> int:
    """Count the cells up to the last that defines or checks a function: what comes after it only takes time."""
    known = "|".join(functions)
    wanted = re.compile(rf"\b(?:def[ \t]+|import\b.*)(?:{known})\b|\b(?:{known})[ \t]*=|\bcheck[ \t]*\(")
    return max((number for number, (_, text) in enumerate(read, 1) if wanted.search(text)), default=0)


def _ran(read: list[tuple[str, str]]) -> tuple[dict[str, Any], list[tuple[int, BaseException]]]:
    """Run the code cells; give the names that they leave, and those that stopped, by their number in the notebook."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"], names = main, vars(main)
    names.update(get_ipython=lambda: Nothing(), display=lambda *shown, **_: None)
    stopped: list[tuple[int, BaseException]] = []
    for number, (kind, text) in enumerate(read, 1):
        if kind != "code":
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                _run(text, f"<cell {number}>", names)
        except NotImplementedError:
            pass  # a stub: its check says so
        except (Exception, SystemExit) as error:
            stopped.append((number, error))
        with contextlib.suppress(Exception):
            sys.modules["matplotlib.pyplot"].close("all")
    return names, stopped


def _run(text: str, label: str, names: dict[str, Any]) -> None:
    """Run a cell; what waits at its top level is waited for."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | names.get("__future__ flags", 0)
    code = compile(python(text), label, "exec", flags=flags, dont_inherit=True)
    # Such an import holds for the cells after it, too.
    names["__future__ flags"] = flags | sum(flag for flag in FEATURES if code.co_flags & flag)
    value = eval(code, names)
    if inspect.iscoroutine(value):
        asyncio.run(value)


def python(text: str) -> str:
    """Take out of a cell what only Jupyter understands; its lines stay where they are."""
    lines = text.split("\n")
    head = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[head].startswith("%%"):
        if OTHERS.intersection(lines[head][2:].split()[:1]):
            return ""
        return python("\n".join([*[""] * (head + 1), *lines[head + 1 :]]))
    return text if _sound(text) else "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    """Take a magic or a shell line out; what it would give is an empty list."""
    timed = re.match(r"^([ \t]*)%time[ \t]+(.*)$", line)
    if timed:
        return timed[1] + timed[2]
    line = TAKEN.sub(r"\1\2 = []", line)
    return MAGIC.sub(r"\1pass", line)


class Nothing:
    """Stand for IPython: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def _say(stopped: list[tuple[int, BaseException]]) -> None:
    """Name the cells that stopped: what they should have defined is not there."""
    for number, error in stopped[:STOPPED]:
        words = " ".join(str(error).split())
        print(f"cell {number} stopped: {type(error).__name__}{': ' * bool(words)}{words[:200]}")
    if len(stopped) > STOPPED:
        print(f"... and {len(stopped) - STOPPED} more cells.")


def _sound(text: str) -> bool:
    """Say whether Python can read a cell."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _text(source: object) -> str:
    """Give a text, or the lines of one joined."""
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))
