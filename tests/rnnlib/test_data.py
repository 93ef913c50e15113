"""The committed data, and how a text becomes batches."""

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnlib.data
from rnnlib.data import Vocabulary, sonnets

FOLDER = Path(rnnlib.data.__file__).parent


def provenance():
    """Rows of PROVENANCE.md: file name to SHA-256, which stands last in its row."""
    rows = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (FOLDER / "PROVENANCE.md").read_text("utf-8"), re.M)
    assert rows, "PROVENANCE.md lists no file"
    return dict(rows)


def test_every_data_file_is_listed_and_every_listed_file_is_there():
    files = {p.name for p in FOLDER.iterdir() if p.is_file() and p.suffix not in {".py", ".md"}}
    assert files == provenance().keys()


@pytest.mark.parametrize("name, sha256", provenance().items(), ids=provenance())
def test_hash(name, sha256):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256


def test_the_sonnets_are_as_the_docstring_and_the_provenance_say():
    text = sonnets()
    assert f"154 poems, {len(text):,} characters" in (FOLDER / "PROVENANCE.md").read_text("utf-8")
    poems = text.rstrip("\n").split("\n\n")
    assert len(poems) == 154
    lines = {number: poem.count("\n") + 1 for number, poem in enumerate(poems, 1)}
    assert lines[99] == 15 and lines[126] == 12
    assert {n for number, n in lines.items() if number not in (99, 126)} == {14}
    assert poems[17].startswith("Shall I compare thee to a summer's day?")
    assert text.isascii() and not re.search(r"[ \t]+$", text, re.M)


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
