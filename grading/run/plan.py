"""Look at submitted/ before a run: what is there, and what will be done with each submission."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grading import store
from grading.collect import submission
from grading.course import RECORD, Course
from grading.door import NoFile
from grading.run.key import changes, key
from grading.run.settings import Settings

MOST = 8  # names that are listed before the rest is counted
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
    folders = sorted(path for path in course.folder("submitted").glob(f"*/{exercise}") if path.is_dir())
    return [(exercise, path.parent.name) for path in folders if _names_somebody(path.parent.name)]


def _names_somebody(name: str) -> bool:
    """Whether a folder's name can be a student's: hidden ones are not, nor what no screen or database can show.

    Nor what would be markup, because nbgrader's formgrader writes a student's name into its pages as it is.
    """
    return name.isprintable() and not name.startswith(".") and not set(name) & set('<>"&')


def unknown(course: Course) -> list[str]:
    """List what lies in submitted/ but belongs to no exercise or to nobody, as paths below it."""
    submitted, exercises = course.folder("submitted"), course.exercises
    files = {path for path in submitted.glob("*") if path.is_file() and path.name != RECORD}
    inside = {path for path in submitted.glob("*/*") if path.name not in exercises or not path.is_dir()}
    stray = {path for path in files | inside if not path.name.startswith(".")}
    stray |= {path for path in submitted.glob("*") if not (_names_somebody(path.name) or path.name.startswith("."))}
    return [str(path.relative_to(submitted)).encode("ascii", "backslashreplace").decode() for path in sorted(stray)]


def plan(course: Course, names: Iterable[str], settings: Settings, again: bool = False) -> list[Planned]:
    """Say what a run will do with each submission."""
    planned = []
    for name in course.choose(names):
        source = course.file("source", name).read_bytes()
        for _, student in found(course, name):
            data: bytes | str
            try:
                data, missing = submission.read(course, name, student, settings.most), ""
            except NoFile as error:
                data = missing = str(error)
            beside = submission.beside(course, name, student).files
            new, old = key(data, source, settings, beside), store.load(course, name, student)
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
        who = ", ".join(students[:MOST]) + (f" and {len(students) - MOST} more" if len(students) > MOST else "")
        named = reason.split(", ")
        why = ", ".join(named[:MOST]) + (f" and {len(named) - MOST} more" if len(named) > MOST else "")
        lines.append(f"{exercise} is judged again, and marks may change, for: {who}. What has changed: {why}.")
    return "\n".join(lines)
