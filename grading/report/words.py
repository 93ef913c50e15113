"""The words of a verdict, for people: what each kind of outcome is called, and what it says to whom."""

from collections.abc import Iterable

from grading.judge.verdict import TestResult

PASSED = "passed"
# What the grader calls by a word of its own, where the checks of rnnlib have another for the same thing.
SAME = {"failed": "wrong", "timed out": "stopped"}

# Kind of outcome -> (for the student, for the instructor). In the order in which charts and tables show them.
KINDS = {
    PASSED: ("right", "right"),
    "wrong": ("wrong result", "wrong result"),
    "returned": ("returns something else than asked", "returns something else than asked"),
    "error": ("stops with an error", "stops with an error"),
    "stopped": ("takes too long", "ran out of time"),
    "died": ("ends the Python process", "ended the Python process"),
    "undefined": ("not defined: its cell stopped before", "not defined: its cell failed"),
    "unwritten": ("not written yet", "not written"),
}
STUDENT = {name: words for name, (words, _) in KINDS.items()}
INSTRUCTOR = {name: words for name, (_, words) in KINDS.items()}
# The same in the five groups that a chart can still tell apart.
GROUPS = {
    "right": [PASSED],
    "wrong": ["wrong", "returned"],
    "stopped": ["error", "stopped", "died"],
    "undefined": ["undefined"],
    "unwritten": ["unwritten"],
}
GROUP_WORDS = {
    "right": "right",
    "wrong": "wrong result",
    "stopped": "error, too slow, or ended the process",
    "undefined": "its cell failed",
    "unwritten": "not written",
}


def kind(test: TestResult) -> str:
    """The kind of outcome of a test in a verdict: a key of `KINDS`."""
    return SAME.get(test.outcome, test.outcome)


def group(name: str) -> str:
    """The group in which a chart shows a kind of outcome: a key of `GROUPS`."""
    return next(group for group, kinds in GROUPS.items() if name in kinds)


def count(number: int, noun: str) -> str:
    """Say a number with its noun: ``1 student``, ``3 students``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(things: Iterable[str], most: int = 4) -> str:
    """Join words: ``a``, ``a and b``, ``a, b and c``; of a long list, the first and how many more."""
    things = list(things)
    if len(things) > most:
        things = [*things[: most - 1], f"{len(things) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))
