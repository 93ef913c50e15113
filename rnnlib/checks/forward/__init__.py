"""Problems of exercise 02-forward, in the order of its notebook."""

from rnnlib.checks.forward.cross_entropy import entropy
from rnnlib.checks.forward.encoder_decoder import unequal
from rnnlib.checks.forward.one_hot import hot
from rnnlib.checks.forward.perplexity import hesitation
from rnnlib.checks.forward.sequence import sequence
from rnnlib.checks.forward.shapes import from_one, to_one
from rnnlib.checks.forward.size import count
from rnnlib.checks.forward.softmax import probabilities
from rnnlib.checks.forward.step import step

PROBLEMS = (hot, step, sequence, count, to_one, from_one, unequal, probabilities, entropy, hesitation)
