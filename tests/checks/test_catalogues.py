"""The checks are checked: right answers pass in every style, each misconception is found by its name, mutants fail."""

import itertools
from importlib import import_module

import pytest

from rnnlib.checks.api import CATALOGUES, problems
from rnnlib.checks.mutants import mutants, survivors
from rnnlib.checks.run import outcome, run, same_outcome
from tests.checks.equivalents import EQUIVALENT

PROBLEMS = problems()
MISCONCEPTIONS = [(problem, m) for problem in PROBLEMS for m in (*problem.misconceptions, *problem.combinations)]
STYLES = {name: fns for c in CATALOGUES for name, fns in import_module(f"tests.checks.styles_{c}").STYLES.items()}
SEEDS = range(50)
KILLED_SHARE = 0.98


def by_name(value):
    return getattr(value, "name", None)


def both(problem, function, seed=0):
    """Verdicts on the visible and on the hidden cases."""
    return run(problem, function, "visible", seed), run(problem, function, "hidden", seed)


def named(verdict):
    """Pairs of name and hint, as `Misconception.named` has them."""
    return tuple(zip(verdict.misconceptions, verdict.hints, strict=True))


def test_every_problem_has_a_name_of_its_own_and_is_complete():
    names = [problem.name for problem in PROBLEMS]
    assert len(names) == len(set(names))
    for problem in PROBLEMS:
        assert problem.name.split(".")[0] in CATALOGUES
        assert problem.cases("visible"), problem.name
        assert problem.cases("hidden"), problem.name
        keys = [m.name for m in problem.misconceptions]
        assert len(keys) == len(set(keys)), problem.name
        assert len(keys) >= 4, problem.name


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_the_reference_passes_for_every_seed(problem):
    for seed in SEEDS:
        for verdict in both(problem, problem.solve, seed):
            assert verdict.passed, f"seed {seed}\n{verdict}"


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_right_answers_in_other_styles_pass(problem):
    assert len(STYLES[problem.name]) >= 2
    for function in STYLES[problem.name]:
        for verdict in both(problem, function):
            assert verdict.passed, f"{function}\n{verdict}"


@pytest.mark.parametrize(("problem", "misconception"), MISCONCEPTIONS, ids=by_name)
def test_a_misconception_fails_under_its_own_name_on_every_seed(problem, misconception):
    visible, hidden = both(problem, misconception.wrong)
    failing = visible if not visible.passed else hidden  # some show only in a hidden case
    assert not failing.passed
    assert named(failing)[: len(misconception.named)] == misconception.named, f"\n{failing}"
    for seed in range(1, 2 if misconception.faults else 6):
        again = run(problem, misconception.wrong, failing.cases_kind, seed)
        assert named(again)[: len(misconception.named)] == misconception.named, f"seed {seed}\n{again}"


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_no_two_misconceptions_give_the_same_numbers_under_different_hints(problem):
    """In the visible cases alone, too: a student reads that verdict first."""
    known = [*problem.misconceptions, *problem.combinations]
    right = [outcome(problem, problem.solve, case) for case in problem.cases()]
    given = {m.name: [outcome(problem, m.wrong, case) for case in problem.cases()] for m in known}

    def alike(a, b):
        return all(same_outcome(x, y, problem.tolerance) for xs, ys in zip(a, b) for x, y in zip(xs, ys))

    seen = [m for m in known if not alike(given[m.name], right)]  # the others show only in hidden cases
    for first, second in itertools.combinations(seen, 2):
        if first.named != second.named:
            assert not alike(given[first.name], given[second.name]), f"{first.name} and {second.name}"


@pytest.mark.parametrize("problem", PROBLEMS, ids=by_name)
def test_a_stub_is_answered_kindly(problem):
    def stub(*args):
        raise NotImplementedError(f"{problem.exercise}: {problem.function_name}")

    verdict = run(problem, stub)
    assert verdict.kind == "unwritten"
    assert not verdict.misconceptions


def test_mutants_of_the_references_fail():
    total, alive = 0, []
    for problem in PROBLEMS:
        made, survived = survivors(problem, EQUIVALENT)
        total += made
        alive += [f"{problem.name}, {description}" for description in survived]
    share = 1 - len(alive) / total
    print(f"{total} mutants, {share:.1%} noticed")
    assert share >= KILLED_SHARE, "\n".join(alive)


def test_listed_equivalents_exist():
    made = {(problem.name, description) for problem in PROBLEMS for description, _ in mutants(problem.solve)}
    assert set(EQUIVALENT) <= made
