"""What a late submission costs: due dates, extensions, and a penalty that nbgrader's own commands give, too.

nbgrader keeps a due date per exercise, an extension per submission and a penalty per notebook. A course may set the due
dates in nbgrader_config.py, and list extensions in extensions.csv, with the columns student, exercise and days.
"""

import difflib
import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float
from traitlets.utils.importstring import import_item

from grading import door
from grading.collect import submission, times
from grading.collect.tables import read_table
from grading.course import Course, UsageError
from grading.shown import one_line

EXTENSIONS = "extensions.csv"
COLUMNS = ["student", "exercise", "days"]
MOST_DAYS = 366
DAY = 24 * 3600


class PerDay(LateSubmissionPlugin):
    """Take a share of the points away for each day that has begun; a plug-in of nbgrader's."""

    share = Float(0.1, help="What a day costs, as a part of the points that were reached.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Say what a submission loses: never more than its points."""
        return min(1.0, self.share * math.ceil(total_seconds_late / DAY)) * score


def due_dates(course: Course) -> dict[str, datetime]:
    """Read the due dates of the settings: dict from exercise to a time in UTC, as nbgrader keeps it.

    Raises:
        UsageError: when one cannot be read for certain.
    """
    return {exercise: times.in_utc(due) for exercise, due in times.dues(course).items()}


def extensions(course: Course) -> dict[tuple[str, str], timedelta] | None:
    """Read extensions.csv: dict from pairs of student and exercise to a `timedelta`; None where there is no such file.

    A day more is a day of the calendar where the exercise is due: when the clocks are changed, it has 23 or 25 hours.

    Raises:
        UsageError: when a line cannot be read.
    """
    (lines, _), due = _lines(course), times.dues(course)
    return None if lines is None else {pair: _longer(due.get(pair[1]), days) for pair, (days, _) in lines.items()}


def _lines(course: Course) -> tuple[dict[tuple[str, str], tuple[float, int]] | None, str]:
    """Read extensions.csv: dict from student and exercise to days and line; and the encoding, if guessed."""
    path = course.root / EXTENSIONS
    if not path.exists():
        return None, ""
    table = read_table(path, EXTENSIONS)
    heads = [cell.casefold() for cell in table.lines[0].cells] if table.lines else []
    if sorted(heads) != sorted(COLUMNS):
        got = ",".join(table.lines[0].cells) if table.lines else "nothing"
        raise UsageError(f"{EXTENSIONS}: expected the columns {','.join(COLUMNS)}, got {got}.")
    given: dict[tuple[str, str], tuple[float, int]] = {}
    for line in table.lines[1:]:
        where = f"{EXTENSIONS}, line {line.number}"
        if len(line.cells) != len(heads) or not all(line.cells):
            raise UsageError(f"{where}: expected {len(heads)} values, {','.join(heads)}, got {','.join(line.cells)}.")
        cells = dict(zip(heads, line.cells))
        try:
            course.choose([cells["exercise"]])
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from error
        days = _days(cells["days"], where, table.separator)
        before, at = given.setdefault((cells["student"], cells["exercise"]), (days, line.number))
        if before != days:
            raise UsageError(
                f"{where}: {cells['student']} has {days:g} days for {cells['exercise']}, and in line {at} {before:g}."
            )
    return given, table.guessed


def _days(text: str, where: str, separator: str) -> float:
    """Read a number of days; with a comma for the point where commas do not stand between the cells."""
    number = text.replace(",", ".") if separator != "," else text
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", number, re.ASCII) or float(number) > MOST_DAYS:
        raise UsageError(f"{where}: expected a number of days, got {text!r}. Write 2 or 1.5; at most {MOST_DAYS}.")
    return float(number)


def _longer(due: datetime | None, days: float) -> timedelta:
    """How much longer somebody has who has some days more."""
    if due is None:
        return timedelta(days=days)
    wall = (due + timedelta(days=days)).replace(fold=1)  # by the clock on the wall there; the later, if it comes twice
    return wall.astimezone(UTC) - due.astimezone(UTC)


def strangers(course: Course) -> list[str]:
    """Say of which lines of extensions.csv nobody knows whom they mean: list of sentences."""
    lines, guessed = _lines(course)
    if not lines:
        return []
    known = {one.name for one in submission.students(course) if one.kind == "folder" and not submission.unfit(one.name)}
    with course.gradebook() as gradebook:
        known |= {student.id for student in gradebook.students}
    folded, told = {name.casefold(): name for name in sorted(known)}, []
    unknown = {student: number for (student, _), (_, number) in lines.items() if student not in known}
    for student, number in unknown.items():
        near = difflib.get_close_matches(student.casefold(), folded, n=3, cutoff=0.7)
        meant = f" Did you mean {' or '.join(folded[name] for name in near)}?" if near else ""
        told.append(f"{EXTENSIONS}, line {number}: nobody who handed in is called {one_line(student)!r}.{meant}")
    if told and guessed:
        told.append(f"The file was read as {guessed}, which is a guess; saved as CSV UTF-8 it is certain.")
    return told


def handed_in(folder: Path, others: bool = False, base: Path | None = None) -> tuple[datetime | None, str]:
    """Read when a submission was handed in, from the timestamp.txt that nbgrader puts beside it.

    Args:
        folder: where the submission lies.
        others: whether others of the class have such a file.
        base: a folder above it that is ours: nothing between may be a link. None: it is ours itself.

    Returns:
        A time in UTC, or None; and in words why it is not known, where it should be.
    """
    stamp, why = times.read_stamp(folder, base)
    if stamp is None and not why and others:
        why = f"it has no {times.TIMESTAMP}, as others have, so nobody knows whether it came late"
    return stamp, why


def stamped(course: Course, exercise: str) -> bool:
    """Whether at least half of the submissions to an exercise say when they came; one alone says nothing of others."""
    base, students = course.folder("submitted"), submission.who(course, exercise)
    with_one = sum(door.is_there(base / student / exercise / times.TIMESTAMP, base) for student in students)
    return 0 < len(students) <= 2 * with_one


def plugin(course: Course) -> LateSubmissionPlugin:
    """The course's rule for penalties: nbgrader's own setting, AssignLatePenalties.plugin_class."""
    chosen = course.config.AssignLatePenalties.get("plugin_class", LateSubmissionPlugin)
    return (import_item(chosen) if isinstance(chosen, str) else chosen)(config=course.config)


def penalty(
    rule: LateSubmissionPlugin,
    student: str,
    score: float,
    timestamp: datetime | None,
    due: datetime | None,
    zone: tzinfo | None = UTC,
) -> float | None:
    """What a submission loses: None when it is in time or nothing is lost, as nbgrader writes it.

    Args:
        rule: the plug-in.
        student: who handed it in.
        score: the points that were reached.
        timestamp: when it came, in UTC, or None.
        due: when it was due, in UTC, or None.
        zone: where it was due. A day is a day of the calendar there, though the clocks be changed in it.
    """
    if timestamp is None or due is None or timestamp <= due:
        return None
    came, ended = (moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for moment in (timestamp, due))
    passed = came - ended if came > ended else timestamp - due
    lost = rule.late_submission_penalty(student, score, passed.total_seconds())
    return None if lost is None else min(max(0.0, lost), score)
