"""What a forged message may not do to the grader that reads it: cost far more than it took to send."""

import socket
import time

import pytest

from grading.sandbox.guest.values import MOST_KEYS, MOST_VALUES, Garbled, NotSendable, Values
from grading.sandbox.remote import Gone, StudentProcess


def refuses(tree, blobs=()):
    with pytest.raises(Garbled):
        Values(None).decode(tree, list(blobs))


@pytest.mark.promise("F2")
def test_keys_that_all_fall_into_one_place():
    pairs = [[i * (2**61 - 1), 0] for i in range(MOST_KEYS + 1)]
    refuses({"$": "dict", "of": pairs})
    refuses([{"$": "dict", "of": pairs[: MOST_KEYS // 2 + 1]}] * 2)
    with pytest.raises(NotSendable, match="a dict with more than 2,000 keys"):
        Values(None).encode(dict.fromkeys(range(MOST_KEYS + 1)))
    words = {"$": "dict", "of": [[f"word {i}", i] for i in range(50_000)]}
    assert len(Values(None).decode(words, [])) == 50_000


def test_one_array_in_many_places():
    array = {"$": "array", "dtype": "<f8", "shape": [1], "at": 0}
    assert Values(None).decode([array], [bytes(8)])[0] == [0.0]
    refuses([array, array], [bytes(8)])
    refuses([{"$": "bytes", "at": 0}] * 2, [b"x"])
    refuses([{"$": "array", "dtype": "<f8", "shape": [1], "at": -1}], [bytes(8)])


def test_more_values_than_an_honest_side_sends():
    refuses([0] * MOST_VALUES)
    refuses([{"$": "handle", "id": 0, "type": "x", "callable": True}] * MOST_VALUES)


def test_a_notebook_whose_time_is_up_before_it_has_begun():
    """The sandbox may take longer to start than is left."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = StudentProcess(ours, time.monotonic() - 1, 1.0)
        with pytest.raises(Gone):
            process.cell("1", "<cell 0>", 1.0)
        assert process.fault == "timed out"
