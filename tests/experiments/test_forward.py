"""The parts of chapter 2's experiments that measure or decide themselves."""

import numpy as np
import pytest

from experiments.e02_forward import blank, forget, hello, hoist, order
from experiments.e02_forward._nets import CORPUS, LEFT_OUT, encode, new_model, spell
from rnnlib.metrics import perplexity


def test_without_memory_the_two_l_are_one():
    model, losses = spell(3, memory=False, steps=30)
    assert losses.min() > hello.FLOOR
    ids = np.array([[2, 2]])  # two sequences of one letter
    h, _ = model.rnn.forward(np.eye(4, dtype=np.float32)[ids])
    assert np.array_equal(h[0, 0], h[0, 1])


def test_distances_are_those_of_the_states():
    model = new_model(0)
    twins, *others = hello.distances(model)
    h, state = [], np.zeros((1, 8), np.float32)
    for k in hello.hello()[0][:, 0]:
        state = model.rnn.step(np.eye(4, dtype=np.float32)[[k]], state)
        h.append(state[0])
    assert np.isclose(twins, np.linalg.norm(h[3] - h[2]))
    assert np.allclose(sorted(others), sorted(np.linalg.norm(h[i] - h[j]) for j in range(4) for i in range(min(j, 2))))


def test_the_claims_about_hello_can_fail():
    above, flat = [1.4, 0.350], [1.4, 0.01]
    good = {"memory": [flat], "none": [above], "twins": [[0.5, 4.0]], "others": [[[1.0, 4.0], [2.0, 4.1]]]}
    claims = {claim.name.rpartition(".")[2]: claim.holds for claim in hello.CLAIMS}
    assert all(holds(good) for holds in claims.values())
    assert not claims["floor"](good | {"none": [[1.4, 0.3]]}) and not claims["floor"](good | {"memory": [above]})
    assert not claims["floor"](good | {"none": [[1.4, 0.5]]})
    assert not claims["twins"](good | {"twins": [[0.0, 4.0]]}) and not claims["twins"](good | {"twins": [[0.5, 0.4]]})
    for wrong in ([[1.0, 9.0], [2.0, 9.0]], [[1.0, 4.1], [4.2, 4.0]], [[0.2, 4.0], [0.3, 4.1]]):
        assert not claims["others"](good | {"others": [wrong]})


def test_what_can_be_read_is_what_a_state_holds():
    near, far = (forget.readable(0.5, 3)[forget.READ_LAGS.index(lag)] for lag in (5, 20))
    assert 0.2 < near < 0.5 and far < 0.05


def test_a_pair_that_was_left_out_is_in_no_sentence():
    assert encode(CORPUS).shape == (9, 12)
    said = {" ".join(words) for words in CORPUS}
    assert not [pair for pair in LEFT_OUT if any(words.startswith(" ".join(pair)) for words in said)]


def test_a_net_without_memory_guesses_among_four(monkeypatch):
    monkeypatch.setattr(blank, "EPOCHS", 150)
    assert abs(blank.p_blank(blank.learn(0, memory=False), CORPUS, memory=False) - 0.25) < 0.05


def test_counts_of_the_last_words():
    assert blank.p_counted(1) == 0.25 and blank.p_counted(6) == 1
    assert np.isclose(blank.p_counted(5), 1 / 3)  # the person is in sight, and three verbs followed it


@pytest.mark.parametrize("g", forget.GAINS)
def test_the_bound_holds(g):
    assert (forget.difference(g, 1) <= g ** np.arange(forget.T) * (1 + 1e-9)).all()


def test_rounding_is_all_that_differs():
    assert forget.rounded(0.5, 2) < 1e-6


def test_counting_is_counting():
    found = order.counted("abababab", "ab" * 5, alphabet=2)["5.0"]
    p = (4 + 5 / 2) / (8 + 5)  # each letter is half of the text
    after_a, after_b = (4 + 5 * p) / (4 + 5), (3 + 5 * p) / (3 + 5)  # the last b has no successor
    assert np.isclose(found[0], 1 / p)
    assert np.isclose(found[1], perplexity(-np.log([after_a, after_b]).mean()))


def test_a_part_is_held_out_and_nothing_is_lost():
    train, test = order.parted("abcdefghij", 5)
    assert len(test) == 2 and sorted(train + test) == list("abcdefghij") and test in "abcdefghij"


def test_both_ways_to_multiply_agree(monkeypatch):
    monkeypatch.setattr(hoist, "shortest", lambda work: work() is None or 1.0)
    assert hoist.ratio(0)["apart"] < 1e-10
