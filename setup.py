"""Which packages an installation holds; all else is in pyproject.toml.

The wheel holds what a reader and a student import. Who works on the course installs it with ``pip install -e .`` and
has the grader as well, under the names that the wheel must not put into other people's site-packages.
"""

import sys

from setuptools import find_packages, setup

FOR_EVERYBODY, FOR_CONTRIBUTORS = ["rnnlib*", "rnnchecks*"], ["grading*", "digests*", "experiments*"]
# Where nbconvert looks for parts of formgrader's pages.
FORMGRADER = ("share/jupyter/nbconvert/templates/formgrade", ["grading/gradebook/templates/mathjax.html.j2"])
editable = "editable_wheel" in sys.argv

setup(
    packages=find_packages(include=FOR_EVERYBODY + (FOR_CONTRIBUTORS if editable else [])),
    data_files=[FORMGRADER] if editable else [],
)
