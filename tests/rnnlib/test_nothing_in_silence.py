"""What would go wrong without a word: a write between forward and backward, a lost parameter, a size that is none."""

import copy
import math
import pickle

import numpy as np
import pytest

import rnnlib
from rnnlib import (
    GRU,
    LSTM,
    RNN,
    SGD,
    Adam,
    AdditiveAttention,
    Bidirectional,
    DotProductAttention,
    Dropout,
    Embedding,
    EncoderDecoder,
    FeedForward,
    Forecaster,
    LanguageModel,
    LayerNorm,
    Linear,
    MultiHeadAttention,
    OneHot,
    RMSProp,
    SequenceClassifier,
    Stack,
    Tagger,
    TransformerBlock,
)
from rnnlib.data import TextBatches, adding, digits, windows
from rnnlib.layers import dropout_on
from rnnlib.positions import position_codes

T, B, D, H = 5, 3, 4, 6
rng = np.random.default_rng(0)


def x():
    return np.random.default_rng(1).standard_normal((T, B, D)).astype(np.float32)


def arrays(thing):
    """All arrays in a result, however deep."""
    if isinstance(thing, np.ndarray):
        return [thing]
    return [a for part in thing for a in arrays(part)] if isinstance(thing, tuple | list) else []


# Every layer, and how it is called: a function of the layer and its input.
LAYERS = {
    "RNN": (lambda: RNN(D, H), 1),
    "LSTM": (lambda: LSTM(D, H), 1),
    "GRU": (lambda: GRU(D, H), 1),
    "Bidirectional": (lambda: Bidirectional(LSTM(D, H), GRU(D, H)), 1),
    "Bidirectional, sum": (lambda: Bidirectional(RNN(D, H), RNN(D, H), merge="sum"), 1),
    "Stack": (lambda: Stack([RNN(D, H), LSTM(H, D), Bidirectional(GRU(D, H), RNN(D, H))]), 1),
    "Linear": (lambda: Linear(D, H), 1),
    "LayerNorm": (lambda: LayerNorm(D), 1),
    "FeedForward": (lambda: FeedForward(D, H), 1),
    "TransformerBlock": (lambda: TransformerBlock(D, 2, H), 1),
    "DotProductAttention": (DotProductAttention, 3),
    "AdditiveAttention": (lambda: AdditiveAttention(D, D, H), 3),
    "MultiHeadAttention": (lambda: MultiHeadAttention(D, 2), 3),
}
every_layer = pytest.mark.parametrize("make, inputs", LAYERS.values(), ids=LAYERS)


def result_of(layer, inputs, between=lambda layer, given, returned: None):
    """Gradients after a forward pass, what happens `between`, and a backward pass."""
    given = [x() for _ in range(inputs)]
    returned = layer.forward(*given)
    between(layer, given, returned)
    y = arrays(returned)[0]
    back = layer.backward(np.random.default_rng(2).standard_normal(y.shape).astype(np.float32))
    return [a.copy() for a in arrays(back)] + [g.copy() for g in layer.grads.values()]


def scribble(layer, given, returned):
    """Write into everything that a caller has in hand and can write to."""
    seen = [*given, *arrays(returned)]
    weights = getattr(layer, "weights", None)
    for array in seen if weights is None else [*seen, weights]:
        try:
            array += 1
        except ValueError as refused:
            assert "read-only" in str(refused)


@every_layer
def test_no_write_between_forward_and_backward_changes_a_gradient(make, inputs):
    expected = result_of(make(), inputs)
    got = result_of(make(), inputs, scribble)
    assert len(got) == len(expected)
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_array_equal(a, b)


@every_layer
def test_the_callers_input_stays_its_own(make, inputs):
    given = [x() for _ in range(inputs)]
    make().forward(*given)
    for array in given:
        assert array.flags.writeable
        np.testing.assert_array_equal(array, x())


