"""Honest work earns the same from `nbgrader autograde`, which runs it with the tests in one process."""

import subprocess
import sys

import pytest

from tests.grading.adversarial.as_in_jupyter import JUPYTER
from tests.grading.adversarial.everybody import CLASS
from tests.grading.adversarial.paper import EXERCISE
from tests.grading.conftest import make_course

SOME = "plain warns_and_logs magics answered_too_late other_callables other_memory".split()


# Where nbgrader gives less, and this grader all: its kernel has neither ipympl nor windows, and stops at their lines.
LESS_THERE = ("figures_as_widgets", "windows_everywhere")
NAMES = [*SOME, *(one.name for one in JUPYTER if one.name not in LESS_THERE)]


@pytest.mark.parametrize("names", [NAMES[0::3], NAMES[1::3], NAMES[2::3]], ids=["first", "second", "third"])
@pytest.mark.promise("M3")
def test_nbgrader_gives_the_same_points(names, tmp_path):
    course = make_course(tmp_path, short=True)
    submissions = {one.name: one for one in CLASS["honest"] if one.name in names}
    assert len(submissions) == len(names)
    for name, one in submissions.items():
        path = course.file("submitted", EXERCISE, name)
        path.parent.mkdir(parents=True)
        path.write_bytes(one.write())
    for command in ("generate_assignment", "autograde"):
        nbgrader = [sys.executable, "-m", "nbgrader", command, EXERCISE]
        done = subprocess.run(nbgrader, cwd=tmp_path, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stderr[-3000:]
    with course.gradebook() as gradebook:
        scores = {name: gradebook.find_submission(EXERCISE, name).score for name in submissions}
    assert scores == {name: one.deserves for name, one in submissions.items()}
