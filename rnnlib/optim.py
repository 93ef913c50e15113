"""Optimisers: they change a dict of parameters in place, given a dict of gradients under the same names.

Taught in: chapter 03 (SGD, Adam), chapter 04 (clipping, momentum, RMSProp).
"""

import math

import numpy as np

from rnnlib._attributes import Checked
from rnnlib._types import Params
from rnnlib._validate import require_number, require_positive, require_share

__all__ = ["SGD", "Adam", "RMSProp", "clip_by_norm", "clip_by_value"]


def _require_rate(name: str, rate: float) -> float:
    """Check a learning rate that is set between steps: a schedule may end at 0."""
    return require_number(name, rate, lambda number: 0 <= number < math.inf, "a learning rate of at least 0")


class SGD:
    """Stochastic gradient descent, with momentum if wanted.

    For each parameter p with gradient g::

        v <- momentum v + g
        p <- p - lr * v

    Args:
        params: dict of arrays, changed in place by `step`.
        lr: learning rate; it may be set anew between steps.
        momentum: how much of the last step's v is kept; default 0, plain descent.

    Notes:
        Where gradients agree from step to step, v grows to ``g / (1 - momentum)``; where they alternate, they cancel.

    Source: Polyak 1964, "Some methods of speeding up the convergence of iteration methods".

    Example:
        >>> p = {"w": np.array([1.0])}
        >>> SGD(p, lr=0.1).step({"w": np.array([2.0])})
        >>> p["w"]
        array([0.8])
    """

    lr = Checked(_require_rate)
    momentum = Checked(require_share)

    def __init__(self, params: Params, lr: float, *, momentum: float = 0.0):
        self.params = params
        self.lr, self.momentum = require_positive("lr", lr), momentum
        self.v: Params | None = None  # made by the first step with momentum

    def __repr__(self) -> str:
        return f"SGD(lr={self.lr}, momentum={self.momentum})"

    def step(self, grads: Params) -> None:
        """Take one step with `grads`, a dict of arrays under the names of the parameters."""
        _require_match(self.params, grads)
        if self.momentum and self.v is None:
            self.v = {name: np.zeros_like(p) for name, p in self.params.items()}
        for name, p in self.params.items():
            v = grads[name]
            if self.v is not None:
                v = self.v[name]
                v *= self.momentum
                v += grads[name]
            p -= self.lr * v


class RMSProp:
    """RMSProp: each gradient is divided by the root of the mean of its recent squares.

    For each parameter p with gradient g::

        v <- decay v + (1 - decay) g^2
        p <- p - lr * g / (sqrt(v) + eps)

    Args:
        params: dict of arrays, changed in place by `step`.
        lr: learning rate; it may be set anew between steps.
        decay: how much of the mean of past squares is kept.
        eps: added to the denominator.

    Notes:
        v starts at zero and nothing corrects it: the first step has the size ``lr / sqrt(1 - decay)``, ten times what
        comes later with the default. `Adam` mends that.

    Source: Tieleman & Hinton 2012, "Lecture 6.5, rmsprop", of the course Neural Networks for Machine Learning.

    Example:
        >>> p = {"w": np.array([1.0])}
        >>> RMSProp(p, lr=0.01).step({"w": np.array([1234.0])})
        >>> p["w"].round(6)
        array([0.9])
    """

    lr = Checked(_require_rate)
    decay = Checked(require_share)
    eps = Checked(require_positive)

    def __init__(self, params: Params, lr: float = 1e-3, *, decay: float = 0.99, eps: float = 1e-8):
        self.params = params
        self.lr, self.decay, self.eps = require_positive("lr", lr), decay, eps
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def __repr__(self) -> str:
        return f"RMSProp(lr={self.lr}, decay={self.decay})"

    def step(self, grads: Params) -> None:
        """Take one step with `grads`, a dict of arrays under the names of the parameters."""
        _require_match(self.params, grads)
        for name, p in self.params.items():
            g, v = grads[name], self.v[name]
            v += (1 - self.decay) * (g * g - v)
            p -= self.lr * g / (np.sqrt(v) + self.eps)


