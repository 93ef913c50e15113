"""What is said to a student, in words and in a form that a program can count."""

import textwrap
from dataclasses import asdict, dataclass
from typing import Any

from rnnchecks.engine.compare import Comparison
from rnnchecks.engine.manners import listed

WIDTH = 80  # what a notebook and the book show without scrolling
NAME_COLUMN = 28
STOPPED = "Each case should take far less than a second. Which loop does not come to its end?"


@dataclass(frozen=True)
class Failure:
    """One case that did not pass.

    Attributes:
        kind: ``"wrong"`` (numbers), ``"returned"`` (not the results that were asked for), ``"error"`` (an exception of
            the student's), ``"stopped"`` (it was still running), ``"unwritten"`` (the stub).
        case: what kind of case it was.
        message: the fault in words, where it is not about tensors.
        tensors: a `Comparison` for each output, where there are outputs.
        trace: lines of the student's code that the exception came through.
        inputs: pairs of argument name and shape.
    """

    kind: str
    case: str
    message: str = ""
    tensors: tuple[Comparison, ...] = ()
    trace: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The answer to one function.

    Attributes:
        problem: name of the problem, such as ``bptt.rnn_backward``.
        exercise: ``NN-name``.
        cases_kind: ``"visible"`` or ``"hidden"``.
        outputs: names of the outputs.
        cases: how many cases there were.
        failures: a `Failure` per case that did not pass.
        misconceptions: names of the misconceptions found, the likeliest first.
        hints: what to say about them, in the same order.
        guesses: what is likely the matter, in sentences, where no misconception was found.
        writes_into: names of the arguments that it wrote into, in one case or more. It costs nothing.
        beside: what is said of that beside right results, in sentences.
        said: what the function wrote to standard error, and its warnings.
    """

    problem: str
    exercise: str
    cases_kind: str
    outputs: tuple[str, ...]
    cases: int
    failures: tuple[Failure, ...] = ()
    misconceptions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    writes_into: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    said: str = ""

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return not self.failures

    @property
    def kind(self) -> str:
        """``"passed"``, or the kind of the first failure."""
        return self.failures[0].kind if self.failures else "passed"

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data, ready for JSON."""
        return {**asdict(self), "verdict": self.kind}

    def headline(self) -> str:
        """Say it in one line."""
        hidden = "hidden " if self.cases_kind == "hidden" else ""
        n = len(self.outputs)
        if self.passed:
            agree = "agrees" if n == 1 else f"all {n} tensors agree"
            text = f"{agree} in {self.cases} {hidden}case{'s' * (self.cases != 1)}"
        else:
            failure = self.failures[0]
            right = sum(tensor.ok for tensor in failure.tensors)
            calls = f"calls {failure.message}, which is " if failure.message else ""
            text = {
                "unwritten": calls + "not written yet",
                "error": "stops with an error",
                "stopped": f"still running, stopped {failure.message}",
                "returned": "returns something else than asked",
                "wrong": "wrong" if n == 1 else f"{right} of {n} tensors agree",
            }[failure.kind]
            if failure.kind != "unwritten" and self.cases_kind == "hidden":
                text += ", in a hidden case"
        return f"{self.problem.partition('.')[2]:<{NAME_COLUMN}} {text}"

    def __str__(self) -> str:
        lines = [self.headline()]
        if self.failures:
            lines += self._failure_lines(self.failures[0])
        for name, hint in zip(self.misconceptions, self.hints, strict=True):
            lines += _wrapped(f"hint  ({name})  ", hint)
        for guess in self.guesses:
            lines += _wrapped("seems ", guess)
        lines += self._manners()
        if self.said and self.passed:
            lines += _wrapped("note  ", "your function warned: " + self.said.strip().splitlines()[-1])
        return "\n".join(lines)

    def _manners(self) -> list[str]:
        """Say into which arguments it wrote, and why a caller minds.

        Beside wrong numbers it is said as what may be their reason. It makes no shape wrong, and stops nothing.
        """
        if self.passed:
            return [line for sentence in self.beside for line in _wrapped("note  ", sentence)]
        tensors = [tensor for failure in self.failures for tensor in failure.tensors]
        numbers_only = all(failure.kind == "wrong" for failure in self.failures)
        if not self.writes_into or not numbers_only or any(tensor.status in ("shape", "kind") for tensor in tensors):
            return []
        reason = "" if self.misconceptions else " Whatever reads it afterwards finds other numbers: is that the reason?"
        return _wrapped("note  ", f"it also writes into {listed(self.writes_into)}.{reason}")

    def _failure_lines(self, failure: Failure) -> list[str]:
        """Say what happened in the case that failed first, and how many others failed."""
        if failure.kind == "unwritten":
            what = "Replace the line `raise NotImplementedError(...)` with your own code"
            if failure.message:
                what = f"Write {failure.message} first, or write its part out in this function"
            return _wrapped("", f"{what}, then run this cell again.")
        lines = []
        column = max(8, 2 + max(map(len, self.outputs)))
        for tensor in failure.tensors if failure.kind == "wrong" else ():
            lines += _wrapped(f"{tensor.name:<{column}}{tensor.status:<12}", tensor.detail)
        if failure.kind == "stopped":
            lines += _wrapped("", STOPPED)
        elif failure.message:
            lines += _wrapped("", failure.message)
        for line in failure.trace:
            lines += _wrapped("in    ", line)
        others = len(self.failures) - 1
        more = f" ({len(self.failures)} of {self.cases} cases fail)" if others else ""
        lines += _wrapped("case  ", failure.case + more)
        if failure.kind in ("error", "returned", "stopped"):
            lines += _wrapped("with  ", ", ".join(f"{name} {shape}" for name, shape in failure.inputs))
        return lines


def _wrapped(label: str, text: str) -> list[str]:
    """Indent a labelled text, and wrap it under itself."""
    indent = "  " + label
    below = " " * (8 if len(indent) > 8 else max(len(indent), 4))
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=below) or [indent.rstrip()]
