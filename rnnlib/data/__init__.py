"""Data that the course trains on: committed, with provenance and hashes in PROVENANCE.md. Nothing is downloaded.

One file per task; every loader that splits gives a `Split` of train, validation and test. Film reviews are read from an
installed package, and users' own files from a path.
"""

from rnnlib.data.batches import PaddedBatches, buckets, pad
from rnnlib.data.conll import read_conll
from rnnlib.data.digits import digits
from rnnlib.data.grammars import REBER_SYMBOLS, counting, reber, reber_next
from rnnlib.data.pronunciation import pronunciations
from rnnlib.data.reviews import imdb_reviews, read_imdb_folder, rotten_tomatoes, tokenize
from rnnlib.data.series import Series, co2, elnino, fill_gaps, split_in_time, sunspots, windows
from rnnlib.data.splits import Split, fingerprint, split_by_hash, unique
from rnnlib.data.surnames import shared_surnames, surnames
from rnnlib.data.synthetic import adding, copying, needs_future, temporal_order
from rnnlib.data.tagging import handwritten, tagged_sentences
from rnnlib.data.text import TextBatches, Vocabulary, alice, read_text, sonnets
from rnnlib.data.vocabulary import TokenVocabulary

__all__ = [
    "REBER_SYMBOLS",
    "PaddedBatches",
    "Series",
    "Split",
    "TextBatches",
    "TokenVocabulary",
    "Vocabulary",
    "adding",
    "alice",
    "buckets",
    "co2",
    "copying",
    "counting",
    "digits",
    "elnino",
    "fill_gaps",
    "fingerprint",
    "handwritten",
    "imdb_reviews",
    "needs_future",
    "pad",
    "pronunciations",
    "read_conll",
    "read_imdb_folder",
    "read_text",
    "reber",
    "reber_next",
    "rotten_tomatoes",
    "shared_surnames",
    "sonnets",
    "split_by_hash",
    "split_in_time",
    "sunspots",
    "surnames",
    "tagged_sentences",
    "temporal_order",
    "tokenize",
    "unique",
    "windows",
]
