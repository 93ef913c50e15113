"""Records of runs to diagnose: losses, norms of the gradient by lag, and the share of flat units."""

import numpy as np


def run_of(rng, loss, end, reach, flat, *, steps=40, scale=0.3):
    """Make the records of a run that goes from its first loss to `end`, and stays there for its last tenth."""
    losses = np.linspace(loss, end, steps) + 0.02 * rng.standard_normal(steps)
    losses[0], losses[-max(1, steps // 10) :] = loss, end
    return losses, scale * np.geomspace(1, reach, 12), flat


def broken_off(rng, loss, reach, flat, value):
    """Make the records of a run whose losses turn into `value` half way."""
    losses, norms, flat = run_of(rng, loss, loss, reach, flat)
    losses[20:] = value
    return losses, norms, flat


def jump(loss, end, reach, flat):
    """Make the records of a run that goes to its last loss at once, and whose gradient passes one step."""
    return np.array([loss] + 29 * [end]), np.array([0.5, 0.5 * reach]), flat


CASES = {  # label: (whether it is hidden, how to make it)
    "a run that learns": (False, lambda rng: run_of(rng, 1.4, 0.1, 0.5, 0.0)),
    "a run that learns, although its gradient vanishes": (False, lambda rng: run_of(rng, 1.4, 0.3, 1e-5, 0.1)),
    "a run that learns, with many flat units": (False, lambda rng: run_of(rng, 1.4, 0.2, 1e3, 0.8)),
    "a ReLU net with all units off": (False, lambda rng: run_of(rng, 1.4, 1.39, 1e-9, 1.0)),
    "unit-normal weights": (False, lambda rng: run_of(rng, 1.5, 1.5, 1e5, 0.7)),
    "unit-normal weights, and the loss is nan": (False, lambda rng: broken_off(rng, 1.5, 1e5, 0.7, np.nan)),
    "a reach of 3000, and the loss is nan": (False, lambda rng: broken_off(rng, 1.4, 3e3, 0.5, np.nan)),
    "a reach of 3000, small norms": (False, lambda rng: run_of(rng, 1.4, 1.7, 3e3, 0.1, scale=1e-3)),
    "a reach of 1e-6": (False, lambda rng: run_of(rng, 1.4, 1.38, 1e-6, 0.0)),
    "a reach of 1e-6, and the loss rises": (False, lambda rng: run_of(rng, 1.4, 3.0, 1e-6, 0.0)),
    "a reach of 0.4, and the loss rises": (False, lambda rng: run_of(rng, 1.4, 12.0, 0.4, 0.0)),
    "a reach of 0.4, and the loss is nan": (False, lambda rng: broken_off(rng, 1.4, 0.4, 0.0, np.nan)),
    "a reach of 2, and the loss is level": (False, lambda rng: run_of(rng, 1.4, 1.36, 2.0, 0.1)),
    "a loss that falls a little": (False, lambda rng: run_of(rng, 1.4, 0.9, 0.5, 0.0)),
    "five steps only": (False, lambda rng: run_of(rng, 1.4, 0.65, 0.5, 0.0, steps=5)),
    "exactly 0.99 of the units are flat": (False, lambda rng: run_of(rng, 1.4, 1.4, 0.5, 0.99)),
    "exactly 0.6 of the units are flat": (False, lambda rng: run_of(rng, 1.4, 1.4, 0.5, 0.6)),
    "a reach of exactly 100": (False, lambda rng: jump(1.4, 1.4, 100.0, 0.1)),
    "a reach of exactly 0.001": (False, lambda rng: jump(1.4, 1.4, 0.001, 0.1)),
    "a loss of exactly half the first": (False, lambda rng: jump(1.5, 0.75, 0.5, 0.1)),
    "a loss of exactly 1.2 times the first": (False, lambda rng: jump(1.0, 1.2, 0.5, 0.1)),
    "a loss that is high only at the start": (True, lambda rng: jump(9.0, 1.4, 0.5, 0.2)),
    "a loss that is low only at the start": (True, lambda rng: jump(1.4, 3.0, 0.5, 0.2)),
    "a gradient that grows in one step": (True, lambda rng: jump(1.4, 1.4, 100.5, 0.2)),
    "a gradient that vanishes in one step": (True, lambda rng: jump(1.4, 1.4, 1e-4, 0.2)),
    "a reach of 0.005, and the loss is level": (True, lambda rng: run_of(rng, 1.4, 1.4, 0.005, 0.0)),
    "a reach of 60, and the loss is level": (True, lambda rng: run_of(rng, 1.4, 1.4, 60.0, 0.0)),
    "a reach of 5, large norms": (True, lambda rng: run_of(rng, 1.4, 1.4, 5.0, 0.0, scale=40.0)),
    "a loss that rises by a tenth": (True, lambda rng: run_of(rng, 1.4, 1.54, 0.5, 0.0)),
    "a loss that rises by a half": (True, lambda rng: run_of(rng, 1.4, 2.1, 0.5, 0.0)),
    "flat units, and a vanishing gradient": (True, lambda rng: run_of(rng, 1.4, 1.4, 1e-6, 0.75)),
    "dead units, and a loss that rises": (True, lambda rng: run_of(rng, 1.4, 5.0, 0.1, 1.0)),
    "the loss is infinite": (True, lambda rng: broken_off(rng, 1.4, 0.4, 0.0, np.inf)),
}
