"""`backward` goes back through the last `forward`, all of it and nothing else, or says why it cannot."""

import copy

import numpy as np
import pytest

from rnnlib import (
    GRU,
    LSTM,
    RNN,
    SGD,
    AdditiveAttention,
    Bidirectional,
    DotProductAttention,
    Embedding,
    EncoderDecoder,
    FeedForward,
    Forecaster,
    LanguageModel,
    LayerNorm,
    Linear,
    MultiHeadAttention,
    SequenceClassifier,
    Stack,
    Tagger,
    TransformerBlock,
)
from rnnlib.models.net import Net

T, B, D, H = 6, 3, 4, 5
FIRST = {
    "RNN": lambda: RNN(D, H),
    "LSTM": lambda: LSTM(D, H),
    "GRU": lambda: GRU(D, H),
    "GRU, reset before": lambda: GRU(D, H, reset_after=False),
}
recurrent = pytest.mark.parametrize("make", FIRST.values(), ids=FIRST)
LAYERS = FIRST | {
    "Linear": lambda: Linear(D, H),
    "LayerNorm": lambda: LayerNorm(D),
    "MultiHeadAttention": lambda: MultiHeadAttention(D, 2),
    "AdditiveAttention": lambda: AdditiveAttention(D, D, H),
}
NETS = {
    "Stack": lambda: Stack([RNN(D, H), GRU(H, D)]),
    "Bidirectional": lambda: Bidirectional(RNN(D, H), LSTM(D, H)),
    "Net": lambda: Net(RNN(D, H), Linear(H, D), pooling="mean"),
    "FeedForward": lambda: FeedForward(D, H),
    "TransformerBlock": lambda: TransformerBlock(D, 2, H),
}
REST = {
    "Embedding": lambda: Embedding(7, D),
    "Tagger": lambda: Tagger(RNN(D, H), Linear(H, 2)),
    "SequenceClassifier": lambda: SequenceClassifier(RNN(D, H), Linear(H, 2)),
    "Forecaster": lambda: Forecaster(RNN(D, H), Linear(H, 2)),
    "LanguageModel": lambda: LanguageModel(RNN(D, H), Linear(H, D)),
    "EncoderDecoder": lambda: encoder_decoder(Embedding(7, D), Embedding(7, D)),
}


def encoder_decoder(source, target):
    encoder = Bidirectional(RNN(D, 2), RNN(D, 2))
    return EncoderDecoder(source=source, target=target, encoder=encoder, decoder=RNN(D, 4), out=Linear(4, 7), start=1)


def x(seed=1):
    return np.random.default_rng(seed).standard_normal((T, B, D)).astype(np.float32)


def forward(layer, a):
    """What `forward` gives at every step."""
    times = 3 if isinstance(layer, MultiHeadAttention | AdditiveAttention | DotProductAttention) else 1
    y = layer.forward(*[a] * times)
    return y[0] if isinstance(y, tuple) else y


def gradients(layer, y):
    layer.backward(np.cos(np.arange(y.size, dtype=y.dtype)).reshape(y.shape))
    return {name: g.copy() for name, g in layer.grads.items()}


def interrupt_the_fourth(monkeypatch, where, name):
    """Let the fourth call from now on fail, as Ctrl-C would."""
    right, calls = getattr(where, name), []

    def call(*args, **kwargs):
        calls.append(0)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return right(*args, **kwargs)

    monkeypatch.setattr(where, name, call)


@recurrent
def test_nothing_goes_back_through_a_pass_that_was_interrupted(make, monkeypatch):
    layer = make()
    y = forward(layer, x())
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_the_fourth(patch, np, "dot")
        interrupt_the_fourth(patch, np, "matmul")
        forward(layer, x(2))
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        layer.backward(np.ones_like(y))
    y = forward(layer, x())
    assert gradients(layer, y).keys() == layer.params.keys()


@pytest.mark.parametrize("make", NETS.values(), ids=NETS)
def test_nothing_goes_back_through_two_passes_at_once(make, monkeypatch):
    net = make()
    y = forward(net, x())
    last = list(net._parts().values())[-1]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):

        def stop(*given):
            raise KeyboardInterrupt

        patch.setattr(last, "forward", stop)
        net.forward(x(2))
    with pytest.raises(ValueError, match="backward: expected a forward pass first"):
        net.backward(np.ones_like(y))
    y = forward(net, x())
    assert gradients(net, y).keys() == net.params.keys()


def test_a_state_that_the_second_layer_refuses_ends_the_pass():
    for net in (NETS["Stack"](), NETS["Bidirectional"]()):
        y = forward(net, x())
        with pytest.raises(ValueError, match="state"):
            net.forward(x(2), (None, np.zeros((B, 1), np.float32)))
        with pytest.raises(ValueError, match="backward: expected a forward pass first"):
            net.backward(np.ones_like(y))


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("all_at_once", [False, True])
def test_parameters_that_were_replaced_since_forward_are_refused(make, all_at_once):
    layer = make()
    y = forward(layer, x())
    name = next(iter(layer.params))
    if all_at_once:
        layer.params = {key: p + 1 for key, p in layer.params.items()}
    else:
        layer.params[name] = layer.params[name] + 1
    with pytest.raises(ValueError, match="backward: expected the parameters of the forward pass, got others since"):
        layer.backward(np.ones_like(y))
    y = forward(layer, x())
    assert gradients(layer, y).keys() == layer.params.keys()


def test_parameters_of_a_language_model_that_were_replaced_are_refused():
    for part in ("embedding", "rnn"):
        model = LanguageModel(RNN(D, H), Linear(H, 3), embedding=Embedding(3, D))
        ids = np.random.default_rng(0).integers(3, size=(T, B))
        h, _ = model._read(ids)
        params = getattr(model, part).params
        name = next(iter(params))
        params[name] = params[name] + 1
        with pytest.raises(ValueError, match="expected the parameters of the forward pass"):
            model._reader.backward(np.ones_like(h))


