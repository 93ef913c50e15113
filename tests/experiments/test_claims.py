"""Experiments and their claims: what each module promises, and that the parts that decide do decide."""

import inspect
import json
import re

import numpy as np
import pytest

from experiments import claims, record, results
from experiments.claims import claim, find, modules, name_of, strength

EXPERIMENTS = modules()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_says_what_is_varied_held_and_controlled(name):
    experiment = EXPERIMENTS[name]
    question, _, rest = experiment.__doc__.partition("\n")
    assert question.endswith("?"), question
    for part in ("Varied", "Held", "Control", "Baseline"):
        assert part in rest or part.lower() in rest, f"{name} does not say: {part}"
    assert experiment.SEEDS >= 1 and list(inspect.signature(experiment.run).parameters) == ["seeds"]
    assert experiment.CLAIMS


@pytest.mark.parametrize("name", claims.claims())
def test_a_claim_is_a_sentence_with_a_control(name):
    found = find(name)
    assert found.name == name and name.rpartition(".")[0] in EXPERIMENTS
    assert found.sentence.endswith(".") and len(found.control) > 10
    assert re.fullmatch(r"[a-z0-9]+\.[a-z0-9_]+\.[a-z0-9-]+", name)


def test_names_are_used_once():
    names = [claim.name for experiment in EXPERIMENTS.values() for claim in experiment.CLAIMS]
    assert len(names) == len(set(names))


def test_a_claim_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ValueError, match=r"no claim 'gradients\.no-such'.*gradients\.starts\.adding"):
        find("gradients.no-such")


def test_a_claim_needs_a_whole_sentence_and_a_unit():
    with pytest.raises(ValueError, match="whole sentence"):
        claim("a.b.c", "no sentence", holds=bool, control="x")
    with pytest.raises(ValueError, match="unit"):
        claim("a.b.c", "A sentence.", holds=bool, control="x", effect=float)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [("It holds.", "flatly"), ("It usually holds.", "usually"), ("In this run it held.", "in this run")],
)
def test_strength(sentence, said):
    assert strength(sentence) == said


@pytest.mark.parametrize(("held", "word"), [(10, "flatly"), (9, "usually"), (8, "usually"), (7, "in this run")])
def test_what_a_record_allows(held, word):
    assert record.must_say(held, 10) == word


@pytest.mark.parametrize("weaker", ["It usually holds.", "It in this run, holds.", "It in this run holds."])
def test_a_weaker_word_needs_no_new_run(weaker):
    assert record.WEAKER.sub("", weaker) == "It holds."


def test_a_flat_sentence_may_not_stand_on_a_failure():
    assert record.speaks("It holds.", {"held": 10, "of": 10})
    assert not record.speaks("It holds.", {"held": 9, "of": 10})
    assert record.speaks("It usually holds.", {"held": 9, "of": 10})
    assert not record.speaks("It holds.", {"held": 0, "of": 0})


class Tossed:
    """An experiment whose claim holds for even seeds."""

    __name__, SEEDS = "experiments.e99_tossed.coin", 1
    CLAIMS = (
        claim("tossed.coin.even", "It usually is even.", holds=lambda r: r[0] % 2 == 0, control="none, it is a coin",
              effect=lambda r: r[0], unit="seed"),
    )  # fmt: skip
    calls = 0

    def run(self, seeds):
        self.calls += 1
        return np.array(seeds, np.float32)


@pytest.fixture
def tossed(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "digest", lambda experiment: experiment.digest)
    monkeypatch.setattr(results, "programs", lambda experiment: [results.ROOT / "experiments/claims.py"])
    monkeypatch.setattr(results, "CACHE", tmp_path)
    coin = Tossed()
    coin.digest = "one"
    return coin


def test_repetitions_are_added_until_the_digest_changes(tossed):
    kept = {}
    for seed in (2, 4, 5):
        record.add(kept, tossed, record.outcome(tossed, [seed]))
    said = record.standing(kept, "tossed.coin.even")
    assert (said["held"], said["of"]) == (2, 3) and said["effect"]["low"] < said["effect"]["mean"] == 11 / 3
    assert [run["seeds"] for run in kept["tossed.coin"]["runs"]] == [[2], [4], [5]]
    tossed.digest = "two"
    record.add(kept, tossed, record.outcome(tossed, [6]))
    assert record.standing(kept, "tossed.coin.even")["of"] == 1
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept


def test_a_result_is_computed_once_and_is_plain(tossed):
    first, second = results.measured(tossed, [3]), results.measured(tossed, [3])
    assert first == second == [3.0] and isinstance(first[0], float) and tossed.calls == 1
    results.measured(tossed, [4])
    assert tossed.calls == 2


def test_a_page_may_not_show_what_a_flat_claim_denies(tossed, monkeypatch):
    flat = claim("tossed.coin.even", "It is even.", holds=lambda r: r[0] % 2 == 0, control="none, it is a coin")
    monkeypatch.setattr(Tossed, "CLAIMS", (flat,))
    results.measured(tossed, [2])
    with pytest.raises(AssertionError, match="tossed.coin.even does not hold for seeds"):
        results.measured(tossed, [3])


def test_a_page_tells_where_a_weaker_claim_does_not_hold_for_its_own_result(tossed, capsys):
    results.measured(tossed, [2])
    assert not capsys.readouterr().out
    results.measured(tossed, [3])
    assert "came out otherwise. tossed.coin.even does not hold for seeds [3]" in capsys.readouterr().out


def test_names():
    assert name_of(Tossed()) == "tossed.coin"
