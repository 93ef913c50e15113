"""Memory that a layer keeps between calls, and how a sequence is cut so that it stays in the cache."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._types import Array, DType, Shape

CACHED = 2**17  # numbers of four gates in a chunk of steps


class Workspace:
    """Arrays that a layer keeps from one call to the next: the first touch of new memory costs more than its use."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}
        self._views: dict[Callable[..., list[Any]], tuple[tuple[Array, ...], list[Any]]] = {}

    def array(self, name: str, shape: Shape, dtype: DType) -> Array:
        """The array of this name, with whatever it holds; a new one when shape or dtype is not what it was."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            array = self._arrays[name] = aligned(shape, dtype)
        return array

    def views(self, by_step: Callable[..., list[Any]], *arrays: Array) -> list[Any]:
        """Views of kept arrays, ``by_step(*arrays)``: making one takes as long as a small sum, so they are kept too."""
        of, views = self._views.get(by_step, ((), []))
        if len(of) != len(arrays) or any(kept is not array for kept, array in zip(of, arrays, strict=True)):
            views = by_step(*arrays)
            self._views[by_step] = arrays, views
        return views

    def __reduce__(self) -> tuple[type["Workspace"], tuple[()]]:
        """A copy starts empty: copied one by one, views would no longer share memory with their arrays."""
        return Workspace, ()


def aligned(shape: Shape, dtype: DType) -> Array:
    """A new array that starts where a line of the cache does: no load of a vector register then needs two lines."""
    n, line = math.prod(shape), 64
    memory = np.empty(n * np.dtype(dtype).itemsize + line, np.uint8)
    start = -memory.ctypes.data % line
    return memory[start : start + n * np.dtype(dtype).itemsize].view(dtype).reshape(shape)


def chunks(T: int, step: int) -> list[slice]:
    """Cut T steps of `step` numbers each into slices whose numbers fit in the cache together."""
    size = max(1, CACHED // step)
    return [slice(start, min(start + size, T)) for start in range(0, T, size)]
