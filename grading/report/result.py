"""What came of one submission: a line of the report on a run."""

from dataclasses import dataclass

from grading.judge.verdict import TestResult

GRADED, NOT_GRADED = "graded", "not graded"


@dataclass
class Result:
    """What came of one submission.

    Attributes:
        exercise: its name.
        student: who handed it in.
        status: ``"graded"`` or ``"not graded"``: whether the checks could decide anything.
        reason: why it is not graded, or not wholly.
        score: points that the checks gave, or a person, less the penalty.
        max_score: points that can be had, open questions included.
        waiting: points of open questions that a person has yet to read.
        unanswered: points of open questions without an answer.
        penalty: points that it cost to be late.
        tests: what came of each test, where the checks could decide anything.
    """

    exercise: str
    student: str
    status: str = GRADED
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    waiting: float = 0.0
    unanswered: float = 0.0
    penalty: float = 0.0
    tests: tuple[TestResult, ...] = ()
