"""Nothing fails in the dark: whatever kind of case can fail in the hidden run has a visible case."""

import pytest

from rnnchecks.catalogue import problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.mutants import mutants
from rnnchecks.engine.problem import HIDDEN, VISIBLE, Problem, normal
from rnnchecks.engine.run import passes
from tests.rnnchecks.kinds import kinds

PROBLEMS = problems()
COMPARED = [problem for problem in PROBLEMS if not isinstance(problem, MeasuredProblem)]
SEEN = ""  # the seed of what a notebook shows
SECRET = ("", "a course's own", "another course's")


def by_name(problem):
    return problem.name


def test_every_kind_of_sizes_is_seen_and_comes_again_in_the_dark():
    general = [label for label in VISIBLE if label.startswith("T = ")]
    assert len(general) == 2
    assert [label for label in VISIBLE if label not in general] == [label for label in HIDDEN if label != "other sizes"]
    for label in set(VISIBLE) & set(HIDDEN):
        assert {name for name in ("T", "B", "H") if VISIBLE[label][name] == 1} == {
            name for name in ("T", "B", "H") if HIDDEN[label][name] == 1
        }


@pytest.mark.promise("M5")
@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_no_hidden_case_is_of_a_kind_that_no_visible_case_is_of(problem):
    seen = set().union(*(kinds(problem, case) for case in problem.cases("visible", SEEN)))
    for seed in SECRET:
        for case in problem.cases("hidden", seed):
            assert kinds(problem, case) <= seen, f"{case.label}: {sorted(kinds(problem, case) - seen)}"


@pytest.mark.promise("M5")
@pytest.mark.parametrize("problem", COMPARED, ids=by_name)
def test_no_known_mistake_shows_only_in_the_dark(problem):
    wrong = {m.name: m.wrong for m in (*problem.misconceptions, *problem.combinations)}
    assert [name for name, function in wrong.items() if passes(problem, function)] == []


@pytest.mark.parametrize("problem", COMPARED, ids=by_name)
def test_no_small_fault_shows_only_in_the_dark(problem):
    unseen = [(name, mutant) for name, mutant in mutants(problem.solve) if passes(problem, mutant)]
    assert [name for name, mutant in unseen if not passes(problem, mutant, "hidden")] == []


def test_a_hidden_case_without_a_visible_one_of_its_kind_cannot_be_registered():
    problem = Problem("demo.double", "00-demo", outputs={"a": "T"})
    with pytest.raises(ValueError, match="like: expected a visible case"):
        problem.special("thirty", like="three")
    problem.special("three")(lambda rng: (normal(rng, 3),))
    problem.special("thirty", like="three")(lambda rng: (normal(rng, 30),))
    problem.special("zeros", hidden=True)(lambda rng: (0 * normal(rng, 3),))
    with pytest.raises(ValueError, match="got 'thirty'"):
        problem.special("forty", like="thirty")
    assert [case.label for case in problem.cases("visible")] == ["three", "zeros"]
    assert [case.label for case in problem.cases("hidden")] == ["thirty", "zeros"]


def test_a_case_that_is_seen_and_comes_again_has_other_numbers():
    problem = Problem("demo.double", "00-demo", outputs={"a": "T"})
    problem.special("three", hidden=True)(lambda rng: (normal(rng, 3),))
    assert (problem.cases("visible", "")[0].args[0] != problem.cases("hidden", "")[0].args[0]).all()
