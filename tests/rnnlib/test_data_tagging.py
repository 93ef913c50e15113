"""Tagged sentences: from templates, by hand, and from a file of the user."""

from collections import defaultdict

import pytest

from rnnlib.data import handwritten, read_conll, tagged_sentences
from rnnlib.data.tagging import parse_brackets

# Words with a capital inside a handwritten sentence that are no name of a person or place.
NO_NAMES = {
    *("Dr", "Mrs", "Ms", "I", "Monday", "Mondays", "Wednesday", "Thursday", "Sunday", "March", "June", "October"),
    *("Arabic", "Belgians", "Tribune", "Bath"),  # a language, a people, a paper, a bun
    *("CUT", "OFF", "FOR", "THIRD", "DAY"),  # a headline
}
# Words that are a name in one handwritten sentence and none in another: teams, china, a turkey, a bun, an article.
SOMETIMES = {"Bath", "Chelsea", "China", "Phoenix", "Turkey", "The"}


def entities(words, tags):
    """The names of a sentence as (kind, words) pairs, after the rules of BIO have been checked."""
    found, last = [], "O"
    for word, tag in zip(words, tags, strict=True):
        assert tag in {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"}
        if tag[0] == "B":
            found.append((tag[2:], [word]))
        elif tag[0] == "I":
            assert last[1:] == tag[1:], f"{tag} after {last} in {words}"
            found[-1][1].append(word)
        last = tag
    return found


def both_kinds(sentences):
    """Words that are a person in one sentence and a place in another."""
    kinds = defaultdict(set)
    for words, tags in sentences:
        for kind, name in entities(words, tags):
            kinds[" ".join(name)].add(kind)
    return {name for name, has in kinds.items() if len(has) == 2}


# ---- Templates --------------------------------------------------------------------------------------------------


def test_sentences_of_templates_are_well_formed_and_as_many_as_asked():
    parts = tagged_sentences(train=300, validation=50, test=80, seed=1)
    assert [len(part) for part in parts] == [300, 50, 80]
    for part in parts:
        for words, tags in part:
            entities(words, tags)
            assert words[-1] in ".?" and not {*words} & {"PER", "LOC", "WHO", "WHERE", "FIRST", "LAST", "THING", "DAY"}
    assert parts != tagged_sentences(train=300, validation=50, test=80, seed=2)


def skeleton(words, tags):
    """What is left of a sentence without its names."""
    return tuple(word for word, tag in zip(words, tags, strict=True) if tag == "O")


def test_the_templates_of_the_test_part_are_in_no_other():
    train, validation, test = ({skeleton(*sentence) for sentence in part} for part in tagged_sentences(3000, 500, 1000))
    assert not test & (train | validation)
    assert len(train & validation) > 20  # these two do share theirs


def test_many_names_can_be_either_and_only_the_words_around_them_tell():
    train = tagged_sentences().train
    either = both_kinds(train)
    assert {"Jordan", "Paris", "Georgia", "Chelsea", "Florence"} <= either and len(either) >= 50
    names = [" ".join(name) for sentence in train for _, name in entities(*sentence)]
    assert 0.4 < sum(name in either for name in names) / len(names) < 0.8
    # In a good part of the sentences nothing stands before such a name, so only what comes after it can tell.
    assert sum(words[0] in either and tags[0] != "O" for words, tags in train) > 400


def test_tagged_sentences_refuses_and_says_why():
    for part in ("train", "validation", "test"):
        with pytest.raises(ValueError, match=f"{part}: expected a whole number of at least 1, got 0"):
            tagged_sentences(**{"train": 5, "validation": 5, "test": 5, part: 0})


# ---- By hand ----------------------------------------------------------------------------------------------------


def test_the_handwritten_sentences_are_many_different_and_well_formed():
    sentences = handwritten()
    assert len(sentences) == 216 and "216 sentences" in handwritten.__doc__
    assert len({" ".join(words).lower() for words, _ in sentences}) == len(sentences)
    kinds = [{kind for kind, _ in entities(*sentence)} for sentence in sentences]
    assert sum("PER" in has for has in kinds) >= 80 and sum("LOC" in has for has in kinds) >= 80
    assert sum(not has for has in kinds) >= 50
    assert all(word not in "[]" and "[" not in word and "]" not in word for words, _ in sentences for word in words)


def test_ambiguous_words_stand_for_both_in_the_handwritten_sentences():
    sentences = handwritten()
    assert {"Jordan", "Paris", "Georgia", "Florence", "Chad", "Verona", "Sydney"} <= both_kinds(sentences)
    assert any("Chelsea" in words and tags[words.index("Chelsea")] == "O" for words, tags in sentences)
    assert any(words[0] == "jordan" or "jordan" in words for words, _ in sentences)  # small letters too


def test_nothing_in_the_handwritten_sentences_is_left_untagged_by_mistake():
    sentences = handwritten()
    names = {word for sentence in sentences for _, name in entities(*sentence) for word in name if word[0].isupper()}
    for words, tags in sentences:
        for i, (word, tag) in enumerate(zip(words, tags, strict=True)):
            if tag == "O" and word[0].isupper():
                starts = i == 0 or words[i - 1] in {'"', ".", "?", ":"}
                assert starts or word in NO_NAMES | SOMETIMES, f"{word} in {words}"
                assert word not in names or word in SOMETIMES, f"{word} in {words}"


def test_no_handwritten_sentence_is_like_a_template():
    made = {skeleton(*sentence) for part in tagged_sentences(3000, 500, 1000) for sentence in part}
    assert not made & {skeleton(*sentence) for sentence in handwritten()}


@pytest.mark.parametrize(
    "line, message",
    [
        ("[PER Ada slept .", r"expected '\]' after '\[PER'"),
        ("[PER Ada [LOC Rome] .", r"expected '\]' before the next '\['"),
        ("Ada] slept .", r"expected '\[' and a name before '\]'"),
        ("[PER ] slept .", r"expected '\[' and a name before '\]'"),
    ],
)
def test_brackets_that_do_not_match_are_refused(line, message):
    with pytest.raises(ValueError, match=f"line: {message}, got"):
        parse_brackets(line)


# ---- A file of the user -----------------------------------------------------------------------------------------

CONLL_2003 = """-DOCSTART- -X- -X- O

Ada NNP I-NP I-PER
Lovelace NNP I-NP I-PER
met VBD I-VP O
Jordan NNP I-NP I-PER
Mary NNP I-NP B-PER

Rome NNP I-NP I-LOC
"""


def test_read_conll_reads_the_format_of_2003_as_bio(tmp_path):
    file = tmp_path / "eng.train"
    file.write_text(CONLL_2003)
    assert read_conll(file) == [
        (("Ada", "Lovelace", "met", "Jordan", "Mary"), ("B-PER", "I-PER", "O", "B-PER", "B-PER")),
        (("Rome",), ("B-LOC",)),
    ]
    assert read_conll(str(file), tag_column=2)[1] == (("Rome",), ("B-NP",))


def test_read_conll_reads_tabs_windows_line_ends_and_a_file_that_ends_without_one(tmp_path):
    file = tmp_path / "mine.conll"
    file.write_bytes("\ufeff1\tZoë\tB-PER\r\n2\tsings\tO\r\n\r\n\r\n1\tOslo\tB-LOC".encode())
    assert read_conll(file, word_column=1) == [(("Zoë", "sings"), ("B-PER", "O")), (("Oslo",), ("B-LOC",))]


@pytest.mark.parametrize(
    "content, message",
    [
        (b"Ada B-PER\nslept\n", "expected a tag O, B-... or I-... in line 2, got 'slept'"),
        (b"Ada B-PER\nslept VERB\n", "expected a tag O, B-... or I-... in line 2, got 'VERB'"),
        (b"\n\n", "expected at least one sentence, got none"),
        (b"caf\xe9 O\n", "expected a text file in UTF-8"),
    ],
)
def test_read_conll_refuses_and_says_where(tmp_path, content, message):
    file = tmp_path / "bad.conll"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=f"path: {message}"):
        read_conll(file)


def test_read_conll_names_a_column_that_is_not_there(tmp_path):
    file = tmp_path / "bad.conll"
    file.write_text("Ada B-PER\n")
    with pytest.raises(ValueError, match="path: expected columns 0 and 3 in line 1, got 'Ada B-PER'"):
        read_conll(file, tag_column=3)
    with pytest.raises(FileNotFoundError):
        read_conll(tmp_path / "none.conll")