SET_BETWEEN = {
    "activation": (lambda: RNN(D, H), "activation", "relu"),
    "merge": (lambda: Bidirectional(RNN(D, H), RNN(D, H), merge="sum"), "merge", "concat"),
    "pooling": (lambda: Net(RNN(D, H), Linear(H, 2), pooling="mean"), "pooling", "last"),
}


@pytest.mark.parametrize("make, name, value", SET_BETWEEN.values(), ids=SET_BETWEEN)
def test_what_is_set_after_forward_changes_no_gradient_of_it(make, name, value):
    layer, other = make(), make()
    y, _ = forward(layer, x()), forward(other, x())
    setattr(other, name, value)
    for key, g in gradients(layer, y).items():
        np.testing.assert_array_equal(gradients(other, y)[key], g)


def test_an_activation_set_later_has_an_effect_in_a_language_model():
    ids = np.random.default_rng(0).integers(3, size=(2 * T, B))
    made = LanguageModel(RNN(D, H, activation="relu"), Linear(H, 3), embedding=Embedding(3, D))
    set_later = LanguageModel(RNN(D, H), Linear(H, 3), embedding=Embedding(3, D))
    before = set_later.loss(ids, ids)
    set_later.rnn.activation = "relu"
    assert set_later.loss(ids, ids) == made.loss(ids, ids) != before
    set_later.embedding.padding = 0
    assert set_later.loss_and_grads(ids, ids)[1]["embedding.W"][0].tolist() == [0] * D


def test_a_pooling_set_later_has_an_effect():
    model = SequenceClassifier(RNN(D, H), Linear(H, 2))
    last = model.logits(x())
    model.pooling = "mean"
    assert not np.array_equal(model.logits(x()), last) and "pooling='mean'" in repr(model)
    with pytest.raises(ValueError, match="pooling: expected one of"):
        model.pooling = "max"


# ---- Views ------------------------------------------------------------------------------------------------------

VIEWS = {
    "windows": lambda a: np.lib.stride_tricks.sliding_window_view(a, a.size).reshape(T, B, D),
    "a buffer": lambda a: np.frombuffer(memoryview(a).toreadonly(), a.dtype).reshape(T, B, D),
}


@recurrent
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("symbols", [False, True])
def test_a_read_only_view_of_what_changes_is_copied(make, view, symbols):
    memory = np.random.default_rng(0).integers(1, D, T * B * D) if symbols else x().ravel()
    given = view(memory)
    given = given[..., 0] if symbols else given
    assert not given.flags.writeable and np.shares_memory(given, memory)
    layer, expected = make(), make()
    y, _ = forward(layer, given), forward(expected, given.copy())
    memory[:] = 0
    right = gradients(expected, y)
    for name, g in gradients(layer, y).items():
        np.testing.assert_array_equal(g, right[name])


# ---- One thing in two places ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", (LAYERS | NETS | REST).values(), ids=LAYERS | NETS | REST)
def test_a_shallow_copy_is_refused(make):
    with pytest.raises(TypeError, match="Use copy.deepcopy"):
        copy.copy(make())
    assert type(copy.deepcopy(make())) is type(make())


def test_a_layer_twice_in_a_net_is_refused_however_deep():
    a, b, c = (RNN(D, D, rng=np.random.default_rng(i)) for i in range(3))
    ids = Embedding(7, D)
    for make in (
        lambda: Stack([Bidirectional(a, b, merge="sum"), Bidirectional(a, c, merge="sum")]),
        lambda: Bidirectional(Stack([a]), Stack([b, a])),
        lambda: encoder_decoder(ids, ids),
    ):
        with pytest.raises(ValueError, match="layers: expected none of them twice, got one as .* Make two layers"):
            make()


def test_an_array_under_two_names_is_refused():
    layer, words = LSTM(D, D), "expected an array with memory of its own, got that of"
    for other in (layer.params["W_hh"], layer.params["W_hh"][:]):
        with pytest.raises(ValueError, match=rf"params\['W_xh'\]: {words} 'W_hh'"):
            layer.params["W_xh"] = other
    with pytest.raises(ValueError, match=words):
        layer.params = dict(layer.params) | {"W_xh": layer.params["W_hh"]}
    net = Stack([RNN(D, D), RNN(D, D)])
    with pytest.raises(ValueError, match=rf"params\['1.W_xh'\]: {words} '0.W_xh'"):
        net.params["1.W_xh"] = net.params["0.W_xh"]
    with pytest.raises(ValueError, match=words):
        net.params = {name: net.params[f"0.{name[2:]}"] for name in net.params}
    net.params["1.W_xh"] = net.params["0.W_xh"].copy()
    halves = np.zeros((D, 2 * D), np.float32)  # beside each other in one piece of memory, and apart
    net.params["1.W_xh"], net.params["1.W_hh"] = halves[:, :D], halves[:, D:]


# ---- To go back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", (FIRST | NETS).values(), ids=FIRST | NETS)
def test_copies_bring_a_layer_back_after_an_optimisers_step_and_its_own_arrays_are_refused(make):
    layer = make()
    own, copies = dict(layer.params), {name: p.copy() for name, p in layer.params.items()}
    before = forward(layer, x())
    SGD(layer.params, lr=1.0).step({name: np.ones_like(p) for name, p in layer.params.items()})
    assert not np.array_equal(forward(layer, x()), before)
    with pytest.raises(ValueError, match="got the layer's own, as they are now. To go back later, keep copies"):
        layer.params = own
    layer.params = copies
    np.testing.assert_array_equal(forward(layer, x()), before)
