"""Recurrent layers on top of each other."""

from collections.abc import Sequence

from rnnlib._parameters import NamedParameters, ParamsAttribute, named_grads, no_shallow_copy
from rnnlib._types import Array, Layer, Lengths, Params, Part, Rng, State
from rnnlib._validate import (
    describe,
    require_forward,
    require_layer,
    require_rng,
    require_share,
    require_states,
    require_width,
)
from rnnlib.layers import Dropout

__all__ = ["Stack"]


class Stack:
    """A deep recurrent net: each layer reads the outputs of the one below.

    Forward, for i = 1 ... L, where ``h^0`` is x, and dropout leaves x alone::

        h^i, state^i = layer^i(dropout(h^{i-1}), state^i)

    Backward, for i = L ... 1, the same chain from the other end.

    Args:
        layers: list of layers, from the bottom up: recurrent ones, or `Bidirectional` ones.
        dropout: share of the numbers dropped between two layers, within `rnnlib.layers.dropout_on`; default 0.
        rng: `numpy.random.Generator` for the dropout; default ``default_rng(0)``.

    Attributes:
        D, H: width of the input, and of the outputs.
        dropout: as above; it may be set anew.
        params: dict of the parameters of all layers under ``0.``, ``1.``, ... names: the layers' own arrays.
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        Dropout goes between layers and not from step to step, where it would wear the memory away
        (Zaremba, Sutskever & Vinyals 2014, "Recurrent neural network regularization").

    Taught in: chapter 07.

    Example:
        >>> import numpy as np
        >>> from rnnlib.rnn import RNN
        >>> h, state = Stack([RNN(D=3, H=5), RNN(D=5, H=4)]).forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, [s.shape for s in state]
        ((7, 2, 4), [(2, 5), (2, 4)])
    """

    params, __copy__ = ParamsAttribute(), no_shallow_copy

    def __init__(self, layers: Sequence[Layer], *, dropout: float = 0.0, rng: Rng | None = None):
        if not isinstance(layers, Sequence):
            raise ValueError(f"layers: expected a list of layers, got {describe(layers)}. Write Stack([layer, ...]).")
        if not layers or len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("layers: expected one or more layers, and none of them twice.")
        self.layers = [require_layer(f"layers[{i}]", layer, "forward", "backward") for i, layer in enumerate(layers)]
        for i, (below, layer) in enumerate(zip(self.layers, self.layers[1:], strict=False), 1):
            require_width(f"layers[{i}]", layer, f"the outputs of layers[{i - 1}]", getattr(below, "H", None))
        self.params = NamedParameters(self)
        self._ran: bool | None = None  # whether the last `forward` came to its end
        self.grads: Params = {}
        rng = require_rng(rng)
        # One below each layer; the first layer reads x as it is.
        self._dropouts = [Dropout(0.0), *(Dropout(0.0, rng=rng) for _ in self.layers[1:])]
        self.dropout = dropout

    def __repr__(self) -> str:
        return f"Stack({self.layers!r}" + (f", dropout={self.dropout})" if self.dropout else ")")

    def _parts(self) -> dict[str, Part]:
        return {str(i): layer for i, layer in enumerate(self.layers)}

    @property
    def D(self) -> int:
        """Width of the input."""
        return self.layers[0].D

    @property
    def H(self) -> int:
        """Width of the outputs."""
        return self.layers[-1].H

    @property
    def dropout(self) -> float:
        """Share of the numbers dropped between two layers."""
        return self._dropout

    @dropout.setter
    def dropout(self, share: float) -> None:
        self._dropout = require_share("dropout", share)
        for layer in self._dropouts[1:]:
            layer.p = share

    def forward(
        self, x: Array, state: tuple[State, ...] | None = None, lengths: Lengths | None = None
    ) -> tuple[Array, tuple[State, ...]]:
        """Run all layers over a batch of sequences.

        Args:
            x: array (T, B, D).
            state: tuple of states, one per layer, each as its layer wants it; default zeros.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            h: array (T, B, H), the outputs of the last layer; zero after the end of a sequence.
            state: tuple of the states of all layers after the last step that counts.

        Raises:
            ValueError: when `state` is no such tuple, or a layer refuses its input.
        """
        h, states = x, list(require_states("state", state, len(self.layers)))
        self._ran = None  # were it interrupted, backward would mix two passes
        for i, layer in enumerate(self.layers):
            h = self._dropouts[i].forward(h)
            h, states[i] = layer.forward(h, states[i], lengths)
        self._ran = True
        return h, tuple(states)

    def backward(self, dh: Array, dstate: tuple[State, ...] | None = None) -> tuple[Array, tuple[State, ...]]:
        """Back-propagate through all layers, and fill `grads`.

        Args:
            dh: array (T, B, H), gradient of the loss with respect to the outputs of the last layer.
            dstate: tuple of gradients with respect to the returned states; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence.
            dstate: tuple of gradients with respect to the initial states.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        require_forward(self._ran)
        dstates = list(require_states("dstate", dstate, len(self.layers)))
        for i, layer in reversed(list(enumerate(self.layers))):
            dh, dstates[i] = layer.backward(dh, dstates[i])
            dh = self._dropouts[i].backward(dh)
        self.grads = named_grads(self._parts())
        return dh, tuple(dstates)