class Adam:
    """Adam: a step of size about `lr` per weight, whatever the size of its gradient.

    At step t, for each parameter p with gradient g::

        m <- beta1 m + (1 - beta1) g
        v <- beta2 v + (1 - beta2) g^2
        p <- p - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)

    Args:
        params: dict of arrays, changed in place by `step`.
        lr: learning rate; it may be set anew between steps.
        beta1: how much of the mean of past gradients is kept.
        beta2: how much of the mean of their squares is kept.
        eps: added to the denominator.

    Notes:
        m and v start at zero, so early means are too small by the factors ``1 - beta^t``; the divisions mend that.

    Source: Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.

    Example:
        >>> p = {"w": np.array([1.0])}
        >>> Adam(p, lr=0.1).step({"w": np.array([1234.0])})
        >>> p["w"].round(6)
        array([0.9])
    """

    lr = Checked(_require_rate)
    beta1, beta2 = Checked(require_share), Checked(require_share)
    eps = Checked(require_positive)

    def __init__(
        self, params: Params, lr: float = 1e-3, *, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ):
        self.params = params
        self.lr, self.beta1, self.beta2, self.eps = require_positive("lr", lr), beta1, beta2, eps
        self.t = 0
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def __repr__(self) -> str:
        return f"Adam(lr={self.lr}, beta1={self.beta1}, beta2={self.beta2})"

    def step(self, grads: Params) -> None:
        """Take one step with `grads`, a dict of arrays under the names of the parameters."""
        _require_match(self.params, grads)
        self.t += 1
        # The two corrections are numbers, so they go into the step size and eps: one pass over the arrays less each.
        correction = math.sqrt(1 - self.beta2**self.t)
        lr = self.lr * correction / (1 - self.beta1**self.t)
        eps = self.eps * correction
        for name, p in self.params.items():
            g, m, v = grads[name], self.m[name], self.v[name]
            m += (1 - self.beta1) * (g - m)
            v += (1 - self.beta2) * (g * g - v)
            p -= lr * m / (np.sqrt(v) + eps)


def clip_by_norm(grads: Params, max_norm: float) -> float:
    """Scale all gradients together, in place, so that their joint norm is at most `max_norm`.

    Args:
        grads: dict of arrays, changed in place when they are too large.
        max_norm: the threshold.

    Returns:
        The norm before clipping; NaN or infinity when a gradient holds one, and then nothing is changed.

    Notes:
        One factor for all arrays keeps the direction; clipping each number by itself would not.

    Taught in: chapter 04.
    Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1.

    Example:
        >>> g = {"a": np.array([3.0]), "b": np.array([4.0])}
        >>> clip_by_norm(g, 1.0), g["a"], g["b"]
        (5.0, array([0.6]), array([0.8]))
    """
    require_positive("max_norm", max_norm)
    # In float64: the square of a float32 number overflows from 1e19 on, long before the number does.
    rows = (g.ravel().astype(np.float64) for g in grads.values())
    norm = math.sqrt(sum(g @ g for g in rows))
    if math.isfinite(norm) and norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return norm


def clip_by_value(grads: Params, limit: float) -> int:
    """Move every number of all gradients, in place, to the nearest one from -`limit` to `limit`.

    Args:
        grads: dict of arrays, changed in place.
        limit: the threshold.

    Returns:
        How many numbers were beyond it.

    Notes:
        A gradient with one huge number keeps its other numbers, but its direction changes: `clip_by_norm` keeps it.

    Taught in: chapter 04.

    Example:
        >>> g = {"a": np.array([3.0, -0.5])}
        >>> clip_by_value(g, 1.0), g["a"]
        (1, array([ 1. , -0.5]))
    """
    require_positive("limit", limit)
    beyond = 0
    for g in grads.values():
        beyond += int((np.abs(g) > limit).sum())
        np.clip(g, -limit, limit, out=g)
    return beyond


def _require_match(params: Params, grads: Params) -> None:
    """Refuse gradients that have not the names and shapes of the parameters."""
    if params.keys() != grads.keys():
        missing = sorted(params.keys() - grads.keys()) or "none"
        unknown = sorted(grads.keys() - params.keys()) or "none"
        raise ValueError(f"grads: expected the names of the parameters; missing {missing}, unknown {unknown}.")
    for name, p in params.items():
        # Without this a gradient that lost an axis would be spread over the parameter in silence.
        if np.shape(grads[name]) != p.shape:
            raise ValueError(f"grads[{name!r}]: expected shape {p.shape}, got {np.shape(grads[name])}.")
