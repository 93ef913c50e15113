"""The two loops of the plain recurrent layer, over whole sequences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._types import Array, Params
from rnnlib.kernels.inputs import are_symbols, sum_by_symbol
from rnnlib.kernels.workspace import Workspace


def forward(x: Array, h_0: Any, params: Params, activation: Callable[..., Array]) -> Array:
    """States h_0 ... h_T, (T + 1, B, H), in new memory."""
    W_xh, W_hh, b_h = (params[name] for name in ("W_xh", "W_hh", "b_h"))
    (D, H), (T, B) = W_xh.shape, x.shape[:2]
    hs = np.empty((T + 1, B, H), W_xh.dtype)
    hs[0], h = h_0, hs[1:]
    # The inputs of all steps meet W_xh in one product: only the product with W_hh has to wait for the step before.
    if are_symbols(x):
        np.take(W_xh, x, axis=0, out=h)
    else:
        np.matmul(x.reshape(T * B, D), W_xh, out=h.reshape(T * B, H))
    h += b_h
    recurrent = np.empty((B, H), W_xh.dtype)
    h_prev = hs[0]
    for z in h:
        # np.dot, not np.matmul: it starts sooner, and at batch 1 the start is half the product.
        z += np.dot(h_prev, W_hh, out=recurrent)
        h_prev = activation(z, out=z)
    return hs


def backward(
    dh: Array,
    dh_T: Any,
    x: Array,
    hs: Array,
    params: Params,
    slope: Callable[..., Array],
    workspace: Workspace,
) -> tuple[Any, Array, Params]:
    """Gradients with respect to the inputs, None for symbols; to h_0; and to the parameters.

    Args:
        dh: array (T, B, H), what reaches every h_t from outside.
        dh_T: array (B, H) or 0, what reaches h_T from beyond the end.
        x: array (T, B, D), or symbols (T, B).
        hs: array (T + 1, B, H), from `forward`.
        params: the layer's.
        slope: derivative of the activation as a function of its output.
        workspace: memory that the layer keeps.
    """
    W_xh, W_hh = params["W_xh"], params["W_hh"]
    T, B, H = dh.shape
    dh_next = np.empty((B, H), W_xh.dtype)  # what reaches h_t from step t + 1
    dh_next[:] = dh_T
    # The slope at every step at once, in memory that is kept: fresh memory costs more here than the arithmetic.
    dz = slope(hs[1:], out=workspace.array("dz", (T, B, H), W_xh.dtype))  # the loop turns it into dz in place
    W_hh_T = np.ascontiguousarray(W_hh.T)  # a transposed view would halve the speed of the product in the loop
    for dh_out_t, dz_t in zip(dh[::-1], reversed(workspace.views(list, dz)), strict=True):
        dh_next += dh_out_t
        dz_t *= dh_next
        np.dot(dz_t, W_hh_T, out=dh_next)

    dz_rows = dz.reshape(T * B, H)
    grads = {
        "W_xh": sum_by_symbol(dz_rows, x, len(W_xh)) if are_symbols(x) else x.reshape(T * B, -1).T @ dz_rows,
        "W_hh": hs[:-1].reshape(T * B, H).T @ dz_rows,
        "b_h": dz_rows.sum(axis=0),
    }
    dx = None if are_symbols(x) else (dz_rows @ W_xh.T).reshape(x.shape)
    return dx, dh_next, grads
