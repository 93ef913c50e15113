"""Take values apart into JSON and the bytes of arrays, and build them again. Nothing is ever unpickled.

What is no plain value (a function, a net) becomes a handle: the other side can call it, and hand it back. Whatever
arrives is built here, from base classes: of a student's subclasses, and of what they can do, nothing arrives.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import numpy as np

DEEPEST, MOST_VALUES = 50, 200_000  # of one message
MOST_KEYS = 2_000  # in its dicts, that are no texts: somebody may choose numbers that all fall into one place
MOST_NUMBERS, MOST_AXES = 10_000_000, 32  # in an array
MOST_OTHERS = 10_000  # in its arrays of what is no number, of which nothing comes but shape and kind
WORDS = re.compile(r"[^A-Za-z0-9_]")
NUMBERS = re.compile(r"[<>|](?:b1|[iu][1248]|f[248]|c8|c16)")
OTHERS = re.compile(r"[<>|][USOV]\d{0,2}")


class NotSendable(Exception):
    """A value that cannot cross; the message says what came."""


class Garbled(Exception):
    """Something that no `Values` made."""


def taken_back(*args: Any, **kwargs: Any) -> Any:
    """Stand for what was lent for an earlier call, and is not lent any more."""
    raise RuntimeError("a function that came with an earlier call can be called no more; each call brings its own")


class Handle:
    """Something that stays on the other side."""

    def __init__(self, values: "Values", number: int):
        self._values, self._number = values, number

    def __deepcopy__(self, memo: dict) -> "Handle":
        return self


class Values:
    """Take values apart and build them, and remember what was lent to the other side.

    Args:
        call: what a handle does when it is called: ``call(number, args, kwargs)``.
        layout: build an array with the gaps between its numbers that it was sent with: a student's function is to see
            what the check made. The grader's side never does.
    """

    def __init__(self, call: Callable[..., Any], layout: bool = False):
        self.call, self.layout = call, layout
        self.lent: dict[int, Any] = {}
        self.count = 0  # of all that was ever lent: no number means two things

    def encode(self, value: Any) -> tuple[Any, list[bytes]]:
        """Turn a value into JSON and the bytes of its arrays.

        Raises:
            NotSendable: when it is too deep, too large, or no value.
        """
        blobs: list[bytes] = []
        return self._tree(value, blobs, DEEPEST, iter(range(MOST_VALUES))), blobs

    def _tree(self, value: Any, blobs: list[bytes], depth: int, count: Iterator[int]) -> Any:
        if depth == 0:
            raise NotSendable(f"a value nested deeper than {DEEPEST} levels")
        if next(count, None) is None:
            raise NotSendable(f"a container of more than {MOST_VALUES:,} values")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, np.generic):
            return {"$": "scalar", "of": self._array(value, blobs)}
        if isinstance(value, np.ndarray):
            return self._array(value, blobs)
        if isinstance(value, int):
            if abs(value) >= 2**4096:
                raise NotSendable(f"an integer of {value.bit_length()} bits")
            return int.__pos__(value)  # of a subclass, only the number
        if isinstance(value, float):
            return float.__pos__(value)
        if isinstance(value, str):
            return str.__str__(value).encode("utf-8", "replace").decode()
        if isinstance(value, complex):
            return {"$": "complex", "of": [value.real, value.imag]}
        if isinstance(value, bytes):
            blobs.append(bytes(value))
            return {"$": "bytes", "at": len(blobs) - 1}
        if isinstance(value, list | tuple):
            of = [self._tree(v, blobs, depth - 1, count) for v in value]
            return of if isinstance(value, list) else {"$": "tuple", "of": of}
        if isinstance(value, Mapping) and not isinstance(value, dict):  # such as a net's own `params`
            value = dict(value.items())
        if isinstance(value, dict):
            pairs = dict.items(value)
            if sum(not isinstance(key, str) for key in dict.keys(value)) > MOST_KEYS:
                raise NotSendable(f"a dict with more than {MOST_KEYS:,} keys that are no texts")
            return {"$": "dict", "of": [[self._tree(v, blobs, depth - 1, count) for v in pair] for pair in pairs]}
        if isinstance(value, np.random.Generator) and isinstance(value.bit_generator, np.random.PCG64):
            return {"$": "random", "of": json.loads(json.dumps(value.bit_generator.state, default=str))}
        if isinstance(value, Generator):
            return {"$": "generator"}
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return {"$": "tensor", "of": self._array(_numbers(value, torch), blobs)}
        if isinstance(value, Handle) and value._values is self:
            return {"$": "yours", "id": value._number}
        self.lent[number := self.count] = value
        self.count += 1
        name = WORDS.sub("_", type(value).__name__)[:60]
        return {"$": "handle", "id": number, "type": name, "callable": callable(value)}

    def _array(self, value: Any, blobs: list[bytes]) -> dict:
        array = np.asarray(np.array(value, copy=None, subok=False))
        if array.dtype.kind in "fc" and array.dtype.str[1:] in ("f16", "c32"):  # as wide as the platform makes it
            array = array.astype("f8" if array.dtype.kind == "f" else "c16")
        shape = list(array.shape)
        if array.ndim > MOST_AXES:
            raise NotSendable(f"an array of {array.ndim} axes")
        if array.size > (MOST_NUMBERS if NUMBERS.fullmatch(array.dtype.str) else MOST_OTHERS):
            raise NotSendable(
                f"an array of {array.size:,} values, of the shape {array.shape} and the dtype {array.dtype},"
            )
        if not NUMBERS.fullmatch(array.dtype.str):
            dtype = array.dtype.str if OTHERS.fullmatch(array.dtype.str) else "|O"
            return {"$": "array", "dtype": dtype, "shape": shape}
        node = {"$": "array", "dtype": array.dtype.str, "shape": shape, "at": len(blobs)}
        if array.ndim and not array.flags.c_contiguous:
            node["strides"] = [step // array.itemsize for step in array.strides]
        blobs.append(array.tobytes())
        return node

    def decode(self, tree: Any, blobs: list[bytes]) -> Any:
        """Build the value that `encode` took apart.

        Raises:
            Garbled: when no `encode` made this.
        """
        self.values_left, self.keys_left, self.others_left = MOST_VALUES, MOST_KEYS, MOST_OTHERS
        unread = dict(enumerate(blobs))
        try:
            return self._value(tree, unread)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
            raise Garbled from error

    def _value(self, tree: Any, blobs: dict[int, bytes]) -> Any:
        self.values_left -= 1
        if self.values_left < 0:
            raise Garbled
        if isinstance(tree, list):
            return [self._value(v, blobs) for v in tree]
        if not isinstance(tree, dict):
            return tree
        kind: Any = tree["$"]
        of: Any = tree.get("of")
        if kind == "array":
            return self._numbers(tree, blobs)
        if kind == "scalar":
            return self._numbers(of, blobs)[()]
        if kind == "tuple":
            return tuple(self._value(v, blobs) for v in of)
        if kind == "dict":
            self.keys_left -= sum(not isinstance(key, str) for key, _ in of)
            if self.keys_left < 0:
                raise Garbled
            return {self._value(k, blobs): self._value(v, blobs) for k, v in of}
        if kind == "complex":
            return complex(*map(float, of))
        if kind == "bytes":
            return blobs.pop(tree["at"])
        if kind == "generator":
            return (nothing for nothing in list[Any]())
        if kind == "tensor":
            torch, array = sys.modules.get("torch"), self._numbers(of, blobs)
            return array if torch is None else torch.from_numpy(np.array(array))
        if kind == "random":
            return _random(of)
        if kind == "yours":
            if type(tree["id"]) is not int or not 0 <= tree["id"] < self.count:
                raise Garbled
            return self.lent.get(tree["id"], taken_back)
        if kind != "handle" or type(tree["id"]) is not int:
            raise Garbled
        return _handle(self, tree["id"], WORDS.sub("_", str(tree["type"]))[:60], tree["callable"] is True)

    def _numbers(self, node: dict, blobs: dict[int, bytes]) -> np.ndarray:
        dtype, shape = str(node["dtype"]), tuple(node["shape"])
        if len(shape) > MOST_AXES or not all(type(n) is int and 0 <= n < 2**40 for n in shape):
            raise Garbled
        if "at" not in node:  # not of numbers: of it the shape and the dtype are kept, and it cannot be large
            self.others_left -= math.prod(shape)
            if not OTHERS.fullmatch(dtype) or self.others_left < 0:
                raise Garbled
            return np.zeros(shape, dtype)
        blob = blobs.pop(node["at"])  # each counts once: what is built is no larger than what came
        if not NUMBERS.fullmatch(dtype) or math.prod(shape) * np.dtype(dtype).itemsize != len(blob):
            raise Garbled
        array = np.frombuffer(blob, dtype).reshape(shape)
        return _spread(array, node["strides"]) if self.layout and "strides" in node else array.copy()


def _spread(array: np.ndarray, strides: list[int]) -> np.ndarray:
    """Copy an array into memory with the strides it had, counted in numbers."""
    forward = [abs(step) for step in strides]
    extent = 1 + sum((n - 1) * step for n, step in zip(array.shape, forward, strict=True))
    if array.size == 0 or 0 in forward or extent > 8 * array.size + 64:
        return array.copy()
    memory = np.full(extent, np.nan if array.dtype.kind in "fc" else 0).astype(array.dtype)
    view = np.lib.stride_tricks.as_strided(memory, array.shape, [step * memory.itemsize for step in forward])
    view = view[tuple(slice(None, None, -1 if step < 0 else 1) for step in strides)]
    view[...] = array
    return view


def _numbers(tensor: Any, torch: Any) -> np.ndarray:
    """Give the numbers of a tensor; NumPy has no bfloat16."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).resolve_conj().resolve_neg().numpy()


def _random(state: dict) -> np.random.Generator:
    """Build a random generator in the state that it was sent in."""
    if state.get("bit_generator") != "PCG64":
        raise Garbled
    bits = np.random.PCG64()
    bits.state = state  # type: ignore[assignment]  # what is no such state, NumPy refuses
    return np.random.Generator(bits)


def _handle(values: Values, number: int, name: str, calls: bool) -> Handle:
    """Make a handle whose type has the name of what it stands for: an error message may say it."""
    own: dict[str, Any] = {}
    if calls:
        own["__call__"] = lambda self, *args, **kwargs: values.call(number, args, kwargs)
    return type(name or "object", (Handle,), own)(values, number)
