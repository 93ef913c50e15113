"""A notebook's verdicts in a terminal, whatever notebook it is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rnnchecks
from rnnchecks import terminal

SOFTMAX = """
def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
COUNT = "def count_parameters(D, H, K):\n    return D * H + H * H + H + H * K + K"


def written(path, *sources, **metadata):
    """Write a notebook of code cells that have neither ids nor nbgrader's names."""
    cells = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in sources]
    path.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 2}))
    return str(path)


def asked(*arguments, cwd=None):
    environment = {**os.environ, "PYTHONPATH": str(Path(rnnchecks.__file__).parents[1])}
    command = [sys.executable, "-m", "rnnchecks", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment)
    return done.returncode, done.stdout + done.stderr


def test_each_function_gets_its_verdict_and_a_cell_that_fails_stops_no_other(tmp_path):
    (tmp_path / "helper.py").write_text("import numpy as np")
    path = written(
        tmp_path / "Copy of mine.ipynb",
        "%matplotlib qt\nfrom helper import np\nfiles = !ls\n1 / 0",
        "from __future__ import annotations",
        "%%time\nimport asyncio\nawait asyncio.sleep(0)\ndef count_parameters(D: Nothing, H, K):\n"
        "    return D * H + H * H + H + H * K + K",
        SOFTMAX.replace("axis=-1", "axis=0"),
        "def one_hot(ids, V):\n    raise NotImplementedError('02-forward: one_hot')",
        kernelspec={"name": "conda-env-nobody-has", "language": "R"},
    )
    code, said = asked("02-forward", path, cwd=tmp_path)
    assert code == 1
    assert "cell 1 stopped: ZeroDivisionError: division by zero" in said and "cell 5" not in said
    lines = {line.split()[0]: line for line in said.splitlines() if line and line[0] != " "}
    assert "agrees in" in lines["count_parameters"] and "wrong" in lines["softmax"]
    assert "not written yet" in lines["one_hot"] and "is not defined" in lines["perplexity"]
    assert said.rstrip().endswith("1 of 10 functions are right.")


def test_what_counts_is_the_function_that_its_check_was_given(tmp_path):
    path = written(
        tmp_path / "n.ipynb",
        f"import numpy as np\nfrom rnnchecks import check\n{SOFTMAX}",
        'check("forward.softmax", softmax)',
        "softmax = None",
    )
    assert "1 of 10" in asked("02", path)[1]


def test_a_notebook_that_ends_python_is_not_right(tmp_path):
    code, said = asked("02-forward", written(tmp_path / "n.ipynb", f"{COUNT}\nimport os\nos._exit(0)"))
    assert code == 1 and "Python ended" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["22-nothing", "n.ipynb"], "no exercise 22-nothing"),
        (["02-forward", "missing.ipynb"], "cannot be opened"),
        (["02-forward", "text.ipynb"], "expected JSON"),
        (["02-forward", "list.ipynb"], "no notebook of format 4"),
    ],
)
def test_what_cannot_be_checked_is_said(tmp_path, arguments, words):
    (tmp_path / "text.ipynb").write_text("hello")
    (tmp_path / "list.ipynb").write_text("[1]")
    code, said = asked(*arguments, cwd=tmp_path)
    assert code == 2 and words in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("x = 1", "x = 1"),
        ("x = await f()", "x = await f()"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if a:\n    !ls\nb?", "if a:\n    pass\npass"),
        ("files = !ls", "files = []"),
        ("%time x = f(1)", "x = f(1)"),
        ("\n%%time\nx = 1", "\n\nx = 1"),
        ("%%bash\nls -l | head", ""),
        ("%%writefile x.py\nls | head", ""),
        ("x % 2\ny = x %\\\n2", "x % 2\ny = x %\\\n2"),
    ],
)
def test_what_only_jupyter_understands_is_left_out(cell, python):
    assert terminal.python(cell) == python


def test_what_comes_after_the_last_answer_is_not_run(tmp_path):
    checks = "check('forward.count_parameters', count_parameters)"
    path = written(tmp_path / "n.ipynb", COUNT, "open('was-here', 'w')", checks, "open('too-late', 'w')")
    asked("02-forward", path)
    assert (tmp_path / "was-here").exists() and not (tmp_path / "too-late").exists()
