"""The checks are checked: right answers pass in every style, each misconception is found by its name, mutants fail."""

import itertools
from importlib import import_module

import pytest

from rnnchecks.catalogue import exercises, problems
from rnnchecks.engine.mutants import mutants, survivors
from rnnchecks.engine.recognise import prepare, recognised, same_outcome
from rnnchecks.engine.run import passes, run
from tests.rnnchecks.equivalents import EQUIVALENT

PROBLEMS = problems()
MISCONCEPTIONS = [(problem, m) for problem in PROBLEMS for m in (*problem.misconceptions, *problem.combinations)]
STYLES = {
    name: functions
    for exercise in exercises().values()
    for name, functions in import_module(f"tests.rnnchecks.{exercise}.styles").STYLES.items()
}
KINDS = ("visible", "hidden")
SEEDS = range(50)
FEW = range(5)
KILLED_SHARE = 0.98


def by_name(value):
    return getattr(value, "name", None)


def both(problem, function, seed=0):
    """Verdicts on the visible and on the hidden cases."""
    return [run(problem, function, kind, seed) for kind in KINDS]


def named(verdict):
    """Pairs of name and hint, as `Misconception.named` has them."""
    return tuple(zip(verdict.misconceptions, verdict.hints, strict=True))


def test_every_problem_has_a_name_of_its_own_and_is_complete():
    names = [problem.name for problem in PROBLEMS]
    assert len(names) == len(set(names))
    for problem in PROBLEMS:
        assert problem.cases("visible"), problem.name
        assert problem.cases("hidden"), problem.name
        keys = [m.name for m in problem.misconceptions]
        assert len(keys) == len(set(keys)), problem.name
        assert len(keys) >= 4, problem.name


def test_there_are_as_many_as_were_promised():
    """Of the exercises 01 to 07; two faults at once are not counted."""
    ours = [problem for problem in PROBLEMS if "01" <= problem.exercise[:2] <= "07"]
    single = [m for problem in ours for m in problem.misconceptions if "-and-" not in m.name]
    print(f"{len(ours)} functions, {len(single)} misconceptions")
    assert len(ours) >= 35
    assert len(single) >= 130


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_right_answers_in_every_style_pass_on_every_seed(problem):
    """The reference, which the solution prints, and at least two others."""
    assert len(STYLES[problem.name]) >= 2
    for seed, kind in itertools.product(SEEDS, KINDS):
        for function in (problem.solve, *STYLES[problem.name]):
            if not passes(problem, function, kind, seed):
                pytest.fail(f"{function}, seed {seed}\n{run(problem, function, kind, seed)}")


@pytest.mark.parametrize(("problem", "misconception"), MISCONCEPTIONS, ids=by_name)
def test_a_misconception_fails_under_its_own_name(problem, misconception):
    visible, hidden = both(problem, misconception.wrong)
    failing = visible if not visible.passed else hidden  # some show only in a hidden case
    assert not failing.passed
    assert named(failing)[: len(misconception.named)] == misconception.named, f"\n{failing}"


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_each_misconception_is_told_from_every_other_on_every_seed(problem):
    """In the visible cases alone, where it shows there: a student reads that verdict first. And in all cases."""
    for seed in SEEDS:
        visible, everywhere = prepare(problem, "visible", seed), prepare(problem, "all", seed)
        for known in (visible, everywhere):
            wrong = [(m, given) for m, given in known.wrong() if known is everywhere or any(map(any, given.differs))]
            if seed not in FEW:  # faults left together are many, and each is known by the others
                wrong = [(m, given) for m, given in wrong if not m.faults]
            for misconception, given in wrong:
                first = tuple(recognised(known, given.outcomes)[: len(misconception.named)])
                assert first == misconception.named, f"seed {seed}: {misconception.name} is called {first}"
            for (first, one), (second, other) in itertools.combinations(wrong, 2):
                if first.named != second.named:
                    assert not alike(problem, one, other), f"seed {seed}: {first.name} and {second.name}"


def alike(problem, one, other):
    """Say whether two misconceptions give the same in every case."""
    pairs = ((x, y) for xs, ys in zip(one.outcomes, other.outcomes) for x, y in zip(xs, ys))
    return one.differs == other.differs and all(same_outcome(x, y, problem.tolerance) for x, y in pairs)


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_a_stub_is_answered_kindly(problem):
    def stub(*args):
        raise NotImplementedError(f"{problem.exercise}: {problem.function_name}")

    verdict = run(problem, stub)
    assert verdict.kind == "unwritten"
    assert not verdict.misconceptions


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_mutants_of_the_reference_fail(problem):
    made, survived = survivors(problem, EQUIVALENT)
    assert made >= 1
    assert 1 - len(survived) / made >= KILLED_SHARE, "\n".join(survived)


def test_listed_equivalents_exist():
    made = {(problem.name, description) for problem in PROBLEMS for description, _ in mutants(problem.solve)}
    assert set(EQUIVALENT) <= made
