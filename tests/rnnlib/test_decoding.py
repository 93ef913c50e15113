"""From logits to symbols."""

import numpy as np
import pytest

from rnnlib import RNN, LanguageModel, Linear
from rnnlib.activations import softmax
from rnnlib.decoding import beam_search, generate, greedy, sample

LOGITS = np.array([1.0, -0.5, 2.0, 0.3, -2.0])


def language_model():
    rng = np.random.default_rng(0)
    return LanguageModel(RNN(5, 16, rng=rng), Linear(16, 5, rng=rng))


def chi_square(draws, p):
    """Pearson's statistic; with 5 classes (4 degrees of freedom) it exceeds 18.5 once in a thousand fair runs."""
    observed = np.bincount(draws, minlength=len(p))
    return ((observed - len(draws) * p) ** 2 / (len(draws) * p)).sum()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_draws_follow_the_softmax_of_logits_over_temperature(temperature):
    draws = sample(np.tile(LOGITS, (20_000, 1)), np.random.default_rng(0), temperature)
    assert draws.shape == (20_000,)
    assert chi_square(draws, softmax(LOGITS / temperature)) < 18.5
    assert chi_square(draws, softmax(LOGITS / temperature * 1.2)) > 18.5  # the bound can tell them apart


def test_rows_are_drawn_each_from_its_own_logits():
    logits = np.full((4, 5), -1e4)
    logits[np.arange(4), [3, 0, 4, 1]] = 0
    np.testing.assert_array_equal(sample(logits, np.random.default_rng(0)), [3, 0, 4, 1])
    even = sample(np.zeros((1000, 2)), np.random.default_rng(0))  # not one draw for all rows
    assert 400 < even.sum() < 600


def test_temperature_zero_takes_the_likeliest():
    logits = np.random.default_rng(0).standard_normal((6, 5))
    np.testing.assert_array_equal(sample(logits, np.random.default_rng(0), 0), logits.argmax(axis=1))


def test_a_symbol_without_probability_is_never_drawn():
    class Lowest:
        def random(self, shape):
            return np.zeros(shape)  # a generator may return exactly 0

    assert sample(np.array([[-np.inf, 0.0, 0.0]]), Lowest()) == [1]


def test_a_draw_above_the_last_cumulative_probability_is_the_last_symbol():
    class Highest:
        def random(self, shape):
            return np.full(shape, np.nextafter(1, 0))

    logits = next(z for z in np.random.default_rng(0).normal(size=(100, 1, 9)) if softmax(z).cumsum()[-1] < 1 - 1e-16)
    assert sample(logits, Highest()) == [8]


