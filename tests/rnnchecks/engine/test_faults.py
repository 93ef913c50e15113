"""Find the bugs: whichever of the planted faults are left, the check names them and no others."""

import itertools

import numpy as np
import pytest

from grading.demo import answers
from rnnchecks.engine.faults import plant
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.run import run

FAULTS = {
    "no-tanh": "What keeps the state between -1 and 1?",
    "bias-left-out": "b_h never reaches your sum.",
    "minus-the-state": "The old state is subtracted. What does the recurrence do with it?",
    "squared-bias": "Something happens to b_h on its way into the sum.",  # hidden by bias-left-out
}


def make():
    """A problem with four faults planted in one step of a recurrent net."""
    problem = Problem("demo.repaired_step", "00-demo", outputs={"h": "BH"})

    @problem.reference
    def repaired_step(a, h_prev, b_h):
        return np.tanh(a + h_prev + b_h)

    @problem.arguments
    def random_arguments(rng, s):
        return normal(rng, s.B, s.H), normal(rng, s.B, s.H), normal(rng, s.H)

    plant(problem, FAULTS)(faulty)
    return problem


def faulty(a, h_prev, b_h, *, no_tanh, bias_left_out, minus_the_state, squared_bias):
    """A step with switches of both kinds."""
    if squared_bias:
        b_h = b_h**2
    z = a - h_prev if minus_the_state else a + h_prev
    z = z if bias_left_out else z + b_h
    if not no_tanh:
        z = np.tanh(z)
    return z


PROBLEM = make()


def left(names):
    """The function in which only these faults are left."""
    return lambda *args: faulty(*args, **{name.replace("-", "_"): name in names for name in FAULTS})


@pytest.mark.parametrize("size", [1, 2, 3])
def test_what_is_left_is_named_with_its_hints(size):
    for names in itertools.combinations(list(FAULTS)[:3], size):
        verdict = run(PROBLEM, left(names))
        assert verdict.misconceptions == names
        assert verdict.hints == tuple(FAULTS[name] for name in names)
        for name in names:
            assert f"hint  ({name})" in str(verdict)


def test_single_faults_are_misconceptions_and_the_others_combinations():
    assert [m.name for m in PROBLEM.misconceptions] == list(FAULTS)
    assert PROBLEM.combinations[0].name == "left: no-tanh, bias-left-out"


def test_a_hidden_fault_waits_until_the_other_is_mended():
    """b_h is not used at all, so nothing can say what else happened to it."""
    assert run(PROBLEM, left({"bias-left-out", "squared-bias"})).misconceptions == ("bias-left-out",)
    assert run(PROBLEM, left({"squared-bias"})).misconceptions == ("squared-bias",)
    assert not any({"bias-left-out", "squared-bias"} <= {n for n, _ in m.named} for m in PROBLEM.combinations)


def test_all_mended_passes():
    assert run(PROBLEM, left(())).passed


def test_the_switches_must_be_the_faults():
    with pytest.raises(ValueError, match="expected the switches no_tanh, b, got"):
        plant(PROBLEM, {"no-tanh": "", "b": ""})(faulty)


def test_two_faults_with_the_same_numbers_are_refused():
    problem = Problem("demo.twice", "00-demo", outputs={"a": "BH"})
    problem.reference(lambda x: 2 * x)
    problem.arguments(lambda rng, s: (normal(rng, s.B, s.H),))
    with pytest.raises(ValueError, match="'minus'.*'turned'.*the same numbers"):
        plant(problem, {"minus": "", "turned": ""})(lambda x, *, minus, turned: (-2 if minus or turned else 2) * x)


def test_faults_that_cancel_each_other_are_no_fault():
    problem = Problem("demo.twice", "00-demo", outputs={"a": "BH"})
    problem.reference(lambda x: 2 * x)
    problem.arguments(lambda rng, s: (normal(rng, s.B, s.H),))
    plant(problem, {"more": "one", "less": "two"})(lambda x, *, more, less: 2 * x + (more - less))
    assert [m.name for m in problem.misconceptions] == ["more", "less"]
    assert problem.combinations == []


@pytest.mark.parametrize("misconception", [*PROBLEM.misconceptions, *PROBLEM.combinations], ids=lambda m: m.name)
def test_a_made_up_student_hands_in_the_function_with_its_switches_resolved(misconception):
    text = answers.mistaken(PROBLEM, misconception)
    assert not any(name.replace("-", "_") in text for name in FAULTS)
    namespace = {}
    exec(text, namespace)
    verdict = run(PROBLEM, namespace["repaired_step"])
    assert tuple(zip(verdict.misconceptions, verdict.hints)) == misconception.named
