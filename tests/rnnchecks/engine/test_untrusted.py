"""Nothing that a student's function does or returns is trusted: it gets a right verdict, or a clear message."""

import re
import signal
import sys
import time
import warnings
from collections import namedtuple
from fractions import Fraction

import numpy as np
import pytest

from rnnchecks import CheckFailed, check
from rnnchecks.engine.call import PRINTED, call
from rnnchecks.engine.problem import Problem, normal
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


def text(function, kind="visible"):
    """What the student reads, on one line."""
    return " ".join(str(run(double, function, kind)).split())


class Agreeable(np.ndarray):
    """An array that claims to equal everything, and to be what anybody likes it to be."""

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return np.zeros(self.shape)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape)

    def __array_function__(self, func, types, args, kwargs):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros(self.shape)


class Pretender:
    """An object that calls itself an array."""

    __class__ = np.ndarray
    size, shape, dtype = 1, (), np.dtype(float)

    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")


class Restless(tuple):
    """Two results that cannot be taken out."""

    def __iter__(self):
        raise RuntimeError("no")


class Shy(Exception):
    """An exception that does not say what it says."""

    def __str__(self):
        raise ValueError("no")


class Final(BaseException):
    """What an `except Exception` would let through."""


def generator(x, y):
    yield 2 * x + y
    yield x.sum()


def shared(out={}):  # noqa: B006 - the point of it
    """Fill one buffer again and again, as code does that wants to be fast."""

    def answer(x, y):
        buffer = out.setdefault("a", np.zeros(100))
        buffer[: x.size] = (2 * x + y).ravel()
        return buffer[: x.size].reshape(x.shape), x.sum()

    return answer


right_answers = {
    "an array that claims to equal everything": lambda x, y: ((2 * x + y).view(Agreeable), x.sum()),
    "a masked array": lambda x, y: (np.ma.masked_array(2 * x + y, mask=x > 0), x.sum()),
    "a matrix": lambda x, y: (np.matrix(2 * x + y), x.sum()),
    "a named tuple": lambda x, y: namedtuple("Results", "a total")(2 * x + y, x.sum()),
    "a list of the two results": lambda x, y: [2 * x + y, x.sum()],
    "an array of one number with no axes": lambda x, y: (2 * x + y, np.array(x.sum())),
    "a Python float": lambda x, y: (2 * x + y, float(x.sum())),
    "numbers of twice the width": lambda x, y: ((2 * x + y).astype(np.longdouble), x.sum()),
    "one buffer for all calls": shared(),
    "a view, reversed twice": lambda x, y: ((2 * x + y)[::-1][::-1], x.sum()),
}


@pytest.mark.parametrize("answer", right_answers.values(), ids=right_answers)
@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_right_numbers_pass_whatever_they_are_wrapped_in(answer, kind):
    verdict = run(double, answer, kind)
    assert verdict.passed, str(verdict)


def test_a_wrong_array_that_claims_to_be_right_fails():
    assert run(double, lambda x, y: ((2 * x).view(Agreeable), x.sum())).misconceptions == ("forgot-y",)


