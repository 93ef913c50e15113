"""From a verdict to nbgrader's gradebook, and to what formgrader shows."""
