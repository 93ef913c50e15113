"""The parts of chapter 1's experiments that measure or decide themselves."""

import numpy as np
import pytest

from experiments.e01_history import _elman, basin, capacity, recall, sequence, softmax, xor
from experiments.e01_history._drawings import ALIKE, UNLIKE
from experiments.e01_history._hopfield import damage, overlap, random_patterns, settle, weights


def one_by_one(s, W, order):
    """A single state at rest, as the chapter writes it."""
    s, moved = s.copy(), True
    while moved:
        moved = False
        for i in order:
            if (s @ W[:, i]) * s[i] < 0:
                s[i], moved = -s[i], True
    return s


class SameOrder:
    """A generator whose order does not change from round to round."""

    def __init__(self, order):
        self.order = order

    def permutation(self, n):
        assert n == len(self.order)
        return self.order


def test_many_states_settle_as_each_does_alone():
    rng = np.random.default_rng(3)
    W, S, order = weights(random_patterns(rng, 3, 40)), random_patterns(rng, 5, 40), rng.permutation(40)
    assert np.array_equal(settle(S, W, SameOrder(order)), [one_by_one(s, W, order) for s in S])


def test_damage_turns_units_over_and_overlap_counts_them():
    S = random_patterns(np.random.default_rng(0), 4, 1000)
    hurt = damage(np.random.default_rng(1), S, 0.25)
    turned = (hurt != S).mean(axis=1)
    assert np.abs(turned - 0.25).max() < 0.06 and np.allclose(overlap(hurt, S), 1 - 2 * turned)


def test_dealt_weights_are_the_same_weights():
    W = weights(UNLIKE)
    new = recall.dealt(W, np.random.default_rng(0))
    assert np.array_equal(np.sort(W, axis=None), np.sort(new, axis=None)) and np.array_equal(new, new.T)
    assert not new.diagonal().any() and not np.array_equal(W, new)


def test_signs_of_their_own_take_the_likeness_away():
    signed = ALIKE * random_patterns(np.random.default_rng(0), 4, 144)
    largest = lambda X: np.abs(X @ X.T / 144 - np.eye(4)).max()  # noqa: E731
    assert largest(ALIKE) > 0.6 and largest(signed) < 0.35 and np.array_equal(np.abs(signed), np.abs(ALIKE))


def test_majorities_are_majorities():
    patterns = random_patterns(np.random.default_rng(2), 4, 60)
    found = recall.majorities(patterns)
    assert found.shape == (16, 60) and (np.abs(found) == 1).all()
    assert np.array_equal(found[0], np.sign(patterns[1:].sum(axis=0)))
    a, b, c = patterns[1:]
    assert np.array_equal(found[1], np.sign(a + b - c))


@pytest.mark.parametrize("hold", [True, False])
def test_a_clock_moves_all_units_at_once(hold):
    X, J, K = sequence.stored(4)
    s = np.sign(X[0] @ (J * hold + 2 * K))
    assert np.allclose(sequence.all_at_once(4, 2.0, hold=hold, ticks=1)[1], X @ s / sequence.N)


def test_without_weights_to_the_next_a_pattern_stays():
    assert sequence.visited(sequence.one_at_a_time(1, 0.0)) == 1
    assert sequence.visited(sequence.one_at_a_time(1, 0.0, delay=3)) == 1


def test_a_delayed_net_sees_what_was(monkeypatch):
    monkeypatch.setattr(sequence, "ROUNDS", 4)
    late = sequence.one_at_a_time(1, 2.5, delay=3)
    assert late.shape == (41, 5) and late[0, 0] == 1
    # For three rounds it sees the first pattern only, so it goes to the second and no further.
    assert late[30].argmax() == 1 and late[30, 2:].max() < 0.8


def test_patterns_count_in_their_order_only():
    rows = np.eye(5)
    assert sequence.visited(rows) == 5
    assert sequence.visited(rows[[0, 2, 1, 3]]) == 2
    assert sequence.visited(rows[[0]]) == 1


def test_the_first_look_is_as_predicted():
    assert abs(capacity.disagree(0.4, 0, N=500) / capacity.predicted(0.4) - 1) < 0.2
    assert capacity.kept(100, 0.04, 0)[1] > 0.9


def test_a_net_that_is_nearly_empty_finds_back_and_a_full_one_does_not():
    assert basin.share_recalled(0.02, 0.1, 1) > 0.9 > 0.2 > basin.share_recalled(0.2, 0.4, 1)


def test_attention_with_one_pattern_is_that_pattern():
    X = random_patterns(np.random.default_rng(0), 1, 30)
    assert np.array_equal(softmax.attend(-X, X, rounds=1), X)


def test_the_stream_and_the_places():
    assert _elman.temporal_xor(np.array([[1, 0], [1, 1]])).tolist() == [1, 0, 1, 1, 1, 0]
    # A net whose output is always 0.5 errs by 0.5 everywhere.
    w = [np.zeros((1, *shape)) for shape in ((1, 2), (2, 2), (1, 2), (2, 1), (1, 1))]
    rms, _ = _elman.on_new_bits(w, 0)
    assert np.allclose(rms, 0.5) and rms.shape == (3, 1)


def test_training_lowers_the_error_of_every_third_bit_by_place(monkeypatch):
    monkeypatch.setattr(_elman, "PASSES", 20)
    curves, w = _elman.train([0, 1], H=2, tau=6)
    assert curves.shape == (2, 3, 2) and w[1].shape == (2, 2, 2)
    # The mean over the places is the error of all predictions: 59 of them, 20 of second, 20 of third, 19 of first bits.
    assert 0.4 < curves.min() and curves.max() < 0.8


def test_the_claims_of_temporal_xor_can_fail():
    nets = lambda third: [[0.51] * 3, [0.51] * 3, [third] * 3]  # noqa: E731
    good = {"2, 1": nets(0.4), "8, 1": nets(0.3), "2, 6": nets(0.34), "8, 6": nets(0.05)}
    result = {"rms": good, "follows": [0.97] * 3}
    holds = {claim.name.rpartition(".")[2]: claim.holds for claim in xor.CLAIMS}
    assert all(each(result) for each in holds.values())
    changed = lambda **corners: result | {"rms": good | {k.replace("_", ", "): v for k, v in corners.items()}}  # noqa: E731
    assert not holds["dip"](changed(**{"2_1": nets(0.5)}))
    assert not holds["everywhere"](result | {"follows": [0.6] * 3})
    for corner, error in (("8_1", 0.4), ("2_6", 0.4), ("2_1", 0.35)):
        assert not holds["either"](changed(**{corner: nets(error)}))
    assert not holds["count"](changed(**{"8_1": nets(0.1)})) and not holds["count"](changed(**{"8_6": nets(0.25)}))
