"""An exercise on the hub, from its release to its feedback: an instructor and two students in Chromium.

The hub runs with the shipped files, after the commands of the page on grading, and each server belongs to the user of
the machine who logged in; machine.py names what is replaced. All is done with buttons and keys. Only what a command
says is read from a file, because a terminal is a picture.
"""

import csv

import pytest

from tests.grading.conftest import EXERCISE
from tests.hub.people import Instructor, Student

GRADING = "/srv/rnn/.venv/bin/python -m grading"
ONE_HOT = "def one_hot(ids, V):\n    return np.eye(V)[ids]\n"
# Places that are not a student's; a line for each.
PRYING = """
for place in ("/home/grader-rnn", "/home/ada", "/usr/local/share/nbgrader/exchange/rnn/inbound"):
    try:
        print(os.listdir(place))
    except OSError as error:
        print(type(error).__name__)
"""
ANSWER = "At $g = 3$ nothing is lost, and [little is kept](https://example.org)."


@pytest.mark.timeout(900)  # half a minute for each server on a busy machine
def test_an_exercise_from_its_release_to_its_feedback(browser, hub):
    grace = Instructor(browser, hub, "grace")
    said, code = grace.types(f"{GRADING} release {EXERCISE}")
    assert code == 0, said
    assert "Successfully released" in grace.press("release")

    ada, emmy = (Student(browser, hub, name) for name in ("ada", "emmy"))
    for student in (ada, emmy):
        assert student.can_do() == ["Assignment List"]
        assert student.context.request.get(f"{hub.url}/services/rnn/formgrader").status == 403
        student.fetch()
        student.run("import math")

    ada.write(ONE_HOT, "def one_hot")
    assert "agrees in" in ada.run('check("forward.one_hot"')
    ada.write(ANSWER, "Your answer here.")
    ada.save()
    said = ada.validate()
    assert 'check("forward.rnn_step", rnn_step)' in said and 'check("forward.one_hot"' not in said

    emmy.write(ONE_HOT.replace("np.eye", "2 * np.eye") + PRYING, "def one_hot")
    assert emmy.run("PermissionError").split() == ["PermissionError"] * 3
    assert "2 times what it should be" in emmy.run('check("forward.one_hot"')
    emmy.save()
    for student in (ada, emmy):
        student.submit()

    assert "Successfully collected" in grace.press("collect")
    said, code = grace.types(f"{GRADING} grade {EXERCISE}")
    assert code == 0, said
    assert grace.gives("ada", points="3", comment="What is kept?").strip() == ANSWER
    said, code = grace.types(f"{GRADING} grade {EXERCISE}")  # the pages get what grace wrote
    assert code == 0, said
    with_scores = csv.DictReader(grace.read("reports/grades.csv", grace.SERVER).splitlines())
    assert {row["student_id"]: float(row["score"]) for row in with_scores} == {"ada": 4.0, "emmy": 0.0}

    assert "Successfully released feedback" in grace.press("release-feedback")
    ada.feedback().get_by_text("What is kept?").wait_for()
    emmy.feedback().get_by_text("Feedback for emmy").wait_for()
    assert not grace.trouble and not ada.trouble and not emmy.trouble