def test_an_input_that_nobody_can_write_to_is_not_copied():
    h, _ = RNN(D, H).forward(x())
    out = Linear(H, 2)
    out.forward(h)
    assert out._x is h
    view = x()
    frozen = view[:]
    frozen.setflags(write=False)  # the array behind it can still be written to
    out = Linear(D, 2)
    out.forward(frozen)
    assert not np.shares_memory(out._x, view)


def test_symbols_and_lengths_are_copied():
    embedding, ids = Embedding(7, D), np.array([[1, 2], [3, 3]])
    embedding.forward(ids)
    ids[:] = 0
    embedding.backward(np.ones((2, 2, D), np.float32))
    np.testing.assert_array_equal(embedding.grads["W"][:4, 0], [0, 1, 1, 2])
    lengths = np.array([5, 1, 3])
    for layer in (Bidirectional(GRU(D, H), GRU(D, H)), TransformerBlock(D, 2, H)):
        forward = layer.forward(x(), lengths=lengths)
        y = arrays(forward)[0]
        expected = arrays(layer.backward(np.ones_like(y)))[0].copy()
        lengths[:] = 1
        np.testing.assert_array_equal(arrays(layer.backward(np.ones_like(y)))[0], expected)
        lengths[:] = 5, 1, 3


def test_batches_do_not_share_memory_with_the_text():
    ids = np.arange(9)
    before = [(a.copy(), b.copy()) for a, b in TextBatches(ids, T=2, B=2)]
    batches = TextBatches(ids, T=2, B=2)
    ids[:] = 0
    for (a, b), (a_before, b_before) in zip(batches, before, strict=True):
        np.testing.assert_array_equal(a, a_before)
        np.testing.assert_array_equal(b, b_before)
        with pytest.raises(ValueError, match="read-only"):
            a[:] = 0
    values = np.arange(5.0)
    _, y = windows(values, 3)
    y -= 1
    np.testing.assert_array_equal(values, np.arange(5.0))


# ---- Parameters -------------------------------------------------------------------------------------------------


def language_model():
    return LanguageModel(LSTM(D, H), Linear(H, 7), embedding=Embedding(7, D))


def encoder_decoder():
    return EncoderDecoder(
        source=Embedding(7, D),
        target=Embedding(7, D),
        encoder=Bidirectional(GRU(D, 3), GRU(D, 3)),
        decoder=GRU(D, H),
        attention=AdditiveAttention(H, H, 2),
        mix=Linear(2 * H, H),
        out=Linear(H, 7),
        start=1,
    )


IDS = rng.integers(7, size=(T, B))
# A net, a loss of it, and the way from it to one of its layers.
NETS = {
    "language model": (language_model, lambda m: m.loss(IDS, IDS), lambda m: m.rnn, "rnn", "W_hh"),
    "tagger": (
        lambda: Tagger(Bidirectional(RNN(D, H), RNN(D, H)), Linear(2 * H, 7)),
        lambda m: m.loss(x(), IDS),
        lambda m: m.rnn.backward_layer,
        "rnn.backward",
        "W_hh",
    ),
    "classifier": (
        lambda: SequenceClassifier(Stack([RNN(D, H), GRU(H, H)]), Linear(H, 7)),
        lambda m: m.loss(x(), IDS[0]),
        lambda m: m.rnn.layers[1],
        "rnn.1",
        "b_hn",
    ),
    "forecaster": (
        lambda: Forecaster(RNN(D, H), Linear(H, 2)),
        lambda m: m.loss(x(), np.ones((B, 2), np.float32)),
        lambda m: m.out,
        "out",
        "W",
    ),
    "encoder-decoder": (
        encoder_decoder,
        lambda m: m.loss(IDS, IDS),
        lambda m: m.encoder.forward_layer,
        "encoder.forward",
        "W_xh",
    ),
    "transformer block": (
        lambda: TransformerBlock(D, 2, H),
        lambda m: float(m.forward(x()).sum()),
        lambda m: m.feed.first,
        "feed.first",
        "b",
    ),
}
every_net = pytest.mark.parametrize("make, loss, layer_of, path, name", NETS.values(), ids=NETS)