def test_float32_logits_and_a_seed_fix_the_draw():
    logits = np.tile(LOGITS, (50, 1)).astype(np.float32)
    first, again = (sample(logits, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, sample(logits, np.random.default_rng(7), temperature=1))


class Counter:
    """A stand-in for a model: surely says the symbol after the one it read, plus how many it has read."""

    V = 11

    def step(self, ids, state):
        read = 1 if state is None else state + 1
        logits = np.full((1, self.V), -1e4)
        logits[0, (ids[0] + read) % self.V] = 0
        return logits, read


def test_generate_reads_the_prompt_and_feeds_back_what_it_wrote():
    # After the prompt 5, 2, 4 three symbols are read: the first new one is 4 + 3, then + 4, + 5 ...
    written = generate(Counter(), [5, 2, 4], 4, np.random.default_rng(0))
    np.testing.assert_array_equal(written, [7, (7 + 4) % 11, (11 + 5) % 11, (16 + 6) % 11])


def test_generate_from_a_language_model_depends_on_the_whole_prompt():
    model = language_model()
    for p in model.params.values():
        p *= 4
    start, twin, other = [1, 2, 3], [1, 2, 3], [4, 2, 3]
    texts = [generate(model, prompt, 40, np.random.default_rng(0)) for prompt in (start, twin, other)]
    np.testing.assert_array_equal(texts[0], texts[1])
    assert (texts[0] != texts[2]).any()
    state, greedy = None, []
    for symbol in start:
        logits, state = model.step(np.array([symbol]), state)
    for _ in range(10):
        greedy.append(logits[0].argmax())
        logits, state = model.step(np.array([greedy[-1]]), state)
    np.testing.assert_array_equal(generate(model, start, 10, np.random.default_rng(0), temperature=0), greedy)


def test_refuses_and_says_why():
    rng = np.random.default_rng(0)
    for temperature in (-1, np.nan):
        with pytest.raises(ValueError, match="temperature: expected a number of at least 0, got"):
            sample(LOGITS[None], rng, temperature)
    with pytest.raises(ValueError, match=r"logits: expected shape \(B, V\), got \(5,\).*logits\[None\]"):
        sample(LOGITS, rng)
    with pytest.raises(ValueError, match="prompt: expected a non-empty array of integers"):
        generate(Counter(), [], 3, rng)
    with pytest.raises(ValueError, match="prompt: expected ids from 0 to 10, got 11"):
        generate(Counter(), [3, 11], 3, rng)
    for top_k in (0, -1):
        with pytest.raises(ValueError, match="top_k: expected a whole number of at least 1, got"):
            sample(LOGITS[None], rng, top_k=top_k)
    for top_p in (0, 1.1, np.nan):
        with pytest.raises(ValueError, match="top_p: expected a probability above 0, at most 1, got"):
            sample(LOGITS[None], rng, top_p=top_p)
    for name in ("width", "longest"):
        with pytest.raises(ValueError, match=f"{name}: expected a whole number of at least 1, got 0"):
            beam_search(chain, None, 0, 3, **{"width": 2, "longest": 5} | {name: 0})
    with pytest.raises(ValueError, match="alpha: expected a number of at least 0, got -1"):
        beam_search(chain, None, 0, 3, 5, alpha=-1)
    with pytest.raises(ValueError, match="longest: expected a whole number of at least 1, got 0"):
        greedy(chain, None, np.zeros(2, int), 3, 0)


P = softmax(LOGITS)  # in order: symbols 2, 0, 3, 1, 4


def drawn(**options):
    """How often each symbol is drawn from LOGITS, as a share."""
    draws = sample(np.tile(LOGITS, (20_000, 1)), np.random.default_rng(0), **options)
    return np.bincount(draws, minlength=5) / 20_000


def test_top_k_draws_among_the_likeliest():
    np.testing.assert_allclose(drawn(top_k=2), np.where(np.isin(range(5), [2, 0]), P, 0) / (P[2] + P[0]), atol=0.02)
    np.testing.assert_array_equal(drawn(top_k=1), [0, 0, 1, 0, 0])
    np.testing.assert_array_equal(drawn(top_k=99), drawn())
    even = sample(np.zeros((1000, 6)), np.random.default_rng(0), top_k=2)
    assert len(set(even)) == 2  # two of equals, not all of them


def test_the_nucleus_is_the_fewest_symbols_with_that_probability():
    inside = P[2] + P[0]
    for top_p, symbols in {
        1e-9: [2],
        P[2] - 0.01: [2],
        P[2] + 0.01: [2, 0],
        inside - 0.01: [2, 0],
        inside + 0.01: [2, 0, 3],
        1.0: range(5),
    }.items():
        expected = np.where(np.isin(range(5), symbols), P, 0)
        np.testing.assert_allclose(drawn(top_p=top_p), expected / expected.sum(), atol=0.02)


def test_cuts_work_row_by_row_and_after_the_temperature():
    logits = np.array([[0.0, 1.0, 5.0], [5.0, 1.0, 0.0]])
    np.testing.assert_array_equal(sample(logits, np.random.default_rng(0), top_k=1), [2, 0])
    hot = softmax(LOGITS / 50)  # nearly even: a nucleus of one half needs three of five symbols
    assert (drawn(temperature=50, top_p=0.5) > 0).sum() == 3 and hot.max() < 0.25
    # Both: of the two likeliest, the nucleus of what they share out anew.
    assert (drawn(top_k=2, top_p=P[2] / (P[2] + P[0]) - 0.01) > 0).sum() == 1


def test_generate_passes_the_cuts_on():
    model = language_model()
    likeliest = generate(model, [1], 20, np.random.default_rng(0), temperature=0)
    for cut in ({"top_k": 1}, {"top_p": 1e-9}):
        np.testing.assert_array_equal(generate(model, [1], 20, np.random.default_rng(0), **cut), likeliest)


# A chain over the symbols 0, 1, 2 and the end 3, in which the likeliest first step leads astray.
CHAIN = np.log([[0.0001, 0.5, 0.4, 0.0999], [0.3, 0.3, 0.2, 0.2], [0.03, 0.03, 0.04, 0.9], [0.25, 0.25, 0.25, 0.25]])


def chain(ids, state):
    """A model whose state counts the symbols read in its row, and is a tuple like an LSTM's."""
    state = (np.zeros(len(ids)), np.zeros(len(ids))) if state is None else state
    return CHAIN[ids], (state[0] + 1, state[1] + ids)


def everything(longest):
    """Every sequence of the chain with its log-probability, by brute force."""
    found, open_ = [], [((), 0.0)]
    for _ in range(longest):
        open_ = [((*ids, k), p + CHAIN[ids[-1] if ids else 0][k]) for ids, p in open_ for k in range(4)]
        found += [(ids[:-1], p, len(ids)) for ids, p in open_ if ids[-1] == 3]
        open_ = [(ids, p) for ids, p in open_ if ids[-1] != 3]
    return found + [(ids, p, len(ids)) for ids, p in open_]


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_a_beam_wide_enough_finds_the_best_of_all(alpha):
    expected = sorted(everything(4), key=lambda found: -found[1] / found[2] ** alpha)
    got = beam_search(chain, None, 0, 3, 4, width=500, alpha=alpha)
    assert len(got) == len(expected) == 121
    scores = [hypothesis.score for hypothesis in got]
    np.testing.assert_allclose(scores, [p / n**alpha for _, p, n in expected], rtol=1e-12)
    assert scores == sorted(scores, reverse=True)
    truth = {ids: p for ids, p, _ in expected}
    for ids, log_p, _ in got:
        assert log_p == pytest.approx(truth[tuple(ids)], rel=1e-12)


def test_width_one_is_greedy_and_greedy_can_be_wrong():
    (only,) = beam_search(chain, None, 0, 3, 4, width=1)
    (written,) = greedy(chain, None, np.array([0]), 3, 4)
    np.testing.assert_array_equal(only.ids, written)
    best = beam_search(chain, None, 0, 3, 4, width=2, alpha=0)[0]
    assert list(best.ids) == [2] and np.exp(best.log_probability) == pytest.approx(0.36)
    assert only.log_probability < best.log_probability


def test_the_states_follow_their_hypotheses():
    seen = []

    def watched(ids, state):
        logits, after = chain(ids, state)
        seen.append((ids, after))
        return logits, after

    beam_search(watched, None, 0, 3, 4, width=3)
    sums = {0: {0}}
    for t, (ids, (count, total)) in enumerate(seen):
        np.testing.assert_array_equal(count, t + 1)
        reachable = {s + k for s in sums[t] for k in ids}
        assert set(total) <= reachable
        sums[t + 1] = set(total)


def test_symbols_without_probability_are_in_no_hypothesis():
    certain = np.full((4, 4), -np.inf)
    certain[0, 2] = certain[2, 3] = 0.0
    got = beam_search(lambda ids, state: (certain[ids], np.zeros(len(ids))), None, 0, 3, 5, width=4)
    assert [list(hypothesis.ids) for hypothesis in got] == [[2]] and got[0].log_probability == 0


def test_greedy_rows_end_each_for_itself():
    logits = np.eye(5)[[1, 2, 3, 4, 0]]  # 0 -> 1 -> 2 -> 3 -> 4
    written = greedy(lambda ids, state: (logits[ids], state), None, np.array([0, 2, 3]), 4, longest=3)
    assert [list(row) for row in written] == [[1, 2, 3], [3], []]
