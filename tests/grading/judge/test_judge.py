"""The judge: what is right earns its points, what is wrong is named, and what is hidden stays hidden."""

import contextlib
import dataclasses
import io
import json
import os
import signal

import numpy as np
import pytest

from grading.course import Course
from grading.demo import answers
from grading.judge import judge
from grading.judge.hidden import told
from grading.judge.judge import Limits, grade
from grading.judge.verdict import Answer, CellError
from grading.release import solution
from rnnchecks import find
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.run import run
from tests.grading.adversarial.paper import EXERCISE, ROOT, add, as_bytes, cell, released, solutions, solved, write
from tests.grading.adversarial.paper import source as course_notebook

SMALL = Limits(call=1.0, cell=2.0, notebook=30.0)
FULL = 20.0  # points of every exercise, but for its open question
EXERCISES = Course(ROOT).exercises


def judged(nb, limits=SMALL, **settings):
    """Judge a notebook of the short exercise."""
    return grade(as_bytes(nb), course_notebook(), EXERCISE, limits, **settings)


def test_of(verdict, function):
    return next(test for test in verdict.tests if test.function == function)


test_of.__test__ = False


def planted(exercise, parts, answer):
    """The exercise with `answer(part)` in the cell of each part, as bytes."""
    nb = json.loads((ROOT / "exercises" / exercise / f"{exercise}.ipynb").read_text())
    cells = {part.solution: answer(part) for part in parts}
    for one in nb["cells"]:
        name = one["metadata"].get("nbgrader", {}).get("grade_id")
        one["source"] = cells.get(name, one["source"])
    return json.dumps(nb).encode()


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.promise("M1")
def test_the_courses_own_answers_earn_full_marks(exercise):
    """What trains a net takes long; of such functions only one is marked here, and the others stay as released."""
    course, (nb, parts) = Course(ROOT), solution.read(Course(ROOT), exercise)
    texts = {solution.grade_id(one): answers.right(one.source) for one in solution.graded(nb, "solution")}
    left = [part for part in parts if isinstance(part.problem, MeasuredProblem) and exercise != "08-language"]
    for part in left:
        texts[part.solution] = f"def {part.solution}(*args):\n    raise NotImplementedError"
    secret = course.file("source", exercise).read_bytes()
    verdict = grade(planted(exercise, parts, lambda part: texts[part.solution]), secret, exercise, Limits())
    lost = {test.function: test.text for test in verdict.tests if not test.earned}
    assert set(lost) == {part.solution for part in left}, lost
    assert verdict.earned == FULL - sum(part.points for part in left)
    assert verdict.status == "graded" and verdict.reason == "" and verdict.notes == ()
    assert verdict.points == FULL + sum(answer.points for answer in verdict.answers)
    assert all(test.cases == "hidden" for test in verdict.tests if test.earned)


@pytest.mark.parametrize("exercise", ["02-forward", "05-lstm", "12-attention", "14-after"])
@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.promise("M2")
def test_it_decides_as_plain_nbgrader_does(exercise, place):
    """There, the same check runs beside the student's function: verdict, misconceptions and words agree."""
    course = Course(ROOT)
    parts = solution.read(course, exercise)[1]
    texts = {part.test: answers.mistaken(part.problem, part.problem.misconceptions[place]) for part in parts}
    secret = course.file("source", exercise).read_bytes()
    verdict = grade(planted(exercise, parts, lambda part: texts[part.test]), secret, exercise, Limits())
    for part, test in zip(parts, verdict.tests, strict=True):
        names = {"np": np}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(texts[part.test], names)
            plain = run(part.problem, names[part.problem.function_name], "visible", "")
            if plain.passed:
                plain = run(part.problem, names[part.problem.function_name], "hidden", "")
        assert (test.id, test.problem) == (part.test, part.problem.name)
        assert (test.outcome, test.cases) == (plain.kind, plain.cases_kind)
        assert (test.misconceptions, test.hints) == (plain.misconceptions, plain.hints)
        expected = told(plain) if plain.cases_kind == "hidden" else plain.headline()
        assert test.earned == 0 and test.text.startswith(expected)


