"""What the book measures: a module for each question, with its controls and its claims.

An experiment is a module ``experiments/eNN_name/question.py``. Its docstring says the question, what is varied and
what is held, which controls there are, and which baseline and how it was tuned. It has ``SEEDS``, the number of seeds
of one repetition, ``run(seeds)``, which gives plain data, and ``CLAIMS``, sentences with a predicate as strong as
each (`experiments.claims`).

A page calls `measured`: the result is computed once a build and shared by all pages that ask for it. ``make claims``
repeats every experiment with seeds that nobody chose, and keeps the outcome in ``book/_data/claims.json``
(`experiments.record`).
"""

from experiments.results import measured

__all__ = ["measured"]
