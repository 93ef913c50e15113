"""The verdict on a submission: plain JSON, which the store keeps and the pages are made from.

`grade` in `grading.judge.judge` returns one; its keys are those of `graded` and, for a test, of `tested`.
"""

from typing import Any

from grading.judge.merge import Plan, Test, merge
from grading.judge.notebook import cells
from rnnchecks.engine.verdict import Verdict

SCHEMA = 1
TEXT = 8000  # characters of a test's text


def graded(
    exercise: str, sandbox: str, plan: Plan, status: str, reason: str, judged: dict[str, Any], bound: str = ""
) -> dict[str, Any]:
    """Put a verdict together.

    Args:
        exercise: its name.
        sandbox: ``"bubblewrap"`` or ``"none"``.
        plan: what was to be done.
        status: ``"graded"``, or the worst that happened.
        reason: in a sentence, what happened.
        judged: lists of ``cells`` and ``tests``, and ``seconds``.
        bound: what bounded the memory of all its processes together; empty where none was started.
    """
    questions = [{"id": q.id, "points": q.points, "answer": q.answer, "answered": q.answered} for q in plan.questions]
    return {
        "schema": SCHEMA,
        "exercise": exercise,
        "sandbox": sandbox,
        "bound": bound,
        "status": status,
        "reason": reason,
        "notes": plan.notes,
        "points": sum(test["earned"] for test in judged["tests"]),
        "max_points": sum(part["points"] for part in [*judged["tests"], *questions]),
        "seconds": judged["seconds"],
        "cells": judged["cells"],
        "tests": judged["tests"],
        "open": questions,
    }


def tested(
    test: Test,
    verdict: str,
    cases: str,
    text: str,
    found: Verdict | None = None,
    trace: tuple[str, ...] = (),
    seconds: float = 0.0,
) -> dict[str, Any]:
    """Say what came of a test.

    Args:
        test: `Test`.
        verdict: a kind of `rnnchecks.engine.verdict.Verdict`, or ``"failed"`` (another kind of test), ``"undefined"``,
            ``"timed out"``, ``"died"``, ``"lost"``.
        cases: ``"visible"`` or ``"hidden"``: which decided.
        text: what the student may read of it.
        found: the check's own verdict, where there is one.
        trace: lines of the student's code.
        seconds: how long it took.
    """
    return {
        "id": test.id,
        "function": test.function,
        "problem": test.problem,
        "points": test.points,
        "earned": test.points if verdict == "passed" else 0.0,
        "verdict": verdict,
        "cases": cases,
        "text": text if len(text) <= TEXT else text[:TEXT] + " ...",
        "misconceptions": list(found.misconceptions) if found else [],
        "hints": list(found.hints) if found else [],
        "trace": "\n".join(trace),
        "seconds": round(seconds, 4),
    }


def of_hidden_cases(verdict: Verdict) -> str:
    """Say what a student may know of a hidden case: its kind, and what their mistake is; no number of it."""
    lines = [verdict.headline()]
    if verdict.failures:
        others = len(verdict.failures) - 1
        more = f" ({len(verdict.failures)} of {verdict.cases} hidden cases fail)" if others else ""
        lines.append(f"  case  {verdict.failures[0].case}{more}")
    lines += [f"  hint  ({name})  {hint}" for name, hint in zip(verdict.misconceptions, verdict.hints, strict=True)]
    return "\n".join(lines + [f"  seems {guess}" for guess in verdict.guesses])


def blank(source, exercise, status, reason):
    """Make a verdict in which no test is passed.

    Args:
        source: bytes of the course's notebook.
        exercise: its name.
        status: ``"unreadable"`` or ``"died"``.
        reason: why, in a sentence.
    """
    plan = merge([], cells(source, len(source)))
    plan.notes.clear()
    tests = [tested(step, "undefined", "visible", reason) for step in plan.steps if isinstance(step, Test)]
    seconds = {"start": 0.0, "cells": 0.0, "tests": 0.0, "total": 0.0}
    return graded(exercise, "none", plan, status, reason, {"cells": [], "tests": tests, "seconds": seconds})
