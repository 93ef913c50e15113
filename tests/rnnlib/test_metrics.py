"""Measures: hand-worked cases, and the conventions of the CoNLL scoring script."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.metrics import accuracy, bits, edit_distance, perplexity, phone_error_rate, span_scores, spans


def test_a_fair_choice_among_k_has_perplexity_k_and_log2_k_bits():
    for k in (1, 2, 26, 64):
        assert perplexity(math.log(k)) == pytest.approx(k)
        assert bits(math.log(k)) == pytest.approx(math.log2(k))


def test_accuracy_counts_what_the_mask_lets_through():
    predicted, targets = np.array([[1, 2], [0, 4]]), np.array([[1, 0], [0, 3]])
    assert accuracy(predicted, targets) == 0.5
    assert accuracy(predicted, targets, np.array([[True, False], [True, True]])) == pytest.approx(2 / 3)
    assert accuracy(predicted, targets, np.array([[False, True], [False, False]])) == 0.0


# What conlleval.pl counts as chunks: a B always begins one; an I begins one after O and after another kind.
CHUNKS = {
    "": set(),
    "O O": set(),
    "B-PER": {("PER", 0, 1)},
    "B-PER I-PER O": {("PER", 0, 2)},
    "O I-PER I-PER": {("PER", 1, 3)},
    "B-PER B-PER": {("PER", 0, 1), ("PER", 1, 2)},
    "B-PER I-LOC": {("PER", 0, 1), ("LOC", 1, 2)},
    "I-PER I-LOC I-LOC": {("PER", 0, 1), ("LOC", 1, 3)},
    "I-PER B-PER I-PER": {("PER", 0, 1), ("PER", 1, 3)},
    "B-PER O I-PER": {("PER", 0, 1), ("PER", 2, 3)},
    "B-PER I-PER B-LOC I-LOC O B-PER": {("PER", 0, 2), ("LOC", 2, 4), ("PER", 5, 6)},
    "B-work-of-art I-work-of-art I-work": {("work-of-art", 0, 2), ("work", 2, 3)},
}


@pytest.mark.parametrize("tags", CHUNKS)
def test_spans(tags):
    assert spans(tags.split()) == CHUNKS[tags]


def by_conlleval(sentences):
    """The chunks of many sentences by startOfChunk and endOfChunk of conlleval.pl, over one stream of tags."""
    found, start, last, last_kind = set(), None, "O", ""
    stream = [tag for tags in sentences for tag in [*tags, "O"]]
    for t, tag in enumerate(stream):
        mark, kind = (tag[0], tag[2:]) if tag != "O" else ("O", "")
        ends = (last == "B" and mark in "BO") or (last == "I" and mark in "BO") or (last != "O" and last_kind != kind)
        starts = mark == "B" or (last == "O" and mark == "I") or (mark != "O" and last_kind != kind)
        if ends:
            found.add((last_kind, start, t))
        if starts:
            start = t
        last, last_kind = mark, kind
    return found


tag = st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(tag, tag), min_size=1, max_size=30))
def test_scores_are_those_of_the_conll_script(pairs):
    said, true = map(list, zip(*pairs, strict=True))
    cut = len(pairs) // 2
    halves = [said[:cut], said[cut:]], [true[:cut], true[cut:]]
    found, wanted = map(by_conlleval, halves)
    right = len(found & wanted)
    scores = span_scores(*halves)
    assert scores.precision == pytest.approx(right / len(found) if found else 0)
    assert scores.recall == pytest.approx(right / len(wanted) if wanted else 0)
    p, r = scores.precision, scores.recall
    assert scores.f1 == pytest.approx(2 * p * r / (p + r) if p + r else 0)


def test_scores_worked_by_hand():
    targets = ["B-PER I-PER O B-LOC".split(), "O B-LOC O".split()]
    predicted = ["B-PER I-PER O B-PER".split(), "B-LOC I-LOC O".split()]
    # Found: PER 0-2 (right), PER 3-4 (wrong kind); LOC 0-2 (wrong border). Wanted: three.
    assert span_scores(predicted, targets) == (pytest.approx(1 / 3), pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert span_scores(targets, targets) == (1, 1, 1)
    assert span_scores([["O"]], [["O"]]) == (0, 0, 0)
    assert span_scores([["B-PER", "O"]], [["B-PER", "B-LOC"]]) == (1, 0.5, pytest.approx(2 / 3))


def test_a_span_does_not_reach_over_the_end_of_a_sentence():
    assert span_scores([["B-PER"], ["I-PER"]], [["B-PER"], ["I-PER"]]).f1 == 1
    assert span_scores([["B-PER"], ["I-PER"]], [["B-PER"], ["O"]]) == (0.5, 1, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    "a, b, distance",
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("abc", "axc", 1),
        ("abc", "ac", 1),
        ("ac", "abc", 1),
        ("ab", "ba", 2),
        ("intention", "execution", 5),
        (["K", "AE", "T"], ["B", "AE", "T", "S"], 2),
    ],
)
def test_edit_distance(a, b, distance):
    assert edit_distance(a, b) == distance


words = st.text("abc", max_size=7)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(words, words, words)
def test_edit_distance_is_a_distance(a, b, c):
    d = edit_distance
    assert d(a, b) == d(b, a) and (d(a, b) == 0) == (a == b)
    assert d(a, c) <= d(a, b) + d(b, c)
    assert abs(len(a) - len(b)) <= d(a, b) <= max(len(a), len(b))
    assert d(a + "a", b + "a") == d(a, b)


def test_phone_error_rate_is_over_all_phones_together():
    targets = [["K", "AE", "T"], ["D", "AO", "G", "Z"], ["AY"]]
    assert phone_error_rate(targets, targets) == 0
    assert phone_error_rate([["K", "AE"], ["D", "AO", "G", "Z"], ["OW", "AY"]], targets) == 2 / 8
    assert phone_error_rate([["K"] * 9], [["AY"]]) == 9  # more edits than phones


def test_refuses_and_says_why():
    with pytest.raises(ValueError, match=r"predicted, mask: expected the shape of targets, \(3,\)"):
        accuracy(np.zeros(2), np.zeros(3))
    for mask in (np.ones(3), np.ones(2, bool)):
        with pytest.raises(ValueError, match="predicted, mask: .* a boolean mask"):
            accuracy(np.zeros(3), np.zeros(3), mask)
    with pytest.raises(ValueError, match="mask: expected at least one position"):
        accuracy(np.zeros(3), np.zeros(3), np.zeros(3, bool))
    for bad in ("PER", "E-PER", "B-", "B", "", "o"):
        with pytest.raises(ValueError, match=f"tags: expected O, B-kind or I-kind, got '{bad}' at position 1"):
            spans(["O", bad])
    for predicted in ([["O"]], [["O"], ["O"]]):
        with pytest.raises(ValueError, match="predicted: expected as many sentences as targets"):
            span_scores(predicted, [["O"], ["O", "O"]])
    with pytest.raises(ValueError, match="predicted: expected one sequence per target"):
        phone_error_rate([["K"]], [["K"], ["T"]])
    with pytest.raises(ValueError, match="got 1 for 1 targets with 0 phones"):
        phone_error_rate([["K"]], [[]])
