"""What the experiments of chapter 3 share: the sonnets in three parts, counts, nets, gradients cut in pieces."""

from collections import Counter, defaultdict
from math import log2

import numpy as np

from rnnlib import RNN, Linear
from rnnlib.data import Vocabulary, sonnets
from rnnlib.layers import one_hot
from rnnlib.models import LanguageModel


def parts():
    """The vocabulary, and the texts of the poems to train on, to choose by, and to test on."""
    text = sonnets()
    poems = text.split("\n\n")
    return Vocabulary(text), *("\n\n".join(part) for part in (poems[:130], poems[130:142], poems[142:]))


def new_model(V, H, seed):
    """A plain recurrent language model over V symbols with H units."""
    rng = np.random.default_rng(seed)
    return LanguageModel(RNN(V, H, rng=rng), Linear(H, V, rng=rng))


def loss_on(model, ids):
    """The mean loss over one text, read as a single stream."""
    return model.loss(ids[:-1, None], ids[1:, None])


def count_model(n, V, train_on, measure_on):
    """Bits per character of counts over n characters, interpolated with all shorter ones by Witten and Bell's rule."""
    counts = [defaultdict(Counter) for _ in range(n)]
    for length, table in enumerate(counts):
        for i in range(length, len(train_on)):
            table[train_on[i - length : i]][train_on[i]] += 1
    totals = [{context: (sum(c.values()), len(c)) for context, c in table.items()} for table in counts]
    surprise = 0.0
    for i in range(1, len(measure_on)):
        p = 1 / V
        for length in range(min(n, i + 1)):
            context = measure_on[i - length : i]
            if context not in totals[length]:
                break
            seen, kinds = totals[length][context]
            p = (counts[length][context][measure_on[i]] + kinds * p) / (seen + kinds)
        surprise -= log2(p)
    return surprise / (len(measure_on) - 1)


def cut_gradients(model, ids, targets, tau, state):
    """Gradients of one batch, cut into pieces of tau steps, with exact states; and the state after the batch.

    Forward nothing is cut, so once the states are there, the first state of every piece is known, and the pieces can
    stand side by side as one wide batch.

    Args:
        model: a `LanguageModel` with a plain recurrent layer.
        ids: symbols, ``(T, B)``; tau divides T.
        targets: the symbols to be predicted, ``(T, B)``.
        tau: steps in a piece.
        state: state before the first step, ``(B, H)``.

    Returns:
        Gradients by name, of the mean loss, and the state ``(B, H)`` after step T.
    """
    steps = len(ids)
    h, last = model.rnn.forward(one_hot(ids, model.V, state.dtype), state)
    first = np.concatenate([state[None], h[tau - 1 : steps - 1 : tau]])

    def beside(a):
        return np.hstack(np.split(a, steps // tau))

    model.state = first.reshape(-1, first.shape[-1])
    return model.loss_and_grads(beside(ids), beside(targets))[1], last
