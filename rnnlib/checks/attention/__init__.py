"""Problems of exercise 12-attention, in the order of its notebook; one file for each function."""

from rnnlib.checks.attention.backward import backward
from rnnlib.checks.attention.beam import beam
from rnnlib.checks.attention.edits import edits
from rnnlib.checks.attention.greedy import greedy
from rnnlib.checks.attention.rate import rate
from rnnlib.checks.attention.step import step

PROBLEMS = (step, backward, edits, rate, greedy, beam)
