"""What a problem is made of: outputs, cases, a reference, misconceptions."""

import hashlib
import hmac
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np

from rnnlib._types import Array, DType, Rng

Function = TypeVar("Function", bound=Callable[..., Any])

# Every size differs from every other, so that a swapped axis or a missing transpose changes a shape. Of every kind that
# is not general there is a visible case and a hidden one: nothing may fail in the dark that a student could not see.
VISIBLE: dict[str, dict[str, Any]] = {
    "T = 5, B = 3, D = 4, H = 2": dict(T=5, B=3, D=4, H=2, V=6),
    "T = 3, B = 2, D = 4, H = 5": dict(T=3, B=2, D=4, H=5, V=7),
    "one step, T = 1": dict(T=1, B=2, D=4, H=3, V=5),
    "a batch of one, B = 1": dict(T=4, B=1, D=3, H=2, V=5),
    "one hidden unit, H = 1": dict(T=4, B=2, D=3, H=1, V=6),
    "square weights, D = H": dict(T=3, B=2, D=4, H=4, V=6),
    "float32 arrays": dict(T=4, B=3, D=2, H=5, V=7, dtype=np.float32),
    "arrays that are not contiguous in memory": dict(T=4, B=3, D=2, H=5, V=7, strided=True),
}
HIDDEN: dict[str, dict[str, Any]] = {
    "other sizes": dict(T=7, B=6, D=3, H=5, V=9),
    "one step, T = 1": dict(T=1, B=3, D=4, H=2, V=6),
    "a batch of one, B = 1": dict(T=4, B=1, D=3, H=5, V=6),
    "one hidden unit, H = 1": dict(T=4, B=2, D=3, H=1, V=5),
    "square weights, D = H": dict(T=4, B=2, D=3, H=3, V=5),
    "float32 arrays": dict(T=5, B=3, D=4, H=2, V=6, dtype=np.float32),
    "arrays that are not contiguous in memory": dict(T=5, B=3, D=4, H=2, V=6, strided=True),
}


@dataclass(frozen=True)
class Output:
    """One result of a function.

    Attributes:
        name: its symbol, such as ``dW_hh``.
        axes: one letter per axis, such as ``"TBH"``; ``""`` for a single number; ``"#"`` for one that is the number
            of a thing, such as a class.
    """

    name: str
    axes: str


@dataclass(frozen=True)
class Case:
    """One set of arguments, and what kind of case it is, in words a student may read.

    Attributes:
        label: the kind of case.
        args: the arguments.
        exam: what an answer is judged on that the student's function does not get to see, or None.
    """

    label: str
    args: tuple[Any, ...]
    exam: Any = None


@dataclass(frozen=True)
class Special:
    """A special case of a problem.

    Attributes:
        label: what kind of case it is.
        make: ``make(rng)`` gives its arguments.
        visible, hidden: among which cases it is; among both, with numbers of its own.
        practice: whether it is for notebooks alone: see `Problem.cases`.
    """

    label: str
    make: Callable[[Rng], Any]
    visible: bool = True
    hidden: bool = False
    practice: bool = False


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation, and what to say to whoever wrote it.

    Attributes:
        name: its name, kebab-case.
        hint: what to say.
        wrong: the wrong implementation.
        faults: pairs of name and hint, where it is made of several faults (see `rnnchecks.engine.faults`). A verdict
            then names each of them.
    """

    name: str
    hint: str
    wrong: Callable[..., Any]
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Pairs of name and hint that a verdict shows: its faults, or itself."""
        return self.faults or ((self.name, self.hint),)