@every_net
def test_a_new_array_for_a_layer_is_the_nets_and_the_other_way_round(make, loss, layer_of, path, name):
    net = make()
    before, full = loss(net), f"{path}.{name}"
    layer = layer_of(net)
    layer.params[name] = layer.params[name] + np.float32(0.5)
    assert net.params[full] is layer.params[name]
    changed = loss(net)
    assert changed != before
    net.params[full] = net.params[full] - np.float32(0.5)
    assert layer.params[name] is net.params[full]
    assert loss(net) == pytest.approx(before, rel=1e-5)
    net.params = {key: p + np.float32(0.5) if key == full else p.copy() for key, p in net.params.items()}
    assert loss(net) == pytest.approx(changed, rel=1e-5) and layer.params[name] is net.params[full]


@every_net
def test_an_optimiser_changes_what_the_net_has_now(make, loss, layer_of, path, name):
    net = make()
    optimiser = SGD(net.params, lr=1.0)
    layer = layer_of(net)
    layer.params[name] = np.zeros_like(layer.params[name])
    optimiser.step({key: np.ones_like(p) for key, p in net.params.items()})
    assert (layer.params[name] == -1).all()


@every_net
def test_what_cannot_be_a_parameter_is_refused(make, loss, layer_of, path, name):
    net = make()
    layer, full = layer_of(net), f"{path}.{name}"
    old = layer.params[name]
    for params, key in ((layer.params, name), (net.params, full)):
        for wrong in (old[..., :1], old.astype(np.float64), old.tolist(), old.astype(int), 0.0):
            with pytest.raises(ValueError, match="params.*expected a float32 array of shape"):
                params[key] = wrong
        with pytest.raises(ValueError, match="params: expected one of the names"):
            params["W_nonsense"] = old
        with pytest.raises(ValueError, match="params: expected the layer to keep its parameters"):
            del params[key]
        with pytest.raises(ValueError, match="missing .*, unknown"):
            (layer if params is layer.params else net).params = {key: old}
    assert layer.params[name] is old


@every_net
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))], ids=["copy", "pickle"])
def test_a_copy_of_a_net_has_parameters_of_its_own(make, loss, layer_of, path, name, copied):
    net = make()
    before, twin = loss(net), copied(net)
    twin.params[f"{path}.{name}"] += 1
    assert loss(net) == before != loss(twin)


@every_net
def test_parameters_that_were_kept_as_a_dict_come_back_and_others_are_refused(make, loss, layer_of, path, name):
    net = make()
    before = loss(net)
    for thing in (net, layer_of(net)):
        kept, live = dict(thing.params), thing.params
        thing.params = {key: p + np.float32(0.5) for key, p in kept.items()}
        assert loss(net) != before
        with pytest.raises(ValueError, match="got the layer's own.* To go back later, keep copies"):
            thing.params = live
        thing.params = kept
        assert loss(net) == before


def test_a_net_whose_parameters_become_float64_computes_in_float64():
    net = Forecaster(Bidirectional(LSTM(D, H), GRU(D, H)), Linear(2 * H, 2))
    net.params = {name: p.astype(np.float64) for name, p in net.params.items()}
    assert net.predict(x().astype(np.float64)).dtype == np.float64


def test_a_layer_put_into_a_net_is_trained():
    net = language_model()
    net.rnn = GRU(D, H)
    assert "rnn.b_hn" in net.params
    before = net.loss(IDS, IDS)
    _, grads = net.loss_and_grads(IDS, IDS)
    SGD(net.params, 0.1).step(grads)
    assert net.loss(IDS, IDS) < before
    net = encoder_decoder()
    net.attention = DotProductAttention()
    assert not any(name.startswith("attention") for name in net.loss_and_grads(IDS, IDS)[1])


# ---- Sizes, shares, names ---------------------------------------------------------------------------------------

