"""The record of what a class costs, from which the page on grading takes its figures."""

import json

import pytest

from benchmarks import class_costs
from grading.course import Course
from tests.grading.adversarial.paper import ROOT

PATH = class_costs.RECORD
RECORD = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {"exercises": {}}
MOST = 6.0  # seconds of one core that the course's own answer to a task that trains a net may cost


def test_no_figure_was_changed_by_hand():
    assert PATH.exists(), f"nothing was measured: {class_costs.COMMAND}"
    assert RECORD["digest"] == class_costs.seal(RECORD)
    assert RECORD["command"] == class_costs.COMMAND


@pytest.mark.parametrize("exercise", Course(ROOT).exercises)
def test_each_exercise_was_measured_as_it_is(exercise):
    assert exercise in RECORD["exercises"], f"{class_costs.COMMAND} --only {exercise}"
    row = RECORD["exercises"][exercise]
    again = f"the notebook or the checks have changed: {class_costs.COMMAND} --only {exercise}"
    assert row["rests_on"] == class_costs.rests_on(exercise), again
    assert row["seconds"] > 0 and row["judge_mib"] > 0


@pytest.mark.parametrize("exercise", sorted(class_costs.LONG))
def test_what_trains_a_net_costs_six_seconds_at_most(exercise):
    assert RECORD["exercises"][exercise]["computing"] <= MOST


def test_a_class_of_a_thousand_was_marked_in_the_same_memory():
    whole = RECORD["class"]
    quarter, end = whole["mib_quarter_and_end"]
    assert whole["students"] == 1000 and end < 1.1 * quarter


def test_a_class_of_a_thousand_was_marked_in_a_hundred_seconds():
    assert RECORD["class"]["seconds"] < 100
