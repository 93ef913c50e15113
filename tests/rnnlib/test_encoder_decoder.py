"""Encoder and decoder: gradients through the attention and the handed-over state, and a task that it learns."""

import numpy as np
import pytest

from rnnlib.attention import AdditiveAttention
from rnnlib.bidirectional import Bidirectional
from rnnlib.data import PaddedBatches
from rnnlib.decoding import beam_search, greedy
from rnnlib.gradcheck import gradcheck
from rnnlib.gru import GRU
from rnnlib.layers import Embedding, Linear
from rnnlib.lstm import LSTM
from rnnlib.models import EncoderDecoder
from rnnlib.optim import Adam
from rnnlib.rnn import RNN
from rnnlib.stack import Stack
from rnnlib.training import train

S, T, B, V, K, E, H = 6, 5, 4, 7, 8, 3, 4
START, END = 1, 2
LENGTHS, TARGET_LENGTHS = [4, 6, 1, 3], [5, 2, 3, 1]
rng = np.random.default_rng(0)
IDS, TARGETS = rng.integers(V, size=(S, B)), rng.integers(K, size=(T, B))
any_cell = pytest.mark.parametrize("cell", [RNN, LSTM, GRU])
any_attention = pytest.mark.parametrize("attention", [True, False], ids=["attention", "without"])


def make(cell=GRU, attention=True, dtype=np.float64):
    return build(V, K, E, H, cell, attention, {"rng": np.random.default_rng(1), "dtype": dtype})


