"""What a check works out once and keeps: no student can spoil it, and it goes when the problem changes."""

import numpy as np
import pytest

from rnnchecks.engine.outcome import Outcome
from rnnchecks.engine.prepare import prepare
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.run import passes, run


@pytest.fixture
def twice():
    """A problem whose two misconceptions differ in a visible case only."""
    problem = Problem("demo.twice", "00-demo", outputs={"a": "TB"})
    problem.reference(lambda x: 2 * x)
    problem.arguments(lambda rng, s: (normal(rng, s.T, s.B),))
    problem.misconception("Three?", name="three")(lambda x: 3 * x)
    problem.misconception("Three, of small arrays?", name="three-if-small")(lambda x: 3 * x if x.size != 15 else 2 * x)
    problem.special("fifteen", hidden=False)(lambda rng: (normal(rng, 5, 3),))
    return problem


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_a_function_that_spoils_its_arguments_spoils_no_later_check(twice, kind):
    def spoiling(x):
        x *= 2
        return x

    assert run(twice, spoiling, kind).passed
    assert run(twice, twice.solve, kind).passed
    assert run(twice, twice.misconceptions[0].wrong, kind).misconceptions == ("three",)


def test_another_seed_has_cases_of_its_own(twice):
    seen = [prepare(twice, "hidden", seed).right[0][0][0, 0] for seed in range(9)]
    assert len(set(seen)) == 9
    assert prepare(twice, "hidden", 0).right[0][0][0, 0] == seen[0]
    assert prepare(twice, "hidden", 8) is prepare(twice, "hidden", "8")


def test_what_is_registered_later_counts(twice):
    before = run(twice, lambda x: 2 * x).cases
    twice.special("a row of one")(lambda rng: (normal(rng, 1, 1),))
    assert run(twice, lambda x: 2 * x).cases == before + 1
    twice.misconception("Four?", name="four")(lambda x: 4 * x)
    assert run(twice, lambda x: 4 * x).misconceptions == ("four",)
    twice.reference(lambda x: 4 * x)
    assert run(twice, lambda x: 4 * x).passed


def test_what_is_wrong_in_a_hidden_case_is_told_apart_by_the_visible_ones(twice):
    three, small = (m.wrong for m in twice.misconceptions)
    assert run(twice, three, "hidden").misconceptions == ("three",)
    assert run(twice, small, "hidden").misconceptions == ("three-if-small",)


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_passes_says_what_run_says_and_stops_at_the_first_wrong_case(twice, kind):
    calls = []

    def wrong(x):
        calls.append(x)
        return 3 * x

    assert passes(twice, twice.solve, kind) and run(twice, twice.solve, kind).passed
    assert not passes(twice, wrong, kind) and len(calls) == 1
    assert not run(twice, wrong, kind).passed and len(calls) > 2


def test_infinity_and_nan_are_outcomes_that_can_be_the_same():
    odd, even, ones = np.array([np.nan, np.inf, 1.0]), np.array([1.0, np.inf, 1.0]), np.ones(3)
    assert same(odd, odd.copy()) and same(even, even.copy())
    assert not same(odd, even) and not same(even, ones)
    assert not same(ones, even) and not same(ones, odd)


def same(a, b, tolerance=1e-4):
    return Outcome(a).same(Outcome(b), tolerance)


def test_outcomes_are_the_same_within_the_tolerance_of_the_largest_number():
    a = np.linspace(-1, 1, 10_001)  # whose sum is nearly zero
    assert same(a, a + 0.9e-4) and not same(a, a + 1.1e-4)
    assert not same(a, np.where(a == 1, 1.001, a))  # one number of ten thousand, and sums as good as equal
    assert not same(a, a[::-1])  # the same sum
    assert not same(np.ones((2, 3)), np.ones((3, 2)))
    assert not same(np.full(3, 1e308), np.full(3, -1e308))  # whose sums overflow


def test_words_are_part_of_an_outcome():
    array = np.ones(3)
    assert Outcome(words="None came").same(Outcome(words="None came"), 1)
    assert not Outcome(words="None came").same(Outcome(words="a list came"), 1)
    assert not Outcome(words="None came").same(Outcome(array), 1)
    assert Outcome(np.array([np.inf])).overflowed and not Outcome(array).overflowed
    assert not Outcome(words="None came").overflowed


@pytest.fixture
def three():
    """A problem with three results, and a misconception about each of the first two."""
    problem = Problem("demo.three", "00-demo", outputs={"a": "B", "b": "B", "c": "B"})
    problem.reference(lambda x: (2 * x, 3 * x, 4 * x))
    problem.arguments(lambda rng, s: (normal(rng, s.B),))
    problem.misconception("Once?", name="once")(lambda x: (x, 3 * x, 4 * x))
    problem.misconception("Squared?", name="squared")(lambda x: (2 * x, x**2, 4 * x))
    problem.misconception("Nothing?", name="nothing")(lambda x: (0 * x, 0 * x, 0 * x))
    return problem


def test_two_mistakes_are_named_together_and_one_beside_an_unknown_fault_is_not(three):
    assert run(three, lambda x: (x, 3 * x, 4 * x)).misconceptions == ("once",)
    assert run(three, lambda x: (x, x**2, 4 * x)).misconceptions == ("once", "squared")
    assert run(three, lambda x: (x, 3 * x, 4 * x + 1)).misconceptions == ()
    assert run(three, lambda x: (x, 3 * x, 4 * x + (x.size == 2))).misconceptions == ()  # in one case of many


def test_zeros_are_named_beside_what_is_right_only(three):
    assert run(three, lambda x: (0 * x, 0 * x, 0 * x)).misconceptions == ()
    three.misconception("Never?", name="a-never-filled")(lambda x: (0 * x, 3 * x, 4 * x))
    assert run(three, lambda x: (0 * x, 3 * x, 4 * x)).misconceptions == ("a-never-filled",)


def test_an_error_or_nan_at_the_edge_hides_no_known_mistake_and_is_none_by_itself(three):
    def stops_at_one_row(x):
        return (x, 3 * x, 4 * x) if len(x) > 1 else x[1]

    def nan_at_one_row(x):
        return (x if len(x) > 1 else np.nan * x, 3 * x, 4 * x)

    for known in (stops_at_one_row, nan_at_one_row):
        assert run(three, known, "hidden").misconceptions == ("once",), known

    def right_but_for_one_row(x):
        return three.solve(x) if len(x) > 1 else x[1]

    three.misconception("Stops?", name="stops")(right_but_for_one_row)
    assert run(three, right_but_for_one_row, "hidden").misconceptions == ()
    assert run(three, lambda x: x.unknown).misconceptions == ()


def test_a_variant_has_the_name_and_the_hint_of_its_misconception(three):
    three.variant("once")(lambda x: (x + 1, 3 * x, 4 * x))
    verdict = run(three, lambda x: (x + 1, 3 * x, 4 * x))
    assert (verdict.misconceptions, verdict.hints) == (("once",), ("Once?",))
    with pytest.raises(ValueError, match="expected the name of a misconception of demo.three, got 'twice'"):
        three.variant("twice")
