"""Parts that never change and never share an example."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.data import Split, fingerprint, pronunciations, split_by_hash, surnames, tagged_sentences, unique

WORDS = [f"word {i % 700}" for i in range(1000)]  # 300 of them twice


def test_unique_keeps_the_first_of_its_kind_in_order():
    assert unique([("b", 1), ("a", 2), ("b", 3)], key=lambda pair: pair[0]) == [("b", 1), ("a", 2)]


def test_the_parts_hold_everything_once():
    parts = split_by_hash(WORDS, str)
    together = [word for part in parts for word in part]
    assert sorted(together) == sorted(set(WORDS))
    assert [len(part) for part in parts] == pytest.approx([560, 70, 70], abs=30)


def test_an_example_stays_in_its_part_whatever_comes_goes_or_moves():
    parts = split_by_hash(WORDS, str)
    shuffled = random.Random(0).sample(WORDS, 500)
    for part, other in zip(parts, split_by_hash(shuffled + ["another"], str), strict=True):
        assert set(other) - {"another"} == set(part) & set(shuffled)


def test_the_parts_are_these_on_every_machine():
    assert fingerprint(split_by_hash(WORDS, str)) == "cb1a417498157981"


def test_duplicates_are_gone_before_the_split_not_after():
    # The same text with another label, or in capitals: the key says what a duplicate is.
    examples = [("Good film", 1), ("good film", 0), ("bad film", 0)]
    parts = split_by_hash(examples, key=lambda example: example[0].lower())
    assert sorted(example for part in parts for example in part) == [("Good film", 1), ("bad film", 0)]


def test_shares_of_nothing_are_allowed():
    parts = split_by_hash(WORDS, str, validation=0, test=0.5)
    assert parts.validation == [] and len(parts.test) == pytest.approx(350, abs=50)
    assert split_by_hash(WORDS, str, validation=0, test=0) == Split(unique(WORDS, str), [], [])


@pytest.mark.parametrize("validation, test", [(0.5, 0.5), (-0.1, 0.1), (0.1, -0.1), (0, 1)])
def test_refuses_and_says_why(validation, test):
    with pytest.raises(ValueError, match=r"validation, test: expected shares of at least 0 with a sum under 1, got"):
        split_by_hash(WORDS, str, validation=validation, test=test)


@given(st.lists(st.text()), st.lists(st.text()))
def test_a_fingerprint_sees_any_difference(a, b):
    assert (fingerprint(Split(a, [], b)) == fingerprint(Split(b, [], a))) == (a == b)


@pytest.mark.parametrize("load", [surnames, pronunciations, tagged_sentences])
def test_the_parts_of_every_loader_share_nothing(load):
    train, validation, test = ({example[0] for example in part} for part in load())
    assert train and validation and test
    assert not train & validation and not train & test and not validation & test
    assert fingerprint(load()) == fingerprint(load())
