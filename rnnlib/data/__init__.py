"""Data that the course trains on: committed, with provenance and hashes in PROVENANCE.md. Nothing is downloaded.

One file per task; every loader that splits gives a `Split` of train, validation and test. Film reviews are read from an
installed package, and users' own files from a path.
"""

from typing import TYPE_CHECKING

from rnnlib._lazy import attach

# At once: these modules have the names of their functions, and whichever is loaded last would be the package's.
from rnnlib.data.digits import digits
from rnnlib.data.surnames import shared_surnames, surnames

if TYPE_CHECKING:  # for tools that read and do not run; what runs is below
    from rnnlib.data.batches import PaddedBatches as PaddedBatches
    from rnnlib.data.batches import buckets as buckets
    from rnnlib.data.batches import pad as pad
    from rnnlib.data.conll import read_conll as read_conll
    from rnnlib.data.grammars import REBER_SYMBOLS as REBER_SYMBOLS
    from rnnlib.data.grammars import counting as counting
    from rnnlib.data.grammars import reber as reber
    from rnnlib.data.grammars import reber_next as reber_next
    from rnnlib.data.pronunciation import pronunciations as pronunciations
    from rnnlib.data.reviews import imdb_reviews as imdb_reviews
    from rnnlib.data.reviews import read_imdb_folder as read_imdb_folder
    from rnnlib.data.reviews import rotten_tomatoes as rotten_tomatoes
    from rnnlib.data.reviews import tokenize as tokenize
    from rnnlib.data.series import Series as Series
    from rnnlib.data.series import co2 as co2
    from rnnlib.data.series import elnino as elnino
    from rnnlib.data.series import fill_gaps as fill_gaps
    from rnnlib.data.series import split_in_time as split_in_time
    from rnnlib.data.series import sunspots as sunspots
    from rnnlib.data.series import windows as windows
    from rnnlib.data.splits import Split as Split
    from rnnlib.data.splits import fingerprint as fingerprint
    from rnnlib.data.splits import split_by_hash as split_by_hash
    from rnnlib.data.splits import unique as unique
    from rnnlib.data.synthetic import adding as adding
    from rnnlib.data.synthetic import copying as copying
    from rnnlib.data.synthetic import needs_future as needs_future
    from rnnlib.data.synthetic import temporal_order as temporal_order
    from rnnlib.data.tagging import handwritten as handwritten
    from rnnlib.data.tagging import tagged_sentences as tagged_sentences
    from rnnlib.data.text import TextBatches as TextBatches
    from rnnlib.data.text import Vocabulary as Vocabulary
    from rnnlib.data.text import alice as alice
    from rnnlib.data.text import read_text as read_text
    from rnnlib.data.text import sonnets as sonnets
    from rnnlib.data.vocabulary import TokenVocabulary as TokenVocabulary

HOMES = {
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

__getattr__, __dir__ = attach(__name__, HOMES)
