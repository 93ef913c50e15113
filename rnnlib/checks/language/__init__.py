"""Problems of exercise 08-language, in the order of its notebook; one file for each function."""

from rnnlib.checks.language.batches import batches
from rnnlib.checks.language.distribution import distribution
from rnnlib.checks.language.drawing import drawing
from rnnlib.checks.language.step import step
from rnnlib.checks.language.training import training
from rnnlib.checks.language.units import units

PROBLEMS = (batches, step, units, distribution, drawing, training)