SIZES = {
    "RNN": lambda n: RNN(n, 5),
    "LSTM": lambda n: LSTM(3, n),
    "GRU": lambda n: GRU(n, 5),
    "Linear": lambda n: Linear(3, n),
    "Embedding": lambda n: Embedding(n, 3),
    "OneHot": OneHot,
    "LayerNorm": LayerNorm,
    "FeedForward": lambda n: FeedForward(3, n),
    "MultiHeadAttention": lambda n: MultiHeadAttention(4, n),
    "AdditiveAttention": lambda n: AdditiveAttention(3, 3, n),
    "position_codes": lambda n: position_codes(n, 4),
    "causal_mask": lambda n: rnnlib.attention.causal_mask(n),
    "identity": lambda n: rnnlib.init.identity(n),
    "adding": lambda n: adding(6, n, np.random.default_rng(0)),
    "TextBatches": lambda n: TextBatches(np.arange(20), n, 2),
    "buckets": lambda n: rnnlib.data.buckets([1, 2], n),
    "cosine": lambda n: rnnlib.schedules.cosine(0.1, n),
    "roll_out": lambda n: Forecaster(RNN(D, H), Linear(H, D)).roll_out(x(), n),
    "greedy": lambda n: rnnlib.greedy(None, None, [1], 0, n),
    "beam_search": lambda n: rnnlib.beam_search(None, None, 1, 0, n),
    "epochs": lambda n: rnnlib.train(None, [], None, epochs=n, progress=False),
}


