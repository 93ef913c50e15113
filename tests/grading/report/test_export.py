"""The gradebook as a table: what nbgrader's own export says, and what waits for a reader."""

import csv

import pytest
from nbgrader.plugins import CsvExportPlugin

from grading.report import export
from tests.grading.conftest import make_course


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """Two exercises, three students; one hands in both, one the first, late; one nothing."""
    with make_course(tmp_path_factory.mktemp("course")).gradebook() as gradebook:
        for name in ("02-forward", "03-bptt"):
            gradebook.add_assignment(name, duedate="2027-02-01")
            gradebook.add_notebook(name, name)
            gradebook.add_grade_cell("check-f", name, name, max_score=3, cell_type="code")
            gradebook.add_grade_cell("check-g", name, name, max_score=2, cell_type="code")
            gradebook.add_grade_cell("open-question", name, name, max_score=4, cell_type="markdown")
        for student in ("ada", "bob", "eve"):
            gradebook.add_student(student, first_name=student.title(), last_name="Lovelace")
        for name, student in (("02-forward", "ada"), ("03-bptt", "ada"), ("02-forward", "bob")):
            gradebook.add_submission(name, student, timestamp="2027-02-02")
            for cell, points in (("check-f", 3.0), ("check-g", 0.0), ("open-question", None)):
                gradebook.find_grade(cell, name, name, student).auto_score = points
        read = gradebook.find_grade("open-question", "03-bptt", "03-bptt", "ada")
        read.manual_score, read.extra_credit = 2.5, 1.0
        gradebook.find_submission_notebook("02-forward", "02-forward", "bob").late_submission_penalty = 5.0
        gradebook.db.commit()
        yield gradebook


def test_the_table_says_what_nbgrader_says(gradebook, tmp_path):
    CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(gradebook)
    with (tmp_path / "theirs.csv").open(newline="") as file:
        theirs = sorted(csv.DictReader(file), key=lambda row: (row["assignment"], row["student_id"]))
    ours = [{key: "" if value is None else str(value) for key, value in row.items()} for row in export.rows(gradebook)]
    assert [{key: row[key] for key in theirs[0]} for row in ours] == theirs


def test_what_waits_for_a_reader(gradebook):
    waiting = {(row["assignment"], row["student_id"]): row["to_read"] for row in export.rows(gradebook)}
    assert waiting == {
        ("02-forward", "ada"): 4, ("02-forward", "bob"): 4, ("02-forward", "eve"): None,
        ("03-bptt", "ada"): 0, ("03-bptt", "bob"): None, ("03-bptt", "eve"): None,
    }  # fmt: skip
