"""Problems of exercise 01-history, in the order of its notebook; one file for each function that a student writes."""

from rnnlib.checks.history.context import context
from rnnlib.checks.history.energy import height
from rnnlib.checks.history.places import places
from rnnlib.checks.history.recall import memory
from rnnlib.checks.history.stream import stream
from rnnlib.checks.history.weights import storage

PROBLEMS = (storage, height, memory, stream, context, places)
