"""The committed data: what is there, where it comes from, and that it is what the docstrings say."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnlib.data
from rnnlib.data import (
    Vocabulary,
    alice,
    digits,
    fingerprint,
    pronunciations,
    read_text,
    shared_surnames,
    sonnets,
    surnames,
)

FOLDER = Path(rnnlib.data.__file__).parent
PROVENANCE = (FOLDER / "PROVENANCE.md").read_text("utf-8")


def provenance():
    """Rows of PROVENANCE.md: file name to SHA-256, which stands last in its row."""
    rows = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", PROVENANCE, re.M)
    assert rows, "PROVENANCE.md lists no file"
    return dict(rows)


# ---- The files --------------------------------------------------------------------------------------------------


def test_every_data_file_is_listed_and_every_listed_file_is_there():
    files = {p.name for p in FOLDER.iterdir() if p.is_file() and p.suffix not in {".py", ".pyi", ".md"}}
    assert files == provenance().keys()


@pytest.mark.parametrize("name, sha256", provenance().items(), ids=provenance())
def test_hash(name, sha256):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256


def test_all_files_together_are_small_and_each_is_text():
    files = [FOLDER / name for name in provenance()]
    assert sum(file.stat().st_size for file in files) < 4_000_000
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".gz":
            assert content[3] == 0 and content[4:8] == bytes(4)  # no name and no date, which would change the hash
            content = gzip.decompress(content)
        content.decode("utf-8")


def test_the_notices_that_licences_ask_for_are_there():
    for notice in (
        "Copyright (C) 1993-2015 Carnegie Mellon University. All rights reserved.",
        "THIS SOFTWARE IS PROVIDED BY CARNEGIE MELLON UNIVERSITY",
        "Copyright (c) 2012 Daniele Faraglia",
        "The above copyright notice and this permission notice shall be included",
        "E. Alpaydin and C. Kaynak",
        "https://creativecommons.org/licenses/by/4.0/",
    ):
        assert notice in PROVENANCE


# ---- Texts ------------------------------------------------------------------------------------------------------


def test_the_sonnets_are_as_the_docstring_and_the_provenance_say():
    text = sonnets()
    assert f"154 poems, {len(text):,} characters" in PROVENANCE
    poems = text.rstrip("\n").split("\n\n")
    assert len(poems) == 154
    lines = {number: poem.count("\n") + 1 for number, poem in enumerate(poems, 1)}
    assert lines[99] == 15 and lines[126] == 12
    assert {n for number, n in lines.items() if number not in (99, 126)} == {14}
    assert poems[17].startswith("Shall I compare thee to a summer's day?")
    assert text.isascii() and not re.search(r"[ \t]+$", text, re.M)


def test_alice_is_the_book_and_nothing_but_the_book():
    text = alice()
    assert f"12 chapters, {len(text):,} characters" in PROVENANCE
    assert len(re.findall(r"^CHAPTER [IVX]+\. ", text, re.M)) == 12
    assert text.rstrip().endswith("remembering her own child-life, and the happy summer days.")
    assert text.isascii() and not re.search(r"[ \t]+$|\n\n\n|gutenberg|\*\*\*", text, re.M | re.I)


def test_read_text_reads_what_editors_write(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_bytes("\ufeffein Kuß\r\nund noch einer\r\n".encode())
    assert read_text(file) == "ein Kuß\nund noch einer\n"
    file.write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="path: expected a text file in UTF-8, got .*mine.txt"):
        read_text(file)
    file.write_bytes(b"")
    with pytest.raises(ValueError, match="path: expected a text, got the empty file"):
        read_text(str(file))
    with pytest.raises(FileNotFoundError, match="none.txt"):
        read_text(tmp_path / "none.txt")


@given(st.text(min_size=1))
def test_vocabulary_round_trip(text):
    vocabulary = Vocabulary(text)
    ids = vocabulary.encode(text)
    assert vocabulary.decode(ids) == text
    assert sorted(set(ids.tolist())) == list(range(len(vocabulary)))
    assert list(vocabulary.symbols) == sorted(set(text))


def test_vocabulary_refuses_and_says_why():
    vocabulary = Vocabulary("hello")
    with pytest.raises(ValueError, match="text: expected only characters of 'ehlo', got 'p'"):
        vocabulary.encode("help")
    with pytest.raises(ValueError, match="ids: expected ids from 0 to 3, got 4"):
        vocabulary.decode([0, 4])


# ---- Names, sounds, digits --------------------------------------------------------------------------------------


def test_surnames_of_twelve_languages_have_one_language_each():
    parts, shared = surnames(), shared_surnames()
    everyone = [example for part in parts for example in part]
    names = [name for name, _ in everyone]
    assert f"{len(names) + len(shared):,} surnames of twelve languages, {len(shared)} of them" in PROVENANCE
    assert len(set(names)) == len(names) and not shared.keys() & set(names)
    languages = {language for _, language in everyone}
    assert len(languages) == 12 and languages == {language for _, language in parts.test}
    assert all(len(set(has)) > 1 and set(has) <= languages for has in shared.values())
    counts = {language: sum(has == language for _, has in everyone) for language in languages}
    assert max(counts, key=counts.get) == "Polish" and min(counts.values()) == counts["French"] == 333
    assert 0.25 < counts["Polish"] / len(everyone) < 0.26


def test_pronunciations_are_letters_and_39_phones_and_the_split_is_the_one_of_the_docstring():
    parts = pronunciations()
    assert fingerprint(parts) == re.search("`fingerprint` of the split is ``(.*)``", pronunciations.__doc__)[1]
    words = [word for part in parts for word, _ in part]
    assert len(words) == len(set(words)) == 25_000
    assert all(re.fullmatch("[a-z]{3,12}", word) for word in words)
    phones = {phone for part in parts for _, sounds in part for phone in sounds}
    assert len(phones) == 39 and all(phone.isalpha() and phone.isupper() for phone in phones)
    assert dict(parts.train + parts.validation + parts.test)["walking"] == ("W", "AO", "K", "IH", "NG")


def test_digits_by_row_and_by_pixel_are_the_same_images():
    rows, pixels = digits("row"), digits("pixel")
    assert sum(len(y) for _, y in rows) == 1797
    for (x, y), (x_pixels, y_pixels) in zip(rows, pixels, strict=True):
        T, N, D = x.shape
        assert (T, D) == (8, 8) and x_pixels.shape == (64, N, 1) and y.shape == (N,)
        assert x.dtype == "float32" and x.min() == 0 and x.max() == 1
        assert set(y.tolist()) == set(range(10)) and (y == y_pixels).all()
        assert (x.swapaxes(0, 1).reshape(N, 64) == x_pixels[..., 0].T).all()
    # The ink of a zero is around the middle, that of a one is in it.
    x, y = rows.train
    middle = x[3:5, :, 3:5].mean(axis=(0, 2))
    assert middle[y == 0].mean() < 0.2 < 0.7 < middle[y == 1].mean()
    with pytest.raises(ValueError, match="by: expected one of 'row', 'pixel', got 'column'"):
        digits("column")