@pytest.mark.parametrize("make", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("value", ["3", 5.0, 2.5, True, None, 0, -1, math.nan, 3j], ids=repr)
def test_a_size_that_is_no_whole_number_is_refused(make, value):
    with pytest.raises(ValueError, match="expected a whole number of at least 1, got ") as refused:
        make(value)
    assert ("Convert it with int(" in str(refused.value)) == (value == 5.0 and value is not True)


def test_a_whole_number_of_numpys_is_one():
    layer = LSTM(np.int64(3), np.int32(5))
    assert repr(layer) == "LSTM(D=3, H=5)"


NARROW = {
    "LSTM": lambda n: LSTM(n(3), n(200), forget_bias=1),
    "GRU": lambda n: GRU(n(3), n(200)),
    "Linear": lambda n: Linear(n(200), n(7)),
    "MultiHeadAttention": lambda n: MultiHeadAttention(n(200), n(2)),
    "AdditiveAttention": lambda n: AdditiveAttention(n(200), n(3), n(200)),
    "Embedding": lambda n: Embedding(n(200), n(3), padding=0),
    "TransformerBlock": lambda n: TransformerBlock(n(200), n(2), n(9)),
}


@pytest.mark.parametrize("make", NARROW.values(), ids=NARROW)
@pytest.mark.parametrize("narrow", [np.uint8, np.int16], ids=lambda kind: kind.__name__)
def test_a_size_in_a_narrow_type_makes_the_same_layer(make, narrow):
    got, expected = make(narrow), make(int)
    assert repr(got) == repr(expected)
    for name, p in expected.params.items():
        np.testing.assert_array_equal(got.params[name], p)


def test_sizes_stay():
    for layer, name in ((RNN(3, 4), "H"), (LSTM(3, 4), "D"), (Linear(3, 4), "K"), (Embedding(3, 4), "V")):
        with pytest.raises(ValueError, match=f"{name}: expected it to stay ., got 7. Make a new layer"):
            setattr(layer, name, 7)
        assert "7" not in repr(layer)


WRONG = {
    "a name instead of a layer": (lambda: LanguageModel("LSTM", Linear(6, 7)), "rnn: expected a layer.*got str 'LSTM'"),
    "a class instead of a layer": (lambda: Tagger(LSTM, Linear(6, 7)), r"rnn: expected a layer.*Make one: LSTM\(...\)"),
    "no layer in a stack": (lambda: Stack([RNN(3, 4), "RNN"]), r"layers\[1\]: expected a layer"),
    "no layer in two directions": (lambda: Bidirectional(RNN(3, 4), None), "backward_layer: expected a layer"),
    "dropout of 2": (lambda: Dropout(2), "p: expected a number from 0 to below 1, got 2"),
    "dropout of 2 in a stack of one": (lambda: Stack([RNN(3, 4)], dropout=2), "dropout: expected .* below 1, got 2"),
    "dropout as text": (lambda: Dropout("0.5"), "p: expected a number from 0 to below 1, got str '0.5'"),
    "forget bias as text": (lambda: LSTM(3, 4, forget_bias="1"), "forget_bias: expected a finite number, got str '1'"),
    "forget bias too large": (lambda: LSTM(3, 4, forget_bias=1e300), "forget_bias: expected a number that float32 can"),
    "a side for a yes": (lambda: GRU(3, 4, reset_after="before"), "reset_after: expected True or False, got str"),
    "a number for a yes": (lambda: TransformerBlock(4, 2, 3, causal=2), "causal: expected True or False, got int 2"),
    "no dtype": (lambda: RNN(3, 4, dtype="nonsense"), "dtype: expected a floating-point dtype .*, got str 'nonsense'"),
    "bytes the other way": (lambda: RNN(3, 4, dtype=np.dtype("f4").newbyteorder()), "dtype: expected a floating-point"),
    "two directions of two widths": (
        lambda: Bidirectional(RNN(3, 4), RNN(5, 4)),
        "backward_layer: expected D = 3, the width of what forward_layer reads, got RNN",
    ),
    "a sum of two widths": (lambda: Bidirectional(RNN(3, 4), RNN(3, 5), merge="sum"), "merge: expected layers of one"),
    "an output layer too wide": (lambda: Tagger(RNN(5, 6), Linear(7, 4)), "out: expected D = 6, the width of rnn's"),
    "vectors too wide": (
        lambda: SequenceClassifier(RNN(5, 6), Linear(6, 4), embedding=Embedding(9, 4)),
        "rnn: expected D = 4, the width of embedding's vectors, got RNN",
    ),
    "a text of other symbols": (
        lambda: LanguageModel(RNN(5, 6), Linear(6, 4), embedding=Embedding(9, 5)),
        "embedding: expected V = 4, the width of out's outputs",
    ),
    "symbols too many": (lambda: LanguageModel(RNN(5, 6), Linear(6, 4)), "rnn: expected D = 4, the width of embedding"),
    "fractions of lengths": (
        lambda: RNN(3, 4).forward(np.ones((2, 2, 3), np.float32), None, [2.0, 1.0]),
        r"lengths: expected 2 integers, .* Convert them with np.asarray\(lengths\).astype\(int\)",
    ),
    "a seed for a generator": (lambda: GRU(3, 4, rng=0), "rng: expected a numpy.random.Generator, got int 0. Make one"),
    "integers for weights": (lambda: LSTM(3, 4, dtype=int), "dtype: expected a floating-point dtype .*, got int64"),
    "integers for vectors": (lambda: Embedding(3, 4, dtype=int), "dtype: expected a floating-point dtype"),
    "integers for codes": (lambda: position_codes(3, 4, dtype=int), "dtype: expected a floating-point dtype"),
    "integers for numbers": (lambda: adding(4, 2, np.random.default_rng(0), dtype=int), "dtype: expected a floating"),
    "integers for pixels": (lambda: digits("row", int), "dtype: expected a floating-point dtype"),
    "a rate as text": (lambda: Adam({}, "0.1"), "lr: expected a number greater than 0, got str '0.1'"),
    "a complex rate": (lambda: SGD({}, 1j), "lr: expected a number greater than 0, got complex 1j"),
    "a decay of 1": (lambda: RMSProp({}, decay=1), "decay: expected a number from 0 to below 1, got 1"),
    "a limit as text": (lambda: rnnlib.optim.clip_by_norm({}, "1"), "max_norm: expected a number greater than 0"),
    "a hot text": (
        lambda: rnnlib.sample(np.zeros((1, 2)), np.random.default_rng(0), "hot"),
        "temperature: expected a number of at least 0, got str 'hot'",
    ),
    "NaN drawn from": (
        lambda: rnnlib.sample(np.full((1, 2), np.nan), np.random.default_rng(0)),
        "logits: expected numbers, minus infinity for some at most, got nan as the largest of row 0",
    ),
    "NaN searched": (
        lambda: rnnlib.beam_search(lambda ids, state: (np.full((1, 3), np.nan), state), None, 1, 0, 4),
        "logits: expected numbers",
    ),
    "integers moved by 1e-5": (
        lambda: rnnlib.gradcheck.central_difference(lambda w: (w**2).sum(), np.array([1, 2])),
        "x: expected floating-point numbers",
    ),
    "half a filling": (lambda: rnnlib.data.pad([[1]], value=0.5), "value: expected an integer, got float 0.5"),
    "a text of two axes": (lambda: TextBatches(np.ones((9, 2), int), 2, 2), "ids: expected integers on one axis"),
}


@pytest.mark.parametrize("make, words", WRONG.values(), ids=WRONG)
def test_what_cannot_be_meant_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("kind", [np.matrix, np.ma.masked_array], ids=lambda kind: kind.__name__)
def test_an_array_that_computes_otherwise_is_refused(kind):
    a = np.ones((B, D), np.float32)
    for layer in (RNN(D, H), LSTM(D, H), GRU(D, H)):
        with pytest.raises(ValueError, match=r"x_t: expected a NumPy array, got float32 [mM]\w+ of .* np.asarray"):
            layer.step(kind(a))
        with pytest.raises(ValueError, match="x: expected a NumPy array"):
            layer.forward(kind(a.astype(int)))
        with pytest.raises(ValueError, match="params"):
            layer.params["W_hh"] = kind(layer.params["W_hh"])


@pytest.mark.parametrize("make", [lambda: RNN(D, H), lambda: LSTM(D, H), lambda: GRU(D, H)], ids=["RNN", "LSTM", "GRU"])
def test_a_step_backward_needs_a_gradient_of_numbers(make):
    layer, x_t, right = make(), x()[0], np.ones((B, H), np.float32)
    two = isinstance(layer, LSTM)
    for wrong in (right * np.nan, right[:1], None):
        with pytest.raises(ValueError, match="dstate.*: expected "):
            layer.step_backward((right, wrong) if two else wrong, x_t)
    with pytest.raises(ValueError, match="dstate: expected "):
        layer.step_backward(None, x_t)


SET_LATER = {
    "dropout": (lambda: Dropout(0.5), "p", 2),
    "dropout of a stack": (lambda: Stack([RNN(3, 4), RNN(4, 4)]), "dropout", 2),
    "activation": (lambda: RNN(3, 4), "activation", "sigmoid"),
    "merge": (lambda: Bidirectional(RNN(3, 4), RNN(3, 4)), "merge", "mean"),
    "learning rate": (lambda: Adam({}), "lr", -0.1),
    "learning rate that is NaN": (lambda: SGD({}, 0.1), "lr", math.nan),
    "momentum": (lambda: SGD({}, 0.1), "momentum", 1),
    "beta1": (lambda: Adam({}), "beta1", 1.0),
}


@pytest.mark.parametrize("make, name, value", SET_LATER.values(), ids=SET_LATER)
def test_an_attribute_is_checked_when_it_is_set_later_too(make, name, value):
    thing = make()
    before = getattr(thing, name)
    with pytest.raises(ValueError, match=f"{'lr' if name == 'lr' else name}: expected "):
        setattr(thing, name, value)
    assert getattr(thing, name) == before


def test_what_is_set_later_has_an_effect():
    stack = Stack([RNN(D, 64), RNN(64, 64)])
    calm, _ = stack.forward(x())
    stack.dropout = 0.5
    with dropout_on():
        dropped, _ = stack.forward(x())
    assert not np.array_equal(calm, dropped)
    p = {"w": np.array([1.0])}
    descent = SGD(p, lr=1.0)
    descent.momentum = 0.5
    for _ in range(2):
        descent.step({"w": np.array([1.0])})
    assert p["w"] == 1 - 1 - 1.5
    descent.lr = 0  # where a schedule may end
