"""Numbers for tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.data import TokenVocabulary

SENTENCES = [["the", "cat", "sat"], ["the", "dog", "sat"], ["the", "end"]]


def test_special_tokens_come_first_then_frequent_then_rare_then_the_alphabet():
    assert TokenVocabulary(SENTENCES).tokens == ["<pad>", "<unk>", "the", "sat", "cat", "dog", "end"]
    assert TokenVocabulary(SENTENCES[::-1]).tokens == TokenVocabulary(SENTENCES).tokens


def test_what_is_not_known_becomes_unknown():
    words = TokenVocabulary(SENTENCES, min_count=2)
    assert len(words) == 4 and "sat" in words and "cat" not in words
    np.testing.assert_array_equal(words.encode(["the", "cat", "sat", "on", "the", "mat"]), [2, 1, 3, 1, 2, 1])
    assert words.decode([2, 1, 0]) == ["the", "<unk>", "<pad>"]


def test_size_counts_the_special_tokens_too():
    assert TokenVocabulary(SENTENCES, size=4).tokens == ["<pad>", "<unk>", "the", "sat"]


def test_a_special_token_in_the_data_is_numbered_once():
    assert TokenVocabulary([["<unk>", "a"]]).tokens == ["<pad>", "<unk>", "a"]


@given(st.lists(st.text(min_size=1), min_size=1))
def test_round_trip_of_characters(texts):
    characters = TokenVocabulary(texts, special=("<pad>", "<s>", "</s>"))
    for text in texts:
        ids = characters.encode(text)
        assert ids.dtype.kind == "i" and ids.min() > 2
        assert "".join(characters.decode(ids)) == text


def test_refuses_and_says_why():
    tags = TokenVocabulary([["O", "B-PER"]], special=("<pad>",))
    with pytest.raises(ValueError, match="tokens: expected tokens of the vocabulary, got 'B-ORG'. Put '<unk>' among"):
        tags.encode(["O", "B-ORG"])
    with pytest.raises(ValueError, match="ids: expected ids from 0 to 2, got 3"):
        tags.decode([3])
    with pytest.raises(ValueError, match="special: expected '<pad>' first, because padding is 0"):
        TokenVocabulary(SENTENCES, special=("<s>", "<pad>"))
    with pytest.raises(ValueError, match="size: expected more than the 2 special tokens, got 2"):
        TokenVocabulary(SENTENCES, size=2)
    with pytest.raises(ValueError, match="min_count: expected a whole number of at least 1, got 0"):
        TokenVocabulary(SENTENCES, min_count=0)
