"""The parts of chapter 3's experiments that compute a gradient or decide a verdict, and the program to copy."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.e03_bptt import _example, cuts, optimizers, sonnets
from experiments.e03_bptt._pairs import contributions, rank_correlation, truncation
from experiments.e03_bptt._texts import count_model, cut_gradients, new_model
from rnnlib.gradcheck import gradcheck

PROGRAM = Path(__file__).resolve().parents[2] / "book/03-bptt/program.py"
TEXT = "the cat sat on the mat. " * 40


@pytest.fixture
def texts():
    """Ids and targets of eight steps and three streams over five symbols."""
    ids = np.random.default_rng(0).integers(5, size=(9, 3))
    return ids[:-1], ids[1:]


@pytest.fixture
def program(monkeypatch, tmp_path):
    """The names that the program has defined after two steps on a small text."""
    (tmp_path / "text.txt").write_text(TEXT)
    monkeypatch.setattr(sys, "argv", ["program.py", str(tmp_path / "text.txt"), "2"])
    names = {"__name__": "program"}
    exec(compile(PROGRAM.read_text(encoding="utf-8"), str(PROGRAM), "exec"), names)
    return names


def test_the_program_learns_and_writes(tmp_path):
    (tmp_path / "text.txt").write_text(TEXT)
    done = subprocess.run(
        [sys.executable, PROGRAM, tmp_path / "text.txt", "250"], capture_output=True, text=True, check=True
    )
    first, last, *_ = done.stdout.splitlines()
    loss = [float(line.split()[3]) for line in (first, last)]
    assert abs(loss[0] - np.log(len(set(TEXT)))) < 0.3 and loss[1] < 0.2
    assert "the cat sat on the mat. the cat" in done.stdout


def test_the_gradients_of_the_program_are_those_of_its_loss(program):
    rng = np.random.default_rng(1)
    x, target = rng.integers(program["V"], size=(2, 4, 3))
    h_0 = rng.normal(size=(3, program["H"]))
    # A hidden layer of 100 units would take 10,000 losses: three are enough to see a fault.
    small = {
        name: rng.normal(0, 0.5, [3 if size == program["H"] else size for size in value.shape])
        for name, value in program["w"].items()
    }
    program["w"] = small
    _, grads, _ = program["loss_and_grads"](x, target, h_0[:, :3])

    def loss(w):
        program["w"] = w
        return program["loss_and_grads"](x, target, h_0[:, :3])[0]

    report = gradcheck(loss, small, grads)
    assert set(grads) == set(small) and report.ok, report


def test_the_program_has_lines_that_fit_a_page():
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 52 and max(map(len, lines)) <= 92


def test_pairs_make_up_the_gradient_and_have_the_sizes_of_their_terms(texts):
    model = new_model(5, 4, 0)
    size, share, dW = contributions(model, *texts)
    model.state = np.zeros((3, 4), np.float32)
    assert np.allclose(dW, model.loss_and_grads(*texts)[1]["rnn.W_hh"], atol=1e-6)
    assert abs(share.sum() - 1) < 1e-10 and not share[0, 1:].any()
    assert np.isnan(size[0, 1]) and np.all(size[2, 1:3] > 0) and not np.any(size[:, 0] > 0)  # h_0 is zero


def test_each_pair_is_what_autograd_says():
    net = _example.small_net()
    pairs = [(t, k) for t in range(1, 7) for k in range(1, t + 1)]
    total = sum(_example.each_pair(net, pairs))
    assert np.allclose(total, _example.in_torch(net).P["W_hh"].grad, atol=1e-12)


@pytest.mark.parametrize("tau", [1, 2, 4, 8])
def test_pieces_side_by_side_give_what_they_give_in_turn(texts, tau):
    model, state = new_model(5, 4, 0), np.random.default_rng(2).normal(size=(3, 4)).astype(np.float32)
    beside, last = cut_gradients(model, *texts, tau, state)
    model.state, in_turn = state, []
    for start in range(0, 8, tau):
        in_turn.append(model.loss_and_grads(*(part[start : start + tau] for part in texts))[1])
    assert np.allclose(last, model.state, atol=1e-6)
    for name, found in beside.items():
        assert np.allclose(found, np.mean([grads[name] for grads in in_turn], axis=0), atol=1e-6), name


def test_one_piece_leaves_nothing_out(texts):
    errors, cosines = truncation(new_model(5, 4, 0), *texts, (1, 8))
    assert errors[0] > 0.01 > errors[1] and abs(cosines[1] - 1) < 1e-6


def test_counts():
    assert abs(count_model(1, 2, "abababab", "abab") - 1) < 0.2  # two characters, alike
    assert count_model(2, 2, "ab" * 50, "ab" * 20) < 0.1  # the one before says which
    assert count_model(3, 4, "abcd" * 9, "dcba" * 9) > 2  # what is never right costs more than a guess


def test_ranks():
    assert abs(rank_correlation([1, 2, 3], [10, 400, 401]) - 1) < 1e-12
    assert abs(rank_correlation([1, 2, 3], [3, 2, 1]) + 1) < 1e-12


def test_the_loop_without_a_mistake_is_right_and_each_mistake_is_seen():
    net = _example.small_net()
    assert all(_example.spoiled(net).values())
    for mistake in _example.MISTAKES:
        assert not all(_example.spoiled(net, mistake).values()), mistake


def test_the_bits_of_the_echo_are_those_of_before():
    ids, targets = next(cuts.echo_batches(np.random.default_rng(0), 5, 1))
    assert np.array_equal(ids[:-5], targets[5:])


def test_the_claims_of_the_cuts_can_fail():
    good = {
        "sonnets": [[2.85, 2.78, 2.77]], "echo": [[0.1, 1.0, 1.0, 0.0, 0.0]],
        "drawn": [0.8], "again": [1.0], "lag3": [0.1], "lag3_drawn": [0.3],
    }  # fmt: skip
    holds = {claim.name.rpartition(".")[2]: claim.holds for claim in cuts.CLAIMS}
    assert all(found(good) for found in holds.values())
    assert not holds["sonnets"](good | {"sonnets": [[2.78, 2.78, 2.77]]})
    assert not holds["four"](good | {"sonnets": [[2.85, 2.86, 2.77]]})
    assert not holds["echo"](good | {"echo": [[0.1, 0.4, 1.0, 0.0, 0.0]]})
    assert not holds["single"](good | {"echo": [[0.9, 1.0, 1.0, 0.0, 0.0]]})
    assert not holds["drawn"](good | {"drawn": [1.1]}) and not holds["again"](good | {"again": [0.7]})
    assert not holds["lag3"](good | {"lag3_drawn": [0.9], "drawn": [1.0]})
    assert not holds["lag3"](good | {"lag3_drawn": [0.7], "drawn": [0.6]})


def test_a_rate_at_the_edge_of_its_grid_wins_nothing():
    ends = {"SGD": [[4.2, 3.9, 3.5, 3.4, 9.0]], "Adam": [[3.3, 3.1, 3.0, 3.2, 4.0]]}
    holds = {claim.name.rpartition(".")[2]: claim.holds for claim in optimizers.CLAIMS}
    assert holds["adam"](ends) and holds["rates"](ends)
    assert not holds["adam"](ends | {"Adam": [[2.9, 3.1, 3.0, 3.2, 4.0]]})
    assert not holds["adam"](ends | {"SGD": [[4.2, 3.9, 2.9, 3.4, 9.0]]})
    assert not holds["rates"](ends | {"Adam": [[3.3, 3.1, 3.0, 3.2, 2.9]], "SGD": [[3.2, 3.1, 3.5, 3.6, 9.0]]})


def test_the_measured_fall_is_that_of_the_last_steps():
    curve = np.r_[np.full(20, 3.0), np.full(12, 2.0)]
    assert abs(sonnets.late_fall({"curve": [curve]}, "curve")[0] - 1) < 1e-12
