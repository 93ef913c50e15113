"""Data that the course trains on: committed, with provenance and hashes in PROVENANCE.md. Nothing is downloaded.

One file per task; every loader that splits gives a `Split` of train, validation and test. Film reviews are read from an
installed package, and users' own files from a path.
"""

from rnnlib._lazy import attach as _attach

# At once: these modules have the names of their functions, and whichever is loaded last would be the package's.
from rnnlib.data.digits import digits
from rnnlib.data.surnames import shared_surnames, surnames

_HOMES = {
    "batches": ["PaddedBatches", "buckets", "pad"],
    "conll": ["read_conll"],
    "grammars": ["REBER_SYMBOLS", "counting", "reber", "reber_next"],
    "pronunciation": ["pronunciations"],
    "reviews": ["imdb_reviews", "read_imdb_folder", "rotten_tomatoes", "tokenize"],
    "series": ["Series", "co2", "elnino", "fill_gaps", "split_in_time", "sunspots", "windows"],
    "splits": ["Split", "fingerprint", "split_by_hash", "unique"],
    "synthetic": ["adding", "copying", "needs_future", "temporal_order"],
    "tagging": ["handwritten", "tagged_sentences"],
    "text": ["TextBatches", "Vocabulary", "alice", "read_text", "sonnets"],
    "vocabulary": ["TokenVocabulary"],
}


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

__getattr__, __dir__ = _attach(__name__, _HOMES)
