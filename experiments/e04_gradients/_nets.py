"""What the experiments of chapter 4 share: batches that can be drawn again, nets with a given start, rows sent back."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlib import RNN, Linear
from rnnlib.init import identity, orthogonal
from rnnlib.layers import OneHot
from rnnlib.models import Forecaster, SequenceClassifier

ACTIVATIONS = ("tanh", "relu")
MATRICES = ("default", "orthogonal", "identity")


class Fresh:
    """Batches that are drawn anew, always the same ones for the same seed."""

    def __init__(self, task: Any, count: int, seed: int, **sizes: int):
        self.task, self.count, self.seed, self.sizes = task, count, seed, sizes

    def __iter__(self) -> Iterator[Any]:
        rng = np.random.default_rng([self.seed, 1])  # not the stream that the net of this seed is drawn from
        for _ in range(self.count):
            yield self.task(rng=rng, **self.sizes)


def layer(activation: str, matrix: str, D: int, H: int, rng: np.random.Generator) -> RNN:
    """A recurrent layer with one of the three initialisations of its recurrent matrix.

    The default is uniform between plus and minus 1/sqrt(H), with such biases too. The two others have no biases.
    """
    made = RNN(D, H, activation=activation, rng=rng)
    if matrix != "default":
        made.params["b_h"][:] = 0
        made.params["W_hh"][...] = identity(H) if matrix == "identity" else orthogonal(rng, (H, H))
    return made


def adding_net(activation: str, matrix: str, seed: int, H: int = 32) -> Forecaster:
    """A net for the adding problem."""
    rng = np.random.default_rng(seed)
    return Forecaster(layer(activation, matrix, 2, H, rng), Linear(H, 1, rng=rng))


def order_net(activation: str, matrix: str, seed: int, H: int = 32) -> SequenceClassifier:
    """A classifier for the temporal order task."""
    rng = np.random.default_rng(seed)
    return SequenceClassifier(layer(activation, matrix, 6, H, rng), Linear(H, 4, rng=rng), embedding=OneHot(6))


def slopes_of(h: Any, activation: str) -> Any:
    """The derivatives of the activation, from its outputs."""
    return (h > 0) * 1.0 if activation == "relu" else 1 - h**2


def step_back(d: Any, slope: Any, W_hh: Any) -> Any:
    """Send rows one step back: d times J_j."""
    return (d * slope) @ W_hh.T


def norms_by_lag(d: Any, slopes: Any, W_hh: Any) -> Any:
    """Send rows back through all steps, the latest first, and give the norm at each lag, from 0."""
    norms = [np.linalg.norm(d)]
    for slope in slopes[::-1]:
        d = step_back(d, slope, W_hh)
        norms.append(np.linalg.norm(d))
    return np.array(norms)
