"""Drawings of one step of a gated cell: what flows into what, and what each gate multiplies.

Green is what comes in, blue a state or what may enter one, orange a gate. A circle does its operation on each number by
itself. The thick line is the path that no matrix stands on; a dashed one is the gradient on its way back along it.

Taught in: chapter 05 (the LSTM), chapter 06 (the GRU).
"""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from rnnlib.diagrams import LARGE
from rnnlib.plotting import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, arrow, box, diagram

__all__ = ["gate", "gru_cell", "lstm_cell", "node", "way"]

Point = tuple[float, float]
RADIUS = 0.33  # of a circle with an operation
GATE: dict[str, Any] = {"width": 1.3, "height": 1.2}
STATE: dict[str, Any] = {"width": 1.3, "height": 0.95}
FUNCTIONS = {"sigma": r"$\sigma$", "tanh": "tanh"}


def gate(ax: Axes, x: float, y: float, symbol: str, function: str = "sigma") -> None:
    """Draw what is computed from ``z_t``: its symbol, and the function that makes it, which gives the colour.

    Args:
        ax: Matplotlib axis.
        x: centre of the box.
        y: centre of the box.
        symbol: such as ``"$f_t$"``.
        function: ``"sigma"`` for a gate, ``"tanh"`` for a candidate; default ``"sigma"``.
    """
    box(ax, x, y, f"{symbol}\n{FUNCTIONS[function]}", "gate" if function == "sigma" else "hidden", **GATE)


def node(ax: Axes, x: float, y: float, operation: str, color: str = GREY) -> None:
    """Draw a circle with an operation on each number by itself.

    Args:
        ax: Matplotlib axis.
        x: centre of the circle.
        y: centre of the circle.
        operation: what stands in it, a sign of multiplication, ``"+"`` or ``"1 -"``.
        color: colour of its rim; default grey. Orange where a gate multiplies.
    """
    ax.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=color, lw=1.8, zorder=3))
    ax.text(x, y, operation, ha="center", va="center", color=BLACK, zorder=4)


def way(ax: Axes, *points: Point, color: str = GREY, thick: bool = False, head: bool = True) -> None:
    """Draw a line through points, with an arrow's head at its end.

    Args:
        ax: Matplotlib axis.
        points: two or more pairs (x, y).
        color: colour of the line; default grey.
        thick: whether it is a state's own path; default False. Then leave out the head.
        head: whether the last point has an arrow's head; default True.
    """
    x, y = zip(*(points[:-1] if head else points), strict=True)
    ax.plot(x, y, color=color, lw=4 if thick else 1.4, solid_capstyle="butt", zorder=1)
    if head:
        arrow(ax, points[-2], points[-1], color=color)


@plt.rc_context(LARGE)
def lstm_cell(*, gradient: bool = False) -> Axes:
    """Draw one step of the LSTM: the cell's own path on top, the gates that act on it below.

    Args:
        gradient: whether a dashed arrow shows the gradient's direct way back, from ``c_t`` to the cell before it.

    Returns:
        The Matplotlib axis.

    Example:
        >>> ax = lstm_cell()
        >>> sum("sigma" in text.get_text() for text in ax.texts)
        3
    """
    _, ax = diagram(12.0, 8.9)
    top, read, row, z = 7.6, 5.0, 3.7, 1.9  # heights: the cell's path, h_t, the gates, their sum z_t
    f, i, g, o = 2.8, 4.6, 6.4, 8.2  # where the gates stand
    write, out = (i + g) / 2, 9.6
    way(ax, (1.5, top), (10.45, top), color=BLUE, thick=True, head=False)
    box(ax, 0.85, top, "$c_{t-1}$", **STATE)
    box(ax, 11.1, top, "$c_t$", **STATE)
    box(ax, 0.85, z, "$h_{t-1}$", **STATE)
    box(ax, 11.1, read, "$h_t$", **STATE)
    box(ax, write, z, r"$z_t = x_t\,W_{xh} + h_{t-1}\,W_{hh} + b_h$", "weight", width=6.9, height=0.95)
    box(ax, write, 0.55, "$x_t$", "input", **STATE)
    way(ax, (1.5, z), (write - 3.45, z))
    way(ax, (write, 1.03), (write, z - 0.48))
    for x, symbol in ((f, "f"), (i, "i"), (g, "g"), (o, "o")):
        gate(ax, x, row, f"${symbol}_t$", "tanh" if symbol == "g" else "sigma")
        way(ax, (x, z + 0.48), (x, row - 0.6))
    way(ax, (f, row + 0.6), (f, top - RADIUS), color=ORANGE)  # how much is kept
    way(ax, (i, row + 0.6), (i, 5.7), (write - RADIUS, 5.7), color=ORANGE)  # how much is written
    way(ax, (g, row + 0.6), (g, 5.7), (write + RADIUS, 5.7), color=BLUE)
    way(ax, (write, 5.7 + RADIUS), (write, top - RADIUS), color=BLUE)
    way(ax, (out, top), (out, 6.75), color=BLUE)
    box(ax, out, 6.4, "tanh", width=1.3, height=0.7)
    way(ax, (out, 6.05), (out, read + RADIUS), color=BLUE)
    way(ax, (o, row + 0.6), (o, read), (out - RADIUS, read), color=ORANGE)  # how much is read
    way(ax, (out + RADIUS, read), (10.45, read), color=BLUE)
    for x, y in ((f, top), (write, 5.7), (out, read)):
        node(ax, x, y, r"$\times$", ORANGE)
    node(ax, write, top, "+")
    if gradient:
        arrow(ax, (10.45, top + 0.62), (1.5, top + 0.62), color=PURPLE, dashed=True)
        ax.text(write, top + 1.0, r"$dc_t \circ f_t$", ha="center", va="center", color=PURPLE)
    return ax


