"""Functions to differentiate by small steps, and the small steps themselves."""

import numpy as np

from rnnchecks.engine.problem import normal


def smooth(rng, *shape):
    """Make a function of an array of the given shape in which every entry counts, and all of them together."""
    a, b = normal(rng, *shape), normal(rng, *shape, scale=0.3)

    def f(x):
        if np.shape(x) != shape:
            raise ValueError(f"f takes the whole array, of shape {shape}; it was given shape {np.shape(x)}.")
        return float((a * np.sin(x)).sum() + np.cos((b * x).sum()))

    return f


def differences(f, x, at, gradient):
    """Set each entry of `gradient` to ``at(f, moved, index)``, where `moved` is a float64 copy of x."""
    for index in np.ndindex(x.shape):
        gradient[index] = at(f, x.astype(np.float64), index)
    return gradient


def f_at(f, x, index, step):
    """Evaluate f where one entry of x has moved by `step`."""
    moved = x.copy()
    moved[index] = x[index] + step
    return f(moved)
