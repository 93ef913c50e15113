"""Judge one submission: the student's cells run in the sandbox, the course's test cells here, and this side decides."""

import atexit
import functools
import time

from grading.judge.clock import Clock, OwnTimeUp
from grading.judge.dependencies import imports
from grading.judge.execution import Execution
from grading.judge.merge import merge
from grading.judge.notebook import Cell, TooLarge, Unreadable, cells
from grading.judge.session import OVER, Session
from grading.judge.unjudged import unjudged
from grading.judge.verdict import Answer, SubmissionVerdict
from grading.sandbox.box import STARTING, Box, Limits, SandboxMissing
from grading.sandbox.remote import StudentProcess

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
) -> SubmissionVerdict:
    """Judge a submission.

    Args:
        submission: bytes of the notebook that came.
        source: bytes of the course's own, with solutions and hidden tests.
        exercise: its name, ``NN-name``.
        limits: `Limits`.
        seed: of the hidden cases; nothing in the sandbox gets to know it.
        sandboxed: False: run the student's code with the grader's own rights. The verdict then says so.
        files: what was handed in beside the notebook, by name (see `grading.door.beside`).

    Returns:
        The verdict. Whatever was handed in, there is one.

    Raises:
        SandboxMissing: when there is no sandbox on this machine.
    """
    began = time.monotonic()
    course, first, modules = _course(source)
    sandbox, clock = "bubblewrap" if sandboxed else "none", Clock(limits.judge)
    try:
        with clock.running():
            plan = merge(cells(submission, limits.submission), course)
    except Unreadable as error:
        status = "too large" if isinstance(error, TooLarge) else "unreadable"
        return unjudged(course, exercise, status, f"{error}.", sandbox, time.monotonic() - began)
    except OwnTimeUp:
        return unjudged(course, exercise, "too large", clock.words, sandbox, time.monotonic() - began)
    session = Session(limits, functools.partial(_box, sandboxed, first, modules), began, files or {})
    execution = Execution(plan, limits, seed, session, clock)
    try:
        with clock.running():
            execution.run()
        seconds = execution.seconds(began)
    finally:
        if clock.is_up:  # it may have rung in the middle of an order to the sandbox
            close()
        if session.end():
            close()
    plan.notes += [OVER] if session.over else []
    # In the course's order, whatever order the submission has: what looks at a class compares them one by one.
    order = [cell.grade_id for cell in course]
    return SubmissionVerdict(
        exercise=exercise,
        sandbox=sandbox,
        status=execution.status,
        reason=execution.reason,
        notes=tuple(plan.notes),
        seconds=seconds,
        cells=tuple(execution.cells),
        tests=tuple(sorted(execution.results(), key=lambda test: order.index(test.id))),
        answers=tuple(Answer(one.id, one.points, one.answer, one.answered) for one in plan.questions),
        bound=session.bound,
    )


@functools.lru_cache(maxsize=4)
def _course(source: bytes) -> tuple[list[Cell], str, frozenset[str]]:
    """Read the course's notebook once for the whole class: its cells, the one that imports, the modules of all."""
    course = cells(source, len(source))
    given = [cell.source for cell in course if cell.kind == "code" and not cell.grade_id and imports(cell.source)]
    lines = [line for cell in course if cell.kind == "code" for _, line in imports(cell.source)]
    modules = {line.split()[1] for line in lines}  # of `import a.b as c`, and of `from a.b import c`
    modules = modules - {"rnnchecks", "rnnlib.checks"} | {"matplotlib.pyplot"}
    return course, given[0] if given else "", frozenset(modules)


def _box(sandboxed: bool, first: str, modules: frozenset[str], anew: bool) -> Box:
    """Return the warm sandbox with all modules loaded that students' cells need; or, where it is spoilt, a new one."""
    if anew:
        close()
    box = _boxes.get(sandboxed) or Box(sandboxed)
    _boxes[sandboxed] = box
    if not modules <= box.loaded:
        box.load(modules)
        # The cell that imports may do more that takes time, such as setting a style. What that loads is loaded, too.
        process = StudentProcess(box.start(Limits()), time.monotonic() + STARTING, STARTING)
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