@dataclass(eq=False)
class Problem:
    """One function that a student writes, and all that is needed to answer them.

    A catalogue builds it with decorators, so that each hint stands beside the wrong program that must trigger it::

        problem = Problem("forward.rnn_step", "02-forward", task=2, outputs={"h": "BH"})

        @problem.reference
        def rnn_step(x_t, h_prev, W_xh, W_hh, b_h):
            return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)

        @problem.arguments
        def random_arguments(rng, s):
            return normal(rng, s.B, s.D), ...

        @problem.misconception("The state is a sum so far. What keeps it between -1 and 1?")
        def no_tanh(x_t, h_prev, W_xh, W_hh, b_h):
            return x_t @ W_xh + h_prev @ W_hh + b_h

    Attributes:
        name: ``catalogue.function``.
        exercise: the exercise it belongs to, ``NN-name``.
        task: its number in the exercise's notebook, as the heading there says it. The problems stand in this order.
        outputs: dict of output names and their axes (see `Output`), in the order in which they are returned.
        tolerance: largest difference that passes, relative to the largest number of the expected tensor. Loose enough
            for an answer computed in float32.
        misconceptions: the wrong implementations that are known.
        combinations: several faults at once, in a problem of finding bugs; `rnnchecks.engine.faults` makes them.
        variants: other programs of people who are mistaken in the same way, under the same names.
        rules: functions that make further misconceptions, many by one rule (see `rnnchecks.engine.rules`). They are
            made when a wrong answer is met: who is right does not wait for them.
        argument_names: names of the function's arguments, read off the reference.
        seconds: how long one call may compute; default None: as long as any.
        minds: why a caller minds that an argument is written into, by the argument's name; where there is no more to
            say than of any array, nothing (see `rnnchecks.engine.manners`).
    """

    name: str
    exercise: str
    outputs: dict[str, str]
    task: int = 0
    tolerance: float = 1e-4
    solve: Any = None  # a function, once `reference` has registered it
    make: Any = None  # a function, once `arguments` has
    misconceptions: list[Misconception] = field(default_factory=list)
    combinations: list[Misconception] = field(default_factory=list)
    variants: list[Misconception] = field(default_factory=list)
    rules: list[Callable[[], list[Misconception]]] = field(default_factory=list)
    specials: list[Special] = field(default_factory=list)
    argument_names: tuple[str, ...] = ()
    seconds: float | None = None
    minds: dict[str, str] = field(default_factory=dict)

    @property
    def function_name(self) -> str:
        """Name of the function that the student writes."""
        return self.name.split(".")[1]

    @property
    def known(self) -> list[Misconception]:
        """All misconceptions: those that are written out, their variants, the combinations, and what rules make."""
        return [*self.misconceptions, *self.variants, *self.combinations, *self.made]

    @property
    def made(self) -> list[Misconception]:
        """The misconceptions that the rules make."""
        return [misconception for rule in self.rules for misconception in rule()]

    def reference(self, function: Function) -> Function:
        """Register the right implementation."""
        self.solve, self.argument_names = function, tuple(inspect.signature(function).parameters)
        return function

    def arguments(self, function: Function) -> Function:
        """Register ``function(rng, s)``, which makes the arguments for sizes ``s.T, s.B, s.D, s.H, s.V``."""
        self.make = function
        return function

    def special(
        self, label: str, hidden: bool = False, like: str = "", practice: bool = False
    ) -> Callable[[Function], Function]:
        """Register ``function(rng)``, which makes the arguments of one special case, such as huge logits.

        Args:
            label: what kind of case it is, in words a student may read.
            hidden: whether there is a hidden case of it beside the visible one, with other numbers.
            like: label of a visible special case of the same kind. This one is then among the hidden cases only: for
                arguments without chance in them, which are known once they are seen.
            practice: whether it is for notebooks alone: see `cases`.

        Raises:
            ValueError: when no visible case is called as `like` says.
        """
        visible = [special.label for special in self.specials if special.visible]
        if like and like not in visible:
            raise ValueError(f"like: expected a visible case of {self.name}, such as {visible[:3]}, got {like!r}.")

        def register(function: Function) -> Function:
            self.specials.append(
                Special(label, function, visible=not like, hidden=hidden or bool(like), practice=practice)
            )
            return function

        return register

    def misconception(self, hint: str, *, name: str | None = None) -> Callable[[Function], Function]:
        """Register a wrong implementation and its hint.

        Args:
            hint: what to say to whoever wrote it.
            name: name of the misconception; default None: the function's, in kebab-case. A function called ``sum_``
                because ``sum`` means something else is the misconception ``sum``.
        """

        def register(function: Function) -> Function:
            kebab = function.__name__.rstrip("_").replace("_", "-")
            self.misconceptions.append(Misconception(name or kebab, hint, function))
            return function

        return register

    def variant(self, name: str) -> Callable[[Function], Function]:
        """Register another program of whoever has a misconception that is registered already, by its name.

        Raises:
            ValueError: when no misconception has that name.
        """
        hint = next((known.hint for known in self.misconceptions if known.name == name), None)
        if hint is None:
            raise ValueError(f"name: expected the name of a misconception of {self.name}, got {name!r}.")

        def register(function: Function) -> Function:
            self.variants.append(Misconception(name, hint, function))
            return function

        return register

    def cases(self, kind: str = "visible", seed: object = 0) -> list[Case]:
        """Make the cases.

        Args:
            kind: ``"visible"``; ``"hidden"``; or ``"marked"``: the visible ones without those for practice. These are
                long, all that they judge by can be looked up, and there is a hidden one of the same kind. So a grader
                loses nothing without them.
            seed: any object; the same seed makes the same cases.

        Returns:
            List of `Case`.
        """
        hidden = kind == "hidden"
        cases = []
        for label, sizes in (HIDDEN if hidden else VISIBLE).items() if self.make else ():
            sizes = dict(sizes)
            dtype, strided = sizes.pop("dtype", np.float64), sizes.pop("strided", False)
            args = self.make(self._rng(label, seed, hidden), SimpleNamespace(**sizes))
            cases.append(Case(label, tuple(_converted(a, dtype, strided) for a in args)))
        for special in self.specials:
            if (special.hidden if hidden else special.visible) and not (special.practice and kind == "marked"):
                cases.append(self.case(special.label, special.make(self._rng(special.label, seed, hidden))))
        return cases

    def case(self, label: str, made: Any) -> Case:
        """Make a case of what the function of a special one gave: its arguments."""
        return Case(label, tuple(made))

    def _rng(self, label: str, seed: object, hidden: bool) -> Rng:
        """Make the generator of one case: adding a case must not change the numbers of the others.

        Each has 256 bits of its own, of which nobody can work out the seed: a function may tell the state of a
        generator that it was given, or the numbers of a case, and nothing follows for another case or problem.
        """
        kind = "hidden" if hidden else "visible"
        digest = hmac.new(f"{seed}".encode(), f"{self.name}|{label}|{kind}".encode(), hashlib.sha256).digest()
        return np.random.default_rng(int.from_bytes(digest))


def normal(rng: Rng, *shape: int, scale: float = 1.0) -> Array:
    """Draw an array of normal numbers, for the arguments of a case."""
    return scale * rng.standard_normal(shape)


def _converted(value: Any, dtype: DType, strided: bool) -> Any:
    """Return floating-point arrays, also those in a dict, the dtype and the memory layout that a case asks for."""
    if isinstance(value, dict):
        return {name: _converted(array, dtype, strided) for name, array in value.items()}
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    value = value.astype(dtype)
    return spread(value) if strided and value.ndim else value


def spread(array: Array) -> Array:
    """Copy an array into memory in which a NaN follows each of its numbers."""
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), np.nan, array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]
