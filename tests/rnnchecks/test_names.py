"""How well mistakes are named: those that were made get their names, and those that nobody made get none.

`python -m benchmarks.names` counts the same for all faults.
"""

from importlib import import_module

import pytest

from rnnchecks import find, problems
from rnnchecks.catalogue import exercises
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.mutants import double_mutants, mutants
from rnnchecks.engine.named import names_of_a_stranger
from rnnchecks.engine.run import run
from tests.rnnchecks.described import PROGRAMS

COMPARED = [problem for problem in problems() if not isinstance(problem, MeasuredProblem)]
NAMED_SHARE = 0.95
STRANGERS_SHARE = 0.02
SINGLE, DOUBLE = 6, 400  # one mutant of so many

for exercise in exercises().values():
    for draw in ("", "_again", "_third"):
        import_module(f"tests.rnnchecks.described.{exercise}{draw}")


def verdict(problem, function):
    """The verdict that a student reads: on the visible cases, or where those are right on the hidden ones."""
    visible = run(problem, function)
    return run(problem, function, "hidden") if visible.passed else visible


def test_programs_that_were_written_from_a_description_get_its_name():
    assert len(PROGRAMS) >= 200
    assert {problem for problem, _, _ in PROGRAMS} == {problem.name for problem in COMPARED}
    missed = []
    for name, misconception, program in PROGRAMS:
        problem = find(name)
        assert misconception in {known.name for known in problem.known}, f"{name} has no {misconception}"
        found = verdict(problem, program)
        if misconception not in found.misconceptions:
            missed.append(f"{name} {misconception}: {found.kind} {found.misconceptions}")
    assert 1 - len(missed) / len(PROGRAMS) >= NAMED_SHARE, "\n".join(missed)


@pytest.mark.parametrize("faults", ["one", "two"])
def test_faults_that_nobody_has_written_down_get_no_name(faults):
    strangers, named = 0, []
    for problem in COMPARED:
        if faults == "one":
            made = (mutant for i, mutant in enumerate(mutants(problem.solve)) if i % SINGLE == 0)
        else:
            made = double_mutants(problem.solve, DOUBLE)
        for description, mutant in made:
            found = names_of_a_stranger(problem, mutant)
            strangers += found is not None
            if found:
                named.append(f"{problem.name}: {description} is called {', '.join(found)}")
    assert strangers >= 50
    assert len(named) <= STRANGERS_SHARE * strangers, "\n".join(named)
