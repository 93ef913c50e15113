"""Verdicts of made-up classes, with the words of the real checks."""

import dataclasses
import functools

import numpy as np

from grading.judge.hints import manners_of
from grading.judge.verdict import Answer, CellRecord, Seconds, SubmissionVerdict, Tensor, TestResult
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
        what: ``"passed"``, ``"unwritten"``, ``"undefined"``, ``"error"``, the name of a misconception, or
            ``"writes into x"``: right, and writes into its argument x.

    Returns:
        Dict: the fields of a `TestResult` that depend on the answer.
    """
    problem = next(p for p in problems(problem_name.partition(".")[0]) if p.name == problem_name)
    plain = {"outcome": what, "cases": "visible", "text": ""}
    if what in ("passed", "undefined"):
        return plain
    if what == "unwritten":
        return {**plain, "text": "not written yet"}
    if what.startswith("writes into "):
        name = what.removeprefix("writes into ")
        return {**plain, "outcome": "passed", "writes_into": (name,), "beside": manners_of(problem_name, [name])}
    if what == "error":
        return {**plain, "text": "stops with an error\n  IndexError: list index out of range",
                "trace": "rnn_step, line 3: return steps[0]"}  # fmt: skip
    wrong = next(m for m in problem.misconceptions if m.name == what).wrong
    said = run(problem, wrong, "visible")
    failure = said.failures[0]
    return {
        **plain,
        "outcome": said.kind,
        "case": failure.case,
        "failing": len(said.failures),
        "tried": said.cases,
        "tensors": tuple(Tensor(each.name, each.status, each.detail) for each in failure.tensors),
        "text": str(said),
        "misconceptions": said.misconceptions,
        "hints": said.hints,
    }


def verdict(outcomes=None, exercise="02-forward", status="graded", answered=True, **changes):
    """Make a verdict.

    Args:
        outcomes: dict from function to what `outcome` takes; ``"passed"`` for those that are missing.
        exercise, status: as in a verdict.
        answered: whether the open question is.
        **changes: any other field of the verdict.
    """
    tests, outcomes = [], outcomes or {}
    for problem in catalogue(exercise):
        name = problem.function_name
        said = outcome(problem.name, outcomes.get(name, "passed"))
        points = float(POINTS.get(name, 1))
        earned = points if said["outcome"] == "passed" else 0.0
        tests.append(TestResult(f"check-{name}", name, problem.name, points, earned, seconds=0.01, **said))
    cells = (
        CellRecord(test.function, "answer", "ok", "", None, f"def {test.function}():\n    return 1") for test in tests
    )
    answer = Answer("open-question", 4.0, "The trace falls by half at each step." if answered else "", answered)
    made = SubmissionVerdict(
        exercise, "bubblewrap", status, "", (), Seconds(0.01, 0.1, 0.1, 0.21), tuple(cells), tuple(tests), (answer,)
    )
    return dataclasses.replace(made, **changes)


def edited(marks, part, place, **changes):
    """A verdict with fields of one of its cells, tests or answers changed."""
    parts = list(getattr(marks, part))
    parts[place] = dataclasses.replace(parts[place], **changes)
    return dataclasses.replace(marks, **{part: tuple(parts)})


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
