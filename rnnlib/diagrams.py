"""Drawings that several chapters share: the net over time, and the shapes of its input and output.

A solid arrow is the forward pass. A dashed one is a gradient on its way back (purple), or an output that becomes
the next input (grey).

Taught in: chapter 02 (both drawings), chapter 03 (the gradient's way back).
"""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from rnnlib.plotting import BLACK, BLUE, PURPLE, arrow, box, diagram

__all__ = ["LARGE", "LEVEL", "five_shapes", "unrolled"]

ROLE = {"x": "input", "h": "hidden", "y": "output", "L": "loss"}
LEVEL = {"x": 0.6, "h": 2.4, "y": 4.2, "L": 6.0}  # height of the centre of each row of boxes
STEP, WIDTH, HEIGHT = 2.1, 1.2, 0.9  # from one step to the next; the size of a box
LARGE = {"font.size": 14}  # a phone shows these drawings at about half their size


@plt.rc_context(LARGE)
def unrolled(T: int = 3, *, loop: bool = False, losses: bool = False, gradients: bool = False) -> Axes:
    """Draw a recurrent net unrolled over time, every arrow under the name of its weights.

    Args:
        T: number of steps.
        loop: whether the same net stands on the left with its loop, as it is before it is unrolled.
        losses: whether each output leads to a loss ``L_t``.
        gradients: whether dashed arrows lead back from every loss to ``h_0``; draws the losses as well.

    Returns:
        The Matplotlib axis. ``h_t`` stands at ``x = left + t * STEP``, its row at ``LEVEL["h"]``.

    Example:
        >>> ax = unrolled(2)
        >>> "$h_2$" in {text.get_text() for text in ax.texts}
        True
    """
    losses = losses or gradients
    left = 4.1 if loop else 0.7  # where h_0 stands
    _, ax = diagram(left + STEP * T + 0.8, LEVEL["L" if losses else "y"] + 0.6)
    if loop:
        _column(ax, 0.7, "")
        h = LEVEL["h"]
        arrow(ax, (1.3, h + 0.25), (1.3, h - 0.25), color=BLUE, bend=-3.2)
        ax.text(1.95, h + 0.62, "$W_{hh}$", ha="center", va="center", color=BLUE)
        ax.text(3.15, h, "=", ha="center", va="center", fontsize="xx-large")
    box(ax, left, LEVEL["h"], "$h_0$", width=WIDTH, height=HEIGHT)
    for t in range(1, T + 1):
        x = left + STEP * t
        _column(ax, x, f"_{t}", losses, gradients)
        right, y = x - WIDTH / 2, LEVEL["h"]
        arrow(ax, (right - STEP + WIDTH, y), (right, y), "$W_{hh}$", color=BLUE, text_offset=(0.0, 0.32))
        if gradients:
            arrow(ax, (right, y - 0.25), (right - STEP + WIDTH, y - 0.25), color=PURPLE, dashed=True)
    return ax


@plt.rc_context(LARGE)
def five_shapes() -> Axes:
    """Draw the five shapes of input and output, each with what it does to the word "hello" in chapter 02.

    Returns:
        The Matplotlib axis.

    Example:
        >>> ax = five_shapes()
        >>> sum(text.get_text().startswith("many-to-many") for text in ax.texts)
        2
    """
    _, ax = diagram(10.0, 14.8)
    _shape(ax, 0.6, 10.6, "one-to-one", "a vowel?", "h", {0: "no"})
    _shape(ax, 5.1, 10.6, "one-to-many", "write on", "h", dict(enumerate("ello")), fed_back=True)
    _shape(ax, 0.6, 5.6, "many-to-one", "a greeting?", "hello", {4: "yes"})
    _shape(ax, 6.1, 5.6, "many-to-many, equal", "what comes next?", "hell", dict(enumerate("ello")))
    hola = dict(enumerate("hola", 5))
    _shape(ax, 0.6, 0.6, "many-to-many, unequal", "in Spanish?", "hello", hola, fed_back=True)
    ax.text(5.4, 0.6, "encoder reads,\ndecoder writes", va="center", style="italic")
    return ax


def _column(ax: Axes, x: float, index: str, losses: bool = False, gradients: bool = False) -> None:
    """Draw what stands above one another at one step, and the arrows in between."""
    rows = "xhyL" if losses else "xhy"
    for row in rows:
        box(ax, x, LEVEL[row], f"${row}{index}$", ROLE[row], width=WIDTH, height=HEIGHT)
    for low, high, weights in zip(rows, rows[1:], ("$W_{xh}$", "$W_{hy}$", ""), strict=False):
        bottom, top = LEVEL[low] + HEIGHT / 2, LEVEL[high] - HEIGHT / 2
        arrow(ax, (x, bottom), (x, top), weights, text_offset=(0.48, 0.0))
        if gradients:
            arrow(ax, (x - 0.25, top), (x - 0.25, bottom), color=PURPLE, dashed=True)


def _shape(
    ax: Axes, x: float, y: float, title: str, question: str, read: str, written: dict[int, str], fed_back: bool = False
) -> None:
    """Draw one small net: the symbols of `read` enter from step 0 on, `written` holds what comes out at a step."""
    size: dict[str, Any] = {"width": 0.82, "height": 0.75}
    for t in range(max(len(read), *(step + 1 for step in written))):
        at = x + t
        box(ax, at, y + 1.3, "", **size)
        if t:
            arrow(ax, (at - 0.59, y + 1.3), (at - 0.41, y + 1.3), color=BLUE)
        if t < len(read):
            box(ax, at, y, read[t], "input", **size)
            arrow(ax, (at, y + 0.38), (at, y + 0.92))
        if t in written:
            box(ax, at, y + 2.6, written[t], "output", **size)
            arrow(ax, (at, y + 1.68), (at, y + 2.22))
            if fed_back and t + 1 in written:
                arrow(ax, (at + 0.41, y + 2.4), (at + 0.85, y + 1.7), dashed=True)
    ax.text(x - 0.4, y + 3.8, title, color=BLACK, weight="bold", va="center")
    ax.text(x - 0.4, y + 3.32, question, color=BLACK, va="center", style="italic")
