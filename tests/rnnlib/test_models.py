"""The language model: its pieces fit, its gradient is right, and it learns."""

import math
from functools import partial

import numpy as np
import pytest

from rnnlib import LanguageModel
from rnnlib.activations import softmax
from rnnlib.data import TextBatches, Vocabulary, sonnets
from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, Linear, one_hot
from rnnlib.lstm import LSTM
from rnnlib.optim import Adam
from rnnlib.rnn import RNN
from rnnlib.stack import Stack
from rnnlib.training import train

T, B, V, H = 6, 4, 5, 3
rng = np.random.default_rng(0)
IDS, TARGETS = rng.integers(V, size=(2, T, B))


def two_layers(D, H, dropout=0.0, **options):
    return Stack([LSTM(D, 4, **options), GRU(4, H, **options)], dropout=dropout)


def make(dtype=np.float64, cell=RNN, E=None, seed=1):
    options = {"rng": np.random.default_rng(seed), "dtype": dtype}
    embedding = None if E is None else Embedding(V, E, **options)
    return LanguageModel(cell(E or V, H, **options), Linear(H, V, **options), embedding=embedding)


def test_one_hot():
    x = one_hot(IDS, V)
    assert x.shape == (T, B, V) and x.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    np.testing.assert_array_equal(x.argmax(axis=-1), IDS)
    with pytest.raises(ValueError, match="ids: expected ids from 0 to 4, got 5"):
        one_hot([5], V)


def test_the_loss_is_that_of_reading_symbol_by_symbol():
    model = make()
    state, total = None, 0.0
    for ids, targets in zip(IDS, TARGETS, strict=True):
        logits, state = model.step(ids, state)
        total -= np.log(softmax(logits)[np.arange(B), targets]).sum()
    assert model.loss(IDS, TARGETS) == pytest.approx(total / (T * B), rel=1e-12)
    assert model.loss_and_grads(IDS, TARGETS)[0] == pytest.approx(total / (T * B), rel=1e-12)
    np.testing.assert_allclose(model.state, state, atol=1e-14)


@pytest.mark.parametrize("carried", [False, True])
def test_gradients_of_all_parameters(carried):
    model = make()
    if carried:
        model.loss_and_grads(TARGETS, IDS)
    state = model.state
    _, grads = model.loss_and_grads(IDS, TARGETS)
    assert grads.keys() == model.params.keys() == {"rnn.W_xh", "rnn.W_hh", "rnn.b_h", "out.W", "out.b"}

    def loss(t):
        twin = make(np.complex128)
        for name, p in twin.params.items():
            p[...] = t[name]
        twin.state = None if state is None else state.astype(complex)
        h, _ = twin.rnn.forward(one_hot(IDS, V, complex), twin.state)
        logits = twin.out.forward(h)
        return -np.log(softmax(logits)[np.arange(T)[:, None], np.arange(B), TARGETS]).mean()

    report = gradcheck(loss, dict(model.params), grads, "complex")
    assert report.ok, f"\n{report}"


@pytest.mark.parametrize("E", [None, 2], ids=["one-hot", "embedding"])
@pytest.mark.parametrize("cell", [RNN, LSTM, GRU, two_layers])
def test_any_cell_with_one_hot_or_embedding(cell, E):
    model = make(cell=cell, E=E)
    _, grads = model.loss_and_grads(IDS, TARGETS)
    assert grads.keys() == model.params.keys() and ("embedding.W" in grads) == (E is not None)

    def loss(t):
        twin = make(np.complex128, cell=cell, E=E)
        for name, p in twin.params.items():
            p[...] = t[name]
        h, _ = twin.rnn.forward(twin.embedding.forward(IDS))
        p = np.exp(twin.out.forward(h))
        return -np.log(p[np.arange(T)[:, None], np.arange(B), TARGETS] / p.sum(axis=-1)).mean()

    report = gradcheck(loss, dict(model.params), grads, "complex")
    assert report.ok, f"\n{report}"
    pieces = make(cell=cell, E=E)
    parts = [pieces.loss_and_grads(IDS[i : i + 2], TARGETS[i : i + 2])[0] for i in (0, 2, 4)]
    assert np.mean(parts) == pytest.approx(model.loss(IDS, TARGETS), rel=1e-12)
    state, total = None, 0.0
    for ids, targets in zip(IDS, TARGETS, strict=True):
        logits, state = model.step(ids, state)
        total -= np.log(softmax(logits)[np.arange(B), targets]).sum()
    assert model.loss(IDS, TARGETS) == pytest.approx(total / (T * B), rel=1e-12)


@pytest.mark.parametrize("cell", [RNN, LSTM, GRU])
def test_a_piece_shorter_than_the_vocabulary_has_the_gradients_of_a_longer_one(cell):
    ids, targets = IDS[:1], TARGETS[:1]  # 4 symbols of 5: looked up one by one; twice as many: as one layer
    (loss, short), (same, long) = (
        make(cell=cell, E=2).loss_and_grads(np.tile(ids, copies), np.tile(targets, copies)) for copies in (1, 2)
    )
    assert loss == pytest.approx(same, rel=1e-12)
    for name in short:
        np.testing.assert_allclose(short[name], long[name], atol=1e-14, err_msg=name)


def test_dropout_is_on_in_training_and_off_when_measured():
    model = make(cell=partial(two_layers, dropout=0.5))
    measured, (logits, _) = model.loss(IDS, TARGETS), model.step(IDS[0])
    losses = {model.loss_and_grads(IDS, TARGETS)[0] for _ in range(3) if model.reset() is None}
    assert len(losses) == 3 and model.loss(IDS, TARGETS) == measured
    np.testing.assert_array_equal(model.step(IDS[0])[0], logits)


def test_the_state_is_carried_from_piece_to_piece_until_reset():
    model = make()
    pieces = [model.loss_and_grads(IDS[i : i + 2], TARGETS[i : i + 2])[0] for i in (0, 2, 4)]
    assert np.mean(pieces) == pytest.approx(model.loss(IDS, TARGETS), rel=1e-12)
    carried = model.state.copy()
    model.loss(IDS, TARGETS)
    np.testing.assert_array_equal(model.state, carried)  # measuring does not disturb the run
    model.reset()
    assert model.loss_and_grads(IDS[:2], TARGETS[:2])[0] == pytest.approx(pieces[0], rel=1e-12)


def test_it_learns_the_sonnets():
    text = sonnets()[:30_000]
    vocabulary = Vocabulary(text)
    ids = vocabulary.encode(text)
    p = np.bincount(ids) / len(ids)
    unigram = -(p * np.log(p)).sum()  # what somebody pays who knows only how frequent each character is
    generator = np.random.default_rng(0)
    V = len(vocabulary)
    model = LanguageModel(RNN(V, 64, rng=generator), Linear(64, V, rng=generator))
    history = train(model, TextBatches(ids, T=25, B=16), Adam(model.params, 5e-3), epochs=4, clip=5.0, progress=False)
    assert history.loss[0] == pytest.approx(math.log(V), abs=0.1)
    assert len(history.loss) < 310
    assert np.mean(history.loss[-20:]) < unigram - 0.5


def test_a_new_batch_size_needs_a_reset():
    model = make()
    model.loss_and_grads(IDS, TARGETS)
    with pytest.raises(ValueError, match=r"state: expected shape \(2, 3\), got \(4, 3\)"):
        model.loss_and_grads(IDS[:, :2], TARGETS[:, :2])
