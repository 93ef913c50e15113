"""Values cross between two processes that do not trust each other."""

import json
import math
import socket
import struct
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grading.sandbox.guest import wire
from grading.sandbox.guest.values import DEEPEST, Garbled, Handle, NotSendable, Values


@pytest.fixture
def pair():
    """Two ends of a socket."""
    a, b = socket.socketpair()
    with a, b:
        yield a, b


def crossed(value, layout=False):
    """Take a value apart, send it as text, build it."""
    tree, blobs = Values(None).encode(value)
    return Values(None, layout).decode(json.loads(json.dumps(tree)), blobs)


def same(a, b):
    """Say whether two values are of one type and the same, NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(p, q) for p, q in zip(a.items(), b.items()))
    if isinstance(a, float | complex):
        return repr(a) == repr(b)
    return a == b


NUMBERS = hnp.scalar_dtypes().filter(lambda d: d.kind in "biufc" and d.itemsize <= (16 if d.kind == "c" else 8))
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**100), 2**100), st.floats(), st.complex_numbers(), TEXT,
    st.binary(max_size=20),
    NUMBERS.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))),
)  # fmt: skip
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(VALUES)
def test_what_is_sent_arrives(value):
    assert same(crossed(value), value)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6)), st.data())
def test_a_students_function_sees_the_layout_that_the_check_made(array, data):
    order = data.draw(st.permutations(range(array.ndim)))
    steps = data.draw(st.lists(st.sampled_from([1, 2, -1, -2]), min_size=array.ndim, max_size=array.ndim))
    view = array.transpose(order)[tuple(slice(None, None, step) for step in steps)]
    there = crossed(view, layout=True)
    assert same(there, view)
    if all(n > 1 for n in view.shape):
        assert there.strides == view.strides
    here = crossed(view)
    assert same(here, view) and here.flags.c_contiguous  # on our side, never


def test_scalars_tensors_and_generators_arrive_as_what_they_are():
    torch = pytest.importorskip("torch")
    for scalar in (np.float32(0.5), np.int64(-3), np.bool_(True)):
        assert same(crossed(scalar), scalar)
    tensor = crossed(torch.tensor([[1.5, 2.0]], requires_grad=True))
    assert type(tensor) is torch.Tensor and tensor.tolist() == [[1.5, 2.0]]
    assert crossed(torch.tensor([1.5], dtype=torch.bfloat16)).tolist() == [1.5]
    rng = np.random.default_rng(3)
    rng.normal(size=5)
    assert crossed(rng).normal() == rng.normal()


def test_subclasses_leave_their_ways_at_home():
    class Sly(np.ndarray):
        def __eq__(self, other):
            return np.ones(self.shape, bool)

    class Number(float):
        def __eq__(self, other):
            return True

    class Items(list):
        def __len__(self):
            return 7

    assert type(crossed(np.zeros(3).view(Sly))) is np.ndarray
    assert type(crossed(Number(2.0))) is float and crossed(Number(2.0)) == 2.0
    assert crossed(Items([1, 2])) == [1, 2] and type(crossed(Items([1]))) is list
    masked = crossed(np.ma.array([1.0, 2.0], mask=[True, False]))
    assert type(masked) is np.ndarray and masked.tolist() == [1.0, 2.0]


def test_what_is_no_value_is_lent():
    class Net:
        pass

    lender, borrower = Values(None), Values(lambda number, args, kwargs: (number, args, kwargs))
    net, function = Net(), lambda x: x
    tree, blobs = lender.encode([net, function])
    a, b = borrower.decode(json.loads(json.dumps(tree)), blobs)
    assert isinstance(a, Handle) and type(a).__name__ == "Net" and not callable(a)
    assert b(1, k=2) == (1, (1,), {"k": 2})
    back = lender.decode(*borrower.encode((b, a)))
    assert back == (function, net)


def cyclic():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value", [cyclic(), 2**5000, [0] * 300_000, [[[0] * 1000] * 100] * 100], ids=["cyclic", "huge", "long", "wide"]
)
def test_what_is_too_much_is_refused_in_words(value):
    with pytest.raises(NotSendable, match="levels|bits|values"):
        Values(None).encode(value)


def test_a_huge_array_is_refused_and_what_is_no_number_is_described():
    for value in (np.broadcast_to(np.float32(1), (10**6, 10**6)), np.broadcast_to(np.array("a"), (10**5,))):
        with pytest.raises(NotSendable, match=r",000 values, of the shape \(1000"):
            Values(None).encode(value)
    words = crossed(np.array(["a", "b"]))
    assert words.dtype.kind == "U" and words.shape == (2,)
    assert crossed(np.array([{}, None])).dtype.kind == "O"


@pytest.mark.parametrize("dtype", ["<f8", "|i1", "|O", "<U99", "|V99"])
def test_no_array_is_built_of_which_no_bytes_came(dtype):
    """What arrives takes no more memory than came, whatever shape it claims; nor is it a view that only looks large."""
    for of in ([{"$": "array", "dtype": dtype, "shape": [10**6, 10**6]}],
               [{"$": "array", "dtype": dtype, "shape": [9000]}] * 2):  # fmt: skip
        with pytest.raises(Garbled):
            Values(None).decode(of, [])
    layout = {"$": "array", "dtype": "<f8", "shape": [10**4], "at": 0, "strides": [0]}
    with pytest.raises(Garbled):
        Values(None).decode(layout, [bytes(8)])


HOSTILE = [
    {"$": "array", "dtype": "|O", "shape": [1], "at": 0},
    {"$": "array", "dtype": "<f8", "shape": [2], "at": 0},
    {"$": "array", "dtype": "<f8", "shape": [-1], "at": 0},
    {"$": "array", "dtype": "<f8", "shape": [True], "at": 0},
    {"$": "array", "dtype": "<f8", "shape": [1], "at": 5},
    {"$": "array", "dtype": "<f8", "shape": [1] * 64, "at": 0},
    {"$": "array", "dtype": "<f8", "shape": [2**39] * 20},
    {"$": "array", "dtype": "|V99999", "shape": [1]},
    {"$": "array", "dtype": "<f8,<f8", "shape": [1]},
    {"$": "scalar", "of": None},
    {"$": "tuple"},
    {"$": "tuple", "of": 3},
    {"$": "dict", "of": [[[], 1]]},
    {"$": "dict", "of": [[1]]},
    {"$": "complex", "of": [1, 2, 3]},
    {"$": "bytes", "at": "0"},
    {"$": "yours", "id": 0},
    {"$": "handle", "id": "x", "type": "f", "callable": True},
    {"$": "random", "of": {"bit_generator": "MT19937"}},
    {"$": "random", "of": {"bit_generator": "PCG64"}},
    {"$": "pickle", "of": "gASVAA=="},
    {"$": ["array"]},
    {"no": "kind"},
]


@pytest.mark.parametrize("tree", HOSTILE, ids=json.dumps)
def test_what_no_encoder_made_is_garbled(tree):
    with pytest.raises(Garbled):
        Values(None).decode(tree, [b"12345678"])


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$", "of", "at", "id", "dtype", "shape", "type", "strides"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(JUNK, st.sampled_from(["array", "scalar", "tuple", "dict", "tensor", "random", "handle", "yours", "complex"]))
def test_junk_is_garbled_or_harmless(junk, kind):
    tree = {**junk, "$": kind} if isinstance(junk, dict) else junk
    for layout in (False, True):
        try:
            Values(None, layout).decode(tree, [b"12345678"])
        except Garbled:
            pass


def test_a_frame_arrives_whole(pair):
    a, b = pair
    blobs = [bytes(3_000_000), b"", b"x"]
    sender = threading.Thread(target=wire.send, args=(a, {"do": "call", "of": math.pi}, blobs, 10))
    sender.start()
    message, came = wire.receive(b, 10)
    sender.join()
    assert (message, came) == ({"do": "call", "of": math.pi}, blobs)


def test_an_oversized_frame_is_not_sent(pair):
    with pytest.raises(wire.MessageTooLarge):
        wire.send(pair[0], {"x": "x" * wire.HEADER}, [])
    with pytest.raises(wire.MessageTooLarge):
        wire.send(pair[0], {}, [bytes(wire.BODY // 2)] * 3)
    with pytest.raises(wire.Lost, match="late"):
        wire.receive(pair[1], 0.05)  # nothing of them came


def frame(header, body=b""):
    return struct.pack(">II", len(header), len(body)) + header + body


NOISE = {
    "words": b"hello, grader! " * 10,
    "lengths beyond the caps": struct.pack(">II", 2**32 - 1, 2**32 - 1),
    "no JSON": frame(b"{'do'"),
    "no object": frame(b"[1, 2]"),
    "no sizes": frame(b"{}"),
    "sizes of something else": frame(b'{"sizes": "ab"}'),
    "negative sizes": frame(b'{"sizes": [-1, 2]}', b"x"),
    "sizes that do not add up": frame(b'{"sizes": [5]}', b"x"),
    "a number with too many digits": frame(b'{"sizes": [], "n": ' + b"9" * 10_000 + b"}"),
    "levels without end": frame(b"[" * 100_000),
    "no text": frame(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_noise_is_garbled(pair, noise):
    a, b = pair
    a.sendall(noise)
    with pytest.raises(wire.Lost, match="garbled"):
        wire.receive(b, 5)


def test_who_stops_in_the_middle_is_late_and_who_hangs_up_is_gone(pair):
    a, b = pair
    a.sendall(frame(b'{"sizes": []}')[:12])
    with pytest.raises(wire.Lost, match="late"):
        wire.receive(b, 0.05)
    a.close()
    with pytest.raises(wire.Lost, match="closed"):
        wire.receive(b, 5)
    with pytest.raises(wire.Lost, match="closed"):
        wire.send(b, {"x": 1}, [bytes(10**6)], 5)


def test_a_trickle_does_not_stretch_the_deadline(pair):
    a, b = pair
    stop = threading.Event()

    def trickle():
        a.sendall(struct.pack(">II", 1000, 0))
        while not stop.wait(0.02):
            a.sendall(b" ")

    sender = threading.Thread(target=trickle)
    sender.start()
    try:
        with pytest.raises(wire.Lost, match="late"):
            wire.receive(b, 0.3)
    finally:
        stop.set()
        sender.join()


def test_levels_are_bounded_on_both_sides():
    deep = 0
    for _ in range(DEEPEST - 2):
        deep = [deep]
    assert crossed(deep) == deep
    tree = 0
    for _ in range(100_000):
        tree = [tree]
    with pytest.raises(Garbled):
        Values(None).decode(tree, [])
