"""The points that the checks of a notebook have given so far: what its student sees under each verdict."""

from importlib import import_module

from rnnchecks.catalogue import exercises

_given: dict[str, set[str]] = {}  # by catalogue: the functions whose last visible check passed, in this kernel


def table(catalogue: str) -> dict[str, float]:
    """Return what each function of an exercise is worth, in the order of its notebook.

    Args:
        catalogue: name of the exercise's problems, such as ``"bptt"``.
    """
    return dict(import_module(f"rnnchecks.{exercises()[catalogue]}").POINTS)


def note(name: str, passed: bool) -> str:
    """Remember what came of a check, and say how many points there are so far.

    Args:
        name: name of the problem, such as ``"bptt.rnn_backward"``.
        passed: whether the function passed.

    Example:
        >>> note("bptt.rnn_backward", True)
        'points so far: 5 of 20'
        >>> note("bptt.rnn_backward", False)
        'points so far: 0 of 20'
    """
    catalogue, _, function = name.partition(".")
    given = _given.setdefault(catalogue, set())
    given.add(function) if passed else given.discard(function)
    worth = table(catalogue)
    return f"points so far: {sum(worth[each] for each in given):g} of {sum(worth.values()):g}"
