"""From logits to symbols."""

import numpy as np
import pytest

from rnnlib import LanguageModel
from rnnlib.activations import softmax
from rnnlib.decoding import generate, sample

LOGITS = np.array([1.0, -0.5, 2.0, 0.3, -2.0])


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
    model = LanguageModel(5, 16, rng=np.random.default_rng(0))
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
