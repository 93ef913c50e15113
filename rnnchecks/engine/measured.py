"""Problems whose answers are judged by what they do, as a trained net is by the text that it has not read.

A run of training takes seconds, so it is not compared with a run of a reference, and no misconception trains a net. The
problem looks at what came back and calls what it finds by a name; the name has a hint.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rnnchecks.engine.call import Call, fresh
from rnnchecks.engine.compare import Comparison
from rnnchecks.engine.problem import Case, Function, Problem


@dataclass(eq=False)
class MeasuredProblem(Problem):
    """A problem that judges what came back, one case at a time, and has a name and a hint for each thing it may find.

    A module builds it with decorators, as any other::

        problem = MeasuredProblem(
            "language.train_char_rnn",
            "08-language",
            task=6,
            findings={"not-trained": "Every symbol is about as likely as any other. Does the optimiser take a step?"},
            seconds=90,
        )

        @problem.special("poems, judged on others", hidden=True)
        def poems(rng):
            return (ids, V, 1500, 2), (unseen, 1.95)

        @problem.measurement
        def measure(returned, exam, ids, V, steps, seed):
            unseen, limit = exam
            return "" if loss(returned, unseen) < limit else "not-trained"

    A special case is a pair: the arguments, and the exam, which the student's function does not get to see. Nothing
    that a student returns is a finding: the measurement reads it, and only what the measurement says counts.

    Attributes:
        outputs: one, the finding.
        findings: dict from the name of each finding, kebab-case, to its hint.
        together: findings that mean something else where they are met in one check: dict from a finding's name to the
            names of those that it takes the place of, when these and no others are found in the cases that fail.
        measure: the function that judges, once `measurement` has registered it.
    """

    outputs: dict[str, str] = field(default_factory=lambda: {"finding": "#"})
    findings: dict[str, str] = field(default_factory=dict)
    together: dict[str, set[str]] = field(default_factory=dict)
    measure: Any = None

    def __post_init__(self) -> None:
        self.solve = lambda *args: 0  # a right answer is one in which nothing is found

    def case(self, label: str, made: Any) -> Case:
        """Make a case of what the function of a special one gave: its arguments, and the exam."""
        args, exam = made
        return Case(label, tuple(args), exam)

    def measurement(self, function: Function) -> Function:
        """Register ``function(returned, exam, *args)``, which returns the name of a finding, or "" when all is well.

        What it raises is shown to the student as what they returned made of it, and passes nothing.
        """
        self.measure, self.argument_names = function, tuple(inspect.signature(function).parameters)[2:]
        return function

    def finding(self, function: Callable[..., Any], case: Case) -> str:
        """Call a function on a case, and return the name of what is found in what it returns; "" when all is well.

        What it writes into its arguments is not what it is measured against.
        """
        return self.measure(function(*fresh(case.args)), case.exam, *case.args)

    def compared(self, function: Callable[..., Any], case: Case) -> Callable[..., Any]:
        """Return a function that gives the place of the finding in the list of them, from 1 on; 0 when all is well."""
        places = {name: i for i, name in enumerate(("", *self.findings))}
        return lambda *args: places[self.measure(function(*args), case.exam, *case.args)]

    def named(self, result: Call) -> str:
        """Return the name of the finding that a call of what `compared` gave has found."""
        return ("", *self.findings)[int(result.values[0])] if result.values else ""

    def tensors(self, result: Call) -> tuple[Comparison, ...]:
        """Say what was found, in place of a comparison of arrays."""
        name = self.named(result)
        return (Comparison("finding", "wrong" if name else "ok", name.replace("-", " ")),)

    def recognised(self, calls: list[Call]) -> list[tuple[str, str]]:
        """Return name and hint of what was found, in all cases together or in the first that failed; or nothing."""
        found = [name for name in map(self.named, calls) if name]
        whole = all(result.values for result in calls)  # a case that stopped with an error may be anything
        joined = [name for name, parts in self.together.items() if whole and set(found) == parts]
        return [(name, self.findings[name]) for name in (joined or found)[:1]]