WRONG = {
    "nothing": (lambda x, y: None, "None came back, where 2 results were expected: a, total"),
    "one array": (lambda x, y: 2 * x + y, "one ndarray came back, where 2 results were expected"),
    "three": (lambda x, y: (2 * x + y, x.sum(), y), "3 results came back, where 2 were expected: a, total"),
    "a generator": (generator, "one generator came back, where 2 results were expected"),
    "a generator inside": (lambda x, y: ((v for v in x), x.sum()), "Should a yield be a return?"),
    "a dict": (lambda x, y: {"a": 2 * x + y, "total": x.sum()}, "one dict came back"),
    "a set": (lambda x, y: ({1.0}, x.sum()), "an object of type set came back"),
    "None inside": (lambda x, y: (2 * x + y, None), "None came back. Does the function end with a return?"),
    "a list": (lambda x, y: ((2 * x + y).tolist(), x.sum()), "a list of length 5 came back. np.stack(...)"),
    "text": (lambda x, y: ("2x+y", x.sum()), "an object of type str came back"),
    "truth": (lambda x, y: (2 * x + y, True), "an object of type bool came back"),
    "an array of truths": (lambda x, y: (x > 0, x.sum()), "an array of dtype bool came back"),
    "complex numbers": (lambda x, y: (2 * x + y + 0j, x.sum()), "an array of dtype complex128"),
    "objects": (lambda x, y: ((2 * x + y).astype(object), x.sum()), "an array of dtype object"),
    "a fraction": (lambda x, y: (2 * x + y, Fraction(1, 2)), "an array of dtype object"),
    "a huge integer": (lambda x, y: (2 * x + y, 10**400), "an array of dtype object"),
    "itself": (lambda x, y: (double, x.sum()), "an object of type Problem came back"),
    "a pretender": (lambda x, y: (Pretender(), x.sum()), "an object of type Pretender came back"),
    "a tuple that cannot be read": (lambda x, y: Restless((x, y)), "type Restless came back that cannot be unpacked"),
    "far too much": (lambda x, y: (np.broadcast_to(x, (10**6, *x.shape)), x.sum()), "far larger than any right answer"),
    "one axis more": (lambda x, y: ((2 * x + y)[None], x.sum()), "The numbers are right, in another shape."),
    "a vector of one": (lambda x, y: (2 * x + y, x.sum(keepdims=True)), "shape (1, 1), expected ()."),
    "not summed": (lambda x, y: (2 * x + y, x), "shape (5, 3), expected ()"),
    "NaN": (lambda x, y: (np.where(x > 0, np.nan, 2 * x + y), x.sum()), "not finite NaN"),
    "infinity": (lambda x, y: (2 * x + y, np.inf), "not finite infinity"),
    "minus infinity": (lambda x, y: (2 * x + y - np.inf, x.sum()), "not finite infinity"),
    "the argument itself": (lambda x, y: (x, x.sum()), "a wrong"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_right_answer_is_named(answer, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no warning of ours reaches the student
        said = text(answer)
    assert words in said
    assert not run(double, answer, "hidden").passed


def raising(error):
    def answer(x, y):
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit(), "stops with an error SystemExit"),
        (Final("no more"), "Final: no more"),
        (Shy(), "Shy: an exception that cannot be printed"),
        (MemoryError(), "MemoryError"),
        (KeyError("W_hh"), "KeyError: 'W_hh'"),
        (RuntimeError("x" * 10**6), "xxx ..."),
        (RuntimeError("two\nlines"), "RuntimeError: two lines"),
    ],
)
def test_no_exception_gets_out(error, words):
    said = text(raising(error))
    assert words in said and len(said) < 1500


def test_a_function_that_calls_itself_for_ever_is_told_so():
    def answer(x, y):
        return answer(x, y)

    said = text(answer)
    assert "RecursionError" in said and "return answer(x, y)" in said and len(said) < 1000


def test_the_wrong_number_of_arguments_shows_what_is_passed():
    assert "positional argument" in text(lambda x: x) and "with x (5, 3), y (5, 3)" in text(lambda x: x)


@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="no clock of computing time on this system")
@pytest.mark.parametrize("guarded", [False, True])
def test_an_endless_loop_is_stopped_and_shown(guarded):
    def answer(x, y):
        while True:
            try:
                x = x + y
            except Exception:
                if not guarded:
                    raise

    before = signal.getsignal(signal.SIGVTALRM)
    verdict = run(double, answer, seconds=0.2)
    assert verdict.kind == "stopped" and not verdict.misconceptions
    said = " ".join(str(verdict).split())
    assert re.search(r"still running, stopped after \d+ s ", said) and "Which loop does not come to its end?" in said
    assert "in answer, line" in said
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_waiting_is_not_computing():
    def answer(x, y):
        time.sleep(0.15)
        return reference(x, y)

    assert run(double, answer, seconds=0.1).passed


def test_where_there_is_no_such_clock_the_function_runs(monkeypatch):
    monkeypatch.delattr(signal, "SIGVTALRM", raising=False)
    assert run(double, reference, seconds=0).passed