@pytest.mark.promise("M4")
def test_a_right_answer_that_writes_into_its_arguments_passes():
    course = Course(ROOT)
    parts = solution.read(course, "05-lstm")[1]
    texts = {part.test: answers.writes_into_argument(part.problem) for part in parts}
    spoiling = {part.test for part in parts if texts[part.test]}
    texts = {part.test: texts[part.test] or answers.reference(part.problem) for part in parts}
    secret = course.file("source", "05-lstm").read_bytes()
    verdict = grade(planted("05-lstm", parts, lambda part: texts[part.test]), secret, "05-lstm", Limits())
    assert verdict.earned == FULL
    assert {test.id for test in verdict.tests if test.writes_into and test.beside} == spoiling
    assert len(spoiling) >= 4


def test_a_stub_and_what_calls_it():
    verdict = judged(released())
    assert verdict.earned == 0 and verdict.status == "graded"
    assert {test.outcome for test in verdict.tests} == {"unwritten"}
    assert verdict.answers == (Answer("open-question", 4.0, "*Your answer here.*", False),)


def test_a_cell_that_fails_costs_its_own_function_only():
    nb = solved()
    write(nb, "softmax", "def softmax(logits:\n    return logits")
    add(nb, "print('before')\n1 / 0", name="mine")
    verdict = judged(nb)
    test = test_of(verdict, "softmax")
    assert test.outcome == "undefined" and "SyntaxError" in test.text and verdict.earned == FULL - 2
    records = {record.id: record for record in verdict.cells}
    assert records["softmax"].status == "error" and records["softmax"].kind == "answer"
    assert records["mine"].kind == "other" and records["mine"].output == "before\n"
    assert records["mine"].error == CellError("ZeroDivisionError", "division by zero", "<module>, line 2: 1 / 0")


ENDS = {
    "died": ("import os; os._exit(3)", "exit code 3"),
    "stopped": ("while True: pass", "still running"),
    "timed out": (
        "import signal\n    for n in (14, 26, 27): signal.signal(n, signal.SIG_IGN)\n    while True: pass",
        "time",
    ),
    "error": ("import sys; sys.exit(0)", "SystemExit"),
}


@pytest.mark.parametrize(("word", "end"), ENDS.items(), ids=ENDS)
def test_a_call_that_does_not_come_back_costs_its_own_function_only(word, end):
    nb = solved()
    write(nb, "one_hot", f"def one_hot(ids, V):\n    {end[0]}")
    verdict = judged(nb)
    test = test_of(verdict, "one_hot")
    assert test.outcome == word and end[1] in test.text and verdict.earned == FULL - 1
    assert verdict.status == (word if word in ("died", "timed out") else "graded")


