"""The made-up data on which nets are marked: two secrets share nothing that a net could have learned before."""

import numpy as np
import pytest

from rnnchecks.e08_language import _made_up as language
from rnnchecks.e09_classification import _made_up as reviews
from rnnchecks.e10_tagging import _made_up as tagging


@pytest.fixture(params=[0, 1, 2])
def rng(request):
    return np.random.default_rng(request.param)


def test_a_text_is_of_words_and_full_stops(rng):
    made = language.Language(rng)
    ids = made.text(5000)
    assert len(ids) == 5000 and 0 <= ids.min() and ids.max() < language.V
    after_stop = ids[1:][ids[:-1] == made.stop]
    assert (after_stop == made.space).all() and len(after_stop) > 50
    assert 0.1 < np.mean(ids == made.space) < 0.3


def test_two_languages_share_hardly_a_word():
    first, second = (language.Language(np.random.default_rng(seed)) for seed in (0, 1))
    words = [{tuple(word) for kind in made.words for word in kind} for made in (first, second)]
    assert len(words[0]) == len(words[1]) == language.CLASSES * language.WORDS
    assert len(words[0] & words[1]) < 10


def test_a_review_says_what_its_label_says(rng):
    made = reviews.Reviews(rng)
    drawn, labels = made.draw(300)
    praise, turns = dict.fromkeys(made.good, 1) | dict.fromkeys(made.bad, -1), set(made.turns)
    for review, label in zip(drawn, labels, strict=True):
        before = [0, *review]
        said = sum(praise.get(w, 0) * (-1 if b in turns else 1) for b, w in zip(before, review, strict=False))
        assert label == (said > 0) and 1 < min(review) and max(review) < reviews.V
    assert 0.4 < np.mean(labels) < 0.6


def test_what_praises_in_one_course_does_not_in_another():
    first, second = (reviews.Reviews(np.random.default_rng(seed)) for seed in (0, 1))
    assert len(set(first.good) & set(second.good)) < 0.6 * reviews.GOOD


def test_names_are_tagged_whole_and_words_of_both_kinds_are_both(rng):
    words, tags, V = tagging.sentences(rng, 600)
    as_person, as_place = set(), set()
    for sentence, answer in zip(words, tags, strict=True):
        assert len(sentence) == len(answer) and 1 < sentence.min() and sentence.max() < V
        for before, tag in zip([0, *answer], answer, strict=False):
            assert tag in (0, 1, 3) or before in (tag, tag - 1)
        as_person |= set(sentence[answer == tagging.PER])
        as_place |= set(sentence[answer == tagging.LOC])
    assert len(as_person & as_place) >= tagging.NAMES["both"] - 2
