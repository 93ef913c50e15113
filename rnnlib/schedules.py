"""Learning rates that change with the step: each function here returns a function from the step, 1, 2, ..., to a rate.

Taught in: chapter 04 (why large steps fail), chapter 13 (warm-up).
"""

import math
from collections.abc import Callable

from rnnlib._validate import require_number, require_positive, require_size

__all__ = ["constant", "cosine"]


def constant(lr: float) -> Callable[[int], float]:
    """The same rate at every step, `lr`.

    Example:
        >>> constant(0.1)(1000)
        0.1
    """
    require_positive("lr", lr)
    return lambda step: lr


def cosine(lr: float, steps: int, *, warmup: int = 0, lowest: float = 0.0) -> Callable[[int], float]:
    """A rate that rises in a line for `warmup` steps, then falls along half a cosine to `lowest`.

    With k = (step - warmup) / (steps - warmup)::

        rate = lr * step / warmup                                    up to step `warmup`
        rate = lowest + (lr - lowest) * (1 + cos(pi * k)) / 2        after it

    Args:
        lr: the highest rate.
        steps: number of the step at which the rate is `lowest`; it stays there.
        warmup: steps of the rise; default none.
        lowest: where the fall ends; default 0.

    Notes:
        At first Adam's running means come from few gradients: small steps keep it from leaping on them. Small steps at
        the end let the noise of the batches average out.

    Source: Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", without the restarts.

    Example:
        >>> rate = cosine(1.0, steps=6, warmup=2)
        >>> [round(rate(step), 3) for step in range(1, 7)]
        [0.5, 1.0, 0.854, 0.5, 0.146, 0.0]
    """
    require_positive("lr", lr)
    require_size("steps", steps)
    require_number("warmup", warmup, lambda n: 0 <= n < steps, f"a number from 0 to below steps = {steps}")
    require_number("lowest", lowest, lambda rate: 0 <= rate <= lr, f"a number from 0 to lr = {lr}")

    def rate(step: int) -> float:
        if step <= warmup:
            return lr * step / warmup
        k = min((step - warmup) / (steps - warmup), 1)
        return lowest + (lr - lowest) * (1 + math.cos(math.pi * k)) / 2

    return rate
