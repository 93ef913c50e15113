"""Claims: sentences of the book, each with a predicate as strong as it, and where to find them."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import experiments

__all__ = ["Claim", "claim", "claims", "experiment_of", "find", "modules", "name_of", "strength"]

STRENGTHS = ("flatly", "usually", "in this run")


@dataclass(frozen=True)
class Claim:
    """A sentence of the book, and what it takes for it to hold.

    Attributes:
        name: full name, such as ``gradients.starts.adding``.
        sentence: what the book says. It says "usually" where the record has failures, and "in this run" where it has
            many.
        holds: function from the result of the experiment to whether the sentence is true of it.
        control: what was run beside it so that the sentence may say what it says.
        effect: function from the result to the number that the sentence is about; None where there is none.
        unit: what that number is, such as "squared error, ReLU's worst".
    """

    name: str
    sentence: str
    holds: Callable[[Any], Any]
    control: str
    effect: Callable[[Any], Any] | None = None
    unit: str = ""


def claim(
    name: str,
    sentence: str,
    *,
    holds: Callable[[Any], Any],
    control: str,
    effect: Callable[[Any], Any] | None = None,
    unit: str = "",
) -> Claim:
    """Make a claim.

    Raises:
        ValueError: when the sentence is none, or an effect has no unit.
    """
    if not (sentence[:1].isupper() and sentence.endswith(".")):
        raise ValueError(f"claim {name}: expected a whole sentence, got {sentence!r}.")
    if bool(unit) != (effect is not None):
        raise ValueError(f"claim {name}: an effect and its unit go together, got unit {unit!r}.")
    return Claim(name, sentence, holds, control, effect, unit)


def strength(sentence: str) -> str:
    """Say how strongly a sentence speaks: "flatly", "usually" or "in this run"."""
    return next((word for word in STRENGTHS[1:] if word in sentence.casefold()), "flatly")


def name_of(module: ModuleType) -> str:
    """The name of an experiment: ``gradients.starts`` for ``experiments.e04_gradients.starts``."""
    _, chapter, question = module.__name__.split(".")
    return f"{chapter.partition('_')[2]}.{question}"


@cache
def modules() -> dict[str, ModuleType]:
    """All experiments, by name, in the order of the chapters. They are found by looking."""
    found = {}
    for chapter in sorted(m.name for m in pkgutil.iter_modules(experiments.__path__) if m.ispkg):
        package = import_module(f"experiments.{chapter}")
        for question in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            if not question.startswith("_"):
                module = import_module(f"experiments.{chapter}.{question}")
                found[name_of(module)] = module
    return found


def claims() -> dict[str, Claim]:
    """All claims of the book, by their full names."""
    return {claim.name: claim for module in modules().values() for claim in module.CLAIMS}


def experiment_of(name: str) -> ModuleType:
    """The experiment that a claim belongs to."""
    return modules()[name.rpartition(".")[0]]


def find(name: str) -> Claim:
    """Find a claim by its full name.

    Raises:
        ValueError: when there is none of this name.
    """
    if (found := claims().get(name)) is None:
        near = ", ".join(sorted(n for n in claims() if n.split(".")[0] == name.split(".")[0])) or "none"
        raise ValueError(f"There is no claim {name!r}. Claims of this chapter: {near}.")
    return found
