"""Honest slips that look like attempts are told as slips, and honest code that is unusual loses nothing."""

import pytest

from grading.course import Course
from grading.demo import answers
from grading.judge.judge import Limits, grade
from grading.release import solution
from tests.grading.adversarial.paper import ROOT
from tests.grading.judge.test_judge import planted, test_of

EXERCISE, FUNCTION = "03-bptt", "numeric_gradient"  # the one that is given a function
HEAD = "KEPT = []\n\ndef numeric_gradient(f, x, eps=1e-5):\n"
SLIPS = {
    "returns the function that it was given": "return f",
    "returns it in a list": "return [f]",
    "returns it in a dict, with what it was called with": "return {'f': f, 'x': x}",
    "returns itself": "return numeric_gradient",
    "returns a generator": "yield f(x)",
    "returns a function of its own": "return lambda: f(x)",
    "returns a type": "return type(x)",
    "returns a module": "return np",
    "returns a method that nobody called": "return x.sum",
    "returns an array of more axes than any tensor has": "return x[(None,) * 40]",
    "returns a source of random numbers of another kind": "return np.random.Generator(np.random.MT19937(0))",
    "returns the function of its first call": "KEPT.append(f)\n    return KEPT[0]",
    "calls the function of its first call": "KEPT.append(f)\n    return KEPT[0](x)",
    "calls what it was given in a process of its own":
        "import os\n    if os.fork() == 0:\n        f(x)\n    os.wait()\n    return f",
}  # fmt: skip
IN_PARTS = """
    from concurrent.futures import ThreadPoolExecutor
    def part(i):
        up, down = x.astype(float), x.astype(float)
        up.flat[i] += eps
        down.flat[i] -= eps
        return (f(up) - f(down)) / (2 * eps)
    with ThreadPoolExecutor(4) as pool:
        return np.array(list(pool.map(part, range(x.size)))).reshape(x.shape)
"""
HONEST = {
    "threads that call what it was given": IN_PARTS,
    "an object that keeps what it was given": IN_PARTS.replace("f(", "kept.function(").replace(
        "    def part", "    import types\n    kept = types.SimpleNamespace(function=f)\n    def part"
    ),
}


def marked(body):
    """The verdict on the course's own answers, with another body for one of them."""
    nb, parts = solution.read(Course(ROOT), EXERCISE)
    texts = {solution.grade_id(one): answers.right(one.source) for one in solution.graded(nb, "solution")}
    texts[FUNCTION] = HEAD + "    " + body.strip() + "\n"
    secret = Course(ROOT).file("source", EXERCISE).read_bytes()
    data = planted(EXERCISE, parts, lambda part: texts[part.solution])
    return grade(data, secret, EXERCISE, Limits(call=5.0)), sum(part.points for part in parts)


@pytest.mark.parametrize("body", SLIPS.values(), ids=SLIPS)
@pytest.mark.promise("V5")
def test_a_slip_is_told_as_one(body):
    """Where the line between the two processes takes one for an attempt, the status is "died", and says so."""
    verdict, full = marked(body)
    test = test_of(verdict, FUNCTION)
    assert (verdict.status, verdict.reason) == ("graded", "")
    assert verdict.earned == full - test.points and test.points > 0
    assert test.outcome in ("returned", "wrong", "error")
    assert "no notebook sends" not in test.text and "process ended" not in test.text


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
@pytest.mark.promise("V5")
def test_honest_code_loses_nothing(body):
    verdict, full = marked(body)
    assert (verdict.status, verdict.earned) == ("graded", full), test_of(verdict, FUNCTION).text


def test_several_errors_at_once_are_told_in_their_own_words():
    test = test_of(marked("raise ExceptionGroup('two went wrong', [ValueError('a'), ValueError('b')])")[0], FUNCTION)
    assert "ExceptionGroup: two went wrong" in test.text
    assert test.trace.startswith("numeric_gradient, line 4: raise ExceptionGroup") and "\n" not in test.trace
