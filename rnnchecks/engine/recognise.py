"""Find the misconceptions that give exactly what a student's function gave."""

from rnnchecks.engine.outcome import Outcome
from rnnchecks.engine.prepare import Mistaken, Prepared
from rnnchecks.engine.problem import Misconception


def recognise(prepared: Prepared, student: list[list[Outcome]]) -> list[tuple[str, str]]:
    """Find the misconceptions that give exactly what the student's function gave: pairs of name and hint.

    One explains a tensor when it gives the student's numbers in every case, and wrong ones in at least one. It is
    ruled out when it is wrong where the student is right. Those that explain most come first; a second one is added
    when it explains a tensor that the first does not, because people may be mistaken twice.

    Args:
        prepared: what is known of the problem's cases.
        student: for each case a list with an `Outcome` for each output.
    """
    differs = prepared.differs(student)
    explained = []
    for misconception, mistaken in prepared.mistaken():
        tensors = _explained(prepared.problem.tolerance, student, differs, mistaken)
        if tensors:
            explained.append((misconception, tensors))
    explained.sort(key=lambda pair: -len(pair[1]))  # stable: ties stay in the order of the catalogue
    found: list[Misconception] = []
    covered: set[int] = set()
    for misconception, tensors in explained:
        if not tensors <= covered and len(found) < 2:
            found.append(misconception)
            covered |= tensors
    return list(dict.fromkeys(pair for misconception in found for pair in misconception.named))


class _RuledOut(Exception):
    """The misconception is wrong where the student is right: it cannot be theirs."""


def _explained(
    tolerance: float, student: list[list[Outcome]], differs: list[list[bool]], mistaken: Mistaken
) -> set[int]:
    """Return the places of the outputs that a misconception explains; none when it is ruled out."""
    # One column for each output; in it, for each case, two outcomes and whether each differs from the right one.
    cases = zip(student, mistaken.outcomes, differs, mistaken.differs, strict=True)
    columns = zip(*(zip(*case, strict=True) for case in cases), strict=True)
    try:
        return {i for i, column in enumerate(columns) if _explains(tolerance, list(column))}
    except _RuledOut:
        return set()


def _explains(tolerance: float, column: list[tuple[Outcome, Outcome, bool, bool]]) -> bool:
    """Return whether a misconception gives what the student gave for one output, in every case in which it is wrong.

    Raises:
        _RuledOut: when the student is right where it is wrong.
    """
    same_wrong_numbers = False
    for theirs, given, they_differ, it_differs in column:
        if not it_differs:
            if they_differ:
                return False  # wrong where the misconception is right: something else is the matter with this tensor
        elif not they_differ:
            raise _RuledOut
        elif theirs.same(given, tolerance):
            same_wrong_numbers = True
        elif given.overflowed or not theirs.overflowed:
            return False  # other numbers; but an overflow on top of a known fault does not hide that fault
    return same_wrong_numbers
