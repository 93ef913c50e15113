"""A wrong answer that no misconception explains still hears what kind of fault gives such numbers.

Each kind is planted in the right answers of the catalogues, whatever they are about.
"""

import numpy as np
import pytest

from rnnchecks import problems
from rnnchecks.engine.diagnose import likely_fault, other_shape, where
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.run import run

PROBLEMS = problems()


def spoiled(problem, index, change):
    """The reference with one of its results changed."""

    def answer(*args):
        returned = problem.solve(*args)
        values = [returned] if len(problem.outputs) == 1 else list(returned)
        values[index] = change(np.array(values[index], dtype=float))
        return values[0] if len(values) == 1 else tuple(values)

    return answer


def swapped(a):
    return a.swapaxes(-1, -2) if a.ndim > 1 else a


def shifted(a):
    return np.concatenate((0 * a[:1], a[:-1])) if a.ndim > 1 else a


KINDS = {
    "sign": (lambda a: -a, ["sign is flipped"]),
    "scale": (lambda a: 7 * a, ["7 times what it should be"]),
    "transpose": (swapped, ["transposed", "axes swapped", "axes are swapped"]),
    "order": (lambda a: a[::-1] if a.ndim > 1 else a, ["in reversed order"]),
    "off by one": (shifted, ["one step earlier", "in the row before it"]),
    "off by one, columns": (lambda a: shifted(a.T).T, ["in the column before it", "one step earlier", "row before it"]),
    "dtype": (np.trunc, ["fractions are lost", "all zeros"]),
    "a constant too much": (lambda a: a + 0.5, ["every number is 0.5 too large"]),
    "not written": (lambda a: 0 * a, ["all zeros"]),
    "squared": (np.square, ["squared"]),
    "signs lost": (np.abs, ["the signs are lost"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_fault_is_named_in_every_catalogue(kind):
    """Where the change leaves the answer right, or a misconception is known by it, there is nothing to guess."""
    change, words = KINDS[kind]
    tried, silent = 0, []
    for problem in PROBLEMS:
        for index, axes in enumerate(problem.outputs.values()):
            verdict = run(problem, spoiled(problem, index, change))
            if verdict.passed or verdict.misconceptions or len(axes) < 2:
                continue
            tried += 1
            tensor = verdict.failures[0].tensors[index]
            enough = problem.cases()[0].args and min(_sizes(problem, index)) > 2
            if not any(word in tensor.detail for word in words) and (enough or "off by one" not in kind):
                silent.append(f"{problem.name} {tensor.name}: {tensor.detail}")
    assert tried >= 5
    assert len(silent) <= tried // 10, "\n".join(silent)


def test_an_unknown_answer_hears_which_tensor_how_far_which_step_and_which_rows():
    """One place of one tensor is spoiled, in a way that has no name: the last step, or else place 0, and row 1."""
    heard = 0
    for problem in PROBLEMS:
        for index, (name, axes) in enumerate(problem.outputs.items()):
            shape = _sizes(problem, index)
            if axes == "#" or len(shape) != len(axes) or 0 in shape:
                continue
            place = tuple(n - 1 if letter == "T" else min(n - 1, 1) for letter, n in zip(axes, shape))

            def change(a, place=place, axes=axes):
                if a.ndim == len(axes):
                    at = tuple(min(i, n - 1) for i, n in zip(place, a.shape))
                    a[at] += 0.123 * (1 + np.abs(a).max())
                return a

            verdict = run(problem, spoiled(problem, index, change))
            if verdict.misconceptions:
                continue
            heard += 1
            tensors = {tensor.name: tensor for tensor in verdict.failures[0].tensors}
            detail = tensors[name].detail
            assert [tensor.name for tensor in tensors.values() if not tensor.ok] == [name], problem.name
            assert ("max diff" if axes else ", expected ") in detail, f"{problem.name} {name}: {detail}"
            if axes.startswith("T") and shape[0] > 1:
                assert f"t = {shape[0] - 1}" in detail, f"{problem.name} {name}: {detail}"
            if "B" in axes and shape[axes.index("B")] > 1:
                assert "in row 1 of the batch" in detail, f"{problem.name} {name}: {detail}"
    assert heard >= 80


def _sizes(problem, index):
    """The shape of an output in the first case."""
    returned = problem.solve(*problem.cases()[0].args)
    return np.shape(returned if len(problem.outputs) == 1 else returned[index])


def test_a_change_of_one_argument_is_guessed_in_every_catalogue():
    """A missing term, a sign, a transpose, the order of time: the reference asked a slightly different question."""
    tried, silent = 0, []
    for problem in PROBLEMS:
        for i, name in enumerate(problem.argument_names):
            args = [case.args[i] for case in problem.cases()]
            if not all(isinstance(a, np.ndarray) and a.dtype.kind == "f" for a in args):
                continue

            def answer(*args, i=i, problem=problem):
                return problem.solve(*args[:i], 0 * args[i], *args[i + 1 :])

            verdict = run(problem, answer)
            if verdict.passed or verdict.kind != "wrong" or verdict.misconceptions:
                continue
            tried += 1
            wrong = [tensor for tensor in verdict.failures[0].tensors if not tensor.ok]
            # A missing product may be put down to either of its factors.
            if not (any("is zero. Is a term" in guess for guess in verdict.guesses) or all(t.fault for t in wrong)):
                silent.append(f"{problem.name} without {name}:\n{verdict}")
    assert tried >= 5
    assert len(silent) <= tried // 10, "\n".join(silent)


step = Problem("demo.step", "00-demo", outputs={"h": "BH"})
step.reference(lambda x, h_prev, W, V, b: np.tanh(x @ W + h_prev @ V + b))
step.arguments(
    lambda rng, s: (
        normal(rng, s.B, s.H),
        normal(rng, s.B, s.H),
        normal(rng, s.H, s.H, scale=0.5),
        normal(rng, s.H, s.H, scale=0.5),
        normal(rng, s.H),
    )
)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, h, W, V, b: np.tanh(x @ W + h @ V), "before the tanh every row is off by the same"),
        (lambda x, h, W, V, b: np.tanh(x @ W + b), "h: just what comes out when h_prev is zero. Is a term"),
        (lambda x, h, W, V, b: np.tanh(x @ W + h @ V.T + b), "just what comes out when V is transposed"),
        (lambda x, h, W, V, b: np.tanh(x @ W - h @ V + b), "when h_prev has the other sign"),
        (lambda x, h, W, V, b: np.tanh(h @ W + x @ V + b), "when x and h_prev change places"),
        (lambda x, h, W, V, b: np.round(np.tanh(x @ W + h @ V + b)), "rounded to a whole one"),
        (lambda x, h, W, V, b: np.tanh(x @ W + h @ V + b).astype(np.float16) + 3e-4, ""),
        (lambda x, h, W, V, b: np.tanh(x @ W + h @ V + b)[None].repeat(2, 0) / 2, "The sum over axis 0 of yours would"),
        (lambda x, h, W, V, b: np.tanh(x @ W + h @ V + b)[None].repeat(2, 0), "The mean over axis 0 of yours would"),
    ],
)
def test_guesses_at_a_step(answer, words):
    verdict = run(step, answer)
    assert not verdict.passed
    assert words in " ".join(str(verdict).split())


