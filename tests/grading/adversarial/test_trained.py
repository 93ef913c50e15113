"""Nets are judged on what cannot be looked up: no table and no pasted weight earns a point, and no size is believed."""

import json
import resource

import pytest

from grading.course import Course
from grading.demo import answers
from grading.judge.judge import grade
from grading.release import solution
from grading.sandbox.box import Limits
from tests.grading.adversarial.paper import ROOT, SEED
from tests.grading.adversarial.trained import FAKES

LIMITS = Limits(call=10.0, judge=60.0)
GENERATOR = ROOT / "rnnchecks" / "e08_language" / "_made_up.py"  # which every student can read


def judged(attempt):
    """Judge a notebook with the attempt in its cell, and the course's own answers in all others."""
    nb, _ = solution.read(Course(ROOT), attempt.exercise)
    texts = {solution.grade_id(cell): answers.right(cell.source) for cell in solution.graded(nb, "solution")}
    text = attempt.text.replace("OWN", texts[attempt.function])
    texts[attempt.function] = text.replace("MADE_UP", GENERATOR.read_text(encoding="utf-8"))
    released = ROOT / "exercises" / attempt.exercise / f"{attempt.exercise}.ipynb"
    nb = json.loads(released.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        cell["source"] = texts.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    source = Course(ROOT).file("source", attempt.exercise).read_bytes()
    verdict = grade(json.dumps(nb).encode(), source, attempt.exercise, LIMITS, seed=SEED)
    assert [cell.error for cell in verdict.cells if cell.id == attempt.function] == [None]
    return verdict, next(test for test in verdict.tests if test.function == attempt.function)


@pytest.mark.promise("F6")
@pytest.mark.parametrize("attempt", FAKES, ids=[attempt.name for attempt in FAKES])
def test_no_net_is_believed_that_was_not_trained(attempt):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdict, test = judged(attempt)
    assert test.earned == 0, test.text
    assert verdict.earned == 20 - test.points and verdict.status == "graded"
    assert attempt.cause == "E" or test.cases == "hidden", test.text  # what is shown to students can be looked up
    if attempt.cause == "E":  # KiB: neither of the sizes that were named was built here
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 800 * 1024