def test_a_deadly_cell_is_left_out_when_the_others_are_run_again():
    nb = solved()
    add(nb, "open('/tmp/seen', 'a').write('x')", name="before", after="softmax")
    add(nb, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", name="deadly", after="before")
    add(nb, "kept = 1", name="behind", after="deadly")
    verdict = judged(nb)
    assert verdict.earned == FULL and verdict.status == "died"
    assert verdict.reason == "In cell deadly the process ended: it was killed."
    status = {record.id: record.status for record in verdict.cells}
    assert (status["before"], status["deadly"], status["behind"]) == ("ok", "died", "ok")


def test_when_the_notebooks_time_is_up_what_was_earned_stays():
    nb = solved()
    for name in ("softmax", "cross_entropy", "perplexity"):
        slow = "import time\nt = time.monotonic()\nwhile time.monotonic() < t + 4: sum(range(1000))"
        add(nb, slow, name=f"slow-{name}", after=f"check-{name}")
    verdict = judged(nb, Limits(call=1.0, cell=20.0, notebook=6.0))
    assert verdict.status == "timed out" and 0 < verdict.earned < FULL
    assert test_of(verdict, "one_hot").earned == 1 and test_of(verdict, "perplexity").outcome == "timed out"
    assert verdict.seconds.total < 60


TELLS = """
import numpy as np
seen = []
def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
    number = f"{x_t.flat[0]:.6f}"
    seen.append(number)
    open("/tmp/seen", "a").write(number)
    print("SEEN", number)
    if number not in VISIBLE:
        raise ValueError(f"SEEN {number}")
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
"""


@pytest.mark.parametrize("again", ["", "def rnn_step(*args): pass"], ids=["once", "defined again below"])
@pytest.mark.promise("S8")
def test_nothing_of_a_hidden_case_is_shown(again):
    """Nor what a student's own function tells of it: in words, in its output, or by way of a later cell."""
    nb = solved()
    visible, hidden = (
        {f"{case.args[0].flat[0]:.6f}" for case in find("forward.rnn_step").cases(kind, "")}
        for kind in ("visible", "hidden")
    )
    write(nb, "rnn_step", TELLS.replace("VISIBLE", str(visible)))
    add(nb, f"print(seen, open('/tmp/seen').read())\n{again}", name="later", after=None)
    verdict = judged(nb)
    test = test_of(verdict, "rnn_step")
    assert (test.outcome, test.cases, test.earned) == ("error", "hidden", 0)
    assert "case  " in test.text and "hidden" in test.text and test.trace == ""
    assert "SEEN" not in json.dumps(dataclasses.replace(test, trace="").to_json())
    (later,) = [record.output for record in verdict.cells if record.id == "later"]
    assert all(number in later for number in visible)
    assert not any(number in json.dumps(verdict.to_json()) for number in hidden - visible)


@pytest.mark.parametrize("later", ["def softmax(logits):\n    return 0", "np = None", "weights = 0"])
def test_what_a_later_cell_defines_again_does_not_count(later):
    nb = solved()
    with_global = "weights = 1\n\n\ndef softmax(logits):\n    1 / weights"
    write(nb, "softmax", solutions()["softmax"].replace("def softmax(logits):", with_global))
    add(nb, later, name="later", after="check-perplexity")
    assert judged(nb).earned == FULL


def test_the_seed_changes_the_hidden_cases_and_nothing_else():
    nb = solved()
    write(nb, "count_parameters", """
        def count_parameters(D, H, K):
            print(D, H, K)
            return D * H + H * H + H + H * K + K
        """)  # fmt: skip
    add(nb, "import os\nprint(sorted(os.environ), open('/proc/self/environ').read())", name="mine")
    for seed in ("", "a secret"):
        verdict = judged(nb, seed=seed)
        assert verdict.earned == FULL and "secret" not in json.dumps(verdict.to_json())
    from grading.judge import test_cell

    seen = []
    real = test_cell.run
    try:
        test_cell.run = lambda problem, function, kind, seed, *others: seen.append((kind, seed)) or real(
            problem, function, kind, seed, *others)  # fmt: skip
        judged(nb, seed="a secret")
    finally:
        test_cell.run = real
    assert set(seen) == {("marked", ""), ("hidden", "a secret")}


FORGERIES = {
    "numpy compares everything as equal": "import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True",
    "check is replaced": "def check(*a, **k):\n    print('passed')",
    "an array that is equal to everything": """
        import numpy as np
        class Sly(np.ndarray):
            def __eq__(self, other): return np.ones(1, bool)
            __le__ = __lt__ = __ge__ = __eq__
            def __array_ufunc__(self, *a, **k): return np.zeros(1)
            def __array__(self, *a, **k): return np.zeros(1)
        def softmax(logits): return np.ones(1).view(Sly)
        """,
    "an object that is equal to everything": """
        class Yes:
            def __eq__(self, other): return True
            def __getattr__(self, name): return Yes()
            def __call__(self, *a, **k): return Yes()
            def __array__(self, *a, **k): return 1
        def softmax(logits): return Yes()
        """,
    "the test cell says that it passed": "",
}


@pytest.mark.parametrize("forgery", FORGERIES, ids=FORGERIES)
def test_forgeries_earn_nothing(forgery):
    nb = released()
    write(nb, "softmax", "def softmax(logits):\n    return 0 * logits")
    add(nb, FORGERIES[forgery], name="forged", after="softmax")
    cell(nb, "check-softmax")["source"] = "print('passed')"
    verdict = judged(nb)
    assert verdict.earned == 0 and test_of(verdict, "softmax").outcome != "passed"
    assert "The test cell check-softmax was changed; the course's own was run." in verdict.notes


def test_what_only_shows_something_is_not_run_and_what_the_student_wrote_is():
    nb = solved()
    write(nb, "use-softmax", "print('my own look')")
    status = {record.id: record.status for record in judged(nb).cells}
    assert status["use-softmax"] == "ok" and status["use-one-hot"] == "not run" and status["one_hot"] == "ok"


def test_magics_do_what_they_do_in_jupyter_and_what_did_nothing_is_noted():
    nb = solved()
    add(nb, "%matplotlib inline\n!echo from the shell\n!pip install numpy\nprint('below')", name="mine")
    write(nb, "softmax", "%%time\n" + solutions()["softmax"])
    verdict = judged(nb)
    assert verdict.earned == FULL
    assert verdict.notes == ("Cell mine: pip installs nothing here; notebooks are marked without a network.",)
    (output,) = [record.output for record in verdict.cells if record.id == "mine"]
    assert output == "from the shell\nbelow\n"


def test_the_lines_of_an_error_are_the_cells():
    nb = solved()
    for magic in ("", "%%time", "%%capture"):
        add(nb, f"{magic or '#'}\n\n\ndef f():\n    return 1 / 0\nf()", name=f"mine{magic.strip('%')}")
    verdict = judged(nb)
    traces = [record.error.trace for record in verdict.cells if record.id.startswith("mine")]
    assert traces == ["<module>, line 6: f()\nf, line 5: return 1 / 0"] * 3


def test_what_lies_beside_the_notebook_can_be_imported_and_read():
    nb = solved()
    add(
        nb,
        "from helper import two\nfrom pack.deep import three\nprint(two, three, open('data.txt').read())",
        name="mine",
    )
    files = {"helper.py": b"two = 2", "pack/deep.py": b"three = 3", "data.txt": b"four"}
    for sandboxed in (True, False):
        for there in (files, {}):  # and nothing of it for the next one
            verdict = judged(nb, sandboxed=sandboxed, files=there)
            (record,) = [record for record in verdict.cells if record.id == "mine"]
            assert record.output.strip() == ("2 3 four" if there else ""), record


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"<html>", "unreadable", "not JSON"),
        (b" " * 2**21, "too large", "at most 1.0 MiB"),
        (b"", "unreadable", "empty"),
    ],
)
def test_what_is_no_notebook_gets_a_verdict(data, status, words):
    verdict = grade(data, course_notebook(), EXERCISE, Limits(submission=2**20))
    assert verdict.status == status and words in verdict.reason
    assert verdict.earned == 0 and verdict.points == FULL + 4 and len(verdict.tests) == 10
    assert {test.outcome for test in verdict.tests} == {"undefined"} and len(verdict.answers) == 1


