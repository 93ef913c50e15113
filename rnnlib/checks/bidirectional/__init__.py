"""Problems of exercise 07-bidirectional, in the order of its notebook; one file for each function."""

from rnnlib.checks.bidirectional.backward import backward
from rnnlib.checks.bidirectional.forward import forward
from rnnlib.checks.bidirectional.frozen import frozen
from rnnlib.checks.bidirectional.loss import loss
from rnnlib.checks.bidirectional.reversal import reversal
from rnnlib.checks.bidirectional.stacking import stack

PROBLEMS = (reversal, frozen, forward, backward, loss, stack)
