"""Problems of exercise 14-after, in the order of its notebook; one file for each function."""

from rnnlib.checks.after.backward import backward
from rnnlib.checks.after.joining import joining
from rnnlib.checks.after.mingru import mingru
from rnnlib.checks.after.scanning import scanning
from rnnlib.checks.after.share import share
from rnnlib.checks.after.start import start

PROBLEMS = (joining, scanning, backward, mingru, share, start)
