"""From one sequence to another: an encoder reads, a decoder writes and looks back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._joined import joined
from rnnlib._states import map_state
from rnnlib._types import Array, DType, Ids, Layer, Lengths, Mask, Params, Part, Rng, State, Step
from rnnlib._validate import require_ids
from rnnlib.activations import dtanh, tanh
from rnnlib.attention import AdditiveAttention, length_mask
from rnnlib.bidirectional import Bidirectional
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, Linear, dropout_on
from rnnlib.losses import softmax_cross_entropy
from rnnlib.masking import valid_steps


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
        V_source: size of the source's vocabulary.
        V_target: size of the target's vocabulary.
        E: width of both embeddings.
        H: width of the decoder's state, an even number; each direction of the encoder has H / 2.
        start: id of the target symbol that the decoder reads first.
        cell: makes recurrent layers from their two widths, as in `LanguageModel`; default `GRU`.
        attention: whether the decoder looks back at the source; default True.
        rng: `numpy.random.Generator` for the initial weights; default ``default_rng(0)``.
        dtype: dtype of the parameters, float32 by default.

    Attributes:
        params: dict of the parameters of all layers under ``source.``, ``target.``, ``encoder.``, ``decoder.``,
            ``attention.``, ``mix.`` and ``out.`` names: the layers' own arrays.
        attention: `AdditiveAttention` or None; after a forward pass its ``weights`` say where each step looked.

    Notes:
        Bahdanau et al. attend with ``h_{t-1}`` and feed the context to the step that makes ``h_t``. Here the context
        comes after the step, as in Luong, Pham & Manning 2015: then the decoder's whole pass is one call of its layer.

    Taught in: chapter 12.
    Source: Sutskever, Vinyals & Le 2014, "Sequence to sequence learning with neural networks"; Bahdanau, Cho & Bengio
    2015, "Neural machine translation by jointly learning to align and translate".

    Example:
        >>> model = EncoderDecoder(V_source=28, V_target=42, E=8, H=16, start=1)
        >>> letters, phones = np.array([[3], [1], [20]]), np.array([[11], [2], [22], [2]])
        >>> model.logits(letters, phones).shape
        (4, 1, 42)
        >>> model.attention.weights.shape
        (4, 1, 3)
    """

    def __init__(
        self,
        V_source: int,
        V_target: int,
        E: int,
        H: int,
        *,
        start: int,
        cell: Callable[..., Layer] = GRU,
        attention: bool = True,
        rng: Rng | None = None,
        dtype: DType = np.float32,
    ):
        rng = np.random.default_rng(0) if rng is None else rng
        if H < 2 or H % 2:
            raise ValueError(f"H: expected an even number, half of it for each direction of the encoder, got {H!r}.")
        require_ids("start", [start], V_target)
        self.H, self.start = H, start
        options: dict[str, Any] = {"rng": rng, "dtype": dtype}
        self.source, self.target = Embedding(V_source, E, **options), Embedding(V_target, E, **options)
        self.encoder = Bidirectional(cell(E, H // 2, **options), cell(E, H // 2, **options))
        self.decoder = cell(E, H, **options)
        self.attention = AdditiveAttention(H, H, H, **options) if attention else None
        self.mix = Linear(2 * H, H, **options) if attention else None
        self.out = Linear(H, V_target, **options)
        self.params = joined({name: part.params for name, part in self._parts().items()})
        self._saved: Any = None

    def _parts(self) -> dict[str, Part]:
        """The layers that have parameters, under the names that their parameters get."""
        names = ["source", "target", "encoder", "decoder", "attention", "mix", "out"]
        return {name: part for name in names if (part := getattr(self, name)) is not None}

    def reset(self) -> None:
        """Do nothing: no state is carried from batch to batch."""

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
        loss, dlogits = softmax_cross_entropy(logits, targets, _mask(target_lengths, len(targets)))
        self._backward(dlogits)
        return loss, joined({name: part.grads for name, part in self._parts().items()})

    def loss(
        self, ids: Ids, targets: Ids, lengths: Lengths | None = None, target_lengths: Lengths | None = None
    ) -> float:
        """Mean cross-entropy per symbol of the targets that counts, in nats."""
        logits = self.logits(ids, targets, lengths, target_lengths)
        return softmax_cross_entropy(logits, targets, _mask(target_lengths, len(targets)))[0]

    def logits(
        self, ids: Ids, targets: Ids, lengths: Lengths | None = None, target_lengths: Lengths | None = None
    ) -> Array:
        """Array (T, B, V_target) of the logits of each target symbol, given the source and the symbols before it."""
        keys, state = self._encode(ids, lengths)
        targets = np.asarray(targets)
        inputs = np.concatenate((np.full_like(targets[:1], self.start), targets[:-1]))  # (T, B)
        logits, _ = self._decode(inputs, state, target_lengths, keys, lengths)
        return logits

    def read(self, ids: Ids, lengths: Lengths | None = None) -> tuple[Step, State]:
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
        keys, states = self.encoder.forward(self.source.forward(ids), None, lengths)
        return keys, map_state(lambda forward, backward: np.concatenate((forward, backward), axis=-1), *states)

    def _decode(
        self, inputs: Ids, state: State, target_lengths: Lengths | None, keys: Array, lengths: Lengths | None
    ) -> tuple[Array, State]:
        """Logits (T, B, V_target) after reading `inputs`, (T, B), and the decoder's last state."""
        h, state = self.decoder.forward(self.target.forward(inputs), state, target_lengths)
        a = h
        if self.attention is not None and self.mix is not None:  # both or neither
            mask = None if lengths is None else length_mask(lengths, len(keys))
            context = self.attention.forward(h, keys, keys, mask)
            a = tanh(self.mix.forward(np.concatenate((h, context), axis=-1)))  # (T, B, H)
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
        dforward = map_state(lambda d: d[:, : H // 2], dstate)
        dbackward = map_state(lambda d: d[:, H // 2 :], dstate)
        dx, _ = self.encoder.backward(dkeys, (dforward, dbackward))
        self.source.backward(dx)


def _mask(lengths: Lengths | None, T: int) -> Mask | None:
    """The steps that count, or None when all do."""
    return None if lengths is None else valid_steps(lengths, T)
