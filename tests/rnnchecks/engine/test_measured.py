"""Problems that measure what came back: findings by name, and nothing that a student returns is one."""

import numpy as np
import pytest

from rnnchecks import problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.problem import Special
from rnnchecks.engine.run import run

MEASURED = [problem for problem in problems() if isinstance(problem, MeasuredProblem)]
FINDINGS = {
    "too-much": "It is more than was asked.",
    "far-too-much": "Ten times more.",
    "always-more": "In every case.",
}


@pytest.fixture
def limited():
    """A problem that asks for numbers up to a limit, which it has two of."""
    problem = MeasuredProblem(
        "demo.limited",
        "00-demo",
        findings=FINDINGS,
        together={"always-more": {"too-much", "far-too-much"}},
    )
    problem.special("a limit of two")(lambda rng: ((2.0,), None))
    problem.special("a limit of four")(lambda rng: ((4.0,), None))

    @problem.measurement
    def measure(returned, exam, limit):
        return "" if returned <= limit else "too-much" if returned <= 10 * limit else "far-too-much"

    return problem


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (lambda limit: 1.5, ()),
        (lambda limit: 2.5, ("too-much",)),  # and all is well in the other case
        (lambda limit: 5.0, ("too-much",)),
        (lambda limit: 100.0, ("far-too-much",)),
        (lambda limit: 30.0, ("always-more",)),  # ten times more in one case, more in the other
    ],
)
def test_what_is_found_is_named_and_has_its_hint(limited, answer, names):
    verdict = run(limited, answer)
    assert verdict.passed == (not names)
    assert verdict.misconceptions == names
    assert verdict.hints == tuple(FINDINGS[name] for name in names)


def test_the_failure_says_what_was_found_and_no_number(limited):
    text = str(run(limited, lambda limit: 100.0))
    assert "far too much" in text and "expected" not in text


def test_two_findings_are_no_third_one_where_a_case_stopped(limited):
    def answer(limit):
        return 30.0 if limit == 2 else limit[0]

    assert run(limited, answer).misconceptions == ("far-too-much",)


def test_an_error_in_what_came_back_is_shown_with_the_students_line(limited):
    def failing(limit):
        def train():
            return limit[0]

        return train()

    assert run(limited, lambda limit: None).kind == "error"
    assert "train" in [line.partition(",")[0] for line in run(limited, failing).failures[0].trace]


def test_what_is_written_into_an_argument_is_said_and_is_not_what_is_measured_against(limited):
    limited.specials[:] = [Special("an array", lambda rng: ((np.ones(3),), None))]
    limited.measurement(lambda returned, exam, x: "" if returned <= x.sum() else "too-much")

    def spoiling(x):
        x *= 2
        return x.sum()

    wrong, right = run(limited, spoiling), run(limited, lambda x: spoiling(x) / 2)
    assert wrong.misconceptions == ("too-much",)
    assert right.passed and right.writes_into == ("x",)
    assert not run(limited, lambda x: x.sum()).writes_into


def test_there_are_four_that_train_a_net_and_each_finding_has_a_hint():
    assert [problem.function_name for problem in MEASURED] == [
        "train_char_rnn",
        "train_classifier",
        "train_tagger",
        "train_all",
    ]
    for problem in MEASURED:
        assert not problem.misconceptions
        assert set(problem.together) <= set(problem.findings)
        assert all(parts <= set(problem.findings) for parts in problem.together.values())


class Finding(float):
    """As a finding was marked before: by a class of this name."""


@pytest.mark.parametrize("problem", MEASURED, ids=lambda problem: problem.name)
def test_a_student_who_returns_a_finding_passes_nothing(problem):
    good = next(iter(problem.findings))
    for answer in (
        Finding,
        Finding(0),
        Finding(),
        0,
        0.0,
        "",
        good,
        False,
        np.float64(0),
        MeasuredProblem,
        problem,
        {},
    ):
        for kind in ("visible", "hidden"):
            verdict = run(problem, lambda *args, answer=answer: answer, kind)
            assert not verdict.passed and len(verdict.failures) == verdict.cases, answer
