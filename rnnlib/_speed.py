"""What makes the gated layers fast and has nothing to do with their equations (figures: `benchmarks/recurrent.md`).

Three things cost more than the arithmetic: fresh memory, arrays that do not fit in the cache, and matrix products
that are small but not small enough for OpenBLAS to skip the rearrangement of its operands.
"""

from collections.abc import Callable

import numpy as np

from rnnlib._types import Array, ArrayLike, DType, Shape

SMALL_PRODUCT = 10**6  # multiplications up to which OpenBLAS multiplies two matrices where they lie
NARROWEST = 32  # columns: narrower blocks lose more than they gain
CACHED = 2**17  # numbers in the largest array of a chunk of steps


class Workspace:
    """Arrays that a layer keeps from one call to the next: the first touch of new memory costs more than its use."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def __call__(self, name: str, shape: Shape, dtype: DType) -> Array:
        """The array of this name, with whatever it holds; a new one when shape or dtype is not what it was."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            array = self._arrays[name] = np.empty(shape, dtype)
        return array


def chunks(T: int, step: int) -> list[slice]:
    """Cut T steps of `step` numbers each into slices whose numbers fit in the cache together."""
    size = max(1, CACHED // step)
    return [slice(start, min(start + size, T)) for start in range(0, T, size)]


def by_gate(W: Array, n_gates: int, B: int, workspace: Workspace, name: str, scale: ArrayLike) -> Array:
    """Copy weights (K, n_gates * H) so that a batch of B rows meets each gate's columns fast.

    Args:
        W: array (K, n_gates * H); one axis less will do for a bias, as K = 1.
        n_gates: number of gates, side by side in W.
        B: number of rows that will be multiplied with W.
        workspace: `Workspace` for the copy, which it keeps under `name`.
        name: see `workspace`.
        scale: n_gates numbers, a factor for each gate.

    Returns:
        Array (n_gates, k, K, H / k): every gate's columns in k blocks, for `product`.
    """
    K, H = W.shape[0], W.shape[1] // n_gates
    wide_enough = (k for k in range(1, max(1, H // NARROWEST) + 1) if H % k == 0 and B * K * H <= k * SMALL_PRODUCT)
    k = next(wide_enough, 1)
    out = workspace(name, (n_gates, k, K, H // k), W.dtype)
    scale = np.array(scale, W.dtype)[:, None, None, None]
    return np.multiply(W.reshape(K, n_gates, k, H // k).transpose(1, 2, 0, 3), scale, out=out)


def product(W: Array, out: Array) -> Callable[[Array], Array]:
    """A function of `a` that writes ``a @ W`` into `out`, (..., B, H), gate by gate; W comes from `by_gate`."""
    n_gates, k, _, width = W.shape
    if n_gates * k == 1:
        # np.dot starts sooner than np.matmul, and in a small layer the start is half the product.
        W = W[0, 0]
        return lambda a: np.dot(a, W, out=out)
    blocks = out.reshape(*out.shape[:-1], k, width).swapaxes(-3, -2)
    return lambda a: np.matmul(a, W, out=blocks)


def transposed(W: Array, workspace: Workspace, name: str) -> Array:
    """Copy W.T, in bands that stay in the cache: three times faster than at once where the sizes are powers of two."""
    out = workspace(name, W.shape[::-1], W.dtype)
    for start in range(0, len(W), 16):
        band = slice(start, start + 16)
        out[:, band] = W[band].T
    return out
