"""Calling functions of a student's process, honest and not."""

import json
import socket
import threading
import time

import numpy as np
import pytest

from grading.sandbox.box import Limits
from grading.sandbox.guest import wire
from grading.sandbox.remote import Gone, StudentProcess
from rnnchecks.engine.call import TooLong, call, trace

CELL = """
import numpy as np
import warnings

def double(x):
    return 2 * x

def spoil(x, more):
    x += 1
    x[0] = -1
    more["w"] *= 0
    more["new"] = [1]
    return x

def stops(x):
    return inner(x)

def inner(x):
    return {}["key"] + x

def asks(f, x):
    return [f(x), f(x + 1)]

def catches(f):
    try:
        f(0)
    except ValueError as error:
        return [type(error).__name__, str(error)]

def endless():
    while True:
        pass

def adder(n):
    return lambda x: x + n

def noisy(x):
    print("printed")
    warnings.warn("is this right?")
    return np.log(x)

class Odd(Exception):
    def __str__(self):
        return "odd" * 5000

def odd():
    raise Odd
"""


@pytest.fixture
def process(box):
    process = StudentProcess(box.start(Limits()), time.monotonic() + 60, 1.0)
    assert process.cell(CELL, "<cell 0>", 5.0) == ("", None)
    yield process
    process.sock.close()
    box.end()


def test_a_call_is_as_if_it_were_here(process):
    double = process.function("double")
    assert double.__name__ == "double" and double(x=3) == 6 and double("ab") == "abab"
    assert np.array_equal(double(np.arange(3.0)), [0, 2, 4])


def test_what_is_changed_there_is_changed_here(process):
    x, weights = np.arange(3.0), np.ones(2)
    more = {"w": weights, "kept": np.zeros(1)}
    assert process.function("spoil")(x, more).tolist() == [-1, 2, 3]
    assert x.tolist() == [-1, 2, 3] and weights.tolist() == [0, 0]
    assert more["new"] == [1] and list(more) == ["w", "kept", "new"]


def test_the_engine_of_the_checks_sees_what_it_sees_in_a_notebook(process):
    came = call(process.function("spoil"), (np.arange(3.0), {"w": np.ones(2)}), ("x", "more"), ("y",))
    assert came.writes_into == ("x", "more")
    came = call(process.function("noisy"), (np.array([0.0]),), ("x",), ("y",))
    assert "UserWarning: is this right?" in came.said and "RuntimeWarning: divide by zero" in came.said
    came = call(process.function("endless"), (), (), ("y",))
    assert came.stopped
    came = call(process.function("double"), (np.ones((2, 2, 2)).T,), ("x",), ("y",))
    assert came.error is None and came.values[0].shape == (2, 2, 2)


def test_an_error_keeps_its_name_its_words_and_the_students_lines(process):
    with pytest.raises(KeyError) as caught:
        process.function("stops")(1)
    assert str(caught.value) == "'key'" and type(caught.value).__name__ == "KeyError"
    assert trace(caught.value) == ("stops, line 16: return inner(x)", 'inner, line 19: return {}["key"] + x')
    with pytest.raises(Exception, match="^oddodd") as caught:
        process.function("odd")()
    assert type(caught.value).__name__ == "Odd" and len(str(caught.value)) == 2000
    with pytest.raises(TooLong):
        process.function("endless")()
    assert process.function("double")(1) == 2


def test_functions_cross_both_ways(process):
    seen = []

    def f(x):
        seen.append(x)
        return x**2

    assert process.function("asks")(f, 3) == [9, 16] and seen == [3, 4]

    def fails(x):
        raise ValueError("not today")

    assert process.function("catches")(fails) == ["ValueError", "not today"]
    with pytest.raises(ZeroDivisionError):
        process.function("asks")(lambda x: 1 / 0, 1)
    add = process.function("adder")(10)
    assert add(5) == 15
    assert process.function("asks")(add, 1) == [11, 12]
    assert process.values.lent == {}  # nothing of ours can be called when no call is running


def test_what_names_stand_for(process):
    kinds = process.kinds(["double", "np", "nothing", "len", "CELL"])
    assert kinds == {"double": "call", "np": "value", "nothing": "none", "len": "call", "CELL": "none"}
    process.cell("table = {'a': np.ones(2)}", "<cell 1>", 5.0)
    assert process.get("table")["a"].tolist() == [1, 1]


def test_a_cell(process):
    assert process.cell("print('a')\n1 + 1", "<cell 1>", 5.0) == ("a\n2\n", None)
    output, error = process.cell("print('a')\n1 / 0", "<cell 1>", 5.0)
    assert (
        output == "a\n" and error.type == "ZeroDivisionError" and process.trace(error) == ("<module>, line 2: 1 / 0",)
    )
    error = process.cell("def f(:\n  pass", "<cell 1>", 5.0)[1]
    assert error.type == "SyntaxError" and "def f(:" in error.message
    for text in ("import sys; sys.exit(3)", "quit()", "raise KeyboardInterrupt"):
        assert process.cell(text, "<cell 1>", 5.0)[1].type in ("SystemExit", "KeyboardInterrupt")
    process.cell("%not python", "<cell 1>", 5.0)
    assert process.cell("import os\nif os.fork():\n    print('once')", "<cell 1>", 5.0) == ("once\n", None)
    assert process.function("double")(2) == 4


