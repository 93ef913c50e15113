"""Classifier, tagger and forecaster: their gradients are right, padding does not matter, and they learn."""

import numpy as np
import pytest

from rnnlib.bidirectional import Bidirectional
from rnnlib.data import PaddedBatches
from rnnlib.data.synthetic import adding
from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, Linear, OneHot
from rnnlib.lstm import LSTM
from rnnlib.metrics import accuracy
from rnnlib.models import Forecaster, SequenceClassifier, Tagger
from rnnlib.optim import Adam
from rnnlib.rnn import RNN
from rnnlib.stack import Stack
from rnnlib.training import train

T, B, V, E, D, H, K = 6, 4, 7, 3, 2, 5, 4
LENGTHS = [4, 6, 1, 3]
rng = np.random.default_rng(0)
IDS, TAGS, CLASSES = rng.integers(V, size=(T, B)), rng.integers(K, size=(T, B)), rng.integers(K, size=B)
X, Y = rng.standard_normal((T, B, D)), rng.standard_normal((B, K))


def layer(cell, D, dtype, seed=1):
    return cell(D, H, rng=np.random.default_rng(seed), dtype=dtype)


def both(cell, D, dtype):
    return Bidirectional(layer(cell, D, dtype), layer(cell, D, dtype, 2))


def out(D, dtype):
    return Linear(D, K, rng=np.random.default_rng(3), dtype=dtype)


def embedding(dtype):
    return Embedding(V, E, rng=np.random.default_rng(4), dtype=dtype)


# Every model with every kind of part at least once: how to make it, and what it is trained on.
MODELS = {
    "classifier of vectors": (lambda d: SequenceClassifier(layer(RNN, D, d), out(H, d)), X, CLASSES),
    "classifier of symbols": (
        lambda d: SequenceClassifier(layer(LSTM, E, d), out(H, d), embedding=embedding(d)),
        IDS,
        CLASSES,
    ),
    "classifier by the mean": (
        lambda d: SequenceClassifier(both(GRU, V, d), out(2 * H, d), embedding=OneHot(V, dtype=d), pooling="mean"),
        IDS,
        CLASSES,
    ),
    "tagger": (lambda d: Tagger(both(GRU, E, d), out(2 * H, d), embedding=embedding(d)), IDS, TAGS),
    "deep tagger of vectors": (lambda d: Tagger(Stack([layer(LSTM, D, d), layer(RNN, H, d)]), out(H, d)), X, TAGS),
    "forecaster": (lambda d: Forecaster(layer(GRU, D, d), out(H, d)), X, Y),
}
any_model = pytest.mark.parametrize("make, x, targets", MODELS.values(), ids=MODELS)


@any_model
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_gradients(make, x, targets, lengths):
    model = make(np.float64)
    value, grads = model.loss_and_grads(x, targets, lengths)
    assert value == pytest.approx(model.loss(x, targets, lengths), rel=1e-12)
    assert grads.keys() == model.params.keys()

    def loss(t):
        twin = make(np.complex128)
        for name, p in twin.params.items():
            p[...] = t[name]
        y = twin.net.forward(x if x is IDS else x.astype(complex), lengths)
        if targets is Y:
            return 0.5 * ((y - Y) ** 2).sum() / B
        p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
        nll = -np.log(np.take_along_axis(p, targets[..., None], axis=-1))[..., 0]
        if targets is CLASSES or lengths is None:
            return nll.mean()
        return sum(nll[:n, b].sum() for b, n in enumerate(lengths)) / sum(lengths)

    report = gradcheck(loss, dict(model.params), grads, "complex")
    assert report.ok, f"\n{report}"


@any_model
def test_a_padded_batch_is_its_sequences_one_by_one(make, x, targets):
    model = make(np.float64)
    y = model.net.forward(x, LENGTHS)
    for b, n in enumerate(LENGTHS):
        alone = model.net.forward(x[:n, b : b + 1])
        got = y[:n, b] if y.ndim == 3 else y[b]
        np.testing.assert_allclose(got, alone[:, 0] if y.ndim == 3 else alone[0], atol=1e-14)


@any_model
def test_params_are_the_layers_own(make, x, targets):
    model = make(np.float64)
    before = model.loss(x, targets)
    for p in model.params.values():
        p += 1
    assert model.loss(x, targets) != before


@pytest.mark.parametrize("model_of, targets", [(SequenceClassifier, CLASSES), (Tagger, TAGS), (Forecaster, Y)])
def test_dropout_is_on_in_training_and_off_when_measured(model_of, targets):
    deep = Stack([layer(RNN, D, np.float64), layer(RNN, H, np.float64)], dropout=0.5)
    model = model_of(deep, out(H, np.float64))
    measured = model.loss(X, targets)
    assert model.loss_and_grads(X, targets)[0] != model.loss_and_grads(X, targets)[0]
    assert model.loss(X, targets) == measured


def test_roll_out_feeds_each_prediction_back():
    model = Forecaster(layer(LSTM, D, np.float64), Linear(H, D, dtype=np.float64))
    got = model.roll_out(X, steps=3)
    seen = X
    for y in got:
        expected = model.predict(seen)
        np.testing.assert_allclose(y, expected, atol=1e-14)
        seen = np.concatenate((seen, expected[None]))
    with pytest.raises(ValueError, match="steps: expected a whole number of at least 1, got 0"):
        model.roll_out(X, steps=0)
    with pytest.raises(ValueError, match=r"x: expected shape \(T, B, 2\), got \(1, 4, 4\)"):
        Forecaster(layer(LSTM, D, np.float64), out(H, np.float64)).roll_out(X, steps=2)


def test_a_pooling_that_does_not_exist_is_refused():
    words = "pooling: expected one of None, 'last', 'mean', got 'first'"
    with pytest.raises(ValueError, match=words):
        SequenceClassifier(layer(RNN, D, np.float64), out(H, np.float64), pooling="first")
    model = SequenceClassifier(layer(RNN, D, np.float64), out(H, np.float64))
    with pytest.raises(ValueError, match=words):
        model.net.pooling = "first"


def test_a_bidirectional_tagger_learns_what_needs_the_next_symbol():
    generator = np.random.default_rng(0)
    inputs = [generator.integers(1, 5, size=generator.integers(2, 9)) for _ in range(300)]
    targets = [np.append(ids[1:], 0) for ids in inputs]  # the tag is the next symbol, and 0 at the end
    options = {"rng": np.random.default_rng(1)}
    model = Tagger(
        Bidirectional(GRU(8, 16, **options), GRU(8, 16, **options)),
        Linear(32, 5, **options),
        embedding=Embedding(5, 8, padding=0, **options),
    )
    batches = PaddedBatches(inputs, targets, 30, rng=np.random.default_rng(2))
    train(model, batches, Adam(model.params, 0.01), epochs=12, clip=5.0, progress=False)
    ids, tags, lengths = next(iter(PaddedBatches(inputs, targets, 300)))
    mask = np.arange(len(ids))[:, None] < lengths
    assert accuracy(model.logits(ids, lengths).argmax(axis=-1), tags, mask) > 0.99
    assert not model.params["embedding.W"][0].any()


def test_an_lstm_learns_to_add():
    generator = np.random.default_rng(0)
    model = Forecaster(LSTM(2, 16, rng=generator), Linear(16, 1, rng=generator))
    batches = [adding(10, 32, generator) for _ in range(300)]
    history = train(model, batches, Adam(model.params, 0.01), epochs=2, clip=1.0, progress=False)
    assert np.mean(history.loss[-20:]) < 1 / 12 / 10  # a tenth of what answering 1 always costs
