"""The results of experiments: computed once a build, shared by all pages that ask for them.

A result lies in ``_build/cache/experiments`` under a name that is made from what it rests on: the programs of its
experiment, by what they mean (`digests`), its seeds, the versions of Python and NumPy, and the kind of processor that
OpenBLAS is told to compute for, if it is told. So a comment computes nothing anew, and a changed line does.
"""

import json
import os
import platform
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import digests
from digests.imports import closure
from experiments.claims import name_of, strength

__all__ = ["USED", "measured", "plain", "programs"]

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "_build/cache/experiments"
USED: set[str] = set()  # programs behind the results that this process was given, for the recorder of a page's kernel


def measured(experiment: ModuleType, seeds: Sequence[int] | None = None) -> Any:
    """Give the result of an experiment; compute it if no page has done so before.

    Args:
        experiment: a module with ``run``, ``SEEDS`` and ``CLAIMS``.
        seeds: default 0, 1, ... of the number that a repetition has.

    Returns:
        What ``run`` gave, as plain data: dicts with text as keys, lists, numbers. Where a claim that says "usually" or
        "in this run" does not hold for it, which its record allows and another processor may bring about, a line says
        so, and the page shows it.

    Raises:
        AssertionError: when a claim that is said flatly does not hold for this result: the page would contradict
            itself.
    """
    seeds = list(range(experiment.SEEDS) if seeds is None else seeds)
    paths = programs(experiment)
    USED.update(path.relative_to(ROOT).as_posix() for path in paths)
    names = "".join(f"{path.relative_to(ROOT)} {digests.of_file(path)}\n" for path in paths)
    rests_on = f"{names}{seeds} {platform.python_version()} {np.__version__} {os.environ.get('OPENBLAS_CORETYPE')}"
    file = CACHE / f"{name_of(experiment)}-{digests.of_bytes(rests_on.encode())[:24]}.json"
    with locked(file):
        if not file.exists():
            write(file, json.dumps(plain(experiment.run(seeds))))
        result = json.loads(file.read_text(encoding="utf-8"))
    for claim in experiment.CLAIMS:
        if not claim.holds(result):
            told = f"{claim.name} does not hold for seeds {seeds}: {claim.sentence}"
            assert strength(claim.sentence) != "flatly", told
            print(f"In this build it came out otherwise. {told}")
    return result


def programs(experiment: ModuleType) -> list[Path]:
    """The files that an experiment rests on, in order."""
    return sorted(closure([Path(str(experiment.__file__)).resolve()], ROOT))


def plain(result: Any) -> Any:
    """A result as it comes back from a file: arrays as lists, tuples as lists, float32 as Python's numbers."""
    return json.loads(json.dumps(result, default=lambda value: value.tolist()))


def write(file: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        part.write(text)
    os.chmod(part.name, 0o644)
    os.replace(part.name, file)


@contextmanager
def locked(file: Path) -> Any:
    """Let two pages that ask for the same result at once wait for each other, where the system can do that."""
    try:
        import fcntl
    except ImportError:  # then both compute it
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
