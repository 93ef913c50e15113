"""The one function that notebooks call."""

import os
import sys
from collections.abc import Callable
from typing import Any

from rnnchecks.catalogue import find
from rnnchecks.engine.run import run
from rnnchecks.engine.verdict import Verdict

VERDICT_MIME = "application/vnd.rnnlib.verdict+json"
# A course may set its own, so that the hidden cases are its own too.
SEED_VARIABLE = "RNNLIB_HIDDEN_SEED"


class CheckFailed(AssertionError):
    """A check that did not pass. `verdict` holds the whole answer; its ``as_dict()`` is plain data."""

    def __init__(self, verdict: Verdict):
        super().__init__(str(verdict))
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        """Show one line in a notebook: the verdict stands above it, and the frames inside rnnlib would help nobody."""
        return ["CheckFailed: " + " ".join(self.verdict.headline().split()) + " (the answer above says more)"]


def check(name: str, function: Callable[..., Any], cases: str = "visible") -> None:
    """Answer a student: say whether `function` solves the problem, and if not, what is wrong.

    Args:
        name: name of the problem, such as ``"bptt.rnn_backward"``.
        function: the student's function.
        cases: ``"visible"``, or ``"hidden"`` for other shapes and other numbers.

    Raises:
        CheckFailed: when it does not.
        ValueError: when there is no such problem, no such kind of cases, or `function` cannot be called.

    Example:
        >>> check("forward.count_parameters", lambda D, H, K: D * H + H * H + H + H * K + K)
        count_parameters             agrees in 2 cases
    """
    problem = find(name)
    if cases not in ("visible", "hidden"):
        raise ValueError(f"cases: expected 'visible' or 'hidden', got {cases!r}.")
    if not callable(function):
        raise ValueError(f"function: expected the function {problem.function_name}, got {type(function).__name__}.")
    seed = os.environ.get(SEED_VARIABLE, "") if cases == "hidden" else ""
    verdict = run(problem, function, cases, seed)
    _show(verdict)
    if not verdict.passed:
        raise CheckFailed(verdict)


def _show(verdict: Verdict) -> None:
    """Show a verdict: in a notebook as an output with its data behind it, elsewhere as text unless it is raised."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display({"text/plain": str(verdict), VERDICT_MIME: verdict.as_dict()}, raw=True)
    elif verdict.passed:
        print(verdict)
