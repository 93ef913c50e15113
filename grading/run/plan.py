"""Look at submitted/ before a run: what is there, and what will be done with each submission."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grading import store
from grading.collect import submission
from grading.course import Course
from grading.door import NoFile
from grading.judge.unjudged import unjudged
from grading.run.key import changes, key
from grading.run.settings import Settings
from grading.shown import listed

MOST, MOST_STRAYS = 8, 10_000  # names that are listed before the rest is counted, and that are counted
NEW, CHANGED, KEPT, NO_NOTEBOOK = "new", "changed", "marked already", "no notebook"


@dataclass(frozen=True)
class Planned:
    """A submission before a run.

    Attributes:
        exercise, student: whose it is.
        key: the key that its verdict will have.
        state: ``"new"``, ``"changed"`` (it, the exercise, or what marks it), ``"marked already"``, ``"no notebook"``.
        reason: in the last case, why; of what is judged again although it is the same, what has changed besides it.
    """

    exercise: str
    student: str
    key: str
    state: str
    reason: str = ""


def found(course: Course, exercise: str) -> list[tuple[str, str]]:
    """List the submissions to an exercise: pairs of exercise and student."""
    return [(exercise, student) for student in submission.who(course, exercise)]


def unknown(course: Course, most: int = MOST) -> str:
    """Name what lies in submitted/ but belongs to no exercise or to nobody, as paths below it; or nothing."""
    return listed(itertools.islice(submission.strays(course), MOST_STRAYS), most)


def plan(course: Course, names: Iterable[str], settings: Settings, again: bool = False) -> list[Planned]:
    """Say what a run will do with each submission."""
    planned = []
    for name in course.choose(names):
        source = course.file("source", name).read_bytes()
        worth = unjudged(source, name, "unreadable", "")
        for _, student in found(course, name):
            data: bytes | str
            try:
                data, missing = submission.read(course, name, student, settings.most), ""
            except NoFile as error:
                data = missing = str(error)
            beside = submission.beside(course, name, student).files
            new, old = key(data, source, settings, beside), store.load(course, name, student)
            if old and old.key == new and not store.fits(old, worth):
                old = None
            state = NEW if old is None else CHANGED if again or old.key != new else KEPT
            others = changes(course, old.key, data, source, settings) if old and state == CHANGED else []
            state = NO_NOTEBOOK if missing else state
            planned.append(Planned(name, student, new, state, missing or ", ".join(others)))
    return planned


def judged_again(planned: list[Planned]) -> str:
    """Say whose marks may change although they handed nothing in, and why; nothing where there is nobody."""
    causes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in planned:
        if one.state == CHANGED and one.reason:
            causes[one.exercise, one.reason].append(one.student)
    lines = []
    for (exercise, reason), students in sorted(causes.items()):
        who, why = listed(students, MOST), listed(reason.split(", "), MOST)
        lines.append(f"{exercise} is judged again, and marks may change, for: {who}. What has changed: {why}.")
    return "\n".join(lines)
