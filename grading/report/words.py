"""The words of a verdict, for people: what each kind of outcome is called, and what it says to whom."""

PASSED = "passed"
# What the grader calls by a word of its own, where the checks of rnnlib have another for the same thing.
SAME = {"failed": "wrong", "stub": "unwritten", "timed out": "stopped"}

# Kind of outcome -> (for the student, for the instructor). In the order in which charts and tables show them.
KINDS = {
    PASSED: ("right", "right"),
    "wrong": ("wrong result", "wrong result"),
    "returned": ("returns something else than asked", "returns something else than asked"),
    "changed": ("changes an argument", "changes an argument"),
    "error": ("stops with an error", "stops with an error"),
    "stopped": ("takes too long", "ran out of time"),
    "died": ("ends the Python process", "ended the Python process"),
    "undefined": ("not defined: its cell stopped before", "not defined: its cell failed"),
    "unwritten": ("not written yet", "not written"),
    "lost": ("could not be checked", "could not be checked"),
}
STUDENT = {name: words for name, (words, _) in KINDS.items()}
INSTRUCTOR = {name: words for name, (_, words) in KINDS.items()}
# The same in the five groups that a chart can still tell apart.
GROUPS = {
    "right": [PASSED],
    "wrong": ["wrong", "returned", "changed"],
    "stopped": ["error", "stopped", "died"],
    "undefined": ["undefined", "lost"],
    "unwritten": ["unwritten"],
}
GROUP_WORDS = {
    "right": "right",
    "wrong": "wrong result, or an argument changed",
    "stopped": "error, too slow, or ended the process",
    "undefined": "its cell failed",
    "unwritten": "not written",
}


def same(word):
    """One word of the two that may stand for the same outcome in a verdict: a key of `KINDS`."""
    return SAME.get(word, word)


def kind(test):
    """The kind of outcome of a test in a verdict: a key of `KINDS`."""
    return same(test["verdict"])


def group(name):
    """The group in which a chart shows a kind of outcome: a key of `GROUPS`."""
    return next(group for group, kinds in GROUPS.items() if name in kinds)


def count(number, noun):
    """Say a number with its noun: ``1 student``, ``3 students``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(things, most=4):
    """Join words: ``a``, ``a and b``, ``a, b and c``; of a long list, the first and how many more."""
    things = list(things)
    if len(things) > most:
        things = [*things[: most - 1], f"{len(things) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))
