"""The arithmetic of the interactive figures, run in the browser, against rnnlib: random numbers, different sizes."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from rnnlib import GRU, LSTM, RNN, Linear
from rnnlib.attention import AdditiveAttention, DotProductAttention
from rnnlib.decoding import beam_search, sample
from rnnlib.losses import softmax_cross_entropy

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
T, B, D, H, V = 7, 1, 3, 5, 4
# The tolerance that the figures promise; both sides compute in float64.
agree = dict(rtol=0, atol=1e-5)


def plain(value):
    """What can be sent to the browser."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


@pytest.fixture(scope="module")
def js(browser):
    """Run a function of the module with arguments from here: ``js("A.softmax(y)", y=logits)``."""
    from rnnbook.interactive import bundle

    page = browser.new_page()
    page.evaluate(f"() => {{ window.A = {bundle('arithmetic')}; window.R = {bundle('looking')}; }}")
    flat = """v => ArrayBuffer.isView(v) ? [...v] : Array.isArray(v) ? v.map(flat) : v && typeof v === "object"
      ? Object.fromEntries(Object.entries(v).map(([key, part]) => [key, flat(part)])) : v"""

    def run(expression, **values):
        code = f"({{ {', '.join(values)} }}) => {{ const flat = {flat}; return flat({expression}); }}"
        return page.evaluate(code, plain(values))

    yield run
    page.close()


@pytest.fixture(params=range(3))
def rng(request):
    return np.random.default_rng(request.param)


def test_rnn_step(js, rng):
    layer = RNN(D, H, rng=rng, dtype=np.float64)
    x, h = rng.normal(size=D), rng.normal(size=H)
    np.testing.assert_allclose(
        js("A.rnnStep(x, h, p).h", x=x, h=h, p=layer.params), layer.step(x[None], h[None])[0], **agree
    )


def test_lstm_step(js, rng):
    layer = LSTM(D, H, rng=rng, dtype=np.float64)
    x, h, c = rng.normal(size=D), rng.normal(size=H), rng.normal(size=H)
    ours = js("A.lstmStep(x, {h, c}, p)", x=x, h=h, c=c, p=layer.params)
    theirs = layer.step(x[None], (h[None], c[None]))
    np.testing.assert_allclose([ours["h"], ours["c"]], np.concatenate(theirs), **agree)


def test_gru_step_on_a_symbol(js, rng):
    """A whole number stands for its one-hot vector."""
    layer = GRU(D, H, rng=rng, dtype=np.float64)
    h = rng.normal(size=H)
    ours = js("A.gruStep(2, h, p).h", h=h, p=layer.params)
    np.testing.assert_allclose(ours, layer.step(np.eye(D)[[2]], h[None])[0], **agree)


def test_gru_over_a_sequence(js, rng):
    layer = GRU(D, H, rng=rng, dtype=np.float64)
    x = rng.normal(size=(T, D))
    ours = js(
        "(() => { let h = Array(5).fill(0); return x.map(x_t => h = A.gruStep(x_t, h, p).h) })()", x=x, p=layer.params
    )
    np.testing.assert_allclose(ours, layer.forward(x[:, None])[0][:, 0], **agree)


def test_a_jacobian_factor_is_the_way_back_through_a_step(js, rng):
    layer = RNN(D, H, rng=rng, dtype=np.float64)
    x, h, d = rng.normal(size=D), rng.normal(size=H), rng.normal(size=H)
    slope = 1 - layer.step(x[None], h[None])[0] ** 2
    _, dh, _ = layer.step_backward(d[None], x[None], h[None])
    np.testing.assert_allclose(js("A.jacobianBack(d, s, W)", d=d, s=slope, W=layer.params["W_hh"]), dh[0], **agree)


