"""What a late submission costs: due dates, extensions, and a penalty that nbgrader's own commands give, too.

nbgrader keeps a due date per exercise, an extension per submission and a penalty per notebook. A course may set the due
dates in nbgrader_config.py, and list extensions in extensions.csv, with the columns student, exercise and days.
"""

import csv
import math
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.utils import parse_utc
from traitlets import Float
from traitlets.utils.importstring import import_item

from grading.course import Course, UsageError

EXTENSIONS = "extensions.csv"
COLUMNS = ["student", "exercise", "days"]
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
        UsageError: when one is for no exercise, or no time.
    """
    dates = {}
    for exercise, text in course.settings.get("due", {}).items():
        course.choose([exercise])
        try:
            dates[exercise] = parse_utc(text)
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"nbgrader_config.py, c.Grading.due: expected a time such as '2027-02-01 23:59 UTC' for {exercise}, "
                f"got {text!r}."
            ) from error
    return dates


def extensions(course: Course) -> dict[tuple[str, str], timedelta] | None:
    """Read extensions.csv: dict from pairs of student and exercise to a `timedelta`; None where there is no such file.

    Raises:
        UsageError: when a line cannot be read.
    """
    path = course.root / EXTENSIONS
    if not path.exists():
        return None
    given = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.DictReader(file)
        if lines.fieldnames != COLUMNS:
            raise UsageError(f"{EXTENSIONS}: expected the columns {','.join(COLUMNS)}, got {lines.fieldnames}.")
        for line in lines:
            course.choose([line["exercise"]])
            try:
                given[line["student"], line["exercise"]] = timedelta(days=float(line["days"]))
            except (ValueError, TypeError, OverflowError) as error:
                raise UsageError(
                    f"{EXTENSIONS}, line {lines.line_num}: expected a number of days, got {line['days']!r}."
                ) from error
    return given


def handed_in(folder: Path) -> tuple[datetime | None, str]:
    """Read when a submission was handed in, from the timestamp.txt that nbgrader puts beside it.

    Returns:
        A time in UTC, or None; and in words why it is not known, where there is such a file.
    """
    try:
        with (folder / "timestamp.txt").open(encoding="utf-8") as file:
            return parse_utc(file.read(100).strip()), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError, OverflowError):
        return None, "timestamp.txt cannot be read, so nobody knows whether it came late"


def plugin(course: Course) -> LateSubmissionPlugin:
    """The course's rule for penalties: nbgrader's own setting, AssignLatePenalties.plugin_class."""
    chosen = course.config.AssignLatePenalties.get("plugin_class", LateSubmissionPlugin)
    return (import_item(chosen) if isinstance(chosen, str) else chosen)(config=course.config)


def penalty(
    rule: LateSubmissionPlugin, student: str, score: float, timestamp: datetime | None, due: datetime | None
) -> float | None:
    """What a submission loses: None when it is in time or nothing is lost, as nbgrader writes it."""
    if timestamp is None or due is None or timestamp <= due:
        return None
    lost = rule.late_submission_penalty(student, score, (timestamp - due).total_seconds())
    return None if lost is None else min(max(0.0, lost), score)
