"""A cell that IPython would give to Python as it is need not be looked through."""

import json

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grading.sandbox.guest.shared import is_plain
from tests.grading.conftest import ROOT

SOURCES = sorted(
    {
        "".join(cell["source"])
        for path in (ROOT / "solutions").glob("*/*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    }
)
MAGIC = {
    "a magic": "%time x\ny",
    "a magic inside": "if x:\n    %time x",
    "a magic whose result has a name": "a = 1\nx = %pwd",
    "a line of the shell": "!ls\nx",
    "what the shell printed": "a = 1\nx =!ls",
    "help": "a = 1\nnp.tanh?",
    "more help": "a = 1\nnp.tanh??  ",
    "quotes for every word": "x\n,f a b",
    "a call": "x\n/f a",
    "a prompt of Python's": ">>> a = 1\n>>> b = 2",
    "a prompt of IPython's": "In [1]: a = 1\n   ...: b = 2",
    "all of it is indented": "  a = 1\n  b = 2",
    "a line of spaces": "a = '''\n   \n'''",
    "a page in between": "a = 1\x0cb = 2\nc = 3",
    "a single line, which may be a call": "exit",
}


def test_most_cells_of_the_course_are_plain_and_ipython_leaves_those_as_they_are():
    plain = [source for source in SOURCES if is_plain(source)]
    assert len(plain) > len(SOURCES) / 2
    for source in plain:
        head = source[: len(source) - len(source.lstrip("\n"))]  # which IPython takes away, and the shell puts back
        assert head + TransformerManager().transform_cell(source) == source + "\n" * (not source.endswith("\n"))


@pytest.mark.parametrize("source", MAGIC.values(), ids=MAGIC)
def test_what_ipython_may_read_in_another_way_is_not(source):
    assert not is_plain(source)