@pytest.mark.parametrize("tau", [1, 3, T])
def test_the_sum_over_pairs_is_the_gradient_truncated_or_not(js, rng, tau):
    layer, out = RNN(D, H, rng=rng, dtype=np.float64), Linear(H, V, rng=rng, dtype=np.float64)
    x, h_0, targets = rng.normal(size=(T, 1, D)), rng.normal(size=(1, H)), rng.integers(0, V, (T, 1))
    states, _ = layer.forward(x, h_0)
    before = np.concatenate([h_0[None], states[:-1]])
    dh = softmax_cross_entropy(out.forward(states), targets)[1] @ out.params["W"].T
    dW = 0
    for s in range(0, T, tau):
        layer.forward(x[s : s + tau], before[s])
        layer.backward(dh[s : s + tau].copy())
        dW = dW + layer.grads["W_hh"]
    ours = js("A.sumOfPairs(A.pairDeltas(d, h, W), b, (t, k) => k >= tau * Math.floor(t / tau))",
              d=dh[:, 0], h=states[:, 0], W=layer.params["W_hh"], b=before[:, 0], tau=tau)  # fmt: skip
    np.testing.assert_allclose(ours, dW, **agree)


def test_softmax_of_large_logits(js, rng):
    y = 700 * rng.normal(size=V)
    e = np.exp(y - y.max())
    np.testing.assert_allclose(js("A.softmax(y)", y=y), e / e.sum(), **agree)
    np.testing.assert_allclose(js("A.logSoftmax(y)", y=y), y - y.max() - np.log(e.sum()), **agree)


@pytest.mark.parametrize("cut", [{}, {"temperature": 0.6}, {"temperature": 0}, {"top_k": 3}, {"top_p": 0.7},
                                 {"temperature": 1.4, "top_k": 6, "top_p": 0.5}])  # fmt: skip
def test_draws_are_those_of_sample(js, rng, cut):
    """The same uniform numbers fall on the same symbols."""
    logits = np.round(2 * rng.normal(size=(200, 9)), 1)  # rounded, so that some are alike
    numbers = np.random.default_rng(5).random((200, 1))[:, 0]
    theirs = sample(logits, np.random.default_rng(5), **cut)
    ours = js("y.map((row, i) => A.draw(A.distribution(row, cut), u[i]))", y=logits, u=numbers, cut=cut)
    np.testing.assert_array_equal(ours, theirs)


def test_a_seed_gives_the_same_even_numbers(js):
    numbers = js("(() => { const u = A.uniform(7); return Array.from({length: 20000}, u) })()")
    assert numbers == js("(() => { const u = A.uniform(7); return Array.from({length: 20000}, u) })()")
    assert numbers != js("(() => { const u = A.uniform(8); return Array.from({length: 20000}, u) })()")
    shares = np.histogram(numbers, bins=10, range=(0, 1))[0] / 20000
    assert np.abs(shares - 0.1).max() < 0.01
    normal = js("(() => { const u = A.normal(A.uniform(7)); return Array.from({length: 20000}, u) })()")
    assert abs(np.mean(normal)) < 0.03 and abs(np.std(normal) - 1) < 0.03


def test_beam_search(js, rng):
    """A model whose next symbol depends on the last, with an end that comes at different times."""
    table = 2 * rng.normal(size=(6, 6))
    for width in (1, 2, 5, 8):
        for alpha in (0, 1):
            theirs = beam_search(lambda ids, state: (table[ids], ids), None, 0, 1, 6, width=width, alpha=alpha)
            search = "A.beamSearch((s) => ({logits: table[s], state: 0}), 0, 0, 1, 6, width, alpha)"
            parts = f"{search}.found.map(f => [f.ids, f.log_p, f.score])"
            ours = js(parts, table=table, width=width, alpha=alpha)
            assert [f[0] for f in ours] == [f.ids.tolist() for f in theirs]
            np.testing.assert_allclose([f[1:] for f in ours], [f[1:] for f in theirs], **agree)


