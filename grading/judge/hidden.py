"""What a student may know of a hidden case, which is a choice from a list, and how many bits it can carry.

A function has to see its arguments, so it can speak by how it fails. Nothing that it says is passed on: no word, no
number, no line, no exit code. What is left is which of the sentences below is said, and `bits` counts them.
"""

import math

from rnnchecks import find
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.verdict import NAME_COLUMN, Verdict

FAILS = "does not pass a hidden test"
ENDS = {
    "died": "In a hidden case of {function} the process ended.",
    "timed out": "In a hidden case of {function} the process did not come to its end in time, and was stopped.",
}
KINDS = {
    "unwritten": "meets a function that is not written yet",
    "error": "stops with an error",
    "stopped": "still running after its time, and stopped",
    "returned": "returns something else than asked",
}
# What else can become of a function: passed; `FAILS`; not defined; and no time left, the notebook's or the judge's own.
OTHERS = 5
# Of a whole submission: its status, and whether it wanted more memory than it may use.
STATUSES, OVER = 3, 2


def told(verdict: Verdict) -> str:
    """Say what a student may know: which kind of case fails first, how, and which mistake it looks like.

    Args:
        verdict: of hidden cases; one at least fails.
    """
    failure = verdict.failures[0]
    right, n = sum(tensor.ok for tensor in failure.tensors), len(verdict.outputs)
    words = KINDS.get(failure.kind) or ("wrong" if n == 1 else f"{right} of {n} tensors agree")
    lines = [f"{verdict.problem.partition('.')[2]:<{NAME_COLUMN}} {words}, in a hidden case", f"  case  {failure.case}"]
    named = zip(verdict.misconceptions, verdict.hints, strict=True)
    return "\n".join(lines + [f"  hint  ({name})  {hint}" for name, hint in named])


def ended(outcome: str, function: str) -> str:
    """Say that a process ended in a hidden case, and not how: its exit code could be a number of the case.

    Args:
        outcome: ``"died"`` or ``"timed out"``.
        function: the name of the function that was called.
    """
    return ENDS[outcome].format(function=function)


def bits(problem: str) -> float:
    """Count what the verdict on the hidden cases of one function can carry, in bits.

    Args:
        problem: its name.

    Returns:
        The logarithm of the number of things that `told`, `ended` and the points can say together.
    """
    found = find(problem)
    labels = len(found.cases("hidden"))
    wrong = max(1, len(found.outputs))
    return math.log2(OTHERS + len(ENDS) + labels * (len(KINDS) + wrong) * _hints(found))


def _hints(problem: Problem) -> int:
    """How many choices of hints there are: none, one, or two in either order."""
    if isinstance(problem, MeasuredProblem):
        return 1 + len(problem.findings)
    known = len(problem.known)
    return 1 + known + known * (known - 1)


def bits_of_all(problems: list[str]) -> float:
    """Count what the verdict on a submission can carry of its hidden cases, in bits.

    Args:
        problems: the names of the problems of its functions.
    """
    return math.log2(STATUSES * OVER) + sum(map(bits, problems))