@plt.rc_context(LARGE)
def gru_cell(*, reset_after: bool = False) -> Axes:
    """Draw one step of the GRU: the state's own path on top, the gates and the candidate below.

    Args:
        reset_after: whether ``W_hn`` stands before the reset gate's product, as in PyTorch, instead of behind it.

    Returns:
        The Matplotlib axis.

    Example:
        >>> ax = gru_cell()
        >>> sum("sigma" in text.get_text() for text in ax.texts)
        2
    """
    _, ax = diagram(12.0, 8.9)
    top, mix, reset, row, sums = 8.2, 6.6, 5.2, 3.7, 1.9  # heights: the state's path, two products, the gates, a
    r, z, n = 2.9, 6.0, 9.3  # where the gates and the candidate stand
    past, seen, bus_h, bus_x = 4.4, 7.6, 1.05, 0.45
    small = {"width": 1.2, "height": 0.85}
    way(ax, (1.5, top), (10.45, top), color=BLUE, thick=True, head=False)
    box(ax, 0.85, top, "$h_{t-1}$", **STATE)
    box(ax, 11.1, top, "$h_t$", **STATE)
    box(ax, 0.85, bus_x, "$x_t$", "input", width=1.3, height=0.8)
    way(ax, (1.5, bus_x), (n, bus_x), color=GREEN, head=False)
    way(ax, (1.7, top), (1.7, bus_h), (z + 0.25, bus_h), color=BLUE, head=False)
    for x, symbol in ((r, "r"), (z, "z"), (n, "n")):
        box(ax, x, sums, f"$a_{symbol}$", "weight", **small)
        gate(ax, x, row, f"${symbol}_t$", "tanh" if symbol == "n" else "sigma")
        way(ax, (x, sums + 0.43), (x, row - 0.6))
        side = 0.0 if symbol == "n" else 0.25
        way(ax, (x - side, bus_x), (x - side, sums - 0.43), color=GREEN)
        if symbol != "n":
            way(ax, (x + side, bus_h), (x + side, sums - 0.43), color=BLUE)
    way(ax, (r, row + 0.6), (r, reset), (past - RADIUS, reset), color=ORANGE)
    way(ax, (z, row + 0.6), (z, top - RADIUS), color=ORANGE)  # how much is kept
    way(ax, (z, mix), (n - RADIUS, mix), color=ORANGE)  # how much is written
    way(ax, (n, row + 0.6), (n, mix - RADIUS), color=BLUE)
    way(ax, (n, mix + RADIUS), (n, top - RADIUS), color=BLUE)
    onward = (seen, sums), (n - 0.6, sums)  # the past that the candidate sees
    if reset_after:
        box(ax, past, mix, "$W_{hn}$", "weight", **small)
        way(ax, (past, top), (past, mix + 0.43), color=BLUE)
        way(ax, (past, mix - 0.43), (past, reset + RADIUS), color=BLUE)
        way(ax, (past + RADIUS, reset), (seen, reset), *onward, color=BLUE)
    else:
        box(ax, seen, 3.6, "$W_{hn}$", "weight", **small)
        way(ax, (past, top), (past, reset + RADIUS), color=BLUE)
        way(ax, (past + RADIUS, reset), (seen, reset), (seen, 4.03), color=BLUE)
        way(ax, (seen, 3.17), *onward, color=BLUE)
    for x, y in ((past, reset), (z, top), (n, mix)):
        node(ax, x, y, r"$\times$", ORANGE)
    node(ax, seen, mix, "1 \u2212", ORANGE)
    node(ax, n, top, "+")
    return ax
