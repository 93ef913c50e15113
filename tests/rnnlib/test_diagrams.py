"""The drawings: every box and arrow of the equations is there, once."""

import matplotlib
import pytest
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnnlib.cell_diagrams import gru_cell, lstm_cell, way
from rnnlib.diagrams import LEVEL, STEP, five_shapes, unrolled

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def arrows(ax, style):
    return [p for p in ax.patches if isinstance(p, FancyArrowPatch) and p.get_linestyle() == style]


def test_the_unrolled_net_has_every_symbol_once_and_its_weights_at_every_step():
    ax = unrolled(3)
    shown = texts(ax)
    symbols = [f"${row}_{t}$" for t in (1, 2, 3) for row in "xhy"] + ["$h_0$"]
    assert all(shown.count(symbol) == 1 for symbol in symbols)
    assert [shown.count(f"$W_{{{w}}}$") for w in ("xh", "hh", "hy")] == [3, 3, 3]
    assert len(arrows(ax, "-")) == 9 and not arrows(ax, "--")
    h_2 = next(text for text in ax.texts if text.get_text() == "$h_2$")
    assert h_2.get_position() == pytest.approx((0.7 + 2 * STEP, LEVEL["h"]))


def test_losses_and_gradients_are_drawn_when_asked_for():
    assert texts(unrolled(2, losses=True)).count("$L_2$") == 1
    ax = unrolled(2, gradients=True)
    assert "$L_1$" in texts(ax)
    # At each step one gradient back into y, one into h, one into x, one into the state before.
    assert len(arrows(ax, "--")) == 2 * 4


def test_the_loop_stands_left_of_the_unrolled_net():
    ax = unrolled(2, loop=True)
    place = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert place["$h$"] < place["="] < place["$h_0$"] < place["$h_1$"]


def test_the_five_shapes_read_and_write_what_they_say():
    ax = five_shapes()
    shown = texts(ax)
    assert {"one-to-one", "one-to-many", "many-to-one"} < set(shown)
    # Read: h, h, hello, hell, hello; written: no, ello, yes, ello, hola.
    read, written, hidden = 1 + 1 + 5 + 4 + 5, 1 + 4 + 1 + 4 + 4, 1 + 4 + 5 + 4 + 9
    assert sum(isinstance(p, FancyBboxPatch) for p in ax.patches) == read + written + hidden
    assert len(arrows(ax, "--")) == 3 + 3  # fed back: e, l, l and h, o, l


def test_the_lstm_cell_has_each_symbol_once_three_gates_and_four_operations():
    ax = lstm_cell()
    shown = texts(ax)
    boxes = ["c_{t-1}", "c_t", "h_{t-1}", "h_t", "x_t"]
    assert all(shown.count(f"${symbol}$") == 1 for symbol in boxes)
    made = {"i": r"$\sigma$", "f": r"$\sigma$", "g": "tanh", "o": r"$\sigma$"}
    assert {text for text in shown if "\n" in text} == {f"${s}_t$\n{function}" for s, function in made.items()}
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    assert len(circles) == 4 and shown.count(r"$\times$") == 3 and shown.count("+") == 1
    assert not arrows(ax, "--")


def test_the_gradient_goes_back_along_the_cell():
    (back,) = arrows(lstm_cell(gradient=True), "--")
    (start, _), (end, _) = back._posA_posB
    assert end < start


def test_a_way_has_a_head_where_asked_for_and_is_thick_where_asked_for():
    _, ax = plt.subplots()
    way(ax, (0, 0), (0, 1), (1, 1))
    way(ax, (0, 0), (1, 0), thick=True, head=False)
    bent, straight = ax.lines
    assert len(arrows(ax, "-")) == 1 and len(bent.get_xdata()) == 2
    assert straight.get_linewidth() > 2 * bent.get_linewidth() and list(straight.get_xdata()) == [0, 1]


@pytest.mark.parametrize("reset_after", [False, True])
def test_the_gru_cell_has_each_symbol_once_two_gates_and_five_operations(reset_after):
    ax = gru_cell(reset_after=reset_after)
    shown = texts(ax)
    boxes = ["h_{t-1}", "h_t", "x_t", "a_r", "a_z", "a_n", "W_{hn}"]
    assert all(shown.count(f"${symbol}$") == 1 for symbol in boxes)
    made = {"r": r"$\sigma$", "z": r"$\sigma$", "n": "tanh"}
    assert {text for text in shown if "\n" in text} == {f"${s}_t$\n{function}" for s, function in made.items()}
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    assert len(circles) == 5 and shown.count(r"$\times$") == 3 and shown.count("+") == 1


def test_where_w_hn_stands_tells_the_two_grus_apart():
    height = {}
    for reset_after in (False, True):
        ax = gru_cell(reset_after=reset_after)
        height[reset_after] = next(text.get_position()[1] for text in ax.texts if text.get_text() == "$W_{hn}$")
        product = min(text.get_position()[1] for text in ax.texts if text.get_text() == r"$\times$")
        assert (height[reset_after] > product) == reset_after
