"""The engine of the checks, on a problem made for the purpose: what comes back, and what is said about it."""

import sys
import warnings

import numpy as np
import pytest

from rnnchecks import CheckFailed, check, find
from rnnchecks.engine.compare import compare
from rnnchecks.engine.diagnose import likely_fault, where
from rnnchecks.engine.manners import remarks
from rnnchecks.engine.problem import Output, Problem, normal
from rnnchecks.engine.run import run

double = Problem("demo.double", "00-demo", outputs={"a": "TB", "total": ""})


@double.reference
def reference(x, y):
    return 2 * x + y, x.sum()


@double.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B), normal(rng, s.T, s.B)


@double.misconception("What does y add?")
def forgot_y(x, y):
    return 2 * x, x.sum()


@double.misconception("A mean is a sum divided by something.")
def mean_for_sum(x, y):
    return 2 * x + y, x.mean()


def test_a_right_answer_passes_in_every_case():
    assert run(double, reference).passed
    assert run(double, reference, "hidden").passed


@pytest.mark.parametrize(
    ("style", "wrap"),
    [
        ("float32", lambda a: a.astype(np.float32)),
        ("array subclass", lambda a: a.view(type("Odd", (np.ndarray,), {"__eq__": lambda self, other: True}))),
        ("not contiguous", lambda a: np.repeat(a, 2, axis=-1)[..., ::2]),
    ],
)
def test_what_carries_the_right_numbers_passes(style, wrap):
    assert run(double, lambda x, y: (wrap(2 * x + y), float(x.sum()))).passed


def test_a_tensor_of_torch_passes_with_or_without_its_graph():
    torch = pytest.importorskip("torch")

    def answer(x, y):
        x = torch.tensor(np.ascontiguousarray(x), requires_grad=True)
        return 2 * x + torch.tensor(np.ascontiguousarray(y)), x.sum()

    assert run(double, answer).passed
    assert run(double, answer, "hidden").passed


class Agreeable:
    """An object that claims to equal everything."""

    __array_priority__ = 1e9

    def __eq__(self, other):
        return True


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x, y: None, "None came back, where 2 results were expected: a, total"),
        (lambda x, y: (2 * x + y,), "1 results came back, where 2 were expected: a, total"),
        (lambda x, y: 2 * x + y, "one ndarray came back, where 2 results were expected"),
        (lambda x, y: (Agreeable(), x.sum()), "an object of type Agreeable came back"),
        (lambda x, y: ([list(row) for row in 2 * x + y], x.sum()), "a list of length 5 came back"),
        (lambda x, y: ((2 * x + y, x), x.sum()), "a tuple of length 2 came back, where one array was expected"),
        (lambda x, y: ("0.5", x.sum()), "an object of type str came back, where numbers were expected"),
        (lambda x, y: ((2 * x + y).astype(str), x.sum()), "an array of dtype <U"),
        (lambda x, y: ((2 * x + y).T, x.sum()), "shape (3, 5), expected (5, 3), that is (T, B). Are its axes swapped?"),
        (lambda x, y: ((2 * x + y)[0], x.sum()), "shape (3,), expected (5, 3)"),
        (lambda x, y: (2 * x + y, np.full((5, 3), x.sum())), "shape (5, 3), expected ()"),
        (lambda x, y: (np.where(x > 0, np.nan, 2 * x + y), x.sum()), "not finite NaN"),
        (lambda x, y: (x / 0, x.sum()), "not finite infinity"),
        (lambda x, y: (True, x.sum()), "an object of type bool came back"),
    ],
)
def test_what_is_not_the_right_kind_of_answer_is_named(wrong, words):
    verdict = run(double, wrong)
    assert not verdict.passed
    assert words in " ".join(str(verdict).split())