def test_the_sandbox_stays_warm_and_is_replaced_when_it_dies():
    judged(solved())
    box = judge._boxes[True]
    judged(solved())
    assert judge._boxes[True] is box
    os.kill(first := box.first, signal.SIGKILL)
    assert judged(solved()).earned == FULL
    assert judge._boxes[True].first != first


def test_without_walls_the_verdict_says_so():
    verdict = judged(solved(), sandboxed=False)
    assert verdict.sandbox == "none" and verdict.earned == FULL
    walled = judged(solved())
    assert walled.sandbox == "bubblewrap" and walled.bound not in ("", verdict.bound)


def test_a_test_of_another_kind():
    """A test cell may also assert: it gets what the course imports, and the student's functions."""
    meta = dict(grade=True, solution=False, locked=True, points=2, grade_id="check-f", schema_version=3)
    task = dict(grade=False, solution=True, locked=False, grade_id="f", schema_version=3)
    text = "assert np.allclose(f(np.ones(2)), 3), 'f(1) should be 3'\n"
    text += "### BEGIN HIDDEN TESTS\nassert f(5) == 15\n### END HIDDEN TESTS"
    cells = [
        ("imports", "import numpy as np", None),
        ("f", "def f(x):\n    return 3 * x", task),
        ("check-f", text, meta),
    ]
    nb = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        dict(cell_type="code", id=name, source=words, outputs=[], execution_count=None,
             metadata={"nbgrader": meta} if meta else {}) for name, words, meta in cells]}  # fmt: skip
    course = as_bytes(nb)
    for body, verdict, phase in (("3 * x", "passed", "hidden"), ("x + 1", "failed", "visible"),
                                 ("[3, 3]", "failed", "hidden"), ("x.y", "error", "visible")):  # fmt: skip
        nb["cells"][1]["source"] = f"def f(x):\n    return {body}"
        (test,) = grade(as_bytes(nb), course, "exercise", SMALL).tests
        assert (test.outcome, test.cases, test.earned) == (verdict, phase, 2.0 * (verdict == "passed"))
        assert "15" not in test.text
    assert "AttributeError" in test.text and test.trace == "f, line 2: return x.y"
    nb["cells"][1]["source"] = "g = 1"
    (test,) = grade(as_bytes(nb), course, "exercise", SMALL).tests
    assert test.outcome == "undefined" and test.text == "check-f is not defined."
