"""The one function that notebooks call."""

import os
import re
import sys
from collections.abc import Callable
from typing import Any

import rnnlib
from rnnchecks import points
from rnnchecks.catalogue import find
from rnnchecks.engine.run import run
from rnnchecks.engine.verdict import Verdict

VERDICT_MIME = "application/vnd.rnnlib.verdict+json"
# A course may set its own, so that the hidden cases are its own too.
SEED_VARIABLE = "RNNLIB_HIDDEN_SEED"
VERSION = re.compile(r"(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?")


class CheckFailed(AssertionError):
    """A check that did not pass. `verdict` holds the whole answer; its ``as_dict()`` is plain data."""

    def __init__(self, verdict: Verdict):
        super().__init__(str(verdict))
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        """Show one line in a notebook: the verdict stands above it, and our own frames would help nobody."""
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
        count_parameters             agrees in 3 cases
          points so far: 1 of 20
    """
    problem = find(name)
    if cases not in ("visible", "hidden"):
        raise ValueError(f"cases: expected 'visible' or 'hidden', got {cases!r}.")
    if not callable(function):
        raise ValueError(f"function: expected the function {problem.function_name}, got {type(function).__name__}.")
    seed = os.environ.get(SEED_VARIABLE, "") if cases == "hidden" else ""
    verdict = run(problem, function, cases, seed)
    text = str(verdict)
    if cases == "visible":
        text += f"\n  {points.note(name, verdict.passed)}"
    _show(verdict, text)
    if not verdict.passed:
        raise CheckFailed(verdict)


class TooOld(ImportError):
    """The checks that are installed are older than a notebook needs; in a notebook it is one line."""

    def _render_traceback_(self) -> list[str]:
        """Show one line in a notebook."""
        return [f"TooOld: {self}"]


def requires(version: str) -> None:
    """Say in one line when the checks that are installed are older than a notebook needs.

    Args:
        version: the oldest version that has all that the notebook uses, such as ``"0.2"`` or ``"0.2rc1"``.

    Raises:
        TooOld: when an older one is installed.
        ValueError: when `version` is no version.

    Example:
        >>> requires("0.1")
    """
    if not VERSION.fullmatch(version):
        raise ValueError(f"version: expected numbers with dots between, such as '0.2', got {version!r}.")
    if _in_order(rnnlib.__version__) < _in_order(version):
        raise TooOld(
            f"This notebook needs rnnchecks {version} or later; {rnnlib.__version__} is installed: "
            "pip install -U rnnlib, which brings rnnchecks, then restart the kernel."
        )


def _in_order(version: str) -> tuple[list[int], int, int]:
    """What a version is compared by: 0.2a1 < 0.2rc1 < 0.2 = 0.2.0 < 0.2.1."""
    match = VERSION.match(version)
    numbers, stage, count = match.groups() if match else ("0", None, None)
    parts = [int(part) for part in numbers.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return parts, ("a", "b", "rc", None).index(stage), int(count or 0)


def _show(verdict: Verdict, text: str) -> None:
    """Show a verdict: in a notebook as an output with its data behind it, elsewhere as text unless it is raised."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display({"text/plain": text, VERDICT_MIME: verdict.as_dict()}, raw=True)
    elif verdict.passed:
        print(text)
