"""Problems of exercise 03-bptt, in the order of its notebook; one file for each function that a student writes."""

from rnnlib.checks.bptt.all_steps import sequence
from rnnlib.checks.bptt.differences import numeric
from rnnlib.checks.bptt.one_step import step
from rnnlib.checks.bptt.optimiser import adam
from rnnlib.checks.bptt.output import loss
from rnnlib.checks.bptt.truncation import truncated

PROBLEMS = (loss, step, sequence, truncated, numeric, adam)