def test_the_stop_button_is_answered_kindly():
    said = text(raising(KeyboardInterrupt()))
    assert re.search(r"still running, stopped after \d+ s, by hand", said)
    with pytest.raises(CheckFailed, match="by hand"):
        check("forward.count_parameters", lambda D, H, K: raising(KeyboardInterrupt())(0, 0))


def test_a_flood_of_words_is_cut_off(capsys):
    def answer(x, y):
        for _ in range(10_000):
            print("still here", file=sys.stdout)
            print("and here", file=sys.stderr)
        return reference(x, y)

    verdict = run(double, answer)
    said = capsys.readouterr()
    assert verdict.passed and said.err == ""
    assert len(said.out) < 1.05 * verdict.cases * PRINTED and "... and more: of what one call prints" in said.out
    assert len(verdict.said) < 2 * PRINTED


@pytest.mark.parametrize("change", [lambda: np.seterr(all="raise"), lambda: np.random.seed(0)])
def test_a_function_that_changes_numpys_settings_changes_no_verdict(change):
    def answer(x, y):
        change()
        return reference(x, y)

    before = np.geterr()
    assert run(double, answer).passed
    assert np.geterr() == before


def test_what_a_notebook_has_set_changes_no_verdict():
    with np.errstate(all="raise"):
        to_zero = run(double, lambda x, y: (2 * x + y + np.exp(-1e4 * np.ones(2)).sum(), x.sum()))
        assert to_zero.passed and not to_zero.said
        assert run(double, lambda x, y: (2 * x, x.sum())).misconceptions == ("forgot-y",)


def test_a_torch_tensor_of_any_float_dtype_is_read():
    torch = pytest.importorskip("torch")
    low = call(lambda: torch.ones(2, dtype=torch.bfloat16, requires_grad=True), (), (), ("a",))
    assert np.array_equal(low.values[0], [1, 1])
    assert "type Tensor came back, and reading its numbers failed" in text(
        lambda x, y: (torch.empty(x.shape, device="meta"), x.sum())
    )


many = Problem("demo.many", "00-demo", outputs={"a": "TB"})
many.reference(lambda x, sizes, params, rng: x + params["b"])
many.arguments(lambda rng, s: (normal(rng, s.T, s.B), [s.T, [s.B]], {"b": normal(rng, s.B)}, np.random.default_rng(0)))


def changes(x, sizes, params, rng, how):
    result = x + params["b"]
    how(x, sizes, params)
    return result


@pytest.mark.parametrize(
    ("how", "name"),
    [
        (lambda x, sizes, params: x.__iadd__(1), "x"),
        (lambda x, sizes, params: setattr(x, "shape", x.size), "x"),
        (lambda x, sizes, params: sizes[1].append(0), "sizes"),
        (lambda x, sizes, params: sizes.__setitem__(0, Agreeable(3)), "sizes"),
        (lambda x, sizes, params: params["b"].fill(0), "params"),
        (lambda x, sizes, params: params.update(b=3), "params"),
        (lambda x, sizes, params: params.clear(), "params"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_change_of_any_argument_is_found(how, name):
    verdict = run(many, lambda *args: changes(*args, how))
    assert verdict.passed and verdict.writes_into == (name,)
    assert f"note  it costs nothing, but your function writes into {name}, which the caller" in str(verdict)


def test_a_generator_of_random_numbers_may_be_used():
    assert run(many, lambda x, sizes, params, rng: x + params["b"] + 0 * rng.normal()).passed


def test_writing_into_an_argument_is_named_beside_wrong_numbers_and_no_other_fault():
    def answer(x, y, returned):
        x += y
        return returned(x, y)

    def noted(returned):
        said = text(lambda x, y: answer(x, y, returned))
        return "note it also writes into x." in said

    assert noted(lambda x, y: (2 * x + y, x.sum()))
    assert not noted(lambda x, y: (2 * x.T + y.T, x.sum()))
    assert not noted(lambda x, y: x[99])
