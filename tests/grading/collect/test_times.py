"""A time is read in one way or refused; times that a platform gives are kept, and where it gives none, that is said."""

from datetime import UTC, datetime

import pytest

from grading.collect import times
from grading.collect.downloads import bring_in
from grading.course import Course, UsageError
from grading.gradebook import late
from tests.grading.collect.conftest import NAME, put


@pytest.mark.parametrize(
    "text, utc",
    [
        ("2027-02-01 23:59 UTC", "2027-02-01 23:59:00"),
        ("2027-02-01T23:59Z", "2027-02-01 23:59:00"),
        ("2027-02-01 23:59:30 Europe/Berlin", "2027-02-01 22:59:30"),
        ("2027-07-01 23:59 Europe/Berlin", "2027-07-01 21:59:00"),
        ("2027-02-01 23:59 +01:00", "2027-02-01 22:59:00"),
        ("2027-02-01 23:59 -0800", "2027-02-02 07:59:00"),
        ("2027-10-31 02:30 +01:00", "2027-10-31 01:30:00"),
    ],
)
def test_times_that_are_read(text, utc):
    assert str(times.in_utc(times.read_time(text))) == utc


@pytest.mark.parametrize(
    "text",
    ["2027-02-01 11:59 PM", "2027-02-01 11:59PM", "2027-02-01 12:00 PST", "2027-02-01 12:00 CST",
     "2027-02-01 23:59", "2027-02-01", "01/02/2027 23:59 UTC", "1.2.2027 23:59 UTC", "2027-02-01 24:00 UTC",
     "2027-02-01 23:59 UTC+1", "2027-02-01 23:59 GMT-5", "2027-02-01 23:59 Etc/GMT+5", "2027-02-01 23:59 Europe/Berlln",
     "2027-02-30 12:00 UTC", "2027-02-01 12:00 +99:00", "Feb 1, 2027 23:59 UTC", "tomorrow", "", "1",
     "9999-01-01 12:00 UTC", "2027-02-01 12:00 EST", "2027-03-28 02:30 Europe/Berlin", "2027-10-31 02:30 Europe/Berlin",
     20270201, None, datetime(2027, 2, 1, 12, 0)],
)  # fmt: skip
def test_a_due_date_that_can_be_read_in_two_ways_is_refused(course, text):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"import datetime\nc.Grading.due = {{'{NAME}': {text!r}}}\n")
    with pytest.raises(UsageError) as error:
        late.due_dates(Course(course.root))
    assert "expected a time such as '2027-02-01 23:59 UTC'" in str(error.value) and "Europe/Berlin" in str(error.value)


def test_a_time_zone_spelled_wrongly_is_offered_rightly():
    with pytest.raises(ValueError, match="did you mean Europe/Berlin"):
        times.read_time("2027-02-01 23:59 europe/berlin")


@pytest.mark.parametrize(
    "due, days, came, penalised",
    [
        ("2027-10-30 23:59 Europe/Berlin", 1, "2027-10-31 22:30:00 UTC", False),  # 25 hours
        ("2027-10-30 23:59 Europe/Berlin", 1, "2027-10-31 23:00:00 UTC", True),
        ("2027-03-27 23:59 Europe/Berlin", 1, "2027-03-28 21:58:00 UTC", False),  # 23 hours
        ("2027-03-27 23:59 Europe/Berlin", 1, "2027-03-28 22:10:00 UTC", True),
        ("2027-11-06 23:59 America/New_York", 2, "2027-11-09 04:58:00 UTC", False),
        ("2027-10-30 23:59 UTC", 1.5, "2027-11-01 11:58:00 UTC", False),
    ],
)
def test_a_day_more_is_a_day_of_the_calendar(course, due, days, came, penalised):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Grading.due = {{'{NAME}': {due!r}}}\n")
    (course.root / late.EXTENSIONS).write_text(f"student,exercise,days\nada,{NAME},{days}\n")
    course = Course(course.root)
    until = late.due_dates(course)[NAME] + late.extensions(course)["ada", NAME]
    assert (times.in_utc(times.read_time(came)) > until) == penalised


