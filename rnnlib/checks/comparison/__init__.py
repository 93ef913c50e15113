"""Problems of exercise 11-comparison, in the order of its notebook; one file for each function."""

from rnnlib.checks.comparison.bootstrap import bootstrap
from rnnlib.checks.comparison.clock import clock
from rnnlib.checks.comparison.difference import difference
from rnnlib.checks.comparison.mean import mean
from rnnlib.checks.comparison.training import training
from rnnlib.checks.comparison.widths import widths

PROBLEMS = (widths, mean, difference, bootstrap, clock, training)
