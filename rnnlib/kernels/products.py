"""Matrix products of a few rows with the weights of several gates, cut so that each runs fast in OpenBLAS."""

from collections.abc import Callable

import numpy as np

from rnnlib._types import Array, ArrayLike
from rnnlib.kernels.workspace import Workspace

SMALL_PRODUCT = 10**6  # multiplications up to which OpenBLAS multiplies two matrices where they lie
NARROWEST = 32  # columns: narrower blocks lose more than they gain
FEW = 64  # numbers of a gate at one step, up to which the start of a product costs more than what it computes
JOINED = 16  # rows of a step up to which the products of many steps are one, where none waits for another
APART = (2, 3, 5, 7)  # numbers of rows that meet wide weights sooner one by one
APART_FROM = 2**13  # weights of a gate, below which the start of a product for each row costs more than that saves


def by_gate(
    W: Array, n_gates: int, B: int, workspace: Workspace, name: str, scale: ArrayLike, all_steps: bool = False
) -> Array:
    """Copy weights (K, n_gates * H) so that a batch of B rows meets each gate's columns fast.

    Args:
        W: array (K, n_gates * H).
        n_gates: number of gates, side by side in W.
        B: number of rows that will be multiplied with W.
        workspace: `Workspace` for the copy, which it keeps under `name`.
        name: see `workspace`.
        scale: n_gates numbers, a factor for each gate.
        all_steps: whether the rows of many steps will meet W, in `products`, not those of one, in `product`.

    Returns:
        Array (n_gates, k, K, H / k): every gate's columns in k blocks. For a few rows, where one product of all gates
        is sooner done, array (1, 1, K, n_gates * H).
    """
    K, H = W.shape[0], W.shape[1] // n_gates
    scale = np.array(scale, W.dtype)[:, None]
    if B <= JOINED if all_steps else B == 1 or B * H <= FEW:
        out = workspace.array(name, (1, 1, K, n_gates * H), W.dtype)
        np.multiply(W.reshape(K, n_gates, H), scale, out=out.reshape(K, n_gates, H))
        return out
    k = _n_blocks(B, K, H)
    out = workspace.array(name, (n_gates, k, K, H // k), W.dtype)
    return np.multiply(W.reshape(K, n_gates, k, H // k).transpose(1, 2, 0, 3), scale[:, None, None], out=out)


def transposed(W: Array, B: int, workspace: Workspace, name: str) -> Array:
    """Copy the transpose of W, (H, K), into k blocks of columns, (1, k, K, H / k), for the `product` with B rows."""
    if B == 1 or _apart(B, W):
        return W.T[None, None]  # a single row meets it where it lies
    H, K = W.shape
    k = _n_blocks(B, K, H)
    out = workspace.array(name, (1, k, K, H // k), W.dtype)
    for block, rows in zip(out[0], W.reshape(k, H // k, K), strict=True):
        # In bands that stay in the cache: three times faster than at once where the sizes are powers of two.
        for start in range(0, H // k, 16):
            band = slice(start, start + 16)
            block[:, band] = rows[band].T
    return out


def product(W: Array, out: Array) -> Callable[[Array], Array | None]:
    """A function of `a`, (B, K), that writes ``a @ W`` into `out`, (n_gates, B, H) or (B, H); W is from `by_gate`."""
    gate_by_gate = W.shape[1] * W.shape[3] == out.shape[-1]
    if gate_by_gate and _apart(out.shape[-2], W[0]):
        by_row = _in_blocks(out, W)[..., None, :]
        W = W[:, :, None]
        return lambda a: np.matmul(a[:, None], W, out=by_row)
    if W.shape[:2] != (1, 1):
        blocks = _in_blocks(out, W)
        return lambda a: np.matmul(a, W, out=blocks)
    # np.dot starts sooner than np.matmul, and in a small layer the start is half the product.
    W, B = W[0, 0], out.shape[-2]
    if B == 1 or out.ndim == 2:
        rows = out.reshape(B, W.shape[1])  # in the memory of `out`
        return lambda a: np.dot(a, W, out=rows)
    rows = np.empty((B, W.shape[1]), out.dtype)
    rows_of_gates = rows_by_gate(rows, len(out))

    def all_gates(a: Array) -> None:
        np.dot(a, W, out=rows)
        out[:] = rows_of_gates

    return all_gates


def products(a: Array, W: Array, out: Array) -> None:
    """Write ``a[t] @ W`` into ``out[t]`` for every step: a is (T, B, K), out (T, n_gates, B, H), W from `by_gate`.

    Where a holds symbols, (T, B), their rows of W are written.
    """
    K, width = W.shape[2:]
    T, n_gates, B, H = out.shape
    if W.shape[:2] == (1, 1):
        rows = W[0, 0, a.ravel()] if a.ndim == 2 else a.reshape(T * B, K) @ W[0, 0]
        out[:] = rows.reshape(T, B, n_gates, H).swapaxes(1, 2)
    elif a.ndim == 2:
        _in_blocks(out, W)[:] = W[:, :, a].transpose(2, 0, 1, 3, 4)
    else:
        np.matmul(a[:, None, None], W, out=_in_blocks(out, W))


def _apart(B: int, W: Array) -> bool:
    """Whether B rows meet the weights of a gate sooner one by one."""
    return B in APART and W.size >= APART_FROM


def _n_blocks(B: int, K: int, H: int) -> int:
    """Into how many blocks to cut H columns, so that each one's product with B rows is small enough, or else 1."""
    wide_enough = (k for k in range(1, max(1, H // NARROWEST) + 1) if H % k == 0 and B * K * H <= k * SMALL_PRODUCT)
    return next(wide_enough, 1)


def _in_blocks(out: Array, W: Array) -> Array:
    """A view (..., k, B, H / k) of `out`, (..., B, H), in the blocks of W."""
    k, width = W.shape[1], W.shape[3]
    return out.reshape(*out.shape[:-1], k, width).swapaxes(-3, -2)


def rows_by_gate(rows: Array, n_gates: int) -> Array:
    """A view (n_gates, B, H) of `rows`, (B, n_gates * H)."""
    return rows.reshape(len(rows), n_gates, -1).swapaxes(0, 1)