def test_attention(js, rng):
    q, k = rng.normal(size=D), rng.normal(size=(T, H))
    layer = AdditiveAttention(D, H, V, rng=rng, dtype=np.float64)
    context = layer.forward(q[None, None], k[:, None], k[:, None])[0, 0]
    ours = js("A.additiveAttention(q, k, k, p)", q=q, k=k, p=layer.params)
    np.testing.assert_allclose(ours["weights"], layer.weights[0, 0], **agree)
    np.testing.assert_allclose(ours["context"], context, **agree)
    q, layer = rng.normal(size=H), DotProductAttention()
    context = layer.forward(q[None, None], k[:, None], k[:, None])[0, 0]
    np.testing.assert_allclose(js("A.dotProductAttention(q, k, k).context", q=q, k=k), context, **agree)


def test_hopfield(js, rng):
    patterns = rng.choice([-1.0, 1.0], (3, 11))
    W = patterns.T @ patterns / 11
    np.fill_diagonal(W, 0)
    s = rng.choice([-1.0, 1.0], 11)
    np.testing.assert_allclose(js("A.hopfieldWeights(p)", p=patterns), W, **agree)
    np.testing.assert_allclose(js("A.energy(s, W)", s=s, W=W), -0.5 * s @ W @ s, **agree)
    f = s @ W
    np.testing.assert_array_equal(js("s.map((_, i) => A.look(s, W, i))", s=s, W=W), np.where(f * s < -1e-9, -s, s))


def test_a_hopfield_unit_stays_where_the_others_are_even(js, rng):
    """Against whole numbers: shares of 1/N do not add up to 0 where they should."""
    patterns, S = rng.choice([-1, 1], (3, 25)), rng.choice([-1, 1], (40, 25))
    counts = patterns.T @ patterns
    np.fill_diagonal(counts, 0)
    even = S @ counts == 0
    assert even.any()
    looks = "(() => { const W = A.hopfieldWeights(p); return S.map(s => s.map((_, i) => A.look(s, W, i))) })()"
    np.testing.assert_array_equal(js(looks, p=patterns, S=S), np.where(even, S, np.sign(S @ counts)))


@pytest.mark.parametrize("plan", ["loop", "doubling", "pairs"])
@pytest.mark.parametrize("steps", [1, 2, 13, 64])
def test_a_scan_is_the_loop(js, rng, plan, steps):
    import torch

    from rnnlib.scan import scan_loop

    a, b = rng.uniform(0.2, 1, steps), rng.normal(size=steps)
    ours = js("A.runScan(A.plans[plan](T), a, b).at(-1).map(([a, b]) => b)", plan=plan, T=steps, a=a, b=b)
    np.testing.assert_allclose(ours, scan_loop(torch.tensor(a), torch.tensor(b)), **agree)


def test_letters_to_sounds(js, rng):
    """The whole net of chapter 12: what it says of an answer, where it looks, and its search."""
    from rnnlib.bidirectional import Bidirectional
    from rnnlib.layers import Embedding
    from rnnlib.models import EncoderDecoder

    options = {"rng": rng, "dtype": np.float64}
    model = EncoderDecoder(
        source=Embedding(7, 3, **options), target=Embedding(9, 3, **options),
        encoder=Bidirectional(GRU(3, 4, **options), GRU(3, 4, **options)), decoder=GRU(3, 8, **options),
        attention=AdditiveAttention(8, 8, 8, **options), mix=Linear(16, 8, **options),
        out=Linear(8, 9, **options), start=1,
    )  # fmt: skip
    for name in model.params:
        model.params[name][...] = rng.normal(size=model.params[name].shape)
    data = {"letters": list("_abcdef"), "phones": ["<pad>", "<s>", "</s>", *"GHIJKL"], "net": dict(model.params)}
    ids, answer = np.array([3, 1, 4, 1, 6]), np.array([5, 3, 8, 2])
    logits = model.logits(ids[:, None], answer[:, None])[:, 0]
    ours = js("R.reader(data).told(R.reader(data).ids('cadaf'), answer)", data=data, answer=answer)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    cost = -np.log(e / e.sum(axis=1, keepdims=True))[np.arange(4), answer]
    np.testing.assert_allclose([step["cost"] for step in ours], cost, **agree)
    np.testing.assert_allclose([step["weights"] for step in ours], model.attention.weights[:, 0], **agree)
    step, state = model.encode(ids[:, None])
    theirs = beam_search(step, state, 1, 2, 20, width=3, alpha=0)
    found = js("R.reader(data).search(R.reader(data).ids('cadaf'), 3, 0).found.map(f => f.ids)", data=data)
    assert found == [one.ids.tolist() for one in theirs]