def test_a_process_that_is_gone_stays_gone(process):
    with pytest.raises(Gone):
        process.cell("import os; os._exit(0)", "<cell 1>", 5.0)
    assert process.fault == "died"
    with pytest.raises(Gone):
        process.function("double")(1)
    came = call(process.function("double"), (1,), ("x",), ("y",))
    assert came.stopped  # the engine calls no other case


def test_time_is_up(box):
    process = StudentProcess(box.start(Limits()), time.monotonic() + 0.3, 60.0)
    with pytest.raises(Gone):
        process.cell("import time; time.sleep(60)", "<cell 0>", 60.0)
    assert process.fault == "timed out"
    process.sock.close()
    box.end()


# ---- A process that says what no honest one would ---------------------------------------------------------------


def told(*replies):
    """A process whose other end gives prepared replies: messages, or bytes as they are."""
    ours, theirs = socket.socketpair()

    def speak():
        with theirs:
            for reply in replies:
                try:
                    wire.receive(theirs, 5)
                    theirs.sendall(reply) if isinstance(reply, bytes) else [wire.send(theirs, m, []) for m in reply]
                except (wire.Lost, OSError):
                    return

    threading.Thread(target=speak, daemon=True).start()
    return StudentProcess(ours, time.monotonic() + 5, 0.1)


def answer(**changes):
    return {"n": 1, "data": {"$": "tuple", "of": [1, []]}, "error": None, "changed": [], "said": "", **changes}


BAD = {
    "no data": {"data": 3},
    "unknown data": {"data": {"$": "code"}},
    "changes of nobody knows what": {"data": {"$": "tuple", "of": [1, 5]}, "changed": [0]},
    "a change that does not fit": {"data": {"$": "tuple", "of": [1, [{"$": "array", "dtype": "<f8", "shape": [9]}]]},
                                   "changed": [0]},
}  # fmt: skip


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD)
def test_a_forged_answer_ends_it(reply):
    process = told([answer(**reply)])
    with pytest.raises(Gone):
        process.function("f")(np.zeros(3))
    assert process.fault == "garbled"


def test_odd_fields_are_read_as_nothing():
    process = told([answer(said=5, changed="all", error=None)])
    assert process.function("f")(1) == 1
    process = told([answer(changed=[7, -1, True, "0"], data={"$": "tuple", "of": [1, [2, 3]]})])
    assert process.function("f")(1) == 1
    process = told([answer(error={"type": "a b<script>" * 50, "message": 5, "frames": [[1], [1, 2, "3"]], "bases": 7})])
    with pytest.raises(Exception) as caught:
        process.function("f")(1)
    assert type(caught.value).__name__.isidentifier() and len(type(caught.value).__name__) <= 60
    process = told([{"n": 1, "output": {}, "error": "no"}])
    assert process.cell("x", "<cell 0>", 1.0)[0] == ""
    process = told([{"n": 1, "kinds": [], "data": None}])
    assert process.kinds(["a"]) == {"a": "none"}


def test_an_error_cannot_end_the_grader():
    """A forged error is never of a kind that only the grader's own side may raise."""
    for name in ("KeyboardInterrupt", "SystemExit", "GeneratorExit", "BaseException"):
        process = told([answer(error={"type": name, "message": "", "frames": [], "bases": [name, "BaseException"]})])
        with pytest.raises(Exception) as caught:
            process.function("f")(1)
        assert isinstance(caught.value, Exception) and not process.interrupted


def test_lines_and_names_come_from_our_own_copy():
    frames = [["x", "<cell 0>", 1], ["secret_3_14", "<cell 0>", 1], ["f", "<cell 9>", 1], ["f", "<cell 0>", 99]]
    error = {"type": "E", "message": "", "bases": [], "frames": frames}
    process = told([{"n": 1, "output": "", "error": error}])
    _, error = process.cell("x = 1 / 0", "<cell 0>", 1.0)
    assert process.trace(error) == ("x, line 1: x = 1 / 0",)


def test_stale_answers_are_passed_over_and_a_flood_is_not():
    process = told([answer(n=0), answer(n="1"), answer()])
    assert process.function("f")(1) == 1
    process = told([answer(n=0)] * 200)
    with pytest.raises(Gone):
        process.function("f")(1)
    assert process.fault == "garbled"


def test_only_what_was_lent_can_be_called():
    for number in (0, -1, "0", None, 5):
        process = told([{"do": "back", "id": number, "data": {"$": "tuple", "of": [[], {"$": "dict", "of": []}]}}])
        with pytest.raises(Gone):
            process.function("f")(1)
        assert process.fault == "garbled"


def test_noise_ends_it():
    for noise in (b"\0" * 100, b"hello, grader", json.dumps(answer()).encode()):
        process = told(noise)
        with pytest.raises(Gone):
            process.function("f")(1)
        assert process.fault in ("garbled", "died")


def test_ctrl_c_is_no_fault_of_the_students(process):
    def pressed(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.function("asks")(pressed, 1)
    assert process.interrupted


def test_a_nets_own_params_come_back_as_a_dict(process):
    process.cell("from rnnlib import LSTM\ndef f():\n    return {'one': LSTM(3, 5).params}", "<cell 1>", 5.0)
    (params,) = process.function("f")().values()
    assert type(params) is dict and {name: p.shape for name, p in params.items()} == {
        "W_xh": (3, 20), "W_hh": (5, 20), "b_h": (20,)}  # fmt: skip
