"""Pairs of submissions that are alike in what few others wrote: a place to look, not an accusation.

Two people who solve a small task well write nearly the same; that says nothing. So a shared fingerprint (see
`grading.report.fingerprints`) weighs by how rare it is in the class, and those of the released notebook and of the
course's own answers weigh nothing.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grading.judge.verdict import SubmissionVerdict
from grading.report import charts, pages
from grading.report.fingerprints import LONGEST, Piece, names, pieces, prose, within
from grading.shown import clean

Work = dict[str, dict[str, Piece]]  # by student and by the name of a piece
MOST = 50  # pairs that are shown
LINES, WIDTH = 200, 200  # of a piece that are shown
OTHERS = 2  # students who are supposed to write everything otherwise, so that a class of two has rare things, too
LITTLE = 20.0  # bits: what two people share by chance is small, so little is no evidence even if it is all they wrote
AS_NEAR = 0.8  # who is nearly as near counts as being as near


def similar(
    verdicts: dict[str, SubmissionVerdict],
    expected: list[str],
    exercise: str,
    folder: Path,
    most: int = MOST,
    released: Iterable[str] = (),
) -> Path:
    """Write the report on one exercise: a page with the evidence side by side, the pairs as CSV and JSON.

    Args:
        verdicts: dict from student to verdict.
        expected: list of the code cells of the course's own notebook, answers included: whoever writes the same, writes
            what is to be expected.
        exercise: its name; the files are ``EXERCISE.similar.*``.
        folder: where they go.
        most: how many pairs to show.
        released: list of the texts that the notebook came with.

    Returns:
        Path of the HTML file.
    """
    folder, work = Path(folder), taken_apart(verdicts, expected, released)
    ranked, nearest = pairs(work, most)
    rows: list[list[Any]] = [["student", "other", "score", "pairs_as_high", "best_piece", "pairs_as_high_in_it"]]
    for pair in ranked:
        best, others = pair["best"]
        rows.append([*pair["students"], round(pair["score"], 2), pair["as_high"], best, others])
    pages.write_table(folder / f"{exercise}.similar.csv", rows)
    found: dict[str, Any] = {"exercise": exercise, "students": len(work), "pairs": ranked, "unread": unread(verdicts)}
    found["all_pairs"] = len(work) * (len(work) - 1) // 2
    pages.write(folder / f"{exercise}.similar.json", json.dumps(found, indent=1) + "\n")
    found["pairs"] = [{**pair, "evidence": evidence(work, pair)} for pair in ranked]
    longest = math.ceil(max(nearest, default=0.0))
    found["histogram"] = charts.histogram(nearest, longest, "score") if longest else None
    return pages.write(folder / f"{exercise}.similar.html", pages.html("similar.html", **found))


def unread(verdicts: dict[str, SubmissionVerdict]) -> list[str]:
    """Who sent so much code that a part of it is not read: list of students."""
    sent = {student: [cell.source for cell in verdict.cells] for student, verdict in sorted(verdicts.items())}
    return [
        student
        for student, cells in sent.items()
        if len(list(within(cells))) < len(cells) or any(len(cell) >= LONGEST for cell in cells)
    ]


def taken_apart(verdicts: dict[str, SubmissionVerdict], expected: list[str], released: Iterable[str] = ()) -> Work:
    """Take everybody's work apart, and out of it what the course itself wrote.

    Returns:
        Dict from student to a dict from the name of a piece to `grading.report.fingerprints.Piece`.
    """
    functions = {test.function for verdict in verdicts.values() for test in verdict.tests}
    known = names(expected)
    course = pieces(expected, functions, known, window=1)  # every run: a student's window may keep another one
    ours = {value for piece in course.values() for value in piece.prints}
    words = {value for text in released for value in prose(text, window=1).prints}
    work = {}
    for student, verdict in sorted(verdicts.items()):
        own = pieces([cell.source for cell in verdict.cells], functions, known, given=ours)
        own |= {one.id: prose(clean(one.answer), given=words) for one in verdict.answers if one.answered}
        if own:
            work[student] = own
    return work


def pairs(work: Work, most: int) -> tuple[list[dict[str, Any]], list[float]]:
    """Rank the pairs.

    For each piece, what a pair shares is measured against what the one of them wrote who wrote less; the result, below
    1, is multiplied by how rare it is to be as near: in a class of 100 by 1 when half of the others are, by 5.7 when
    nobody else is. The score of a pair is the sum over the pieces.

    One function that was copied whole, beside others that were not, makes no high sum. So pairs are ranked twice, by
    the sum and by their best piece, and come in the order of the better of the two ranks.

    Args:
        work: as `taken_apart` gives it.
        most: how many pairs to give.

    Returns:
        List of dicts with ``students``, ``score``, ``pieces`` (dict from a piece to its part of the score), ``as_high``
        (how many other pairs have `AS_NEAR` of the score or more) and ``best``: the piece with the highest part, and
        how many other pairs have as much of it there. And for each student the score with whoever is nearest.
    """
    students = list(work)
    total, best = np.zeros((2, len(students), len(students)))
    for _, scores in _by_piece(work):
        total += scores
        best = np.maximum(best, scores)
    first, second = np.nonzero(np.triu(total, 1))
    sums, highest = total[first, second], best[first, second]
    rank = np.minimum(_as_high(sums, 1.0), _as_high(highest, 1.0))
    order = np.lexsort((second, first, -sums, rank))[:most]
    common = _as_high(sums, AS_NEAR)
    ranked: list[dict[str, Any]] = [
        {"students": [students[first[k]], students[second[k]]], "score": float(sums[k]), "pieces": {},
         "as_high": int(common[k])}
        for k in order
    ]  # fmt: skip
    others: dict[tuple[int, str], int] = {}
    for name, scores in _by_piece(work):
        values = scores[first, second]
        counts = _as_high(values, AS_NEAR)
        for pair, k in zip(ranked, order):
            if values[k] > 0:
                pair["pieces"][name], others[k, name] = float(values[k]), int(counts[k])
    for pair, k in zip(ranked, order):
        name = max(pair["pieces"], key=pair["pieces"].get)
        pair["best"] = [name, others[k, name]]
    return ranked, total.max(axis=1, initial=0.0).tolist()


def _as_high(scores: np.ndarray, share: float) -> np.ndarray:
    """For each score, how many of the others are at least a share of it."""
    ordered = np.sort(scores)
    return len(scores) - np.searchsorted(ordered, share * scores, side="left") - 1


def _by_piece(work: Work) -> Iterator[tuple[str, np.ndarray]]:
    """Yield for each piece its name and an array (students, students): its part of their scores."""
    for name in sorted({name for own in work.values() for name in own}):
        prints = [list(own[name].prints) if name in own else [] for own in work.values()]
        yield name, _telling(_nearness(prints))


def _nearness(prints: list[list[bytes]]) -> np.ndarray:
    """Compare one piece of everybody with everybody's: 0 for nothing shared, near 1 for a long piece shared whole."""
    n = len(prints)
    holders: dict[bytes, list[int]] = defaultdict(list)
    for i, values in enumerate(prints):
        for value in values:
            holders[value].append(i)
    shared, own = np.zeros((n, n)), np.zeros(n)
    for who in holders.values():
        weight = math.log2((n + OTHERS) / len(who))
        own[who] += weight
        if len(who) > 1:
            shared[np.ix_(who, who)] += weight
    near = shared / (np.minimum.outer(own, own) + LITTLE)
    np.fill_diagonal(near, 0.0)
    return near