def test_a_day_late_is_a_day_of_the_calendar():
    rule, zone = late.PerDay(), times.zone_called("Europe/Berlin")
    due, came = datetime(2027, 10, 30, 21, 59), datetime(2027, 10, 31, 22, 30)  # 24.5 hours; Sunday, 23:30
    assert late.penalty(rule, "ada", 20.0, came, due, zone) == 2.0
    assert late.penalty(rule, "ada", 20.0, came, due, UTC) == 4.0


BLACKBOARD = f"02-forward_hacker_attempt_2027-11-05-15-00-00_{NAME}.ipynb"


@pytest.mark.parametrize(
    "due, zone, stamp",
    [
        (None, "UTC", "2027-11-05 15:00:00.000000 UTC"),
        (None, "America/New_York", "2027-11-05 19:00:00.000000 UTC"),
        ("2027-10-30 23:59 Europe/Berlin", None, "2027-11-05 14:00:00.000000 UTC"),
    ],
)
def test_blackboard_s_times_are_kept(course, folder, due, zone, stamp):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Grading.due = {{'{NAME}': {due!r}}}\n" if due else "")
    put(folder / BLACKBOARD)
    bring_in(Course(course.root), folder, NAME, zone=zone, remarks=(remarks := []))
    written = course.root / "submitted" / "hacker" / NAME / "timestamp.txt"
    assert written.read_text().strip() == stamp
    assert late.handed_in(written.parent)[0] == datetime.fromisoformat(stamp[:19])
    assert f"by the clock of {zone or 'Europe/Berlin'}" in remarks[0]


def test_brightspace_s_times_are_kept(course, folder):
    put(folder / "HW 2" / "39786-640693 - Ada Lovelace - Oct 10, 2027 1022 PM" / "x.ipynb", "second")
    put(folder / "HW 2" / "39786-640693 - Ada Lovelace - Oct 10, 2027 1221 AM" / f"{NAME}.ipynb", "first")
    put(folder / "HW 2" / "39787-640694 - Bo D - 9 October 2027 130 PM" / f"{NAME}.ipynb", "bo")
    put(folder / "HW 2" / "index.html")
    _, refused = bring_in(course, folder, NAME, zone="UTC")
    assert (course.root / "submitted/ada-lovelace" / NAME / f"{NAME}.ipynb").read_text() == "second"
    times_kept = {path.parts[-3]: path.read_text()[:16] for path in course.root.glob("submitted/*/*/timestamp.txt")}
    assert times_kept == {"ada-lovelace": "2027-10-10 22:22", "bo-d": "2027-10-09 13:30"}
    assert [reason for _, reason in refused] == ["the attempt of 2027-10-10 22:22 is later"]


def test_where_no_time_is_given_that_is_said(course, folder):
    put(folder / f"hackeralyssa_LATE_1234_98765_{NAME}.ipynb")
    brought, _ = bring_in(course, folder, NAME, remarks=(remarks := []))
    assert brought[0].note == "late, says Canvas"
    assert "Canvas marks 1 as late, and does not say when they came." in remarks
    time, why = late.handed_in(course.root / "submitted" / "hackeralyssa-1234" / NAME)
    assert time is None and "Canvas marks it as late" in why
    put(folder / "x" / f"Ada_657741_assignsubmission_file_/{NAME}.ipynb")
    bring_in(course, folder / "x", NAME, remarks=(remarks := []))
    assert remarks == ["Moodle does not say when 1 of these came, so they cannot count as late."]


@pytest.mark.parametrize(
    "data", ["1", "", "9999-01-01 00:00:00 UTC", "2027-02-01 12:00:00", "2027-02-01 12:00:00 PST", "\0"]
)
def test_odd_stamps_are_told_and_not_read(tmp_path, data):
    put(tmp_path / "timestamp.txt", data)
    time, why = late.handed_in(tmp_path)
    assert time is None and "nobody knows whether it came late" in why


def test_a_stamp_that_is_missing_where_others_have_one_is_told(tmp_path):
    assert late.handed_in(tmp_path, others=False) == (None, "")
    assert "as others have" in late.handed_in(tmp_path, others=True)[1]


def test_a_zone_that_does_not_exist(course, folder):
    with pytest.raises(UsageError, match="--zone: 'PST' is no certain time zone"):
        bring_in(course, folder, NAME, zone="PST")
