"""Verdicts of made-up classes, in the shape in which the grader writes them, with the words of the real checks."""

import functools

import numpy as np

from rnnchecks import problems
from rnnchecks.engine.run import run

POINTS = {"rnn_forward": 3, "encoder_decoder": 3, "cross_entropy": 3}  # the others are worth 1


def catalogue(exercise="02-forward"):
    """The problems of an exercise."""
    return [problem for problem in problems(exercise.partition("-")[2]) if problem.exercise == exercise]


@functools.cache
def outcome(problem_name, what):
    """What the checks say of one answer.

    Args:
        problem_name: name of the problem.
        what: ``"passed"``, ``"unwritten"``, ``"undefined"``, ``"error"``, or the name of a misconception.

    Returns:
        Dict: the part of a test's entry that depends on the answer.
    """
    problem = next(p for p in problems(problem_name.partition(".")[0]) if p.name == problem_name)
    plain = {"verdict": what, "cases": "visible", "text": "", "misconceptions": [], "hints": [], "trace": ""}
    if what in ("passed", "undefined"):
        return plain
    if what == "unwritten":
        return {**plain, "text": "not written yet"}
    if what == "error":
        return {**plain, "text": "stops with an error\n  IndexError: list index out of range",
                "trace": "rnn_step, line 3: return steps[0]"}  # fmt: skip
    wrong = next(m for m in problem.misconceptions if m.name == what).wrong
    said = run(problem, wrong, "visible")
    return {
        "verdict": said.kind,
        "cases": "visible",
        "text": str(said),
        "misconceptions": list(said.misconceptions),
        "hints": list(said.hints),
        "trace": "",
    }


def verdict(outcomes=None, exercise="02-forward", status="graded", answered=True, **changes):
    """Make a verdict.

    Args:
        outcomes: dict from function to what `outcome` takes; ``"passed"`` for those that are missing.
        exercise, status: as in a verdict.
        answered: whether the open question is.
        **changes: any other entry of the verdict.
    """
    tests, outcomes = [], outcomes or {}
    for problem in catalogue(exercise):
        name = problem.function_name
        said = outcome(problem.name, outcomes.get(name, "passed"))
        points = float(POINTS.get(name, 1))
        tests.append({"id": f"check-{name}", "function": name, "problem": problem.name, "points": points,
                      "earned": points if said["verdict"] == "passed" else 0.0, "seconds": 0.01, **said})  # fmt: skip
    answer = "The trace falls by half at each step." if answered else ""
    made = {
        "schema": 1, "exercise": exercise, "sandbox": "bubblewrap", "status": status, "reason": "", "notes": [],
        "points": sum(test["earned"] for test in tests), "max_points": sum(test["points"] for test in tests),
        "seconds": {"start": 0.01, "cells": 0.1, "tests": 0.1, "total": 0.21},
        "cells": [{"id": name, "kind": "answer", "status": "ok", "output": "", "error": None,
                   "source": f"def {name}():\n    return 1"} for name in (test["function"] for test in tests)],
        "tests": tests,
        "open": [{"id": "open-question", "points": 4.0, "answer": answer, "answered": answered}],
    }  # fmt: skip
    return {**made, **changes}


def made_class(n, seed=0, exercise="02-forward"):
    """Make a class of `n` students of different strength: dict from student to verdict.

    Each function has a difficulty; who fails it makes one of its misconceptions, the first ones most often.
    """
    rng, students = np.random.default_rng(seed), {}
    for i in range(n):
        strength, outcomes = rng.normal(), {}
        for j, problem in enumerate(catalogue(exercise)):
            if rng.normal() < strength + 1.2 - 0.25 * j:
                continue
            names = [misconception.name for misconception in problem.misconceptions]
            shares = 0.6 ** np.arange(len(names) + 2)
            chosen = rng.choice([*names, "unwritten", "error"], p=shares / shares.sum())
            outcomes[problem.function_name] = str(chosen)
        students[f"student{i:04}"] = verdict(outcomes, exercise, answered=bool(rng.random() < 0.8))
    return students
