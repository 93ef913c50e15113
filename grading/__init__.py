"""Release the exercises and mark a class. `python -m grading --help` says how, README.md how it is built.

nbgrader keeps the format, the gradebook and formgrader; its settings are in nbgrader_config.py. This package makes the
release the same bytes everywhere, runs students' code in a sandbox and decides outside it, gives every submission a
verdict with a reason, goes on where a run was stopped, and says what the class misunderstood.
"""
