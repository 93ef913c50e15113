"""Read times that can be read in one way only; for all others, say which ones can.

"12:00 PST" is noon in Manila or in California, and a program may take either for UTC without a word.
"""

import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.tz import tzlocal

from grading.course import Course, UsageError
from grading.door import is_there, plain_file

SPELLINGS = "'2027-02-01 23:59 UTC', '2027-02-01 23:59 Europe/Berlin' or '2027-02-01 23:59 +01:00'"
TIMESTAMP, MARK = "timestamp.txt", "late.txt"  # beside a submission: nbgrader's file; a platform's word without a time
WRITTEN = "%Y-%m-%d %H:%M:%S.%f %Z"  # nbgrader's format
NO_TIME = "Canvas marks this submission as late; its download does not say when it came.\n"
TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|UTC|[+-]\d\d:?\d\d|[A-Za-z]\w*(?:[/+-]\w+)*)?"
)
YEARS = range(2000, 2101)


def zone_called(name: str) -> tzinfo:
    """Find a time zone.

    Args:
        name: UTC, an offset such as +01:00, or Area/City.

    Raises:
        ValueError: when there is none of that name, or it may mean another one; the message says what to write.
    """
    if name in ("UTC", "Z"):
        return UTC
    if re.fullmatch(r"[+-]\d\d:?\d\d", name):
        offset = timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
        if offset > timedelta(hours=14) or int(name[-2:]) > 59:
            raise ValueError(f"no place is {name} away from UTC")
        return timezone(-offset if name[0] == "-" else offset)
    if "/" not in name or name.startswith("Etc/"):
        raise ValueError(f"{name!r} is no certain time zone: write UTC, an offset such as +01:00, or Area/City")
    if name not in available_timezones():
        near = get_close_matches(name.lower(), folded := {zone.lower(): zone for zone in available_timezones()}, n=1)
        raise ValueError(f"there is no time zone {name!r}" + (f"; did you mean {folded[near[0]]}?" if near else ""))
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:  # pragma: no cover - listed a line above
        raise ValueError(f"there is no time zone {name!r}") from None


def read_time(text: object) -> datetime:
    """Read a time that says its zone.

    Args:
        text: a text, or a `datetime` with a time zone.

    Returns:
        A `datetime` with that zone.

    Raises:
        ValueError: when it can be read in no way, or in two; the message says why.
    """
    if isinstance(text, datetime):
        if text.tzinfo is None:
            raise ValueError("it does not say in which time zone")
        return text
    match = TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError("it is written in another way")
    day, clock, zone = match.groups()
    if zone is None:
        raise ValueError("it does not say in which time zone")
    if zone.upper() in ("AM", "PM"):
        raise ValueError("hours go from 00 to 23")
    naive = datetime.fromisoformat(f"{day} {clock}")
    if naive.year not in YEARS:
        raise ValueError(f"no course is in {naive.year}")
    moment = naive.replace(tzinfo=zone_called(zone))
    if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != naive:
        raise ValueError("the clocks were put forward there, and left it out")
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise ValueError("the clocks were put back there, and it came twice; write it with an offset")
    return moment


def in_utc(moment: datetime) -> datetime:
    """A time as nbgrader keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def read_stamp(folder: Path, base: Path | None = None) -> tuple[datetime | None, str]:
    """Read when a submission was handed in, from what lies beside it.

    Args:
        folder: where the submission lies.
        base: a folder above it that is ours: nothing between may be a link. None: it is ours itself.

    Returns:
        A time in UTC, or None; and in words why it is not known, where something is there.
    """
    try:
        data = plain_file(folder / TIMESTAMP, 101, base)
    except FileNotFoundError:
        marked = is_there(folder / MARK, base)
        return None, "Canvas marks it as late, and does not say when it came" if marked else ""
    except OSError:
        return None, "timestamp.txt cannot be read, so nobody knows whether it came late"
    try:
        text = data.decode("utf-8-sig").strip()
        match = TIME.fullmatch(text)
        if match and match[3] in time.tzname and match[3] != "UTC":  # nbgrader's, where another zone is set than UTC
            return in_utc(datetime.fromisoformat(f"{match[1]} {match[2]}").replace(tzinfo=tzlocal())), ""
        return in_utc(_either(text)), ""
    except (ValueError, OverflowError) as reason:
        why = "it is empty" if not data.strip() else reason if isinstance(reason, ValueError) else "it is no time"
        why = "it is no text" if isinstance(reason, UnicodeDecodeError) else why
        return None, f"timestamp.txt cannot be read ({why}), so nobody knows whether it came late"


def _either(text: str) -> datetime:
    """Read a stamp; one in the hour that comes twice counts as the earlier, which is in the student's favour."""
    try:
        return read_time(text)
    except ValueError:
        match = TIME.fullmatch(text)
        if match and match[3] and "/" in match[3]:
            moment = datetime.fromisoformat(f"{match[1]} {match[2]}").replace(tzinfo=zone_called(match[3]))
            if moment.year in YEARS and moment.utcoffset() != moment.replace(fold=1).utcoffset():
                return moment
        raise


def zone_of(name: str | None, due: datetime | None) -> tuple[tzinfo, str]:
    """Say by which clock a platform's times are read.

    Args:
        name: what the instructor named, or None.
        due: the due date of the exercise as a `datetime` with its zone, or None.

    Returns:
        The zone, and a few words on where it is from.

    Raises:
        UsageError: when there is no such zone.
    """
    if name:
        try:
            return zone_called(name), f"{name}, as you said"
        except ValueError as error:
            raise UsageError(f"--zone: {error}.") from error
    if due is not None and isinstance(due.tzinfo, ZoneInfo):
        return due.tzinfo, f"{due.tzinfo.key}, as the due date is"
    return tzlocal(), f"this machine, {'/'.join(dict.fromkeys(time.tzname))}"


def dues(course: Course) -> dict[str, datetime]:
    """Read the due dates of the settings: dict from exercise to a `datetime` with its zone.

    Raises:
        UsageError: when one is for no exercise, or can be read in two ways or in none.
    """
    dates = {}
    for exercise, text in course.settings.get("due", {}).items():
        course.choose([exercise])
        try:
            dates[exercise] = read_time(text)
        except (ValueError, OverflowError) as error:
            raise UsageError(
                f"nbgrader_config.py, c.Grading.due: expected a time such as {SPELLINGS} for {exercise}, "
                f"got {text!r}: {error}."
            ) from error
    return dates
