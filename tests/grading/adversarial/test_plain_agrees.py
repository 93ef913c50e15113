"""Honest work earns the same from `nbgrader autograde`, which runs it with the tests in one process."""

import subprocess
import sys

from tests.grading.adversarial.everybody import CLASS
from tests.grading.adversarial.paper import EXERCISE
from tests.grading.conftest import make_course

SOME = "plain warns_and_logs magics answered_too_late other_callables other_memory".split()


def test_nbgrader_gives_the_same_points(tmp_path):
    course = make_course(tmp_path, short=True)
    submissions = {one.name: one for one in CLASS["honest"] if one.name in SOME}
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
    assert len(scores) == len(SOME)
    assert scores == {name: one.deserves for name, one in submissions.items()}
