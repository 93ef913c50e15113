"""What a recurrent layer reads: vectors x_t, or symbols, each of which stands for its one-hot vector.

A one-hot vector times W_xh is a row of W_xh. So for symbols the row is looked up, and its gradient is the sum of what
came back to the positions of the symbol.
"""

from typing import Any

import numpy as np

from rnnlib._speed import Workspace
from rnnlib._types import Array, DType, Ids
from rnnlib._validate import require_array, require_ids


def require_inputs(x: Array, D: int, dtype: DType) -> Array:
    """Check that `x` is a finite array (T, B, D) of this dtype, or an integer array (T, B) of symbols below D.

    Raises:
        ValueError: with what was expected and what came.
    """
    if isinstance(x, np.ndarray) and x.dtype.kind in "iu" and x.ndim == 2:
        return require_ids("x", x, D)
    return require_array("x", x, ("T", "B", D), dtype=dtype, finite=True)


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
        Vectors with a one beside each, (T, B, D + 1), and W_xh with the bias as one more row; or the symbols, and
        W_xh with the bias in every row.
    """
    if are_symbols(x):
        return x, W_xh + b_h
    T, B, D = x.shape
    x_1 = workspace("x_1", (T, B, D + 1), x.dtype)
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
    ids = ids.ravel().astype(np.min_scalar_type(V))  # narrow integers are sorted in one pass
    rows = rows[ids.argsort(kind="stable")]
    sums, ones, start = np.zeros((V, rows.shape[1]), rows.dtype), np.ones(len(rows), rows.dtype), 0
    for k, n in enumerate(np.bincount(ids, minlength=V).tolist()):
        if n:
            np.dot(ones[:n], rows[start : start + n], out=sums[k])  # ones times rows: their sum, sooner than np.sum
            start += n
    return sums
