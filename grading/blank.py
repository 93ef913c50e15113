"""A verdict on a submission that no judge has seen: no file, or a judge that died over it."""

from grading.merge import Test, merge
from grading.read import cells
from grading.verdicts import graded, tested


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
