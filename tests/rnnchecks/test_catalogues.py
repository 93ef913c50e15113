"""The checks are checked: right answers pass in every style, each misconception is found by its name, mutants fail."""

import itertools
from importlib import import_module

import pytest

from rnnchecks.catalogue import exercises, problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.mutants import mutants, survivors
from rnnchecks.engine.prepare import prepare
from rnnchecks.engine.recognise import recognise
from rnnchecks.engine.run import passes, run
from tests.rnnchecks.equivalents import EQUIVALENT

PROBLEMS = problems()
# What measures what came back has no reference and no wrong programs here, but in test_measured.py and test_train_*.py.
COMPARED = [problem for problem in PROBLEMS if not isinstance(problem, MeasuredProblem)]
MISCONCEPTIONS = [
    (problem, m) for problem in COMPARED for m in (*problem.misconceptions, *problem.variants, *problem.combinations)
]
STYLES = {
    name: functions
    for exercise in exercises().values()
    for name, functions in import_module(f"tests.rnnchecks.{exercise}.styles").STYLES.items()
}
KINDS = ("visible", "hidden")
FEW = range(2)
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
        measured = isinstance(problem, MeasuredProblem)
        keys = list(problem.findings) if measured else [m.name for m in problem.misconceptions]
        assert len(keys) == len(set(keys)), problem.name
        assert len(keys) >= 4, problem.name


@pytest.mark.parametrize("problem", COMPARED, ids=by_name)
def test_right_answers_in_every_style_pass_on_every_seed(problem, seeds):
    """The reference, which the solution prints, and at least two others."""
    assert len(STYLES[problem.name]) >= 2
    for seed, kind in itertools.product(seeds, KINDS):
        for function in (problem.solve, *STYLES[problem.name]):
            if not passes(problem, function, kind, seed):
                pytest.fail(f"{function}, seed {seed}\n{run(problem, function, kind, seed)}")


@pytest.mark.parametrize(("problem", "misconception"), MISCONCEPTIONS, ids=by_name)
def test_a_misconception_fails_under_its_own_name(problem, misconception):
    visible, hidden = both(problem, misconception.wrong)
    failing = visible if not visible.passed else hidden  # some show only in a hidden case
    assert not failing.passed
    assert named(failing)[: len(misconception.named)] == misconception.named, f"\n{failing}"


@pytest.mark.parametrize("problem", COMPARED, ids=by_name)
def test_each_misconception_is_told_from_every_other_on_every_seed(problem, seeds):
    """In the visible cases alone, where it shows there: a student reads that verdict first. And in all cases."""
    made = {known.wrong for known in problem.made}
    for seed in seeds:
        visible, everywhere = prepare(problem, "visible", seed), prepare(problem, "all", seed)
        for prepared in (visible, everywhere):
            written = [(m, g) for m, g in prepared.mistaken() if m.wrong not in made]
            wrong = [(m, g) for m, g in written if prepared is everywhere or any(map(any, g.differs))]
            if seed not in FEW:  # faults left together are many, and each is known by the others
                wrong = [(m, given) for m, given in wrong if not m.faults]
            for misconception, given in wrong:
                first = tuple(recognise(prepared, given.outcomes)[: len(misconception.named)])
                assert first == misconception.named, f"seed {seed}: {misconception.name} is called {first}"
            for (first, one), (second, other) in itertools.combinations(wrong, 2):
                if first.named != second.named:
                    assert not alike(problem, one, other), f"seed {seed}: {first.name} and {second.name}"


@pytest.mark.parametrize("problem", [problem for problem in COMPARED if problem.rules], ids=by_name)
def test_what_rules_make_is_called_by_its_name_or_by_one_that_somebody_wrote_for_the_same_numbers(problem):
    names = {}
    for known in problem.known:
        assert names.setdefault(known.name, known.hint) == known.hint, f"{known.name} has two hints"
    prepared = prepare(problem, "visible", 0)
    everybody = prepared.mistaken()
    own, tried = 0, 0
    for place, (misconception, given) in enumerate(everybody):
        numbers = any(one.array is not None and one.array.any() for each in given.outcomes for one in each)
        if misconception not in problem.made or not any(map(any, given.differs)) or not numbers:
            continue
        tried += 1
        first = tuple(recognise(prepared, given.outcomes))
        same = [m.named for m, other in everybody[:place] if alike(problem, other, given)] or [misconception.named]
        assert first == same[0], f"{misconception.name} is called {first}"
        own += first == misconception.named
    assert own >= tried / 2


def alike(problem, one, other):
    """Say whether two misconceptions give the same in every case."""
    pairs = ((x, y) for xs, ys in zip(one.outcomes, other.outcomes) for x, y in zip(xs, ys))
    return one.differs == other.differs and all(x.same(y, problem.tolerance) for x, y in pairs)


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_a_stub_is_answered_kindly(problem):
    def stub(*args):
        raise NotImplementedError(f"{problem.exercise}: {problem.function_name}")

    verdict = run(problem, stub)
    assert verdict.kind == "unwritten"
    assert not verdict.misconceptions


@pytest.mark.parametrize("problem", COMPARED, ids=by_name)
def test_mutants_of_the_reference_fail(problem):
    made, survived = survivors(problem, EQUIVALENT)
    assert made >= 1
    assert 1 - len(survived) / made >= KILLED_SHARE, "\n".join(survived)


def test_listed_equivalents_exist():
    made = {(problem.name, description) for problem in COMPARED for description, _ in mutants(problem.solve)}
    assert set(EQUIVALENT) <= made