def test_numbers_are_never_broadcast():
    assert not run(double, lambda x, y: (2 * x + y, np.array([x.sum()]))).passed


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_right_numbers_pass_and_the_argument_that_they_were_written_into_is_named_beside(kind):
    def answer(x, y):
        x *= 2
        x += y
        return x, (x - y).sum() / 2

    verdict = run(double, answer, kind)
    assert verdict.passed and verdict.writes_into == ("x",)
    said = " ".join(str(verdict).split())
    assert "writes into x, which the caller passed in. A second call with the same arrays would give other" in said


def test_why_a_caller_minds_is_said_once_for_all_arguments_of_one_reason():
    assert len(remarks(["x", "y"], {})) == 1 and "x and y" in remarks(["x", "y"], {})[0]
    first, second = remarks(["x", "y", "z"], {"y": "The other net has to read it."})
    assert "writes into x and z, which" in first
    assert second.endswith("writes into y, which the caller passed in. The other net has to read it.")


def test_the_gaps_in_memory_of_an_argument_reach_the_function():
    seen = []
    run(double, lambda x, y: (seen.append(x.flags.forc), reference(x, y))[1], "hidden")
    assert not all(seen)


def test_an_error_shows_the_students_line_and_the_shapes():
    def answer(x, y):
        return x @ y, x.sum()

    text = str(run(double, answer))
    assert "stops with an error" in text
    assert "return x @ y, x.sum()" in text
    assert "x (5, 3), y (5, 3)" in text
    assert "run.py" not in text


@pytest.mark.parametrize("error", [SystemExit, RecursionError, KeyError])
def test_no_exception_of_the_student_gets_out(error):
    def answer(x, y):
        raise error("stop")

    assert run(double, answer).kind == "error"


def test_a_stub_is_not_called_wrong():
    def stub(x, y):
        raise NotImplementedError("00-demo: double")

    verdict = run(double, stub)
    assert verdict.kind == "unwritten"
    assert "not written yet" in str(verdict)


def test_a_stub_that_the_function_calls_is_named_instead():
    def stub(*args):
        raise NotImplementedError("02-forward: rnn_step")

    text = str(run(find("forward.rnn_forward"), stub))
    assert "calls rnn_step, which is not written yet" in text
    assert "Write rnn_step first" in text


@pytest.mark.parametrize("words", ["02-forward: rnn_stop", "02-forward: rnn_step: (3, 4)", "03-bptt: rnn_backward"])
def test_what_is_no_other_function_of_the_exercise_is_not_named(words):
    def stub(*args):
        raise NotImplementedError(words)

    text = str(run(find("forward.rnn_forward"), stub))
    assert "not written yet" in text and words.partition(": ")[2] not in text


@pytest.mark.filterwarnings("ignore:careful")
def test_warnings_and_prints_cost_nothing_and_reach_no_standard_error(capsys):
    def answer(x, y):
        warnings.warn("careful", stacklevel=1)
        print("looking")
        print("oh", file=sys.stderr)
        return 2 * x + y, x.sum()

    assert run(double, answer).passed
    assert capsys.readouterr().err == ""


def test_the_misconception_is_named_with_its_hint():
    verdict = run(double, lambda x, y: (2 * x, x.sum()))
    assert verdict.misconceptions == ("forgot-y",)
    assert "hint  (forgot-y)  What does y add?" in str(verdict)


def test_two_misconceptions_at_once_are_both_named():
    verdict = run(double, lambda x, y: (2 * x, x.mean()))
    assert set(verdict.misconceptions) == {"forgot-y", "mean-for-sum"}


def test_a_misconception_is_not_named_when_it_explains_only_some_cases():
    def answer(x, y):
        return (2 * x if len(x) == 5 else 3 * x + y), x.sum()

    assert run(double, answer).misconceptions == ()


def test_an_overflow_on_top_of_a_known_fault_does_not_hide_the_fault():
    def answer(x, y):
        return (2 * x if len(x) == 5 else np.full(x.shape, np.nan)), x.sum()

    assert run(double, answer).misconceptions == ("forgot-y",)


