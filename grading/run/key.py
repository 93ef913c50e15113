"""A verdict's key: a digest of the submission, the course's own notebook, the versions of what ran them, the settings.

A run skips a submission whose verdict has the key that it would get today, and judges every other one.
"""

import ast
import contextlib
import dataclasses
import hashlib
import json
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grading.run.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@cache
def environment() -> str:
    """Digest what a verdict rests on besides the notebooks: the versions, and the sources of all that decides."""
    digest = hashlib.sha256(platform.python_version().encode())
    for package in ("numpy", "torch", "matplotlib"):
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(deciding()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def deciding() -> set[Path]:
    """The sources that can change a verdict: all of rnnlib, and the judge with what it imports."""
    found: set[Path] = set()
    new = {ROOT / "grading" / "judge" / "judge.py", *ROOT.glob("grading/sandbox/guest/*.py")}
    while new:
        found.add(path := new.pop())
        tree = ast.parse(path.read_bytes())
        hints = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
        tree.body = [node for node in tree.body if node not in hints]  # no run reads those
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):  # a module's names, or a room's modules
                names = [str(node.module), *(f"{node.module}.{name}" for name in names)]
            paths = {ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("grading.")}
            new |= {path for path in paths - found if path.exists()}
    return found | set(ROOT.glob("rnnlib/**/*.py"))


def key(submission: bytes | str, source: bytes, settings: Settings) -> str:
    """Name a verdict by all that it depends on.

    Args:
        submission: bytes of the student's file, or in words why there is none.
        source: bytes of the course's notebook.
        settings: `Settings`.

    Returns:
        A digest in hexadecimal. It tells nothing of the seed.
    """
    parts = (
        submission.encode() if isinstance(submission, str) else b"file:" + submission,
        source,
        environment().encode(),
        json.dumps(dataclasses.asdict(settings), sort_keys=True).encode(),
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
