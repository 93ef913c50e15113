"""The answers that students get: ``check("bptt.rnn_backward", rnn_backward)``.

A *problem* is one function that a student writes. It knows a reference, how to make cases, and the misconceptions:
wrong implementations, each with the hint that helps whoever wrote it. `check` runs the student's function on the
cases, compares tensor by tensor, and says which misconception gives exactly these numbers.

`rnnchecks.engine` does that for any problem. The problems themselves lie in a package for each exercise, with a file
for each function: ``"bptt.rnn_backward"`` in ``rnnchecks/e03_bptt/rnn_backward.py``.
"""

from rnnchecks.api import CheckFailed, check, requires
from rnnchecks.catalogue import find, problems
from rnnchecks.notebook import when_written

__all__ = ["CheckFailed", "check", "find", "problems", "requires", "when_written"]
