"""nbgrader's own commands, typed in the course's folder with no flag, do what `python -m grading` does."""

import csv
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from grading.release.preprocessors import DropCopies, ForgiveWarnings
from grading.release.release import release
from tests.grading.conftest import EXERCISE, make_course
from tests.grading.run.test_run import hand_in


@pytest.fixture(scope="module")
def course(tmp_path_factory, cast):
    """A course that only plain nbgrader has worked on."""
    course = make_course(tmp_path_factory.mktemp("plain"), short=True)
    hand_in(course, "portia", cast["portia"])
    return course


def nbgrader(course, *args):
    command = [sys.executable, "-m", "nbgrader", *args]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=120)


def test_the_whole_way(course, parts, tmp_path):
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        done = nbgrader(course, command, EXERCISE)
        assert done.returncode == 0, done.stderr
    done = nbgrader(course, "export")
    assert done.returncode == 0, done.stderr
    with (course.root / "grades.csv").open(newline="") as file:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    full = sum(part.points for part in parts)
    assert marks == {"portia": full}
    ours = make_course(tmp_path, short=True)
    release(ours)
    assert ours.file("release", EXERCISE).read_bytes() == course.file("release", EXERCISE).read_bytes()


def test_validate_passes_the_solution(course):
    done = nbgrader(course, "validate", str(course.file("source", EXERCISE)))
    assert done.returncode == 0
    assert "Success! Your notebook passes all the tests." in done.stdout


def test_validate_fails_the_release_kindly(course, parts):
    release(course)
    done = nbgrader(course, "validate", str(course.file("release", EXERCISE)))
    assert f"VALIDATION FAILED ON {len(parts) + 1} CELL(S)!" in done.stdout  # and the open question
    assert "You did not provide a response." in done.stdout
    assert "Traceback" not in done.stdout
    for part in parts:
        assert part.problem.name in done.stdout


def test_words_on_standard_error_are_no_failure():
    graded = {"grade": True, "solution": False, "locked": True, "task": False, "points": 1, "grade_id": "a"}
    output = new_output("stream", name="stderr", text="a warning")
    nb = new_notebook(cells=[new_code_cell("1", metadata={"nbgrader": graded}, outputs=[output])])
    nb, _ = ForgiveWarnings().preprocess(nb, {})
    assert nb.cells[0].outputs[0] == new_output("stream", name="stdout", text="a warning")


def test_a_copied_test_cell_becomes_an_ordinary_one():
    meta = {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "a", "schema_version": 3}
    nb = new_notebook(cells=[new_code_cell(str(i), metadata={"nbgrader": dict(meta)}) for i in range(2)])
    nb, _ = DropCopies().preprocess(nbformat.from_dict(nb), {})
    assert [cell.metadata.get("nbgrader") is None for cell in nb.cells] == [True, False]
