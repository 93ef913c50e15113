"""Activation functions and their derivatives.

Each derivative is written in terms of the activation's *output*. Back-propagation keeps the outputs anyway, and
both derivatives of the gates are then a product or two: no exponential is taken twice.

Taught in: chapter 02 (the functions), chapter 03 (the derivatives), chapter 04 (why they saturate).
"""

import numpy as np

from rnnlib._types import Array

__all__ = ["drelu", "dsigmoid", "dtanh", "relu", "sigmoid", "softmax", "tanh"]


def tanh(z: Array, out: Array | None = None) -> Array:
    """Hyperbolic tangent, ``(e^z - e^-z) / (e^z + e^-z)``, elementwise; written to `out` if given."""
    return np.tanh(z, out=out)


def dtanh(y: Array, out: Array | None = None) -> Array:
    """Derivative of tanh where its output is `y`: ``1 - y^2``; written to `out` if given."""
    return np.subtract(1, np.multiply(y, y, out=out), out=out)


def sigmoid(z: Array) -> Array:
    """Logistic function, ``1 / (1 + e^-z)``, elementwise.

    Written as ``(1 + tanh(z / 2)) / 2``: the same function, it cannot overflow, and it needs one pass.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
        array([0. , 0.5, 1. ])
    """
    return 0.5 * np.tanh(0.5 * z) + 0.5


def dsigmoid(y: Array) -> Array:
    """Derivative of the sigmoid where its output is `y`: ``y (1 - y)``."""
    return y * (1 - y)


def relu(z: Array, out: Array | None = None) -> Array:
    """Rectifier, ``max(z, 0)``, elementwise; written to `out` if given."""
    return np.maximum(z, 0, out=out)


def drelu(y: Array, out: Array | None = None) -> Array:
    """Derivative of the rectifier where its output is `y`: 1 where `y` > 0, else 0 (at 0 too, as in PyTorch).

    Written to `out` if given.
    """
    return np.greater(y, 0, out=np.empty_like(y) if out is None else out)


def softmax(z: Array) -> Array:
    """Softmax over the last axis: ``e^z_k / sum_j e^z_j``.

    Args:
        z: array ``(..., V)`` of logits.

    Returns:
        Array ``(..., V)`` of probabilities; each row sums to 1.

    Notes:
        The largest logit of each row is subtracted first. It cancels in the fraction, and no exponential overflows.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    # The real part is the whole of a real array; it lets complex-step differentiation through.
    e = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
