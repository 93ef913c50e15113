"""What a verdict rests on besides the submission, by name: a change of one of these may change marks.

A program counts by what it means (`digests`): a comment, a docstring or a hint changes no mark. Of the library and of
the checks counts what the exercise uses: its own checks, and the modules that its notebook imports. A submission that
mentions more of the library than the notebook does rests on all of it.
"""

import ast
import contextlib
import json
import platform
import re
from dataclasses import asdict
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import digests
from digests.imports import closure, imported
from rnnchecks.catalogue import exercises

if TYPE_CHECKING:
    from grading.run.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("numpy", "torch", "matplotlib", "ipython")
CHECKED = re.compile(r"\bcheck\(\s*[\"'](\w+)\.(\w+)[\"']")
# In the JSON of a notebook: names of the library's modules, and whole statements that import from it.
MENTIONED = re.compile(rb"\brnnlib(?:\.\w+)*|(?:from|import)\s+rnnlib[^\"\\]*")
OPEN = re.compile(rb"from\s+rnnlib[^\"\\]*\(")  # whose names stand on lines of their own
LENGTH = 16  # of the name of a basis


class _WithoutHints(ast.NodeTransformer):
    """Empties the texts that a misconception or a finding is registered with: a verdict keeps its name."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "misconception":
            _empty(node.args)
        elif name in ("plant", "MeasuredProblem"):
            for words in [*node.args, *(word.value for word in node.keywords if word.arg in ("hints", "findings"))]:
                _empty(words.values if isinstance(words, ast.Dict) else [])
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if any(isinstance(target, ast.Name) and target.id == "FINDINGS" for target in node.targets):
            _empty(node.value.values if isinstance(node.value, ast.Dict) else [])
        return self.generic_visit(node)


def _empty(texts: list[ast.expr]) -> None:
    """Empty the texts among some expressions."""
    for text in texts:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            text.value = ""


def of_program(path: Path) -> str:
    """Name a file by what it means to a mark."""
    return _of_program(path, path.stat().st_mtime_ns)


@cache
def _of_program(path: Path, written: int) -> str:
    if path.relative_to(ROOT).parts[0] != "rnnchecks":
        return digests.of_file(path)
    return digests.of_bytes(ast.dump(_WithoutHints().visit(digests.tree_of(path.read_bytes()))).encode())


def versions() -> dict[str, str]:
    """The versions of what runs the judge and the students' code."""
    found = {"Python": platform.python_version()}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def judge() -> set[Path]:
    """The programs that judge any exercise: the judge with what it imports, and all that runs in the sandbox."""
    starts = [ROOT / "grading/judge/judge.py", *ROOT.glob("grading/sandbox/guest/*.py")]
    starts += [ROOT / "rnnchecks/api.py", *ROOT.glob("rnnchecks/engine/*.py")]
    return {path for path in closure(starts, ROOT) if path.relative_to(ROOT).parts[0] != "rnnlib"}


def library() -> set[Path]:
    """All of the library, with its data."""
    return {path for path in (ROOT / "rnnlib").rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def deciding() -> set[Path]:
    """All programs that can change a verdict on any exercise."""
    return judge() | library() | set((ROOT / "rnnchecks").rglob("*.py"))


def _of_exercise(source: bytes, whole: bool) -> dict[str, str]:
    """Names and digests of the notebook of an exercise, and of the programs that it brings along, or of the library."""
    cells = json.loads(source)["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    files = judge() | (library() if whole else set())
    for catalogue, function in {found for text in texts for found in CHECKED.findall(text)}:
        folder = ROOT / "rnnchecks" / exercises().get(catalogue, "")
        found = [path for path in (folder / f"{function}.py", folder / function / "__init__.py") if path.is_file()]
        files |= closure(found, ROOT) if found else set((ROOT / "rnnchecks").rglob("*.py"))
    for text in texts:
        try:
            # What it takes from rnnchecks is a stand-in there; what the checks rest on is found by their names.
            files |= closure({path for path in imported(text, ROOT) if (ROOT / "rnnlib") in path.parents}, ROOT)
        except SyntaxError:  # a magic, or an answer that is no Python on purpose
            files |= library() if "rnnlib" in text else set()
    if any(path.parent == ROOT / "rnnlib/data" for path in files):
        files |= {path for path in library() if path.parent == ROOT / "rnnlib/data"}
    table = {path.relative_to(ROOT).as_posix(): of_program(path)[:LENGTH] for path in sorted(files)}
    # Of the notebook all code, and whatever is graded; not the prose between, nor what was printed.
    graded = [
        [cell["cell_type"], cell["metadata"].get("nbgrader"), "".join(cell["source"])]
        for cell in cells
        if cell["cell_type"] == "code" or "nbgrader" in cell["metadata"]
    ]
    table["the exercise's notebook"] = digests.of_bytes(json.dumps(graded, sort_keys=True).encode())[:LENGTH]
    return table


def table(submission: bytes | str, source: bytes, settings: "Settings") -> dict[str, str]:
    """Name what a verdict rests on: dict from a name to a digest or a version.

    Args:
        submission: bytes of the student's file, or in words why there is none.
        source: bytes of the course's notebook.
        settings: `grading.run.settings.Settings`.
    """
    return _table(_needs_all(submission, source), source, _digests_of(settings))[0]


def name_of(submission: bytes | str, source: bytes, settings: "Settings") -> str:
    """Name what a verdict rests on in `LENGTH` letters, for the same arguments as `table`."""
    return _table(_needs_all(submission, source), source, _digests_of(settings))[1]


def _needs_all(submission: bytes | str, source: bytes) -> bool:
    """Whether a submission mentions of the library what the course's notebook does not."""
    if isinstance(submission, str):
        return False
    return bool(OPEN.search(submission)) or not _mentioned(source).issuperset(MENTIONED.findall(submission))


@lru_cache(maxsize=64)
def _mentioned(source: bytes) -> frozenset[bytes]:
    """What a notebook mentions of the library."""
    return frozenset(MENTIONED.findall(source))


def _digests_of(settings: "Settings") -> tuple[tuple[str, str], ...]:
    """The settings by name, each as a digest: nobody shall read the seed from it."""
    rest = {"the limits": asdict(settings.limits), "the seed": settings.seed, "the sandbox": settings.sandboxed}
    return tuple(
        (name, digests.of_bytes(json.dumps(value, sort_keys=True).encode())[:LENGTH]) for name, value in rest.items()
    )


@lru_cache(maxsize=128)
def _table(whole: bool, source: bytes, said: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], str]:
    """What verdicts rest on, and its name."""
    try:
        found = _of_exercise(source, whole)
    except (ValueError, KeyError, TypeError):  # no notebook at all: the judge will say so
        found = {"the exercise's notebook": digests.of_bytes(source)[:LENGTH]}
    rests = {**versions(), **found, **dict(said)}
    return rests, digests.of_bytes(json.dumps(rests, sort_keys=True).encode())[:LENGTH]


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """What of two bases is not the same, by name."""
    return [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
