"""The figures' style."""

import itertools
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from rnnlib import plotting
from rnnlib.training import History

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# Machado, Oliveira & Fernandes 2009, severity 1: what linear RGB becomes for people without one kind of cone.
VISION = {
    "all three cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear_rgb(color):
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB of a linear RGB colour: distances in it are about as large as they look."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("matrix", VISION.values(), ids=VISION)
def test_colours_stay_apart_however_many_cones_one_has(matrix):
    seen = {color: lab(np.array(matrix) @ linear_rgb(color)) for color in plotting.CYCLE}
    assert len(seen) == 7
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 10, (a, b)  # 2.3 is just noticeable


@pytest.fixture
def ax():
    with matplotlib.rc_context():
        plotting.use_style()
        fig, ax = plt.subplots()
        yield ax
        plt.close(fig)


def test_the_style_is_switched_on_and_saves_the_same_file_each_time(ax, tmp_path):
    assert matplotlib.rcParams["axes.prop_cycle"].by_key()["color"] == list(plotting.CYCLE)
    ax.plot([1, 2], label="a")
    ax.legend()
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        ax.figure.savefig(file, metadata={"Date": None})
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"<text" not in files[0].read_bytes()  # letters are paths: no font of the reader's machine is needed


def test_spread_draws_the_mean_and_the_range(ax):
    runs = np.array([[1.0, 5.0, 2.0], [3.0, 4.0, 8.0]])
    line = plotting.spread(ax, np.arange(3), runs, label="runs")
    np.testing.assert_array_equal(line.get_ydata(), [2, 4.5, 5])
    (band,) = ax.collections
    edges = band.get_paths()[0].vertices
    for x, low, high in zip(range(3), runs.min(axis=0), runs.max(axis=0), strict=True):
        ys = edges[edges[:, 0] == x, 1]
        assert (ys.min(), ys.max()) == (low, high)
    np.testing.assert_allclose(band.get_facecolor()[0][:3], to_rgb(line.get_color()))


def test_diagram_parts_land_where_they_should():
    with matplotlib.rc_context():
        plotting.use_style()
        fig, ax = plotting.diagram(8, 4)
        assert ax.get_xlim() == (0, 8) and ax.get_ylim() == (0, 4) and not ax.axison
        for i, role in enumerate(plotting.ROLES):
            shape = plotting.box(ax, 1 + i, 2, role, role=role)
            np.testing.assert_allclose(shape.get_edgecolor()[:3], to_rgb(plotting.ROLES[role]))
        plotting.arrow(ax, (1, 2), (3, 2), "W")
        assert [text.get_text() for text in ax.texts] == [*plotting.ROLES, "W"]
        assert ax.texts[-1].get_position() == (2, 2.22)
        fig.canvas.draw()
        plt.close(fig)


def test_a_training_history_plots_itself(ax):
    history = History(loss=[4.0, 3.0, 2.0, 1.5], validation=[(2, 3.5), (4, 2.5)])
    assert history.plot(ax) is ax
    training, validation = ax.lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4])
    np.testing.assert_array_equal(training.get_ydata(), history.loss)
    np.testing.assert_array_equal(validation.get_xydata(), history.validation)
    assert ax.get_xlabel() == "step" and "nats" in ax.get_ylabel()


def test_the_style_needs_no_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib_inline.backend_inline", None)  # as if it were not installed
    with plt.rc_context():
        plotting.use_style()
        assert plt.rcParams["axes.grid"] and not plt.rcParams["axes.spines.top"]
