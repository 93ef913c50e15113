"""What a class knows: from the verdicts of one exercise to numbers that an instructor can act on."""

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from grading.judge.verdict import SubmissionVerdict
from grading.report.words import KINDS, PASSED, count, kind, listed

Verdicts = dict[str, SubmissionVerdict]  # by student
RAN = ("graded", "timed out", "died")
FEW = 30  # below this many students a correlation says little


def analyse(verdicts: Verdicts, exercise: str) -> dict[str, Any]:
    """Work out the figures of one exercise.

    Args:
        verdicts: dict from student to verdict.
        exercise: its name.

    Returns:
        Dict of plain data: ``students``, ``points`` (of everybody whose code ran), ``items`` (one for each function),
        ``misconceptions`` (ranked), ``manners`` (right answers that write into an argument), ``kinds`` (of all
        failures), ``open``, ``seconds``, ``not_run``.
    """
    ran = {student: verdicts[student] for student in sorted(verdicts) if _ran(verdicts[student])}
    _same_tests(ran, exercise)
    earned = np.array([[test.earned for test in verdict.tests] for verdict in ran.values()], dtype=float)
    first = next(iter(ran.values()), None)
    tests, questions = (first.tests, first.answers) if first else ((), ())
    items = [_item(ran, earned, i) for i in range(len(tests))]
    return {
        "exercise": exercise,
        "submitted": len(verdicts),
        "ran": len(ran),
        "max_points": sum(item["points"] for item in items),
        "open_points": sum(question.points for question in questions),
        "points": {student: verdict.earned for student, verdict in ran.items()},
        "summary": _summary(earned.sum(axis=1)) if ran else {},
        "items": items,
        "misconceptions": _misconceptions(ran),
        "manners": _manners(ran),
        "kinds": _kinds(ran),
        "open": [_open(ran, i) for i in range(len(questions))],
        "statuses": dict(Counter(verdict.status for verdict in verdicts.values())),
        "seconds": _seconds(ran),
    }


def _ran(verdict: SubmissionVerdict) -> bool:
    """Say whether a verdict tells something about the functions: a file that nobody could read does not."""
    return verdict.status in RAN and bool(verdict.cells)


def _same_tests(ran: Verdicts, exercise: str) -> None:
    """Refuse verdicts of two editions of an exercise: their columns would not mean the same."""
    names = {tuple(test.id for test in verdict.tests) for verdict in ran.values()}
    if len(names) > 1:
        raise ValueError(
            f"verdicts: expected all of {exercise} to hold the same tests, got {len(names)} different lists of them. "
            "Some are of an older edition of the exercise; grade again, then make the report."
        )


def _summary(totals: np.ndarray) -> dict[str, float | None]:
    quartiles = np.quantile(totals, [0, 0.25, 0.5, 0.75, 1])
    named = dict(zip(["least", "lower_quartile", "median", "upper_quartile", "most"], map(float, quartiles)))
    return {**named, "mean": float(totals.mean()), "sd": float(totals.std(ddof=1)) if len(totals) > 1 else None}


def _item(ran: Verdicts, earned: np.ndarray, i: int) -> dict[str, Any]:
    """Figures of one function over the class."""
    tests = [verdict.tests[i] for verdict in ran.values()]
    kinds = Counter(map(kind, tests))
    return {
        "id": tests[0].id,
        "function": tests[0].function,
        "problem": tests[0].problem,
        "points": tests[0].points,
        "mean_share": float(earned[:, i].mean() / tests[0].points),
        "full": sum(test.earned >= test.points for test in tests),
        "written": len(tests) - kinds["unwritten"],
        "hidden_only": sum(test.earned < test.points and test.cases == "hidden" for test in tests),
        "discrimination": item_rest(earned, i),
        "n": len(tests),
        "kinds": {name: kinds[name] for name in KINDS if kinds[name]},
        "seconds": float(np.median([test.seconds for test in tests])),
    }


def item_rest(earned: np.ndarray, i: int) -> float | None:
    """Correlation of the points for one function with the points for all others.

    High: who has it right has much else right, too. Near 0, or below: it asks something else than the rest, or it is
    unclear. The function itself is left out of the sum, or it would correlate with itself.

    Args:
        earned: array (students, functions) of points.
        i: which function.

    Returns:
        Pearson's r, or None where it does not exist: fewer than three students, or all alike.
    """
    own, rest = earned[:, i], np.delete(earned, i, axis=1).sum(axis=1)
    if len(own) < 3 or np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])


def _misconceptions(ran: Verdicts) -> list[dict[str, Any]]:
    """Rank what was misunderstood: by students, then by the points that it cost."""
    found: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"students": set(), "lost": 0.0, "hits": defaultdict(set), "hints": {}}
    )
    for student, verdict in ran.items():
        for test in verdict.tests:
            for name, hint in zip(test.misconceptions, test.hints, strict=True):
                entry = found[name]
                entry["students"].add(student)
                entry["lost"] += test.points - test.earned
                entry["hits"][test.function].add(student)
                entry["hints"][test.function] = hint
    ranked = [
        {
            "name": name,
            "students": len(entry["students"]),
            "points_lost": entry["lost"],
            "functions": {f: len(who) for f, who in sorted(entry["hits"].items(), key=lambda hit: -len(hit[1]))},
            "hints": entry["hints"],
        }
        for name, entry in found.items()
    ]
    return sorted(ranked, key=lambda entry: (-entry["students"], -entry["points_lost"], entry["name"]))


