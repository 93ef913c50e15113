"""A verdict as JSON: whole there and back, and what no judge can have written is refused by name."""

import copy
import json
import math

import pytest

from grading.judge.record import VerdictError
from grading.judge.verdict import SubmissionVerdict
from tests.grading.made_up import verdict

VERDICT = verdict({"rnn_step": "no-tanh", "softmax": "error"}, notes=("The cell of one_hot is missing.",))
JSON = json.loads(json.dumps(VERDICT.to_json()))


def test_a_verdict_is_the_same_there_and_back():
    assert SubmissionVerdict.from_json(JSON) == VERDICT
    assert (JSON["earned"], JSON["points"]) == (VERDICT.earned, VERDICT.points) == (14.0, 20.0)


def test_a_digest_changes_with_the_verdict():
    assert verdict().digest == verdict().digest != verdict(reason="another").digest


def changed(place, value):
    """The JSON of the verdict with the value at a place, such as ("tests", 0, "points"), replaced, or taken out."""
    data = copy.deepcopy(JSON)
    *way, last = place
    part = data
    for step in way:
        part = part[step]
    if value is KeyError:
        del part[last]
    else:
        part[last] = value
    return data


@pytest.mark.parametrize(
    "place, value, words",
    [
        (("tests", 0, "points"), "3", "tests[0].points: expected a number, got '3'"),
        (("tests", 0, "points"), True, "tests[0].points: expected a number, got True"),
        (("tests", 0, "points"), math.nan, "tests[0].points: expected a number from 0 up, got nan"),
        (("tests", 0, "points"), -1.0, "tests[0].points: expected a number from 0 up, got -1"),
        (("tests", 0, "points"), 10**400, "tests[0].points: expected a number from 0 up, got inf"),
        (("tests", 0, "earned"), 2.0, "tests[0].earned: expected 1 for a test of 1 points that is passed, got 2"),
        (("tests", 1, "earned"), 1.0, "tests[1].earned: expected 0 for a test of 1 points that is wrong, got 1"),
        (("tests", 1, "outcome"), "great", "tests[1].outcome: expected one of passed,"),
        (("tests", 1, "cases"), "secret", "tests[1].cases: expected one of visible, hidden, got 'secret'"),
        (("tests", 1, "hints"), [], "tests[1].hints: expected one for each of 1 misconceptions, got 0"),
        (("tests", 1, "hints"), "hint", "tests[1].hints: expected a list, got 'hint'"),
        (("tests", 1, "trace"), KeyError, "tests[1]: expected the fields of a TestResult, got trace missing"),
        (("tests", 1, "expected"), "SECRET", "tests[1]: expected the fields of a TestResult, got 'expected'"),
        (("tests", 1), None, "tests[1]: expected an object, got None"),
        (("tests",), KeyError, "expected the fields of a SubmissionVerdict, got tests missing"),
        (("cells", 2, "status"), "perfect", "cells[2].status: expected one of ok,"),
        (
            ("cells", 2, "error"),
            {"type": "E"},
            "cells[2].error: expected the fields of a CellError, got message",
        ),
        (("answers", 0, "answered"), 1, "answers[0].answered: expected true or false, got 1"),
        (("seconds", "total"), math.inf, "seconds.total: expected a number from 0 up, got inf"),
        (("status",), "excellent", "status: expected one of graded,"),
        (("sandbox",), "a tent", "sandbox: expected one of bubblewrap, none"),
        (("earned",), 20.0, "earned: expected the sum of the parts, 14, got 20.0"),
        (("points",), KeyError, "points: expected the sum of the parts, 20, got None"),
        (("schema",), 1, "schema: expected 4, got 1"),
    ],
)
def test_what_is_impossible_is_refused_by_name(place, value, words):
    with pytest.raises(VerdictError) as refused:
        SubmissionVerdict.from_json(changed(place, value))
    assert words in str(refused.value)


@pytest.mark.parametrize("data", [None, [], "graded", 3])
def test_other_json_is_no_verdict(data):
    with pytest.raises(VerdictError, match="expected an object"):
        SubmissionVerdict.from_json(data)
