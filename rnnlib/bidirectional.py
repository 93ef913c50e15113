"""Two recurrent layers over one sequence: one reads from the left, one from the right."""

from typing import Any

import numpy as np

from rnnlib._attributes import Checked
from rnnlib._parameters import NamedParameters, ParamsAttribute, named_grads, no_shallow_copy
from rnnlib._readonly import read_only
from rnnlib._types import Array, Layer, Lengths, Params, Part, State
from rnnlib._validate import (
    require_array,
    require_choice,
    require_forward,
    require_layer,
    require_states,
    require_width,
)
from rnnlib.masking import reverse_padded

__all__ = ["Bidirectional"]


class Bidirectional:
    """Read a sequence in both directions, so that every output knows what comes before and after.

    Forward, with R for the reversal of each sequence within its own length::

        hf = forward_layer(x)
        hb = R backward_layer(R x)
        h  = [hf, hb]   ("concat")   or   hf + hb   ("sum")

    Backward, where R is its own transpose::

        dhf, dhb = the two halves of dh   ("concat")   or   dh twice   ("sum")
        dx       = forward_layer.backward(dhf) + R backward_layer.backward(R dhb)

    Args:
        forward_layer: recurrent layer with H units.
        backward_layer: another one. With ``"sum"`` it must have H units too.
        merge: ``"concat"`` (default) or ``"sum"``.

    Attributes:
        D, H: width of the input, and of the outputs.
        params: dict of the parameters of both under ``forward.`` and ``backward.`` names: the layers' own arrays.
        grads: dict of arrays under the same names, filled by `backward`.

    Notes:
        The last output has read the whole sequence in one direction only: its second half has seen the last step and
        no more. What has read everything is the state.

    Taught in: chapter 07.
    Source: Schuster & Paliwal 1997, "Bidirectional recurrent neural networks".

    Example:
        >>> from rnnlib.rnn import RNN
        >>> layer = Bidirectional(RNN(D=3, H=5), RNN(D=3, H=5))
        >>> h, (forward, backward) = layer.forward(np.ones((7, 2, 3), np.float32))
        >>> h.shape, forward.shape, backward.shape
        ((7, 2, 10), (2, 5), (2, 5))
    """

    params, __copy__ = ParamsAttribute(), no_shallow_copy
    merge = Checked(require_choice, ("concat", "sum"))

    def __init__(self, forward_layer: Layer, backward_layer: Layer, *, merge: str = "concat"):
        if forward_layer is backward_layer:
            raise ValueError("backward_layer: expected a layer of its own, got forward_layer again. Make two layers.")
        self.forward_layer = require_layer("forward_layer", forward_layer, "forward", "backward")
        self.backward_layer = require_layer("backward_layer", backward_layer, "forward", "backward")
        require_width("backward_layer", backward_layer, "what forward_layer reads", getattr(forward_layer, "D", None))
        self.merge = merge
        H_f, H_b = (getattr(layer, "H", None) for layer in (forward_layer, backward_layer))
        if merge == "sum" and H_f is not None and H_b is not None:
            _require_one_width(H_f, H_b)
        self.params = NamedParameters(self)
        self.grads: Params = {}
        self._saved: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        return f"Bidirectional({self.forward_layer!r}, {self.backward_layer!r}, merge={self.merge!r})"

    def _parts(self) -> dict[str, Part]:
        return {"forward": self.forward_layer, "backward": self.backward_layer}

    @property
    def D(self) -> int:
        """Width of the input."""
        return self.forward_layer.D

    @property
    def H(self) -> int:
        """Width of the outputs."""
        return self.forward_layer.H + (self.backward_layer.H if self.merge == "concat" else 0)

    def forward(
        self, x: Array, state: tuple[State, ...] | None = None, lengths: Lengths | None = None
    ) -> tuple[Array, tuple[State, ...]]:
        """Run both layers over a batch of sequences.

        Args:
            x: array (T, B, D).
            state: pair of states, one per direction, each as its layer wants it; default zeros.
            lengths: B integers from 1 to T, the number of steps that count in each sequence; default all T.

        Returns:
            h: array (T, B, 2 H), or (T, B, H) with ``"sum"``; zero after the end of a sequence; read-only.
            state: pair of states: of the forward layer after the last step, of the backward layer after the first.

        Raises:
            ValueError: when `state` is no pair, or a layer refuses its input.
        """
        state_f, state_b = require_states("state", state, 2)
        merge, self._saved = self.merge, None  # were it interrupted, backward would mix two passes
        hf, state_f = self.forward_layer.forward(x, state_f, lengths)
        hb, state_b = self.backward_layer.forward(reverse_padded(x, lengths), state_b, lengths)
        if merge == "sum":
            _require_one_width(hf.shape[-1], hb.shape[-1])
        self._saved = hf.shape, hb.shape[-1], hf.dtype, merge, None if lengths is None else np.array(lengths)
        hb = reverse_padded(hb, lengths)
        h = np.concatenate((hf, hb), axis=-1) if merge == "concat" else hf + hb
        return read_only(h), (state_f, state_b)

    def backward(self, dh: Array, dstate: tuple[State, ...] | None = None) -> tuple[Array, tuple[State, ...]]:
        """Back-propagate through both layers, and fill `grads`.

        Args:
            dh: array of the shape of h, gradient of the loss with respect to every output.
            dstate: pair of gradients with respect to the returned states; default zeros.

        Returns:
            dx: array (T, B, D), gradient with respect to x; zero after the end of a sequence.
            dstate: pair of gradients with respect to the initial states.

        Raises:
            ValueError: when there was no `forward`, or an argument does not match it.
        """
        (T, B, H), H_b, dtype, merge, lengths = require_forward(self._saved)
        require_array("dh", dh, (T, B, H + H_b if merge == "concat" else H), dtype=dtype)
        dstate_f, dstate_b = require_states("dstate", dstate, 2)
        dhf, dhb = (dh[..., :H], dh[..., H:]) if merge == "concat" else (dh, dh)
        dx_f, dstate_f = self.forward_layer.backward(dhf, dstate_f)
        dx_b, dstate_b = self.backward_layer.backward(reverse_padded(dhb, lengths), dstate_b)
        self.grads = named_grads(self._parts())
        return dx_f + reverse_padded(dx_b, lengths), (dstate_f, dstate_b)


def _require_one_width(H_forward: int, H_backward: int) -> None:
    """Check that outputs of these widths can be summed."""
    if H_forward != H_backward:
        raise ValueError(f"merge: expected layers of one width to sum, got {H_forward} and {H_backward} units.")
