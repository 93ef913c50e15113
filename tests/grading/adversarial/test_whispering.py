"""What a function sees of a hidden case makes no difference to what its student is told, but for a choice of a list."""

import dataclasses
import itertools
import json

import pytest

from grading.judge import hidden
from grading.judge.judge import grade
from grading.judge.verdict import Seconds
from grading.sandbox import remote
from grading.sandbox.box import Limits
from rnnchecks import find, problems
from rnnchecks.engine.run import run
from tests.grading.adversarial.paper import EXERCISE, as_bytes, solved, source, write
from tests.grading.adversarial.whispering import WHISPERING, number

LIMITS = Limits(call=0.5, cell=1.0, notebook=60.0)
# Two courses, in whose hidden cases the numbers differ, those of each function in their lowest bit, too.
SEEDS = next(
    pair
    for pair in itertools.combinations(map(str, range(100)), 2)
    if all((number(name, pair[0]) - number(name, pair[1])) % 4 in (1, 3) for name in ("one_hot", "rnn_step"))
)


@pytest.fixture(scope="module", autouse=True)
def impatient():
    """What hangs is waited for, and nothing here is slow."""
    patient, remote.SLACK = remote.SLACK, 2.0
    yield
    remote.SLACK = patient


def words(data, seed):
    """All of a verdict but what it took, which no page for a student has."""
    verdict = grade(data, source(), EXERCISE, LIMITS, seed=seed)
    tests = tuple(dataclasses.replace(test, seconds=0.0) for test in verdict.tests)
    return json.dumps(dataclasses.replace(verdict, tests=tests, seconds=Seconds()).to_json(), indent=1)


@pytest.mark.promise("S8")
@pytest.mark.parametrize("attack", WHISPERING, ids=[attack.name for attack in WHISPERING])
def test_the_verdict_is_the_same_whatever_number_a_hidden_case_holds(attack):
    first, second = (words(attack.write(), seed) for seed in SEEDS)
    assert first == second


@pytest.mark.promise("S8")
def test_no_hidden_case_is_seen_before_those_above_it_are_answered():
    """Visible cases come in one message, and no two hidden ones: the function looks for others beside its own."""
    seen = len(find("forward.one_hot").cases("visible"))
    nb = solved()
    write(nb, "one_hot", f"""
calls = []
def one_hot(ids, V):
    import sys
    calls.append(1)
    frame, others = sys._getframe(), False
    while frame is not None:
        others = others or frame.f_locals.get("message", {{}}).get("do") == "calls"
        frame = frame.f_back
    return np.eye(V)[ids] if others == (len(calls) <= {seen}) else None
""")  # fmt: skip
    verdict = grade(as_bytes(nb), source(), EXERCISE, LIMITS)
    (found,) = (test for test in verdict.tests if test.function == "one_hot")
    assert found.outcome == "passed", found.text


@pytest.mark.promise("S8")
@pytest.mark.parametrize("problem", problems("forward"), ids=lambda problem: problem.name)
def test_what_is_told_is_one_of_the_list(problem):
    """Whatever a function does: here the mistakes that are known, each in the hidden cases only."""
    labels = {case.label for case in problem.cases("hidden")}
    heads = {f"{words}, in a hidden case" for words in hidden.KINDS.values()}
    n = len(problem.outputs)
    heads |= {f"{'wrong' if n == 1 else f'{right} of {n} tensors agree'}, in a hidden case" for right in range(n)}
    hints = {f"  hint  ({name})  {hint}" for m in problem.known for name, hint in m.named}
    for mistake in problem.misconceptions:
        verdict = run(problem, mistake.wrong, "hidden", "a")
        if verdict.passed:
            continue
        head, case, *rest = hidden.told(verdict).splitlines()
        assert head.removeprefix(problem.function_name).strip() in heads
        assert case.removeprefix("  case  ") in labels
        assert len(rest) <= 2 and set(rest) <= hints


def test_a_submission_carries_no_more_bits_than_its_functions_together():
    names = [problem.name for problem in problems("forward")]
    assert all(3 < hidden.bits(name) < 20 for name in names)
    assert sum(map(hidden.bits, names)) < hidden.bits_of_all(names) < 150
    assert hidden.bits("language.train_char_rnn") < 6  # one case, and a hint at most


@pytest.mark.promise("S13")
def test_no_two_hidden_cases_of_a_course_share_a_generator():
    """One case that is told says nothing of another: not of the same problem, and not of another problem."""
    seen = set()
    for problem in problems():
        for label in [case.label for case in problem.cases("visible")]:
            for seed in ("a", "b", 1):
                seen.add(problem._rng(label, seed, True).bit_generator.state["state"]["state"])
    count = 3 * sum(len(problem.cases("visible")) for problem in problems())
    assert len(seen) == count