def test_the_predicted_factor_is_that_of_chapter_4(browser):
    """The fixed point of its equations, integrated on a fine grid."""
    from rnnbook.interactive import bundle

    x = np.arange(-8, 8, 0.004)
    density = np.exp(-(x**2) / 2) / np.exp(-(x**2) / 2).sum()
    page = browser.new_page()
    for g, s in ((0.7, 0.5), (1.0, 0.1), (1.5, 0.5), (2.4, 1.5)):
        var = 1.0
        for _ in range(500):
            var = s**2 + g**2 * density @ np.tanh(var**0.5 * x) ** 2
        theirs = g * (density @ (1 - np.tanh(var**0.5 * x) ** 2) ** 2) ** 0.5
        ours = page.evaluate(f"([g, s]) => {bundle('gradients')}.predictedFactor('tanh', g, s)", [g, s])
        assert abs(ours - theirs) < 1e-5
    page.close()


@pytest.mark.parametrize(("kind", "g", "s"), [("tanh", 1.3, 0.7), ("ReLU", 1.2, 0.4), ("identity", 0.9, 0.2)])
def test_the_gradients_that_are_measured_are_those_of_the_layer(browser, kind, g, s):
    """The figure's net, with the figure's own random numbers: H = 64, 20 steps before 64 lags, 16 gradients."""
    from rnnbook.interactive import bundle

    page = browser.new_page()
    code = f"""([kind, g, s]) => {{ const A = {bundle("arithmetic")}, next = A.normal(A.uniform(4)), curve = [];
      for (const piece of {bundle("gradients")}.measure(curve, kind, g, s, 4));
      return [curve, Array.from({{length: 64 * (64 + 84 + 16)}}, next)]; }}"""
    curve, numbers = page.evaluate(code, [kind, g, s])
    page.close()
    W, x, d = np.split(np.array(numbers), [64 * 64, 64 * (64 + 84)])
    f, slope = {"tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2), "ReLU": (lambda z: np.maximum(z, 0), lambda z: z > 0),
                "identity": (lambda z: z, np.ones_like)}[kind]  # fmt: skip
    W, h, slopes = g * W.reshape(64, 64) / 8, np.zeros(64), []
    for x_t in x.reshape(84, 64):
        slopes.append(slope(h @ W + s * x_t))
        h = f(h @ W + s * x_t)
    d = d.reshape(16, 64)
    left = [np.linalg.norm(d)]
    for at in slopes[:-65:-1]:
        d = d * at @ W.T
        left.append(np.linalg.norm(d))
    np.testing.assert_allclose(curve, np.log10(left / left[0]), **agree)


def test_the_drawings_are_chapter_1s(browser):
    from rnnbook.interactive import bundle

    page = browser.new_page()
    drawings = page.evaluate(
        f"() => Object.fromEntries(Object.entries({bundle('drawings')}.DRAWINGS).map(([k, v]) => [k, [...v]]))"
    )
    page.close()
    source = (ROOT / "experiments/e01_history/_drawings.py").read_text()
    written = re.findall(r'^([A-Z]+) = """\n(.*?)"""', source, re.M | re.S)
    assert len(written) == 6
    for name, rows in written:
        assert drawings[name.lower()] == [1 if mark == "#" else -1 for mark in rows if mark in "#."]
