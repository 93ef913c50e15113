"""Reading a file that somebody handed in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.judge.notebook import MOST_CELLS, Cell, TooLarge, Unreadable, cells

MOST = 10**6
ODD = {
    b"": "the file is empty",
    b" \n": "the file is empty",
    b"<!DOCTYPE html>": "not JSON",
    b"\xff\xfe\x00\x01\x02": "not JSON",
    b'{"cells": [': "not JSON",
    b"[" * 200_000: "levels",
    b"[]": "no notebook of format 4",
    b'{"worksheets": []}': "no notebook of format 4",
    b'{"cells": {"a": 1}}': "no notebook of format 4",
}


@pytest.mark.parametrize(("data", "words"), ODD.items(), ids=[repr(data[:20]) for data in ODD])
def test_what_is_no_notebook_is_said(data, words):
    with pytest.raises(Unreadable, match=words) as error:
        cells(data, MOST)
    assert not isinstance(error.value, TooLarge)


def test_what_is_too_large_is_not_looked_at():
    with pytest.raises(TooLarge, match="2.0 MiB; at most 1.0 MiB"):
        cells(b"x" * 2**21, 2**20)
    with pytest.raises(TooLarge, match="2,001 cells; at most 2,000"):
        cells(json.dumps({"cells": [{}] * (MOST_CELLS + 1)}).encode(), MOST)


def test_a_cell():
    meta = {"grade_id": "check-f", "grade": True, "solution": False, "points": 3, "locked": True}
    cell = {"cell_type": "code", "id": "c1", "source": ["x = 1\n", "y = 2"], "metadata": {"nbgrader": meta}}
    read = cells(json.dumps({"cells": [cell]}).encode("utf-8-sig"), MOST)
    assert read == [Cell("code", "x = 1\ny = 2", "c1", "check-f", True, False, 3.0)]


def test_half_a_character_does_not_stop_the_file():
    (cell,) = cells(b'{"cells": [{"cell_type": "code", "source": "\'\\ud800\'"}]}', MOST)
    assert cell.source == "'?'"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cell_type", "source", "id", "metadata", "nbgrader", "grade_id", "grade", "points"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(st.lists(JSON, max_size=4))
def test_whatever_the_cells_are_clean_ones_come_out(found):
    for cell in cells(json.dumps({"cells": found}).encode(), MOST):
        assert all(isinstance(text, str) for text in (cell.kind, cell.source, cell.id, cell.grade_id))
        assert cell.grade in (True, False) and isinstance(cell.points, float)
