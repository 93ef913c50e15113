"""A verdict on a submission of which nothing was run: no file, no notebook, or a judge that died over it."""

from grading.judge.merge import TestCell, merge
from grading.judge.notebook import Cell, cells
from grading.judge.test_cell import result
from grading.judge.verdict import Answer, Seconds, SubmissionVerdict


def unjudged(
    source: bytes | list[Cell], exercise: str, status: str, reason: str, sandbox: str = "none", seconds: float = 0.0
) -> SubmissionVerdict:
    """Make a verdict in which no test is passed.

    Args:
        source: the course's notebook: bytes of its file, or its cells.
        exercise: its name.
        status: ``"unreadable"``, ``"too large"`` or ``"died"``.
        reason: why, in a sentence.
        sandbox: where it would have run.
        seconds: what it took to find that out.
    """
    plan = merge([], cells(source, len(source)) if isinstance(source, bytes) else source)
    return SubmissionVerdict(
        exercise=exercise,
        sandbox=sandbox,
        status=status,
        reason=reason,
        notes=(),
        seconds=Seconds(total=seconds),
        cells=(),
        tests=tuple(result(step, "undefined", "visible", reason) for step in plan.steps if isinstance(step, TestCell)),
        answers=tuple(Answer(one.id, one.points, one.answer, one.answered) for one in plan.questions),
    )
