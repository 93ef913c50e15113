"""Problems of exercise 13-transformer, in the order of its notebook; one file for each function."""

from rnnlib.checks.transformer.backward import backward
from rnnlib.checks.transformer.cache import cache
from rnnlib.checks.transformer.causal import causal
from rnnlib.checks.transformer.codes import codes
from rnnlib.checks.transformer.dot_product import dot_product
from rnnlib.checks.transformer.heads import several

PROBLEMS = (codes, dot_product, causal, backward, several, cache)
