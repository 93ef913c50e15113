"""What lateness costs: due dates, extensions, nbgrader's plug-ins."""

from datetime import datetime, timedelta

import pytest
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from grading.course import Course, UsageError
from grading.gradebook import late
from grading.run import pool
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, run
from tests.grading.run.test_run import full_marks, hand_in, marks

DUE = datetime(2027, 2, 1, 12, 0)
PER_DAY = """
c.Grading.due = {"02-forward": "2027-02-01 13:00 Europe/Berlin"}
c.AssignLatePenalties.plugin_class = "grading.gradebook.late.PerDay"
c.PerDay.share = 0.1
"""


@pytest.mark.parametrize(
    "hours, lost", [(-1, None), (0, None), (0.1, 2.0), (24, 2.0), (24.1, 4.0), (24 * 9.5, 20.0), (24 * 30, 20.0)]
)
def test_a_share_for_each_day_that_has_begun(hours, lost):
    rule = late.PerDay(config=Config({"PerDay": {"share": 0.1}}))
    assert late.penalty(rule, "ada", 20.0, DUE + timedelta(hours=hours), DUE) == lost


def test_nothing_is_lost_without_a_date_on_both_sides():
    rule = late.PerDay()
    assert late.penalty(rule, "ada", 20.0, None, DUE) is None
    assert late.penalty(rule, "ada", 20.0, DUE, None) is None


def test_a_plugin_of_nbgraders_counts(course):
    strict = Course(course.root, (("LateSubmissionPlugin.penalty_method", "zero"),))
    assert late.penalty(late.plugin(strict), "ada", 20.0, DUE + timedelta(1), DUE) == 20.0
    assert isinstance(late.plugin(course), LateSubmissionPlugin)
    assert late.penalty(late.plugin(course), "ada", 20.0, DUE + timedelta(1), DUE) is None


@pytest.mark.parametrize(
    "text, said",
    [
        ("student,days\n", "expected the columns student,exercise,days"),
        ("student,exercise,days\nada,02-forward,many\n", "line 2: expected a number of days, got 'many'"),
        ("student,exercise,days\nada,02-forwards,1\n", "There is no exercise '02-forwards'"),
    ],
)
def test_a_fault_in_the_extensions_is_named(course, text, said):
    (course.root / late.EXTENSIONS).write_text(text)
    with pytest.raises(UsageError) as error:
        late.extensions(course)
    assert said in str(error.value)


@pytest.mark.parametrize("data", [b"yesterday", b"", b"\xff\xfe", b"2027-99-99 00:00:00 UTC", b"9" * 10_000])
def test_a_time_that_cannot_be_read_is_said(tmp_path, data):
    (tmp_path / "timestamp.txt").write_bytes(data)
    time, why = late.handed_in(tmp_path)
    assert time is None and "nobody knows whether it came late" in why


def test_a_time_as_nbgrader_writes_it(tmp_path):
    assert late.handed_in(tmp_path) == (None, "")
    (tmp_path / "timestamp.txt").write_text("2027-02-01 13:00:00.000000 Europe/Berlin\n")
    assert late.handed_in(tmp_path) == (datetime(2027, 2, 1, 12, 0), "")
    (tmp_path / "timestamp.txt").unlink()
    (tmp_path / "timestamp.txt").mkdir()
    assert late.handed_in(tmp_path)[0] is None


def test_from_the_settings_to_the_table_and_the_students_page(ready, parts, monkeypatch):
    """An extension, given and taken back, costs no judging; what it costs to be late stands in every place."""
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    with (ready.root / "nbgrader_config.py").open("a") as file:
        file.write(PER_DAY)
    course, full = Course(ready.root), full_marks(parts)
    for student, time in {"ada": "2027-02-01 12:00:00 UTC", "bo": "2027-02-02 12:00:01 UTC", "cy": None}.items():
        folder = hand_in(course, student, "").parent
        if time:
            (folder / "timestamp.txt").write_text(time)
    assert run(course, "grade").code == 0

    def table():
        return {
            student: (float(line["raw_score"]), float(line["late_submission_penalty"]), float(line["score"]))
            for student, line in marks(course).items()
        }

    assert table()["ada"] == table()["cy"] == (full, 0, full)
    assert table()["bo"] == pytest.approx((full, 0.2 * full, 0.8 * full))
    page = course.file("feedback", EXERCISE, "bo").with_suffix(".html")
    assert "1 day after the due date" in " ".join(page.read_text().split())

    (course.root / late.EXTENSIONS).write_text(f"student,exercise,days\nbo,{EXERCISE},1\n")
    assert run(course, "grade").code == 0
    assert table()["bo"] == pytest.approx((full, 0.1 * full, 0.9 * full))
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(EXERCISE, "bo").extension == timedelta(days=1)

    (course.root / late.EXTENSIONS).write_text(f"student,exercise,days\nbo,{EXERCISE},1.5\n")
    assert run(course, "grade").code == 0
    assert table()["bo"] == (full, 0, full)
    assert "after the due date" not in page.read_text()