read = Problem("demo.read", "00-demo", outputs={"y": "TBH"})
read.reference(lambda x: np.tanh(x.cumsum(axis=0)))
read.arguments(lambda rng, s: (normal(rng, s.T, s.B, s.H),))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: np.tanh(x[::-1].cumsum(axis=0)), "when x is read from its last step on"),
        (lambda x: np.tanh(np.roll(x, 1, axis=0).cumsum(axis=0)), "given the x of the step before it"),
        (lambda x: np.tanh(np.roll(x, -1, axis=0).cumsum(axis=0)), "given the x of the step after it"),
        (
            lambda x: np.tanh(x.cumsum(axis=0)).swapaxes(0, 1),
            "It looks like (B, T, H). The numbers are right otherwise",
        ),
        (lambda x: np.tanh(x.cumsum(axis=0)).cumsum(axis=0), "each step holds the sum of all steps up to it"),
    ],
)
def test_guesses_at_a_sequence(answer, words):
    assert words in " ".join(str(run(read, answer)).split())


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (2.0 / np.log(2), "logarithm to base 2"),
        (2.0 * np.log(10), "logarithm to base 10"),
        (12.0, "a sum in place of a mean"),
        (1.0, "half or twice"),
        (2.3, ""),
    ],
)
def test_a_single_number_is_called_a_multiple_only_where_that_means_something(got, words):
    found = likely_fault(np.array(got), np.array(2.0), "", 1e-9, {})
    assert words in found if words else found == ""


def test_float16_on_the_way_is_no_factor_of_one():
    right = np.random.default_rng(0).normal(size=(4, 3))
    got = right.astype(np.float16).astype(float)
    assert "as float16 is" in likely_fault(got, right, "BH", 1e-6, {})
    assert likely_fault(np.array(152.0), np.array(151.0), "", 1e-6, {}) == ""  # a count that is one off


def test_right_results_in_another_order_are_called_so():
    backward = next(problem for problem in PROBLEMS if problem.name == "bptt.rnn_backward")
    verdict = run(backward, lambda *args: backward.solve(*args)[::-1])
    names = list(backward.outputs)
    came, asked = ", ".join(names[::-1]), ", ".join(names)
    assert verdict.guesses == (f"the results are right, in another order. They come as {came}; asked for are {asked}.",)
    one_wrong = run(backward, lambda *args: tuple(a + (i == 0) for i, a in enumerate(backward.solve(*args)[::-1])))
    assert not any("another order" in guess for guess in one_wrong.guesses)


def test_arrays_in_a_list_are_described_by_their_shapes():
    stack = next(problem for problem in PROBLEMS if problem.name == "bidirectional.stack_forward")
    text = str(run(stack, lambda *args: 1 / 0))
    assert "array(" not in text and "[(" in text


def test_another_shape_with_other_numbers_is_not_called_right():
    right = np.arange(6.0).reshape(2, 3)
    assert other_shape(right.T, right, "BH", 1e-9) == "Are its axes swapped? The numbers are right otherwise."
    assert other_shape(right.T + 1, right, "BH", 1e-9) == "Are its axes swapped?"
    assert other_shape(np.zeros(4), right, "BH", 1e-9) == ""


def test_numbers_that_are_cut_off_are_recognised():
    right = np.linspace(-1, 1, 12).reshape(4, 3)
    assert likely_fault(np.minimum(right, 0.3), right, "BH", 1e-6, {}) == "what should be above 0.3 is cut off there"
    assert likely_fault(np.maximum(right, 0.3), right, "BH", 1e-6, {}) == "what should be below 0.3 is cut off there"


def test_a_special_case_may_have_other_axes():
    right = np.arange(1.0, 25).reshape(4, 3, 2)
    assert likely_fault(-right, right, "DH", 1e-9, {}) == "the sign is flipped"
    assert likely_fault(right[::-1], right, "DH", 1e-9, {}) == "its axis 0 is in reversed order"
    assert other_shape(right.T, right, "DH", 1e-9) == "Are its axes swapped? The numbers are right otherwise."
    wrong = np.zeros((4, 3, 2), bool)
    wrong[..., 1] = True
    assert where(wrong, "DH") == "in column 1"
