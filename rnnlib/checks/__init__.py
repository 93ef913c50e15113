"""The answers that students get: ``check("bptt.rnn_backward", rnn_backward)``.

A *problem* is one function that a student writes. It knows a reference, how to make cases, and the misconceptions:
wrong implementations, each with the hint that helps whoever wrote it. `check` runs the student's function on the
cases, compares tensor by tensor, and says which misconception gives exactly these numbers.

One module per exercise holds its problems: `rnnlib.checks.forward` for 02-forward, `rnnlib.checks.bptt` for 03-bptt.
"""

from rnnlib.checks.api import CheckFailed, check, find, problems
from rnnlib.checks.notebook import when_written

__all__ = ["CheckFailed", "check", "find", "problems", "when_written"]