def build(V, K, E, H, cell, attention, options):
    return EncoderDecoder(
        source=Embedding(V, E, **options),
        target=Embedding(K, E, **options),
        encoder=Bidirectional(cell(E, H // 2, **options), cell(E, H // 2, **options)),
        decoder=cell(E, H, **options),
        attention=AdditiveAttention(H, H, H, **options) if attention else None,
        mix=Linear(2 * H, H, **options) if attention else None,
        out=Linear(H, K, **options),
        start=START,
    )


@any_cell
@any_attention
@pytest.mark.parametrize("lengths", [(None, None), (LENGTHS, TARGET_LENGTHS)], ids=["full", "lengths"])
def test_gradients(cell, attention, lengths):
    model = make(cell, attention)
    value, grads = model.loss_and_grads(IDS, TARGETS, *lengths)
    assert value == pytest.approx(model.loss(IDS, TARGETS, *lengths), rel=1e-12)
    assert grads.keys() == model.params.keys()
    ends = [T] * B if lengths[1] is None else lengths[1]

    def loss(t):
        twin = make(cell, attention, np.complex128)
        for name, p in twin.params.items():
            p[...] = t[name]
        y = twin.logits(IDS, TARGETS, *lengths)
        p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
        nll = -np.log(np.take_along_axis(p, TARGETS[..., None], axis=-1))[..., 0]
        return sum(nll[:n, b].sum() for b, n in enumerate(ends)) / sum(ends)

    report = gradcheck(loss, dict(model.params), grads, "complex")
    assert report.ok, f"\n{report}"


@any_cell
@any_attention
def test_writing_step_by_step_gives_the_logits_of_the_whole(cell, attention):
    model = make(cell, attention)
    expected = model.logits(IDS, TARGETS, LENGTHS)
    step, state = model.encode(IDS, LENGTHS)
    ids = np.full(B, START)
    for t in range(T):
        logits, state = step(ids, state)
        np.testing.assert_allclose(logits, expected[t], atol=1e-13)
        ids = TARGETS[t]


@any_cell
@any_attention
def test_a_padded_batch_is_its_pairs_one_by_one(cell, attention):
    model = make(cell, attention)
    together = model.logits(IDS, TARGETS, LENGTHS, TARGET_LENGTHS)
    for b, (n, m) in enumerate(zip(LENGTHS, TARGET_LENGTHS, strict=True)):
        alone = model.logits(IDS[:n, b : b + 1], TARGETS[:m, b : b + 1])
        np.testing.assert_allclose(together[:m, b], alone[:, 0], atol=1e-13)


def test_no_step_sees_the_symbol_that_it_shall_predict():
    model = make()
    logits = model.logits(IDS, TARGETS)
    changed = TARGETS.copy()
    changed[3] = (changed[3] + 1) % K
    after = model.logits(IDS, changed)
    np.testing.assert_array_equal(after[:4], logits[:4])
    assert (after[4] != logits[4]).any()


def test_parts_and_attention_weights():
    model = make()
    assert {name.split(".")[0] for name in make(attention=False).params} == {
        "source",
        "target",
        "encoder",
        "decoder",
        "out",
    }
    assert model.params["mix.W"] is model.mix.params["W"] and "attention.w" in model.params
    model.logits(IDS, TARGETS, LENGTHS)
    weights = model.attention.weights
    assert weights.shape == (T, B, S)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)
    for b, n in enumerate(LENGTHS):
        assert not weights[:, b, n:].any()


def test_dropout_is_on_in_training_and_off_when_measured():
    model = make(lambda D, H, **options: Stack([GRU(D, H, **options), GRU(H, H, **options)], dropout=0.5))
    measured = model.loss(IDS, TARGETS)
    assert model.loss_and_grads(IDS, TARGETS)[0] != model.loss_and_grads(IDS, TARGETS)[0]
    assert model.loss(IDS, TARGETS) == measured


def test_beam_search_reads_one_source_for_many_hypotheses():
    model = make(LSTM)
    step, state = model.encode(IDS[:, :1])
    best = beam_search(step, state, START, END, longest=4, width=3)
    for hypothesis in best:
        ids, ended = hypothesis.ids, len(hypothesis.ids) < 4
        targets = np.append(ids, END) if ended else ids
        loss = model.loss(IDS[:, :1], targets[:, None])
        assert -loss * len(targets) == pytest.approx(hypothesis.log_probability, rel=1e-12)


def test_it_learns_to_turn_sequences_around():
    generator = np.random.default_rng(0)
    sources = [generator.integers(3, 9, size=generator.integers(2, 6)) for _ in range(600)]
    targets = [np.append(ids[::-1], END) for ids in sources]
    model = build(9, 9, 16, 32, GRU, True, {"rng": generator})
    batches = PaddedBatches(sources, targets, 50, rng=generator, own_lengths=True)
    train(model, batches, Adam(model.params, 0.01), epochs=25, clip=1.0, progress=False)
    ids, _, lengths, _ = next(iter(PaddedBatches(sources, targets, 600, own_lengths=True)))
    written = greedy(*model.encode(ids, lengths), np.full(600, START), END, longest=8)
    right = [list(w) == list(column[:n][::-1]) for w, column, n in zip(written, ids.T, lengths, strict=True)]
    assert np.mean(right) > 0.95


def test_refuses_and_says_why():
    both, options = Bidirectional(GRU(E, 2), GRU(E, 2)), {"source": Embedding(V, E), "target": Embedding(K, E)}
    right = options | {"encoder": both, "decoder": GRU(E, 4), "out": Linear(4, K), "start": START}
    EncoderDecoder(**right)
    for words, wrong in {
        "encoder: expected H / 2 = 2.5 units in each direction, half of the decoder's, got 2 and 2": {
            "decoder": GRU(E, 5)
        },
        "start: expected ids from 0 to 7, got 8": {"start": 8},
        "mix: expected a Linear with attention and None without, got None": {"attention": AdditiveAttention(4, 4, 4)},
        "decoder: expected a layer, an object with forward, backward, params, got type .* Make one: GRU": {
            "decoder": GRU
        },
        "encoder: expected a Bidirectional": {"encoder": GRU(E, 4)},
    }.items():
        with pytest.raises(ValueError, match=words):
            EncoderDecoder(**(right | wrong))
