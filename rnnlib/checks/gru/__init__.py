"""Problems of exercise 06-gru, in the order of its notebook."""

from rnnlib.checks.gru.after import after
from rnnlib.checks.gru.backward_weights import backward  # with all its misconceptions
from rnnlib.checks.gru.before import before
from rnnlib.checks.gru.conversion import conversion
from rnnlib.checks.gru.repair import repair
from rnnlib.checks.gru.width import width

PROBLEMS = (before, after, backward, conversion, width, repair)
