"""The judge's own time: what takes it too long is stopped, told, and costs nobody else anything."""

import contextlib

import pytest

from grading.judge import judge, test_cell
from grading.judge.clock import Clock, OwnTimeUp
from grading.judge.judge import Limits, grade
from rnnchecks.engine.call import call
from tests.grading.adversarial.paper import EXERCISE, as_bytes, solved, source


def busy(*args):
    """Compute without end."""
    while True:
        pass


def test_what_computes_for_longer_is_stopped():
    clock = Clock(0.1)
    with pytest.raises(OwnTimeUp), clock.running():
        busy()
    assert clock.is_up and "0.1 s" in clock.words
    with Clock(60).running() as nothing:
        assert nothing is None


def test_what_catches_everything_does_not_go_on():
    clock = Clock(0.1)
    with pytest.raises(OwnTimeUp), clock.running():
        with contextlib.suppress(BaseException):
            busy()
        clock.check()


def test_to_a_check_it_is_a_call_that_was_stopped():
    with Clock(0.1).running():
        assert call(busy, (), (), ("a",)).stopped


@pytest.mark.promise("V6")
@pytest.mark.parametrize("part", ["read", "compare"])
def test_a_judge_that_computes_for_too_long_stops_and_says_so(monkeypatch, part):
    """Whatever a student sends: here the place that looks at it never comes to an end."""
    with monkeypatch.context() as patch:
        patch.setattr(*{"read": (judge, "merge", busy), "compare": (test_cell, "run", busy)}[part])
        verdict = grade(as_bytes(solved()), source(), EXERCISE, Limits(judge=0.2))
    assert verdict.earned == 0 and "the judge itself more than 0.2 s" in verdict.reason
    assert verdict.status == {"read": "too large", "compare": "timed out"}[part]
    assert {test.outcome for test in verdict.tests} == {"read": {"undefined"}, "compare": {"timed out"}}[part]
    assert grade(as_bytes(solved()), source(), EXERCISE, Limits()).earned == 20


def test_what_was_judged_before_the_time_was_up_stays(monkeypatch):
    real = test_cell.run

    def slow_at_last(problem, *rest):
        return real(problem, *rest) if problem.function_name != "perplexity" else busy()

    grade(as_bytes(solved()), source(), EXERCISE, Limits())  # so that what is worked out once has been
    monkeypatch.setattr(test_cell, "run", lambda p, f, kind, *rest: (slow_at_last if kind == "hidden" else real)(
        p, f, kind, *rest))  # fmt: skip
    verdict = grade(as_bytes(solved()), source(), EXERCISE, Limits(judge=5.0))
    earned = {test.function: test.earned for test in verdict.tests}
    assert earned["one_hot"] == 1 and earned["perplexity"] == 0 and verdict.status == "timed out"
