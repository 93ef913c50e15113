"""Judge one submission: the student's cells run in the sandbox, the course's test cells here, and this side decides."""

import atexit
import functools
import time
from typing import Any

from grading.judge.dependencies import imports
from grading.judge.execution import Sitting
from grading.judge.merge import Test, merge
from grading.judge.notebook import Cell, TooLarge, Unreadable, cells
from grading.judge.verdict import graded, tested
from grading.sandbox.box import STARTING, Box, Limits, SandboxMissing
from grading.sandbox.remote import Process

__all__ = ["Limits", "SandboxMissing", "close", "grade"]

_boxes: dict[bool, Box] = {}  # the one that is warm, with bubblewrap or without


def grade(
    submission: bytes,
    source: bytes,
    exercise: str,
    limits: Limits,
    seed: str = "",
    sandboxed: bool = True,
    files: dict[str, bytes] | None = None,
) -> dict[str, Any]:
    """Judge a submission.

    Args:
        submission: bytes of the notebook that came.
        source: bytes of the course's own, with solutions and hidden tests.
        exercise: its name, ``NN-name``.
        limits: `Limits`.
        seed: of the hidden cases; nothing in the sandbox gets to know it.
        sandboxed: False: run the student's code with the grader's own rights. The verdict then says so.
        files: what was handed in beside the notebook, by name (see `grading.store.beside`).

    Returns:
        The verdict, as plain JSON (see `grading.judge.verdict`). Whatever was handed in, there is one.

    Raises:
        SandboxMissing: when there is no sandbox on this machine.
    """
    began = time.monotonic()
    course, first, modules = _course(source)
    sandbox = "bubblewrap" if sandboxed else "none"
    try:
        plan = merge(cells(submission, limits.submission), course)
    except Unreadable as error:
        status = "too large" if isinstance(error, TooLarge) else "unreadable"
        plan = merge([], course)
        plan.notes.clear()
        words = f"{error}."
        tests = [tested(step, "undefined", "visible", words) for step in plan.steps if isinstance(step, Test)]
        seconds = {"start": 0.0, "cells": 0.0, "tests": 0.0, "total": time.monotonic() - began}
        return graded(exercise, sandbox, plan, status, words, {"cells": [], "tests": tests, "seconds": seconds})
    with_box = functools.partial(_box, sandboxed, first, modules)
    sitting = Sitting(plan, limits, seed, with_box, began, files or {})
    try:
        sitting.hold()
    finally:
        if sitting.end():
            close()
    # In the course's order, whatever order the submission has: what looks at a class compares them one by one.
    order = [cell.grade_id for cell in course]
    tests = sorted(sitting.tests, key=lambda test: order.index(test["id"]))
    judged = {"cells": sitting.cells, "tests": tests, "seconds": sitting.seconds}
    return graded(exercise, sandbox, plan, sitting.status, sitting.reason, judged, sitting.bound)


@functools.lru_cache(maxsize=4)
def _course(source: bytes) -> tuple[list[Cell], str, frozenset[str]]:
    """Read the course's notebook once for the whole class: its cells, the one that imports, the modules of all."""
    course = cells(source, len(source))
    given = [cell.source for cell in course if cell.kind == "code" and not cell.grade_id and imports(cell.source)]
    lines = [line for cell in course if cell.kind == "code" for _, line in imports(cell.source)]
    modules = {line.split()[1] for line in lines}  # of `import a.b as c`, and of `from a.b import c`
    return (
        course,
        given[0] if given else "",
        frozenset(modules - {"rnnchecks", "rnnlib.checks"} | {"matplotlib.pyplot"}),
    )


def _box(sandboxed: bool, first: str, modules: frozenset[str], anew: bool) -> Box:
    """Give the warm sandbox with all modules loaded that students' cells need; or, where it is spoilt, a new one."""
    if anew:
        close()
    box = _boxes.get(sandboxed) or Box(sandboxed)
    _boxes[sandboxed] = box
    if not modules <= box.loaded:
        box.load(modules)
        # The cell that imports may do more that takes time, such as setting a style. What that loads is loaded, too.
        process = Process(box.start(Limits()), time.monotonic() + STARTING, STARTING)
        process.cell(f"{first}\nimport sys\nloaded = list(sys.modules)", "<cell 0>", STARTING)
        loaded = process.get("loaded")
        process.sock.close()
        box.end()
        box.load(frozenset(loaded or ()))
    return box


@atexit.register
def close() -> None:
    """End the warm sandbox."""
    while _boxes:
        _boxes.popitem()[1].close()
