"""From one sequence to another: an encoder reads, a decoder writes and looks back."""

from typing import Any

import numpy as np

from rnnlib._parameters import NamedParameters, ParamsAttribute, named_grads, no_shallow_copy
from rnnlib._readonly import read_only
from rnnlib._repr import described
from rnnlib._tree import tree_map
from rnnlib._types import Array, Ids, Layer, Lengths, Params, Part, State, Step
from rnnlib._validate import require_ids, require_layer, require_width
from rnnlib.activations import dtanh, tanh
from rnnlib.attention import AdditiveAttention, DotProductAttention, length_mask
from rnnlib.bidirectional import Bidirectional
from rnnlib.layers import Embedding, Linear, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.masking import mask_of

__all__ = ["EncoderDecoder"]


class EncoderDecoder:
    """Turn a sequence into another of its own length: letters into sounds.

    The encoder reads the source x in both directions, the decoder starts from its state and predicts each symbol of
    the target y from those before it. For s = 1 ... S and t = 1 ... T::

        k_s       = [forward RNN, backward RNN](x)_s
        h_0       = [last state of the forward RNN, last state of the backward RNN]
        h_t       = RNN(y_{t-1}, h_{t-1})                       y_0 is the start symbol
        context_t = attention(h_t, k_1 ... k_S)
        a_t       = tanh([h_t, context_t] W + b)
        p(y_t | y_1 ... y_{t-1}, x) = softmax(a_t W_out + b_out)

    Without attention, ``a_t = h_t``: all that the decoder knows of the source must pass through ``h_0``.
    In training the decoder reads the right symbols, whatever it would have written: teacher forcing.

    Args:
        source: `Embedding` of the source's symbols.
        target: `Embedding` of the target's symbols.
        encoder: `Bidirectional` of two recurrent layers of H / 2 units each.
        decoder: recurrent layer of H units, of the encoder's kind.
        out: `Linear` from H to the size of the target's vocabulary.
        start: id of the target symbol that the decoder reads first.
        attention: `AdditiveAttention` or `DotProductAttention` from the decoder's states to the encoder's outputs;
            default None: the decoder does not look back at the source.
        mix: `Linear` from 2 H to H, which attention needs.

    Attributes:
        params: dict of the parameters of all layers under ``source.``, ``target.``, ``encoder.``, ``decoder.``,
            ``attention.``, ``mix.`` and ``out.`` names: the layers' own arrays.
        attention: as above; after a forward pass its ``weights`` say where each step looked.

    Notes:
        Bahdanau et al. attend with ``h_{t-1}`` and feed the context to the step that makes ``h_t``. Here the context
        comes after the step, as in Luong, Pham & Manning 2015: then the decoder's whole pass is one call of its layer.

    Taught in: chapter 12.
    Source: Sutskever, Vinyals & Le 2014, "Sequence to sequence learning with neural networks"; Bahdanau, Cho & Bengio
    2015, "Neural machine translation by jointly learning to align and translate".

    Example:
        >>> from rnnlib import GRU
        >>> model = EncoderDecoder(
        ...     source=Embedding(28, 8), target=Embedding(42, 8), encoder=Bidirectional(GRU(8, 8), GRU(8, 8)),
        ...     decoder=GRU(8, 16), attention=AdditiveAttention(16, 16, 16), mix=Linear(32, 16), out=Linear(16, 42),
        ...     start=1,
        ... )
        >>> letters, phones = np.array([[3], [1], [20]]), np.array([[11], [2], [22], [2]])
        >>> model.logits(letters, phones).shape
        (4, 1, 42)
        >>> model.attention.weights.shape
        (4, 1, 3)
    """

    params, __copy__ = ParamsAttribute(), no_shallow_copy

    def __init__(
        self,
        *,  # seven layers, several of them of one kind: in the wrong order they would fit as well
        source: Embedding,
        target: Embedding,
        encoder: Bidirectional,
        decoder: Layer,
        out: Linear,
        start: int,
        attention: AdditiveAttention | DotProductAttention | None = None,
        mix: Linear | None = None,
    ):
        if (attention is None) != (mix is None):
            raise ValueError(f"mix: expected a Linear with attention and None without, got {mix!r} and {attention!r}.")
        self.source, self.target, self.encoder, self.decoder = source, target, encoder, decoder
        self.attention, self.mix, self.out = attention, mix, out
        for name, layer in self._parts().items():
            require_layer(name, layer, "forward", "backward")
        if not isinstance(encoder, Bidirectional):
            raise ValueError(f"encoder: expected a Bidirectional, got {encoder!r}.")
        self.H = decoder.H
        if encoder.forward_layer.H * 2 != self.H or encoder.backward_layer.H * 2 != self.H:
            raise ValueError(
                f"encoder: expected H / 2 = {self.H / 2:g} units in each direction, half of the decoder's, "
                f"got {encoder.forward_layer.H} and {encoder.backward_layer.H}."
            )
        require_width("encoder", encoder, "source's vectors", getattr(source, "E", None))
        require_width("decoder", decoder, "target's vectors", getattr(target, "E", None))
        require_width("out", out, "decoder's outputs", self.H)
        if mix is not None:
            require_width("mix", mix, "decoder's outputs beside attention's", 2 * self.H)
        require_ids("start", [start], out.params["W"].shape[1])
        self.start = start
        self.params = NamedParameters(self)
        self._saved: Any = None

    def __repr__(self) -> str:
        return f"EncoderDecoder({described(**self._parts(), start=self.start)})"

    def _parts(self) -> dict[str, Part]:
        names = ["source", "target", "encoder", "decoder", "attention", "mix", "out"]
        return {name: part for name in names if (part := getattr(self, name)) is not None}

    def loss_and_grads(
        self, ids: Ids, targets: Ids, lengths: Lengths | None = None, target_lengths: Lengths | None = None
    ) -> tuple[float, Params]:
        """Loss of a batch of pairs, and its gradients.

        Args:
            ids: integer array (S, B), the sources.
            targets: integer array (T, B), what should be written, with an end symbol as the last that counts.
            lengths: B integers from 1 to S, the number of steps that count in each source; default all S.
            target_lengths: B integers from 1 to T, the same for each target; default all T.

        Returns:
            loss: float, mean cross-entropy per symbol of the targets that counts, in nats.
            grads: dict of arrays under the names of `params`.
        """
        with dropout_on():
            logits = self.logits(ids, targets, lengths, target_lengths)
        loss, dlogits = softmax_cross_entropy(logits, targets, mask_of(target_lengths, len(targets)))
        self._backward(dlogits)
        return loss, named_grads(self._parts())

    def loss(
        self, ids: Ids, targets: Ids, lengths: Lengths | None = None, target_lengths: Lengths | None = None
    ) -> float:
        """Mean cross-entropy per symbol of the targets that counts, in nats."""
        logits = self.logits(ids, targets, lengths, target_lengths)
        return softmax_cross_entropy(logits, targets, mask_of(target_lengths, len(targets)))[0]

    def logits(
        self, ids: Ids, targets: Ids, lengths: Lengths | None = None, target_lengths: Lengths | None = None
    ) -> Array:
        """Array (T, B, V_target) of the logits of each target symbol, given the source and the symbols before it."""
        keys, state = self._encode(ids, lengths)
        targets = np.asarray(targets)
        inputs = np.concatenate((np.full_like(targets[:1], self.start), targets[:-1]))  # (T, B)
        logits, _ = self._decode(inputs, state, target_lengths, keys, lengths)
        return logits

    def encode(self, ids: Ids, lengths: Lengths | None = None) -> tuple[Step, State]:
        """Read sources, and return what `rnnlib.decoding.greedy` and `rnnlib.decoding.beam_search` need.

        Args:
            ids: integer array (S, B).
            lengths: B integers from 1 to S; default all S.

        Returns:
            step: function ``(ids, state) -> (logits, state)`` that writes one symbol more for each of B rows; if B is
                1, for any number of rows.
            state: the decoder's state at the start.
        """
        keys, state = self._encode(ids, lengths)

        def step(ids: Ids, state: State) -> tuple[Array, State]:
            rows = np.broadcast_to(keys, (len(keys), len(ids), self.H))
            logits, state = self._decode(ids[None], state, None, rows, lengths)
            return logits[0], state

        return step, state

    def _encode(self, ids: Ids, lengths: Lengths | None) -> tuple[Array, State]:
        """Outputs of the encoder, (S, B, H), and the state that the decoder starts from."""
        keys, states = self.encoder.forward(read_only(self.source.forward(ids)), None, lengths)
        return keys, tree_map(lambda forward, backward: np.concatenate((forward, backward), axis=-1), *states)

    def _decode(
        self, inputs: Ids, state: State, target_lengths: Lengths | None, keys: Array, lengths: Lengths | None
    ) -> tuple[Array, State]:
        """Logits (T, B, V_target) after reading `inputs`, (T, B), and the decoder's last state."""
        h, state = self.decoder.forward(read_only(self.target.forward(inputs)), state, target_lengths)
        a = h
        if self.attention is not None and self.mix is not None:  # both or neither
            mask = None if lengths is None else length_mask(lengths, len(keys))
            context = self.attention.forward(h, keys, keys, mask)
            a = read_only(tanh(self.mix.forward(read_only(np.concatenate((h, context), axis=-1)))))  # (T, B, H)
        self._saved = keys, a
        return self.out.forward(a), state

    def _backward(self, dlogits: Array) -> None:
        """Back-propagate through everything that `logits` did."""
        keys, a = self._saved
        H = self.H
        dh = self.out.backward(dlogits)
        dkeys = np.zeros_like(keys)
        if self.attention is not None and self.mix is not None:  # both or neither
            dmixed = self.mix.backward(dh * dtanh(a))  # (T, B, 2 H)
            dq, dk, dv = self.attention.backward(dmixed[..., H:])
            dh = dmixed[..., :H] + dq
            dkeys = dk + dv  # the keys are the values
        dinputs, dstate = self.decoder.backward(dh)
        self.target.backward(dinputs)
        # The decoder's first state is the two last states of the encoder side by side.
        dforward = tree_map(lambda d: d[:, : H // 2], dstate)
        dbackward = tree_map(lambda d: d[:, H // 2 :], dstate)
        dx, _ = self.encoder.backward(dkeys, (dforward, dbackward))
        self.source.backward(dx)
