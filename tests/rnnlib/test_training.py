"""The training loop, on models small enough to know what must come out."""

import math

import numpy as np
import pytest

from rnnlib import RNN, LanguageModel, Linear
from rnnlib.data import TextBatches
from rnnlib.optim import SGD, Adam
from rnnlib.training import train


class Valley:
    """Loss (w - 3)^2 / 2 for every batch; the gradient is w - 3 plus what the batch adds."""

    def __init__(self):
        self.params = {"w": np.zeros(2)}
        self.resets = 0

    def reset(self):
        self.resets += 1

    def loss_and_grads(self, push):
        d = self.params["w"] - 3
        return float((d * d).sum() / 2), {"w": d + push}


def run(model=None, batches=((0.0,),) * 10, lr=0.1, **options):
    model = Valley() if model is None else model
    return model, train(model, batches, SGD(model.params, lr), progress=False, **options)


def test_history_holds_every_step_and_the_weights_are_the_last():
    model, history = run(epochs=2)
    distance = 3 * 0.9 ** np.arange(21)  # each step goes a tenth of the way
    np.testing.assert_allclose(history.loss, distance[:20] ** 2, rtol=1e-12)
    np.testing.assert_allclose(history.grad_norm, distance[:20] * math.sqrt(2), rtol=1e-12)
    np.testing.assert_allclose(model.params["w"], 3 - distance[20], rtol=1e-12)
    assert (history.stopped, history.validation, history.best) == ("epochs", [], None)
    assert model.resets == 2 and history.seconds > 0


def test_clipping_bounds_the_step_and_the_history_keeps_the_norm_from_before():
    model, history = run(batches=[(0.0,)], clip=0.5)
    assert history.grad_norm == [pytest.approx(3 * math.sqrt(2))]
    assert np.linalg.norm(model.params["w"]) == pytest.approx(0.1 * 0.5)


def test_steps_end_the_run():
    _, history = run(epochs=5, steps=13)
    assert len(history.loss) == 13 and history.stopped == "steps"
    _, history = run(epochs=1, steps=13)
    assert len(history.loss) == 10 and history.stopped == "epochs"


def test_time_ends_the_run():
    _, history = run(epochs=10**9, seconds=0.05)
    assert history.stopped == "time" and 0.05 <= history.seconds < 5


def test_the_model_ends_with_the_weights_of_the_lowest_validation_loss():
    model = Valley()
    seen = []

    def validate():
        seen.append(model.params["w"].copy())
        return abs(model.params["w"][0] - 1.5)  # falls, then rises, as w walks from 0 to 3

    _, history = run(model, epochs=3, validate=validate, every=2)
    assert [step for step, _ in history.validation] == list(range(2, 31, 2))
    losses = [loss for _, loss in history.validation]
    best = int(np.argmin(losses))
    assert 0 < best < len(seen) - 1
    assert history.best == history.validation[best]
    np.testing.assert_array_equal(model.params["w"], seen[best])


def test_patience_counts_validations_without_a_lower_loss():
    losses = iter([5.0, 4.0, 4.0, 4.5, 3.0, 3.0, 3.1, 2.0])
    _, history = run(epochs=5, validate=lambda: next(losses), every=1, patience=2)
    assert history.stopped == "patience"
    assert [loss for _, loss in history.validation] == [5.0, 4.0, 4.0, 4.5]
    assert history.best == (2, 4.0)
    losses = iter([5.0, 4.0, 4.0, 4.5, 3.0, 3.0, 3.1, 3.2, 2.0])
    _, history = run(epochs=5, validate=lambda: next(losses), every=1, patience=3)
    assert [step for step, _ in history.validation][-1] == 8 and history.best == (5, 3.0)


def test_a_validation_loss_that_is_nan_is_never_the_best():
    model = Valley()
    losses = iter([math.nan, 2.0, 1.0, math.nan])
    _, history = run(model, batches=[(0.0,)] * 4, validate=lambda: next(losses), every=1)
    assert history.best == (3, 1.0)
    np.testing.assert_array_equal(model.params["w"], run(steps=3)[0].params["w"])
    model, history = run(batches=[(0.0,)] * 9, validate=lambda: math.nan, every=1, patience=4)
    assert history.best is None and history.stopped == "patience" and len(history.loss) == 4
    np.testing.assert_array_equal(model.params["w"], run(steps=4)[0].params["w"])


