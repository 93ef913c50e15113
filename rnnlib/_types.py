"""The names that the type hints of rnnlib use. Shapes are in the docstrings; hints say what kind of thing it is."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

# Not NDArray[np.floating]: layers run in float32 and float64, and complex numbers pass through for the complex step.
# `rnnlib._validate` compares the dtypes when the code runs.
Array: TypeAlias = npt.NDArray[Any]
Ids: TypeAlias = npt.NDArray[np.integer[Any]]
Mask: TypeAlias = npt.NDArray[np.bool_]
Shape: TypeAlias = tuple[int, ...]
ExpectedShape: TypeAlias = tuple[int | str, ...]  # a number for each fixed axis, a symbol for each free one
ArrayLike: TypeAlias = npt.ArrayLike  # lists and numbers too
DType: TypeAlias = npt.DTypeLike
Rng: TypeAlias = np.random.Generator
Lengths: TypeAlias = Sequence[int] | Ids
Params: TypeAlias = MutableMapping[str, Array]
# An array (B, H), or a tuple of states, as deep as the layer is: each layer knows its own.
State: TypeAlias = Any
Step: TypeAlias = Callable[[Ids, State], tuple[Array, State]]  # reads one symbol per row, gives logits and state
Tagged: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]  # the words of a sentence, and their tags


class Part(Protocol):
    """What has parameters and gathers their gradients."""

    # Any: an attribute that checks what is assigned to it has another type to read than to write.
    params: Any
    grads: Any


class Layer(Part, Protocol):
    """A recurrent layer: `RNN`, `LSTM`, `GRU`, `Bidirectional` or `Stack`."""

    @property
    def D(self) -> int:
        """Width of the input."""
        ...

    @property
    def H(self) -> int:
        """Width of the outputs."""
        ...

    def forward(self, x: Array, state: State = None, lengths: Lengths | None = None) -> tuple[Array, State]:
        """Outputs at every step, and the state after the last."""
        ...

    def backward(self, dh: Array, dstate: State = None) -> tuple[Array, State]:
        """Gradients with respect to the input and the initial state."""
        ...


class Model(Protocol):
    """What `rnnlib.training.train` trains. What carries a state from batch to batch has ``reset()`` besides."""

    params: Any

    def loss_and_grads(self, *args: Any, **kwargs: Any) -> tuple[float, Params]:
        """Loss of a batch, and its gradients under the names of `params`."""
        ...


class Writer(Protocol):
    """What `rnnlib.decoding.generate` lets write."""

    V: int

    def step(self, ids: Ids, state: State = None) -> tuple[Array, State]:
        """Logits of the next symbol of every row, and the state after this one."""
        ...


class Optimizer(Protocol):
    """What changes parameters in place."""

    lr: float

    def step(self, grads: Params) -> None:
        """Take one step."""
        ...
