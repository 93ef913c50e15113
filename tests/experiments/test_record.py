"""The committed record belongs to the experiments as they are, and no sentence says more than it."""

import pytest

from experiments import record
from experiments.claims import claims, modules

RECORD = record.load()


@pytest.mark.parametrize("name", modules())
def test_the_record_is_of_this_program_and_whole(name):
    entry = RECORD.get(name)
    assert entry, f"{name} has no record: make claims NAME={name}"
    changed = f"{name} has changed since its record: make claims NAME={name}"
    assert entry["digest"] == record.digest(modules()[name]), changed
    assert len(entry["runs"]) >= record.REPETITIONS
    seeds = [seed for run in entry["runs"] for seed in run["seeds"]]
    assert len(seeds) == len(set(seeds)) and min(seeds) > 100, "seeds come from the system, not from a person"
    assert {"date", "versions", "command"} <= set(entry)


@pytest.mark.parametrize("name", claims())
def test_no_sentence_says_more_than_its_record(name):
    said, claim = record.standing(RECORD, name), claims()[name]
    assert said, f"{name} has not been tried: make claims"
    assert said["sentence"] == claim.sentence
    entry = RECORD[name.rpartition(".")[0]]
    assert said["held"] == sum(run["held"][name] for run in entry["runs"]) and said["of"] == len(entry["runs"])
    assert record.speaks(claim.sentence, said), f"{name} held {said['held']} of {said['of']}: {claim.sentence}"


def test_nothing_is_kept_of_experiments_that_are_gone():
    assert set(RECORD) <= set(modules())
