"""What a student sees of an answer, in a notebook and outside; and the engine's rarer answers."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rnnchecks import CheckFailed, check, find
from rnnchecks.api import VERDICT_MIME
from rnnchecks.e02_forward import POINTS
from rnnchecks.e03_bptt._nudges import smooth
from rnnchecks.engine.mutants import survivors
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.run import run
from rnnchecks.notebook import when_written

twice = Problem("demo.twice", "00-demo", outputs={"a": "TB"})


@twice.reference
def reference(x, sizes):
    return 2 * x


@twice.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B), [s.T, s.B]


def test_a_notebook_gets_the_text_with_the_data_behind_it(monkeypatch):
    pytest.importorskip("IPython")
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace())
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    with pytest.raises(CheckFailed) as failed:
        check("forward.count_parameters", lambda D, H, K: 0)
    said = shown[0]["text/plain"]
    assert said == f"{failed.value.verdict}\n  points so far: 0 of 20"
    assert shown[0][VERDICT_MIME]["verdict"] == "wrong"
    (line,) = failed.value._render_traceback_()
    assert line == "CheckFailed: count_parameters wrong (the answer above says more)"


def test_each_check_ends_with_the_points_so_far(capsys, monkeypatch):
    monkeypatch.setattr("rnnchecks.points._given", {})
    step, forward = (find(f"forward.{name}").solve for name in ("rnn_step", "rnn_forward"))
    for _ in range(2):  # a check that is run again gives its points once
        check("forward.rnn_step", step)
        check("forward.rnn_forward", forward)
    with pytest.raises(CheckFailed):
        check("forward.rnn_step", forward)
    check("forward.rnn_step", step)
    check("forward.rnn_step", step, cases="hidden")
    said = [line.strip() for line in capsys.readouterr().out.splitlines() if "points" in line]
    step, both = f"points so far: {POINTS['rnn_step']} of 20", f"points so far: {POINTS['rnn_step'] + 3} of 20"
    assert said == [step, both, both, both, both]


def test_a_cell_that_calls_a_stub_says_so_and_goes_on(capsys):
    with when_written():
        print("first")
        raise NotImplementedError("02-forward: rnn_step")
    assert capsys.readouterr().out == (
        "first\nNot written yet: 02-forward: rnn_step. Once it is, run this cell again.\n"
    )
    with pytest.raises(ValueError, match="mine"), when_written():
        raise ValueError("mine")


def test_a_missing_return_a_comma_and_complex_numbers_are_named():
    assert "None came back. Does the function end with a return?" in " ".join(
        str(run(twice, lambda x, sizes: None)).split()
    )
    assert "a tuple with one element came back" in str(run(twice, lambda x, sizes: (2 * x,)))
    assert "an array of dtype complex128 came back" in str(run(twice, lambda x, sizes: 2 * x + 0j))


def test_a_list_that_changes_is_found():
    def answer(x, sizes):
        sizes.pop()
        return 2 * x

    verdict = run(twice, answer)
    assert verdict.passed and verdict.writes_into == ("sizes",)


def test_a_hidden_case_is_called_one():
    assert run(twice, lambda x, sizes: 3 * x, "hidden").headline().endswith("wrong, in a hidden case")


def test_a_warning_beside_a_right_answer_is_a_note():
    def answer(x, sizes):
        np.log(np.zeros(1))
        return 2 * x

    verdict = run(twice, answer)
    assert verdict.passed and "note  your function warned: RuntimeWarning: divide by zero" in str(verdict)


def test_a_function_to_differentiate_takes_the_whole_array():
    with pytest.raises(ValueError, match=r"shape \(2, 3\); it was given shape \(3,\)"):
        smooth(np.random.default_rng(0), 2, 3)(np.zeros(3))


def test_survivors_counts_what_no_case_notices_unless_it_is_listed():
    idle = Problem("demo.idle", "00-demo", outputs={"a": "TB"})

    @idle.reference
    def idle_reference(x):
        unused = 0  # noqa: F841 - what this mutates into, no case can notice
        return 2 * x

    idle.arguments(lambda rng, s: (normal(rng, s.T, s.B),))
    total, alive = survivors(idle)
    assert alive and total > len(alive) and all("unused" in what or "`0`" in what for what in alive)
    assert survivors(idle, [("demo.idle", what) for what in alive]) == (total - len(alive), [])


def test_outside_a_notebook_check_prints_success_and_leaves_failure_to_its_exception(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    check("forward.count_parameters", lambda D, H, K: D * H + H * H + H + H * K + K)
    assert capsys.readouterr().out.split(maxsplit=1) == [
        "count_parameters",
        "agrees in 3 cases\n  points so far: 1 of 20\n",
    ]
    with pytest.raises(CheckFailed):
        check("forward.count_parameters", lambda D, H, K: 0)
    assert capsys.readouterr().out == ""
