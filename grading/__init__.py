"""Release the exercises and mark a class, with plain nbgrader. `python -m grading --help` says how.

nbgrader keeps the format, the gradebook and the pages; its settings are in nbgrader_config.py. This package makes the
release the same bytes everywhere, runs the marking so that one broken submission stops nothing, gives every submission
a line with a reason, and counts what the class misunderstood.
"""
