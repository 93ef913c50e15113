"""What every page needs: the course's style, numbers for the prose, and agreement with a second opinion.

A page begins with ``from experiments.page import agree, put`` and has then one look, one thread and these few
functions.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from myst_nb import glue

from rnnlib.plotting import use_style

__all__ = ["agree", "minus", "power", "put", "put_runs"]

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

use_style()
torch.set_num_threads(1)  # two are slower for nets this small


def put(**values: Any) -> None:
    """Hand measured numbers to the prose, where ``{glue:text}`name:.2f` `` prints them, or texts."""
    for name, value in values.items():
        glue(name, value if isinstance(value, str) else float(value), display=False)


def put_runs(**runs: Any) -> None:
    """Hand the mean of several runs to the prose, and the lowest and highest as ``name_low`` and ``name_high``."""
    for name, values in runs.items():
        put(**{name: np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)})


def power(value: float) -> str:
    """Write a number as a digit and a power of ten: 5 · 10⁻¹⁰."""
    digit, exponent = f"{value:.0e}".split("e")
    return ("" if digit == "1" else f"{digit}\u00a0·\u00a0") + "10" + str(int(exponent)).translate(SUPERSCRIPT)


def minus(value: float, digits: int) -> str:
    """Write a number with a true minus."""
    return f"{value:.{digits}f}".replace("-", "−")


def agree(
    what: str, ours: Iterable[Any], theirs: Iterable[Any], tolerance: float = 1e-12, who: str = "autograd"
) -> None:
    """Compare our arrays with another's, shapes first, and stop the build where they differ.

    Args:
        what: the equation or function that is compared.
        ours: arrays or tensors.
        theirs: as many, of the same shapes.
        tolerance: the largest difference that is let pass.
        who: whose `theirs` are.

    Raises:
        AssertionError: when a shape or a number differs.
    """
    worst = 0.0
    for a, b in zip(ours, theirs, strict=True):
        a, b = (np.asarray(array.detach() if torch.is_tensor(array) else array) for array in (a, b))
        assert a.shape == b.shape, (what, a.shape, b.shape)
        worst = max(worst, float(np.abs(a - b).max()))
    assert worst < tolerance, (what, worst)
    print(f"{what}: {who} agrees " + (f"within {worst:.0e}" if worst else "to the last bit"))
