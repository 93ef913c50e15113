"""Problems of exercise 05-lstm, in the order of its notebook; one file for each function that a student writes."""

from rnnlib.checks.lstm.all_steps import sequence
from rnnlib.checks.lstm.cell import step
from rnnlib.checks.lstm.clock import clock
from rnnlib.checks.lstm.one_step import step_back
from rnnlib.checks.lstm.peepholes import peephole
from rnnlib.checks.lstm.repair import repair

PROBLEMS = (step, clock, step_back, sequence, peephole, repair)