def _telling(near: np.ndarray) -> np.ndarray:
    """Weigh nearness by how few others are as near to the one or to the other."""
    n = len(near)
    ordered = np.sort(near, axis=1)
    as_near = np.array([n - np.searchsorted(ordered[i], AS_NEAR * near[i]) for i in range(n)])
    rarity = np.log2((n + OTHERS) / (1 + np.maximum(as_near, as_near.T)))
    return near * np.maximum(rarity, 0.0)


def evidence(work: Work, pair: dict[str, Any]) -> list[dict[str, Any]]:
    """Set what a pair shares side by side: a dict for each piece, the most telling first."""
    found = []
    for name, score in sorted(pair["pieces"].items(), key=lambda item: -item[1]):
        both = [work[student][name] for student in pair["students"]]
        shared = both[0].prints.keys() & both[1].prints.keys()
        found.append({"name": name, "score": score, "sides": [_marked(piece, shared) for piece in both]})
    return found


def _marked(piece: Piece, shared: set[bytes]) -> list[tuple[str, bool]]:
    """The lines of a piece, each with whether something shared is in it."""
    marked = set().union(*(piece.prints[value] for value in shared))
    return [(clean(line, WIDTH), number in marked) for number, line in enumerate(piece.source.split("\n")[:LINES])]
