"""One look for every figure of the course.

Colours are those of Okabe & Ito (2008), which people with any of the common colour blindnesses can tell apart.
Figures stand on a white card, so that they read the same on a light page and a dark one.

Taught in: nowhere; used everywhere.
"""

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from rnnlib._types import Array

__all__ = ["CYCLE", "ROLES", "STYLE", "arrow", "box", "diagram", "spread", "use_style"]

BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK, GREY = "#CC79A7", "#56B4E9", "#222222", "#6B6B6B"
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)

# What a box in a diagram means, everywhere in the book.
ROLES = {"input": GREEN, "hidden": BLUE, "gate": ORANGE, "output": VERMILION, "loss": PURPLE, "weight": GREY}

STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": plt.cycler(color=CYCLE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "figure.figsize": (7.0, 3.4),
    "figure.facecolor": "white",
    "font.size": 11,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "savefig.bbox": "tight",
    # Paths look the same on every machine, whatever fonts it has; the salt keeps ids the same from build to build.
    "svg.fonttype": "path",
    "svg.hashsalt": "rnnlib",
}


def use_style() -> None:
    """Switch Matplotlib to the course's style, and notebooks to sharp (SVG) figures."""
    mpl.rcParams.update(STYLE)
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside a notebook there is no inline backend to set
        return
    set_matplotlib_formats("svg", metadata={"Date": None})  # the same figure is the same file on every day


def spread(ax: Axes, x: Array, runs: Array, label: str | None = None, color: str | None = None) -> Line2D:
    """Draw repeated runs: their mean as a line, and the range from the lowest to the highest as a band.

    Args:
        ax: Matplotlib axis.
        x: array (n,).
        runs: array (runs, n), one row per seed.
        label: label of the line.
        color: colour of both; default the next one of the cycle.
    """
    (line,) = ax.plot(x, runs.mean(axis=0), label=label, color=color)
    ax.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=line.get_color(), alpha=0.2, linewidth=0)
    return line


def diagram(width: float, height: float) -> tuple[Figure, Axes]:
    """Make an empty drawing board, `width` by `height` units, one unit 0.55 inch; return its figure and axis."""
    fig, ax = plt.subplots(figsize=(0.55 * width, 0.55 * height))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def box(
    ax: Axes, x: float, y: float, text: str, role: str = "hidden", width: float = 1.4, height: float = 0.9
) -> FancyBboxPatch:
    """Draw a rounded box with its centre at (x, y); `role` is a key of `ROLES` and gives the colour.

    Args:
        ax: Matplotlib axis.
        x: centre, in the units of the axis.
        y: centre, in the units of the axis.
        text: what stands in the box.
        role: key of `ROLES`; default ``"hidden"``.
        width: width of the box.
        height: height of the box.
    """
    color = ROLES[role]
    corner = (x - width / 2 + 0.1, y - height / 2 + 0.1)
    shape = FancyBboxPatch(
        corner,
        width - 0.2,
        height - 0.2,
        boxstyle="round,pad=0.1",
        facecolor=color + "22",
        edgecolor=color,
        lw=1.6,
    )
    ax.add_patch(shape)
    ax.text(x, y, text, ha="center", va="center", color=BLACK)
    return shape


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    text: str = "",
    color: str = GREY,
    bend: float = 0.0,
    text_offset: tuple[float, float] = (0.0, 0.22),
    dashed: bool = False,
) -> None:
    """Draw an arrow from `start` to `end`, both (x, y), with a text at its middle; `bend` curves it.

    Args:
        ax: Matplotlib axis.
        start: (x, y), where it begins.
        end: (x, y), where its head is.
        text: what stands at its middle; default nothing.
        color: colour of line and text; default grey.
        bend: how far the line curves from straight; default not at all.
        text_offset: (x, y), how far the text stands from the middle.
        dashed: whether the line is dashed.
    """
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            color=color,
            lw=1.4,
            linestyle="--" if dashed else "-",
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=0,
            shrinkB=0,
        )
    )
    if text:
        x, y = ((a + b) / 2 + offset for a, b, offset in zip(start, end, text_offset, strict=True))
        ax.text(x, y, text, ha="center", va="center", color=color, fontsize="small")
