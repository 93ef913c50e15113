"""What a recurrent layer reads: vectors x_t, or symbols, each of which stands for its one-hot vector.

A one-hot vector times W_xh is a row of W_xh. So for symbols the row is looked up, and its gradient is the sum of what
came back to the positions of the symbol.
"""

from typing import Any

import numpy as np

from rnnlib._readonly import copied_unless_frozen
from rnnlib._types import Array, Ids
from rnnlib.kernels.workspace import Workspace

NUMBERS_PER_SYMBOL = 1000  # in the mean; with fewer, a call for each symbol costs more than it saves


def are_symbols(x: Array) -> bool:
    """Say whether checked inputs are symbols."""
    return x.ndim == 2


def with_bias(x: Array, W_xh: Array, b_h: Array, workspace: Workspace) -> tuple[Array, Array]:
    """Inputs and weights whose product holds the bias.

    Args:
        x: array (T, B, D), or symbols (T, B).
        W_xh: array (D, K).
        b_h: array (K,).
        workspace: `Workspace` that keeps the inputs.

    Returns:
        A copy of the vectors with a one beside each, (T, B, D + 1), and W_xh with the bias as one more row; or the
        symbols, and W_xh with the bias in every row.
    """
    if are_symbols(x):
        return copied_unless_frozen(x), W_xh + b_h
    T, B, D = x.shape
    x_1 = workspace.array("x_1", (T, B, D + 1), x.dtype)
    x_1[..., :D], x_1[..., D] = x, 1
    return x_1, np.vstack([W_xh, b_h])


def input_grads(x_1: Array, dz: Array, W_xh: Array) -> tuple[Array, Array, Any]:
    """Gradients of a product that `with_bias` prepared.

    Args:
        x_1: the inputs, from `with_bias`.
        dz: array (T * B, K), gradient with respect to the product's rows.
        W_xh: array (D, K).

    Returns:
        dW_xh: array (D, K).
        db_h: array (K,).
        dx: array (T, B, D); None for symbols, which have no gradient.
    """
    D = len(W_xh)
    if are_symbols(x_1):
        dW = sum_by_symbol(dz, x_1, D)
        return dW, dW.sum(axis=0), None
    dW = x_1.reshape(-1, D + 1).T @ dz
    return dW[:D], dW[D], (dz @ W_xh.T).reshape(*x_1.shape[:2], D)


def sum_by_symbol(rows: Array, ids: Ids, V: int) -> Array:
    """Array (V, K): its row k is the sum of those of `rows`, (N, K), where `ids`, N integers, hold k."""
    # Rows sorted by symbol, so that each sum runs over neighbours: np.add.at would go one by one.
    ids = ids.ravel().astype(np.min_scalar_type(V))  # narrow integers are sorted in one pass
    rows = rows[ids.argsort(kind="stable")]
    sums, counts = np.zeros((V, rows.shape[1]), rows.dtype), np.bincount(ids, minlength=V)
    starts = counts.cumsum() - counts
    if rows.size < NUMBERS_PER_SYMBOL * V:
        present = counts > 0
        sums[present] = np.add.reduceat(rows, starts[present], axis=0)
        return sums
    ones = np.ones(counts.max(), rows.dtype)  # times rows: their sum, 8 times sooner where the rows are wide and many
    for k, (start, n) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True)):
        np.dot(ones[:n], rows[start : start + n], out=sums[k])
    return sums