def test_the_verdict_is_plain_data():
    import json

    data = json.loads(json.dumps(run(double, lambda x, y: (2 * x, x.sum())).as_dict()))
    assert data["problem"] == "demo.double"
    assert data["exercise"] == "00-demo"
    assert data["verdict"] == "wrong"
    assert data["misconceptions"] == ["forgot-y"]


def test_another_seed_makes_other_hidden_cases_and_the_same_seed_the_same():
    first, again, other = (double.cases("hidden", seed)[0].args[0] for seed in ("a", "a", "b"))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_check_prints_on_success_and_raises_with_the_whole_text_otherwise(capsys):
    problem = find("forward.rnn_step")
    check("forward.rnn_step", problem.solve)
    assert "agrees in 9 cases" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="hint"):
        check("forward.rnn_step", problem.misconceptions[0].wrong)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("forward.rnn_stp", print), "Near: forward.rnn_step"),
        (("forward.rnn_step", 3), "expected the function rnn_step, got int"),
        (("forward.rnn_step", print, "secret"), "expected 'visible' or 'hidden', got 'secret'"),
    ],
)
def test_a_wrong_call_of_check_says_what_was_expected(args, words):
    with pytest.raises(ValueError, match=words):
        check(*args)


def test_the_report_of_one_wrong_tensor_among_several():
    text = str(run(double, lambda x, y: (2 * x + 2 * y, x.sum())))
    assert text.splitlines()[0].split() == ["double", "1", "of", "2", "tensors", "agree"]
    assert "total   ok" in text


def test_a_single_number_is_shown_beside_the_right_one():
    right = double.cases()[0].args[0].sum()
    text = str(run(double, lambda x, y: (2 * x + y, x.sum() + 1)))
    assert f"{right + 1:.6g}, expected {right:.6g}" in text


A = np.arange(1.0, 13).reshape(4, 3)


@pytest.mark.parametrize(
    ("got", "fault"),
    [
        (-A, "the sign is flipped"),
        (A[::-1], "the steps are in reversed order"),
        (A[:, ::-1], "the rows of the batch are in reversed order"),
        (np.vstack([np.zeros((1, 3)), A[:-1]]), "every step holds what belongs one step earlier"),
        (np.vstack([A[1:], np.zeros((1, 3))]), "every step holds what belongs one step later"),
        (A / 3, "a division by B too many"),
        (12 * A, "and T B is 12"),
        (0 * A, "all zeros"),
        (A + 0.3, "every number is 0.3 too large"),
        (A**3, ""),
    ],
)
def test_the_kind_of_fault_is_recognised(got, fault):
    found = likely_fault(got, A, "TB", 1e-9, {"T": 4, "B": 3})
    assert fault in found if fault else found == ""


def test_a_transposed_square_matrix_is_recognised():
    square = np.arange(9.0).reshape(3, 3)
    assert likely_fault(square.T, square, "HH", 1e-9, {"H": 3}) == "it is transposed"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([0, 1], "wrong up to t = 1, right from t = 2 on"),
        ([2, 3], "right up to t = 1, wrong from t = 2 on"),
        ([3], "wrong at t = 3 only"),
        ([0, 2], "wrong at t = 0, 2"),
    ],
)
def test_where_names_the_steps(steps, words):
    wrong = np.zeros((4, 2), bool)
    wrong[steps] = True
    assert words in where(wrong, "TB")


def test_where_names_the_rows_of_the_batch():
    wrong = np.zeros((4, 3), bool)
    wrong[:, [0, 2]] = True
    assert "in rows 0, 2 of the batch" in where(wrong, "TB")


def test_a_wrong_label_is_not_called_a_multiple_of_the_right_one():
    wrong, right = np.array(6.0), np.array(3.0)
    assert "times" in compare(Output("n", ""), wrong, right, 1e-9, {}).detail
    assert compare(Output("code", "#"), wrong, right, 1e-9, {}).detail == "6, expected 3"
