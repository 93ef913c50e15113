"""The made-up students' cells say what the catalogue says, in the students' own words."""

import ast
import re

import numpy as np
import pytest

from grading.demo import answers
from rnnchecks import problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.run import run

COMPARED = [problem for problem in problems() if not isinstance(problem, MeasuredProblem)]


def verdict(problem, text):
    """Define a cell's function as a notebook would, and judge it."""
    namespace = {"np": np}
    exec(text, namespace)
    seen = run(problem, namespace[problem.function_name])
    return seen if not seen.passed else run(problem, namespace[problem.function_name], "hidden")


@pytest.mark.parametrize("problem", COMPARED, ids=lambda problem: problem.name)
class TestAnswers:
    def test_reference_passes(self, problem):
        assert verdict(problem, answers.reference(problem)).passed

    def test_misconceptions_are_found_by_name(self, problem):
        """The first and the last, which the demonstration class hands in."""
        for misconception in (problem.misconceptions[0], problem.misconceptions[-1], *problem.combinations[-1:]):
            seen = verdict(problem, answers.mistaken(problem, misconception))
            assert seen.misconceptions[: len(misconception.named)] == tuple(name for name, _ in misconception.named)

    def test_text_tells_nothing_of_the_catalogue(self, problem):
        for misconception in problem.misconceptions:
            text = answers.mistaken(problem, misconception)
            assert not re.search(rf"\b{misconception.name}\b", text)
            assert isinstance(ast.parse(text).body[-1], ast.FunctionDef)
            assert "rnnchecks" not in text  # which the sandbox hides

    def test_mishaps(self, problem, capsys):
        assert verdict(problem, answers.stops(problem)).kind == "error"
        assert not verdict(problem, answers.returns_nothing(problem)).passed
        assert "the result:" in capsys.readouterr().out
        with pytest.raises(SyntaxError):
            ast.parse(answers.unreadable(problem))
        if answers.writes_into_argument(problem):
            seen = verdict(problem, answers.writes_into_argument(problem))
            assert seen.passed and len(seen.writes_into) == 1


def test_a_function_may_call_the_catalogue_by_the_students_name():
    """The answer is renamed; what it calls keeps its own meaning, or it would call itself for ever."""
    namespace = {}
    exec(answers.rewritten(doubled, "rnn_step"), {"_rnn_step": rnn_step}, namespace)
    assert namespace["rnn_step"](3) == 6


def rnn_step(x):
    return x


def doubled(x):
    return 2 * rnn_step(x)
