"""One training loop for every model of the course."""

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Any

from tqdm import tqdm

from rnnlib._types import Model, Optimizer, Params
from rnnlib._validate import require_positive, require_size
from rnnlib.optim import clip_by_norm

__all__ = ["History", "train"]


@dataclass
class History:
    """What happened in a training run.

    Attributes:
        loss: the loss of every step.
        grad_norm: the joint norm of all gradients at every step, before clipping.
        validation: list of ``(step, loss)`` pairs, in order.
        best: the pair with the lowest validation loss; None without validation, or when none was below infinity.
        seconds: wall time of the run.
        stopped: why it ended: ``"epochs"``, ``"steps"``, ``"patience"``, ``"time"`` or ``"interrupted"``.

    Taught in: chapter 03.
    """

    loss: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    best: tuple[int, float] | None = None
    seconds: float = 0.0
    stopped: str = "epochs"

    def plot(self, ax: Any, label: str = "training") -> Any:
        """Draw the loss per step as `label`, and the validation losses if there are any, on a Matplotlib axis `ax`."""
        ax.plot(range(1, len(self.loss) + 1), self.loss, alpha=0.6, label=label)
        if self.validation:
            ax.plot(*zip(*self.validation, strict=True), marker="o", label="validation")
        ax.set(xlabel="step", ylabel="loss (nats)")
        ax.legend()
        return ax


def train(
    model: Model,
    batches: Iterable[Any],
    optimizer: Optimizer,
    *,
    epochs: int = 1,
    steps: int | None = None,
    seconds: float | None = None,
    clip: float | None = None,
    schedule: Callable[[int], float] | None = None,
    validate: Callable[[], float] | None = None,
    every: int = 100,
    patience: int | None = None,
    progress: bool = True,
) -> History:
    """Train a model, and leave it with the best weights seen.

    Args:
        model: object with ``params`` (dict of arrays) and ``loss_and_grads(*batch) -> (loss, grads)``; if it carries a
            state from batch to batch, also with ``reset()``, which is called before each pass.
        batches: re-iterable of argument tuples for ``loss_and_grads``.
        optimizer: object with ``step(grads)`` that changes ``model.params`` in place.
        epochs: passes over `batches`.
        steps: end after this many steps, if the epochs are not over before; default no limit.
        seconds: end after this much wall time; default no limit.
        clip: largest joint norm of the gradients; default no clipping.
        schedule: function from the number of the step, from 1, to its learning rate, such as those of
            `rnnlib.schedules`; default: the optimiser keeps the rate it has.
        validate: function of no arguments that returns a loss; called every `every` steps and at the end.
        every: steps between validations.
        patience: end when this many validations in a row brought no lower loss; default never.
        progress: whether to show a progress bar.

    Returns:
        `History`. With `validate`, the model holds the weights of the lowest validation loss; without it, the last.
        An interrupt (Ctrl-C, the stop button) ends the run in the same orderly way, and nothing learned is lost.

    Raises:
        ValueError: when a limit is not positive, or a number of steps is no whole number.
        FloatingPointError: when the loss or a gradient is no longer finite. The step is named, and the model keeps
            the weights it had before that step.

    Notes:
        Nothing here is drawn at random. What fixes a run are the generators of the model and of the batches.

    Taught in: chapter 03.
    """
    require_size("epochs", epochs)
    require_size("every", every)
    for name, limit in {"steps": steps, "patience": patience}.items():
        if limit is not None:
            require_size(name, limit)
    if seconds is not None:
        require_positive("seconds", seconds)
    history = History()
    best_params: Params | None = None
    total = min(_total_steps(epochs, batches), math.inf if steps is None else steps)
    start = time.perf_counter()

    def take_step(batch: tuple[Any, ...]) -> None:
        """Gradients, clipping, update; refuse what is not finite before it reaches the weights."""
        loss, grads = model.loss_and_grads(*batch)
        norm = clip_by_norm(grads, math.inf if clip is None else clip)
        step = len(history.loss) + 1
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise FloatingPointError(
                f"step {step}: the loss is {loss} and the gradient norm {norm}. "
                "Lower the learning rate, or clip the gradients with clip=..."
            )
        if schedule is not None:
            optimizer.lr = schedule(step)
        optimizer.step(grads)
        history.loss.append(loss)
        history.grad_norm.append(norm)

    def measure(loss: float) -> None:
        """Note the validation loss, and keep the weights if it is the lowest."""
        nonlocal best_params
        history.validation.append((len(history.loss), loss))
        # NaN is lower than nothing, so it never becomes the best.
        if history.validation[-1][1] < (math.inf if history.best is None else history.best[1]):
            history.best = history.validation[-1]
            best_params = {name: p.copy() for name, p in model.params.items()}

    def reason_to_stop() -> str | None:
        """Why the run ends after the step just taken, or None when it goes on."""
        if validate is not None and len(history.loss) % every == 0:
            measure(validate())
            best_step = 0 if history.best is None else history.best[0]
            since_best = sum(step > best_step for step, _ in history.validation)
            if patience is not None and since_best >= patience:
                return "patience"
        if len(history.loss) == steps:
            return "steps"
        if seconds is not None and time.perf_counter() - start >= seconds:
            return "time"
        return None

    # On standard output: graders read standard error as failure.
    with tqdm(total=total, unit="step", disable=not progress, file=sys.stdout) as bar:
        try:
            for batch in _passes(model, batches, epochs):
                take_step(batch)
                bar.update()
                bar.set_postfix(loss=f"{history.loss[-1]:.3f}", refresh=False)
                if reason := reason_to_stop():
                    history.stopped = reason
                    break
        except KeyboardInterrupt:
            history.stopped = "interrupted"
    measured = history.validation[-1][0] if history.validation else 0
    if validate is not None and measured < len(history.loss):
        measure(validate())
    if best_params is not None:
        for name, p in model.params.items():
            p[...] = best_params[name]
    history.seconds = time.perf_counter() - start
    return history


def _passes(model: Model, batches: Iterable[Any], epochs: int) -> Iterator[tuple[Any, ...]]:
    """Go over the batches `epochs` times, with a fresh state before each pass."""
    reset = getattr(model, "reset", None)
    for _ in range(epochs):
        if reset is not None:
            reset()
        yield from batches


def _total_steps(epochs: int, batches: Iterable[Any]) -> float:
    """How many steps the epochs take, for the progress bar, or infinity when the batches do not know their number."""
    return epochs * len(batches) if isinstance(batches, Sized) else math.inf
