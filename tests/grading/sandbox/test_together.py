"""Several calls in one message: each is as it would be alone."""

import time

import numpy as np
import pytest

from grading.judge.test_cell import _encoded
from grading.sandbox.box import Limits
from grading.sandbox.guest.values import Values, taken_back
from grading.sandbox.remote import Gone, StudentProcess
from rnnchecks import find
from rnnchecks.engine.call import TooLong, call, trace
from rnnchecks.engine.prepare import prepare

CELL = """
import os
import warnings

import numpy as np

seen = []

def double(x):
    return 2 * x

def spoils(x):
    seen.append(x)
    x += len(seen)
    return [one is x for one in seen]

def does(word):
    seen.append(word)
    while word == "hangs":
        pass
    if word == "dies":
        os._exit(3)
    if word == "stub":
        raise NotImplementedError("02-forward: one_hot")
    if word == "fails":
        return {}["key"]
    if word == "both":
        raise Both
    warnings.warn(word)
    return word

class Both(ValueError, NotImplementedError):
    pass
"""


@pytest.fixture
def process(box):
    process = StudentProcess(box.start(Limits()), time.monotonic() + 60, 0.5)
    assert process.cell(CELL, "<cell 0>", 5.0) == ("", None)
    yield process
    process.sock.close()
    box.end()


def together(process, name, *values):
    """Functions that give the answers to calls with one argument each."""
    return process.together(name, [Values(taken_back).encode(((value,), {})) for value in values])


def asked(process, name, *values):
    """What the checks' own way of calling makes of these calls."""
    return [call(one, (value,), ("x",), ("y",)) for one, value in zip(together(process, name, *values), values)]


def test_each_answer_is_that_of_its_own_call(process):
    assert [one(x) for one, x in zip(together(process, "double", 1, "a", 2.5), (1, "a", 2.5))] == [2, "aa", 5.0]
    assert process.function("double")(3) == 6
    assert [one() for one in together(process, "double")] == []


def test_each_call_has_arguments_of_its_own_and_what_it_changes_is_told_of_it_alone(process):
    arrays = [np.zeros(2), np.zeros(2), np.zeros(2)]
    gave = [one(array) for one, array in zip(together(process, "spoils", *arrays), arrays)]
    assert gave == [[True], [False, True], [False, False, True]]
    assert [array.tolist() for array in arrays] == [[1, 1], [2, 2], [3, 3]]


def test_words_and_errors_are_those_of_their_own_call(process):
    came = asked(process, "does", "a", "fails", "b")
    assert came[0].said == "UserWarning: a" and came[1].said == "" and came[2].said == "UserWarning: b"
    assert isinstance(came[1].error, KeyError) and trace(came[1].error) == ('does, line 26: return {}["key"]',)
    assert came[0].error is came[2].error is None


@pytest.mark.parametrize(("word", "kind"), [("hangs", TooLong), ("stub", NotImplementedError)])
def test_after_a_call_that_is_the_last_one_asked_for_no_more_is_called(process, word, kind):
    """Alone it would be the last, too; and what is asked next is answered at once."""
    first, second, *_ = together(process, "does", "a", word, "hangs", "hangs", "hangs", "hangs")
    assert first("a") == "a"
    with pytest.raises(kind):
        second(word)
    assert process.kinds(["does"]) == {"does": "call"}
    process.cell("here = list(seen)", "<cell 1>", 5.0)
    assert process.get("here") == ["a", word] and not process.fault


def test_what_was_skipped_can_be_asked_for_all_the_same(process):
    """An error that is two kinds at once is a stub to that side, and none to this one."""
    words = ("a", "both", "b", "c")
    came = asked(process, "does", *words)
    assert [type(one.error).__name__ for one in came] == ["NoneType", "Both", "NoneType", "NoneType"]
    assert not isinstance(came[1].error, NotImplementedError)
    process.cell("here = list(seen)", "<cell 1>", 5.0)
    assert process.get("here") == list(words)


def test_what_was_answered_before_the_process_ended_counts(process):
    first, second, third = together(process, "does", "a", "dies", "b")
    assert first("a") == "a"
    for one in (second, third):
        with pytest.raises(Gone):
            one("dies")
    assert process.fault == "died"


def test_no_time_is_left_for_the_second(process):
    first, second = together(process, "does", "a", "hangs")
    assert first("a") == "a"
    process.until = time.monotonic() + 0.1
    with pytest.raises(Gone):
        second("hangs")
    assert process.fault == "timed out"


def test_what_is_lent_is_asked_for_alone():
    lends = prepare(find("bptt.numeric_gradient"), "marked", "")
    assert _encoded(lends) == [None] * len(lends.cases)
    assert None not in _encoded(prepare(find("forward.rnn_step"), "marked", ""))
