"""What makes the gated layers fast and has nothing to do with their equations (figures: `benchmarks/recurrent.md`).

Four things cost more than the arithmetic: fresh memory, views made anew at every step, arrays that do not fit in the
cache, and matrix products that are small but not small enough for OpenBLAS to skip the rearrangement of its operands.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._types import Array, ArrayLike, DType, Shape

SMALL_PRODUCT = 10**6  # multiplications up to which OpenBLAS multiplies two matrices where they lie
NARROWEST = 32  # columns: narrower blocks lose more than they gain
CACHED = 2**17  # numbers in the largest array of a chunk of steps


class Workspace:
    """Arrays that a layer keeps from one call to the next: the first touch of new memory costs more than its use."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}
        self._cuts: dict[Callable[..., list[Any]], tuple[tuple[Array, ...], list[Any]]] = {}

    def __call__(self, name: str, shape: Shape, dtype: DType) -> Array:
        """The array of this name, with whatever it holds; a new one when shape or dtype is not what it was."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            array = self._arrays[name] = aligned(shape, dtype)
        return array

    def cut(self, by_step: Callable[..., list[Any]], *arrays: Array) -> list[Any]:
        """Views of kept arrays, ``by_step(*arrays)``: making one takes as long as a small sum, so they are kept too."""
        of, views = self._cuts.get(by_step, ((), []))
        if len(of) != len(arrays) or any(kept is not array for kept, array in zip(of, arrays, strict=True)):
            views = by_step(*arrays)
            self._cuts[by_step] = arrays, views
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


def by_gate(W: Array, n_gates: int, B: int, workspace: Workspace, name: str, scale: ArrayLike) -> Array:
    """Copy weights (K, n_gates * H) so that a batch of B rows meets each gate's columns fast.

    Args:
        W: array (K, n_gates * H).
        n_gates: number of gates, side by side in W.
        B: number of rows that will be multiplied with W.
        workspace: `Workspace` for the copy, which it keeps under `name`.
        name: see `workspace`.
        scale: n_gates numbers, a factor for each gate.

    Returns:
        Array (n_gates, k, K, H / k): every gate's columns in k blocks, for `product`. For a single row, whose gates
        lie side by side anyway, array (1, 1, K, n_gates * H).
    """
    K, H = W.shape[0], W.shape[1] // n_gates
    scale = np.array(scale, W.dtype)[:, None]
    if B == 1:
        out = workspace(name, (1, 1, K, n_gates * H), W.dtype)
        np.multiply(W.reshape(K, n_gates, H), scale, out=out.reshape(K, n_gates, H))
        return out
    k = _n_blocks(B, K, H)
    out = workspace(name, (n_gates, k, K, H // k), W.dtype)
    return np.multiply(W.reshape(K, n_gates, k, H // k).transpose(1, 2, 0, 3), scale[:, None, None], out=out)


def transposed(W: Array, B: int, workspace: Workspace, name: str) -> Array:
    """Copy the transpose of W, (H, K), into k blocks of columns, (1, k, K, H / k), for the `product` with B rows."""
    if B == 1:
        return W.T[None, None]  # one row meets it where it lies
    H, K = W.shape
    k = _n_blocks(B, K, H)
    out = workspace(name, (1, k, K, H // k), W.dtype)
    for block, rows in zip(out[0], W.reshape(k, H // k, K), strict=True):
        # In bands that stay in the cache: three times faster than at once where the sizes are powers of two.
        for start in range(0, H // k, 16):
            band = slice(start, start + 16)
            block[:, band] = rows[band].T
    return out


def product(W: Array, out: Array) -> Callable[[Array], Array]:
    """A function of `a`, (B, K), that writes ``a @ W`` into `out`, (n_gates, B, H) or (B, H); W is from `by_gate`."""
    if W.shape[:2] == (1, 1):
        # np.dot starts sooner than np.matmul, and in a small layer the start is half the product.
        W = W[0, 0]
        out = out.reshape(-1, W.shape[1])
        return lambda a: np.dot(a, W, out=out)
    blocks = _in_blocks(out, W)
    return lambda a: np.matmul(a, W, out=blocks)


def products(a: Array, W: Array, out: Array) -> None:
    """Write ``a[t] @ W`` into ``out[t]`` for every step: a is (T, B, K), out (T, n_gates, B, H), W from `by_gate`.

    Where a holds symbols, (T, B), their rows of W are written.
    """
    K, width = W.shape[2:]
    one = W.shape[:2] == (1, 1)
    to = out.reshape(-1, width) if one else _in_blocks(out, W)
    if a.ndim == 2:
        to[:] = W[0, 0, a.ravel()] if one else W[:, :, a].transpose(2, 0, 1, 3, 4)
    elif one:
        np.matmul(a.reshape(-1, K), W[0, 0], out=to)
    else:
        np.matmul(a[:, None, None], W, out=to)


def _n_blocks(B: int, K: int, H: int) -> int:
    """Into how many blocks to cut H columns, so that each one's product with B rows is small enough, or else 1."""
    wide_enough = (k for k in range(1, max(1, H // NARROWEST) + 1) if H % k == 0 and B * K * H <= k * SMALL_PRODUCT)
    return next(wide_enough, 1)


def _in_blocks(out: Array, W: Array) -> Array:
    """A view (..., k, B, H / k) of `out`, (..., B, H), in the blocks of W."""
    k, width = W.shape[1], W.shape[3]
    return out.reshape(*out.shape[:-1], k, width).swapaxes(-3, -2)
