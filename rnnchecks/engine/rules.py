"""Misconceptions that are many by one rule: every order of the blocks, a step's mistakes in the loop that calls it.

Each rule is put on a problem by a decorator over the one function in which its programs differ. The programs are made
when a wrong answer is met, and come after those that are written out: where two give the same numbers, the name that
somebody wrote is the one that a student hears.
"""

import itertools
from collections.abc import Callable
from functools import cache, partial
from types import FunctionType
from typing import Any

import numpy as np

from rnnchecks.engine.problem import Function, Misconception, Problem
from rnnlib._types import Array

Order = tuple[int, ...]


def reordered(blocks: Array, order: Order) -> Array:
    """Put the blocks of the last axis into another order: block k of the result is block ``order[k]``."""
    return np.concatenate([np.split(blocks, len(order), axis=-1)[k] for k in order], axis=-1)


def restored(blocks: Array, order: Order) -> Array:
    """Undo `reordered`."""
    return reordered(blocks, tuple(int(k) for k in np.argsort(order)))


def every_order(
    problem: Problem, blocks: str, hint: str, *, name: str = "blocks-in-the-order", written: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Register all wrong orders of blocks that look alike, such as those of an LSTM's weights.

    Args:
        problem: `Problem`.
        blocks: one letter for each block, in the right order.
        hint: what to say; ``{theirs}`` and ``{right}`` in it become the two orders.
        name: what stands before the letters in the names of the misconceptions.
        written: orders that the problem has as misconceptions of their own.

    Returns:
        A decorator of ``function(order, *args)``, where ``order[k]`` is the right place of the block that is taken for
        block k, or that stands there.
    """
    right = tuple(range(len(blocks)))

    def register(function: Function) -> Function:
        @cache
        def made() -> list[Misconception]:
            found = []
            for order in itertools.permutations(right):
                letters = [blocks[k] for k in order]
                if order != right and "".join(letters) not in written:
                    said = hint.format(theirs=", ".join(letters), right=", ".join(blocks))
                    found.append(Misconception(f"{name}-{'-'.join(letters)}", said, partial(function, order)))
            return found

        problem.rules.append(made)
        return function

    return register


def inherited(problem: Problem, step: str) -> Callable[[Function], Function]:
    """Register the mistakes of a step for the loop that calls it.

    Args:
        problem: `Problem` of the loop.
        step: name of the problem of the step.

    Returns:
        A decorator of ``function(step, *args)``, which is right where ``step`` is the right step.
    """

    def register(function: Function) -> Function:
        _inherit(problem, step, lambda wrong: partial(function, wrong))
        return function

    return register


def inherited_by_call(problem: Problem, step: str) -> None:
    """Register the mistakes of a step for a problem whose reference calls that step by its name."""

    def calling(wrong: Callable[..., Any]) -> Callable[..., Any]:
        reference = problem.solve
        namespace = {**reference.__globals__, step.partition(".")[2]: wrong}
        return FunctionType(reference.__code__, namespace, reference.__name__, reference.__defaults__)

    _inherit(problem, step, calling)


def _inherit(problem: Problem, step: str, calling: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Register the loop of everybody who is mistaken in the step; the rules registered before have the first word."""
    earlier = tuple(problem.rules)

    @cache
    def made() -> list[Misconception]:
        from rnnchecks.catalogue import find  # which reads the modules of problems, and they read this one

        source = find(step)
        by_hand = {known.name for known in problem.misconceptions}
        by_rule = {known.name for rule in earlier for known in rule()}
        return [
            Misconception(
                f"{source.function_name}-{known.name}" if known.name in by_hand else known.name,
                f"The mistake is in {source.function_name}, which your function calls or repeats. {known.hint}",
                calling(known.wrong),
            )
            for known in (*source.misconceptions, *source.made)
            if known.name not in by_rule  # a rule of the loop's own says the same of its sums
        ]

    problem.rules.append(made)


def bias_gradient(problem: Problem, output: str, written: tuple[str, ...] = ()) -> Callable[[Function], Function]:
    """Register what is done to the gradient of a bias when it is added up along the wrong axes, or not at all.

    Args:
        problem: `Problem`, of which everything else is right.
        output: name of the gradient.
        written: ends of the names that the problem has as misconceptions of their own.

    Returns:
        A decorator of ``function(*args)``, which returns the shares of the rows of the batch, (B, H).
    """
    place = tuple(problem.outputs).index(output)
    bias = output.removeprefix("d")

    def register(shares: Function) -> Function:
        def taken(change: Callable[[Array], Any]) -> Callable[..., Any]:
            def wrong(*args: Any) -> tuple[Any, ...]:
                results = list(problem.solve(*args))
                results[place] = change(shares(*args))
                return tuple(results)

            return wrong

        @cache
        def made() -> list[Misconception]:
            row = (
                f"{output}-with-a-row-too-many",
                f"The numbers of {output} are right, in a row of their own: (1, H) where {bias} has the shape (H,). "
                "Which argument of the sum keeps the axis that is summed over?",
            )
            number = (
                f"{output}-summed-to-one-number",
                f"You add up all of it, so that every unit's bias is given the same number. Each unit has a bias of "
                f"its own in {bias}; what it shares it with is the batch. Over which axis does the sum go?",
            )
            several = (
                f"{output}-not-summed-over-the-batch",
                f"{output} has one row for each row of the batch, but there is only one {bias}. What happens to the "
                "shares of something that is used B times?",
            )
            mean = (
                f"{output}-averaged-over-the-batch",
                f"{output} is an average over the batch. Every row of the batch uses the same bias: its shares add up, "
                "and if the loss is a mean, what you were given already carries the division.",
            )
            other_axis = (
                f"{output}-summed-over-the-units",
                f"You add up along the units, and one number is left for each row of the batch. {bias} has one number "
                "for each unit. Over which axis does the sum go?",
            )
            changes: list[tuple[tuple[str, str], Callable[[Array], Any]]] = [
                (row, lambda a: a.sum(axis=0, keepdims=True)),
                (number, lambda a: a.sum()),
                (number, lambda a: np.full(a.shape[1], a.sum())),
                (number, lambda a: np.full((1, a.shape[1]), a.sum())),
                (several, lambda a: a),
                (mean, lambda a: a.mean(axis=0)),
                (other_axis, lambda a: a.sum(axis=1)),
            ]
            return [
                Misconception(*said, taken(change))
                for said, change in changes
                if said[0].removeprefix(f"{output}-") not in written
            ]

        problem.rules.append(made)
        return shares

    return register


def bias_from_weights(problem: Problem, output: str, *weights: str) -> None:
    """Register a gradient of a bias that was summed from the gradient of a matrix, whose rows lie in its way."""
    names = tuple(problem.outputs)

    def from_matrix(place: int, *args: Any) -> tuple[Any, ...]:
        results = list(problem.solve(*args))
        results[names.index(output)] = np.asarray(results[place]).sum(axis=0)
        return tuple(results)

    @cache
    def made() -> list[Misconception]:
        return [
            Misconception(
                f"{output}-summed-from-{matrix}",
                f"You add up the rows of {matrix} and call that {output}. The rows of {matrix} carry the inputs of the "
                "matrix as factors; the bias is added with the factor 1. What reaches both of them, before either has "
                "its factor?",
                partial(from_matrix, names.index(matrix)),
            )
            for matrix in weights
        ]

    problem.rules.append(made)


def two_names(problem: Problem, *outputs: str) -> None:
    """Register one array under two names, for outputs of one shape: whatever is written last is in both."""
    names = tuple(problem.outputs)

    def the_other(lost: int, kept: int, *args: Any) -> tuple[Any, ...]:
        results = list(problem.solve(*args))
        results[lost] = results[kept]
        return tuple(results)

    @cache
    def made() -> list[Misconception]:
        return [
            Misconception(
                f"one-array-for-{lost}-and-{kept}",
                f"Your {lost} holds the numbers of {kept}. Two names may stand for one array, as after a = b = "
                "np.zeros(...) or a = b: then whatever is written last is in both. How does each get an array of its "
                "own?",
                partial(the_other, names.index(lost), names.index(kept)),
            )
            for lost, kept in itertools.permutations(outputs, 2)
        ]

    problem.rules.append(made)


def never_added_to(problem: Problem, *outputs: str) -> None:
    """Register sums that stay at zero: nothing is added to them, or they are added to themselves."""
    names = tuple(problem.outputs)

    def empty(places: list[int], *args: Any) -> tuple[Any, ...]:
        results = list(problem.solve(*args))
        for place in places:
            results[place] = 0 * np.asarray(results[place])
        return tuple(results)

    @cache
    def made() -> list[Misconception]:
        together = [outputs] if len(outputs) < len(names) else []  # else nothing is left that is right
        chosen = [*((output,) for output in outputs), *together]
        return [
            Misconception(
                f"nothing-added-to-{'-and-'.join(left)}",
                f"{' and '.join(left)} came back as zeros, as before the first step, while the rest is right. What is "
                "on the right of the += there: this step's share, or the sum itself?",
                partial(empty, [names.index(output) for output in left]),
            )
            for left in dict.fromkeys(chosen)
        ]

    problem.rules.append(made)