def test_the_last_steps_are_validated_too_and_only_once():
    calls = iter(range(100, 0, -1))
    _, history = run(validate=lambda: next(calls), every=4)
    assert [step for step, _ in history.validation] == [4, 8, 10]
    _, history = run(validate=lambda: next(calls), every=5)
    assert [step for step, _ in history.validation] == [5, 10]


class Interrupted(Valley):
    """Ctrl-C in the middle of step 6."""

    calls = 0

    def loss_and_grads(self, push):
        self.calls += 1
        if self.calls == 6:
            raise KeyboardInterrupt
        return super().loss_and_grads(push)


def test_ctrl_c_keeps_what_was_learned():
    model, history = run(Interrupted())
    assert history.stopped == "interrupted" and len(history.loss) == 5
    np.testing.assert_array_equal(model.params["w"], run(steps=5)[0].params["w"])


def test_ctrl_c_still_leaves_the_best_weights():
    model = Interrupted()
    losses = iter([2.0, 1.0, 5.0])
    weights = []

    def validate():
        weights.append(model.params["w"].copy())
        return next(losses)

    _, history = run(model, validate=validate, every=2)
    assert history.stopped == "interrupted"
    assert history.validation == [(2, 2.0), (4, 1.0), (5, 5.0)] and history.best == (4, 1.0)
    np.testing.assert_array_equal(model.params["w"], weights[1])


@pytest.mark.parametrize("clip", [None, 1.0])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["loss", "gradient"])
def test_what_is_not_finite_stops_the_run_before_it_reaches_the_weights(where, bad, clip):
    class Breaks(Valley):
        def loss_and_grads(self, push):
            loss, grads = super().loss_and_grads(push)
            if push and where == "loss":
                return bad, grads
            grads["w"] = grads["w"] + (bad if push else 0)
            return loss, grads

    model = Breaks()
    with pytest.raises(FloatingPointError, match="step 4: .*Lower the learning rate, or clip"):
        run(model, batches=[(0.0,)] * 3 + [(1.0,)] + [(0.0,)] * 3, clip=clip)
    np.testing.assert_array_equal(model.params["w"], run(batches=[(0.0,)] * 3, clip=clip)[0].params["w"])


def test_same_seed_same_run():
    text = np.random.default_rng(0).integers(5, size=200)

    def once():
        rng = np.random.default_rng(1)
        model = LanguageModel(RNN(5, 8, rng=rng), Linear(8, 5, rng=rng))
        batches, optimizer = TextBatches(text, T=6, B=4), Adam(model.params, 0.01)
        history = train(model, batches, optimizer, epochs=3, clip=1.0, progress=False)
        return history.loss, model.params

    (loss, params), (again, params_again) = once(), once()
    assert loss == again
    for name in params:
        np.testing.assert_array_equal(params[name], params_again[name])


def test_progress_goes_to_standard_output_and_nothing_to_standard_error(capfd):
    model = Valley()
    train(model, [(0.0,)] * 10, SGD(model.params, 0.1), epochs=3, steps=25, validate=lambda: 1.0, every=5)
    out, err = capfd.readouterr()
    assert "25/25" in out and "loss=" in out and err == ""
    train(model, [(0.0,)] * 10, SGD(model.params, 0.1), steps=25)
    assert "10/10" in capfd.readouterr().out  # the epochs are over first
    train(model, [(0.0,)] * 10, SGD(model.params, 0.1), progress=False)
    assert capfd.readouterr() == ("", "")


def test_batches_need_no_length(capfd):
    class Stream:
        def __iter__(self):
            return iter([(0.0,)] * 4)

    model = Valley()
    history = train(model, Stream(), SGD(model.params, 0.1), epochs=2)
    assert len(history.loss) == 8 and "8step" in capfd.readouterr().out


def test_a_schedule_sets_the_rate_of_every_step():
    model = Valley()
    optimizer = SGD(model.params, lr=99)
    train(model, [(0.0,)] * 3, optimizer, schedule=lambda step: {1: 0.1, 2: 0.2, 3: 0.0}[step], progress=False)
    np.testing.assert_allclose(model.params["w"], 3 - 3 * 0.9 * 0.8, rtol=1e-12)
    assert optimizer.lr == 0.0


@pytest.mark.parametrize("name", ["epochs", "steps", "seconds", "every", "patience"])
def test_refuses_and_says_why(name):
    with pytest.raises(ValueError, match=f"{name}: expected a .* (at least 1|greater than 0), got 0"):
        run(**{name: 0})


def test_refuses_a_clip_of_zero():
    with pytest.raises(ValueError, match="max_norm: expected a number greater than 0, got 0"):
        run(clip=0)