def _manners(ran: Verdicts) -> list[dict[str, Any]]:
    """Count the right answers that write into an argument: of manners, which cost nothing, and not of understanding."""
    found: dict[str, dict[str, Any]] = {}
    for verdict in ran.values():
        for test in verdict.tests:
            if kind(test) == PASSED and test.writes_into:
                new = {"function": test.function, "students": 0, "arguments": Counter()}
                entry = found.setdefault(test.function, new)
                entry["students"] += 1
                entry["arguments"].update(test.writes_into)
    ranked = sorted(found.values(), key=lambda entry: -entry["students"])
    return [{**entry, "arguments": dict(entry["arguments"].most_common())} for entry in ranked]


def _kinds(ran: Verdicts) -> dict[str, dict[str, int]]:
    """Count the failures of all functions by kind, and those of them that a misconception explains."""
    failed = [test for verdict in ran.values() for test in verdict.tests if kind(test) != PASSED]
    total, known = Counter(map(kind, failed)), Counter(kind(test) for test in failed if test.misconceptions)
    return {name: {"answers": total[name], "explained": known[name]} for name in KINDS if total[name]}


def _open(ran: Verdicts, i: int) -> dict[str, Any]:
    questions = [verdict.answers[i] for verdict in ran.values()]
    return {
        "id": questions[0].id,
        "points": questions[0].points,
        "answered": sum(question.answered for question in questions),
    }


def _seconds(ran: Verdicts) -> dict[str, Any]:
    """What grading took: of a notebook in all, and by stage."""
    if not ran:
        return {}
    totals = np.array([verdict.seconds.total for verdict in ran.values()])
    stages = {stage: sum(getattr(verdict.seconds, stage) for verdict in ran.values()) for stage in STAGES}
    return {
        "median": float(np.median(totals)),
        "p95": float(np.quantile(totals, 0.95)),
        "longest": float(totals.max()),
        "sum": float(totals.sum()),
        "stages": stages,
    }


STAGES = ("start", "cells", "tests")


def monday(figures: dict[str, Any]) -> list[str]:
    """Say in three sentences, or fewer, what to do with the class next; best first."""
    if not figures["ran"]:
        return ["No notebook of this exercise could be run, so there is nothing to say about the class."]
    said = [_misunderstood(figures), _hardest(figures), _rest(figures)]
    return [sentence for sentence in said if sentence]


def _misunderstood(figures: dict[str, Any]) -> str:
    n, ranked = figures["ran"], figures["misconceptions"]
    if not ranked or ranked[0]["students"] < 2:
        if all(item["full"] == item["n"] for item in figures["items"]):
            return "Nothing needs teaching again: everybody earned every point that the checks give."
        return "No mistake of the catalogue was made by two students, so go over the functions rather than one mistake."
    share = ranked[0]["students"] / n
    return f"Take up first what {ranked[0]['students']} of {n} students ({share:.0%}) got wrong {_mistake(ranked[0])}"


def _mistake(entry: dict[str, Any]) -> str:
    where = listed(f"`{name}`" for name in entry["functions"])
    return f"in the same way in {where}, “{entry['name']}”: {entry['hints'][next(iter(entry['functions']))]}"


def _hardest(figures: dict[str, Any]) -> str:
    item = min(figures["items"], key=lambda item: (item["mean_share"], -item["points"]))
    if item["full"] == item["n"]:
        return ""
    unwritten = item["kinds"].get("unwritten", 0)
    text = f"The hardest function was `{item['function']}`: {item['full']} of {item['n']} have it right"
    if unwritten > item["n"] - item["full"] - unwritten:
        text += f", and {unwritten} left it unwritten, so ask what stopped them before you explain it again"
    elif item["hidden_only"] * 2 > item["n"] - item["full"]:
        text += ", and most of the others pass the cases they can see: show in class how to try another shape"
    elif item["discrimination"] is not None and item["n"] >= FEW and item["discrimination"] < 0.1:
        text += ", and the rest of their work does not tell who, so read its task again: is it clear?"
    return text + "."


def _rest(figures: dict[str, Any]) -> str:
    """What keeps students from showing what they know, or what can be left alone, or what comes next."""
    n, ranked = figures["submitted"], figures["misconceptions"]
    not_run = n - figures["ran"]
    if not_run and not_run * 10 >= n:
        return f"{not_run} of {count(n, 'file')} could not be run at all; say once more how to hand in a notebook."
    known = [f"`{item['function']}`" for item in figures["items"] if item["full"] >= 0.9 * item["n"]]
    if known and len(known) < len(figures["items"]):
        each = "it" if len(known) == 1 else "each"
        return f"You need not go over {listed(known, 6)}: at least nine in ten students have {each} right."
    if len(ranked) > 1 and ranked[1]["students"] > 1:
        return f"If there is time, take up what {ranked[1]['students']} students got wrong {_mistake(ranked[1])}"
    return ""
