"""Problems of exercise 10-tagging, in the order of its notebook; one file for each function."""

from rnnlib.checks.tagging.decoding import decoding
from rnnlib.checks.tagging.encoding import encoding
from rnnlib.checks.tagging.hiding import hiding
from rnnlib.checks.tagging.paths import paths
from rnnlib.checks.tagging.scores import scores
from rnnlib.checks.tagging.training import training

PROBLEMS = (encoding, decoding, scores, hiding, paths, training)
